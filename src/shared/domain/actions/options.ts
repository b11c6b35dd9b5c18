/** The verbs and what each of them is told, checked by zod where it arrives. */
import { z } from 'zod';

const text = z.string().max(4096);
const key = z.string().min(1).max(512);
const amount = z.string().max(64);
const count = z.number().int().min(0).max(1_000_000);
const none = z.object({});
/** null removes the key. */
const words = z.record(key, z.string().max(262_144).nullable());
const resources = z.object({
  requests: z.record(key, amount.nullable()).optional(),
  limits: z.record(key, amount.nullable()).optional(),
});
const taint = z.object({
  key,
  value: text.optional(),
  effect: z.enum(['NoSchedule', 'PreferNoSchedule', 'NoExecute']),
  timeAdded: text.optional(),
});

export const optionSchemas = {
  delete: z.object({
    propagation: z.enum(['Background', 'Foreground', 'Orphan']),
    /** Seconds; null: what the object says itself. */
    grace: count.nullable(),
  }),
  scale: z.object({ replicas: count }),
  restart: none,
  pause: none,
  resume: none,
  rollback: z.object({ revision: z.number().int().min(1) }),
  'set-image': z.object({ images: z.record(key, text) }),
  resize: z.object({ containers: z.record(key, resources) }),
  trigger: none,
  suspend: none,
  unsuspend: none,
  rerun: none,
  cordon: none,
  uncordon: none,
  taint: z.object({ taints: z.array(taint).max(100) }),
  label: z.object({ values: words }),
  annotate: z.object({ values: words }),
  approve: none,
  deny: none,
  expand: z.object({ size: amount }),
  bounds: z.object({ min: count.nullable(), max: count }),
  evict: z.object({ grace: count.nullable() }),
  'remove-finalizer': z.object({ finalizers: z.array(key).max(100) }),
} as const;

export type VerbId = keyof typeof optionSchemas;
export type OptionsOf = { [K in VerbId]: z.output<(typeof optionSchemas)[K]> };
export type Taint = z.output<typeof taint>;
export type ContainerResources = z.output<typeof resources>;
