/**
 * Actions on objects: what a verb would do (`inspect`, `dependents`, `drainPlan`) and doing it
 * (`run`, `drain`). Plans are made by `domain/actions` on both sides; the host runs one only when
 * the object still gives the plan that was shown.
 */
import { z } from 'zod';
import type { DrainOptions, DrainPod } from '../domain/actions/drain';
import { optionSchemas, type VerbId } from '../domain/actions/options';
import type { Extras, Thing, Undo } from '../domain/actions/types';
import { call, slice, stream } from '../rpc/define';
import type { AppError } from '../util/app-error';
import type { KindId } from '../kinds/define';
import { objectRef } from './resources';

/** An object as the plan needs it; Secrets without values, managedFields left out. */
export interface Inspected {
  readonly uid: string;
  readonly object?: Thing;
  readonly error?: AppError;
}

export interface Inspection {
  readonly objects: readonly Inspected[];
  readonly extras: Extras;
  /** Something that would have helped the preview could not be read. */
  readonly notes: readonly string[];
}

/** How many objects of a kind go with the deleted ones. */
export interface Dependents {
  readonly kind: KindId;
  readonly title: string;
  readonly count: number;
  /** The first few names. */
  readonly names: readonly string[];
}

export interface DependentsAnswer {
  readonly dependents: readonly Dependents[];
  /** Counts are a lower bound: a list was cut, or a kind may not be listed. */
  readonly partial: boolean;
}

export type ItemPhase = 'waiting' | 'running' | 'done' | 'unchanged' | 'failed' | 'cancelled';

export interface ItemResult {
  /** Place in the input's `items`. */
  readonly index: number;
  readonly phase: ItemPhase;
  /** What was done, or why nothing. */
  readonly message?: string;
  readonly error?: AppError;
  readonly undo?: Undo;
}

export interface RunBatch {
  /** Changed since the last batch. */
  readonly items: readonly ItemResult[];
  readonly done: number;
  readonly failed: number;
  readonly total: number;
  readonly finished: boolean;
}

export interface DrainPlan {
  readonly pods: readonly DrainPod[];
  readonly cordoned: boolean;
  readonly notes: readonly string[];
}

export type DrainPhase = 'waiting' | 'evicting' | 'held' | 'ending' | 'gone' | 'failed' | 'left';

export interface DrainItem {
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  readonly owner: string;
  readonly phase: DrainPhase;
  readonly message?: string;
  /** Epoch ms of the next try, while held. */
  readonly next?: number;
}

export interface DrainState {
  readonly phase: 'cordoning' | 'evicting' | 'done' | 'cancelled' | 'failed';
  /** What is true now, in a sentence. */
  readonly message: string;
  /** The node is cordoned now (as far as this drain knows). */
  readonly cordoned: boolean;
  /** It was before the drain. */
  readonly wasCordoned: boolean;
  readonly items: readonly DrainItem[];
  readonly error?: AppError;
}

const ref = objectRef.extend({ uid: z.string().max(128) });
const verb = z.enum(Object.keys(optionSchemas) as [VerbId, ...VerbId[]]);
const drainOptions = z.object({
  ignoreDaemonSets: z.boolean(),
  deleteEmptyDir: z.boolean(),
  force: z.boolean(),
  grace: z.number().int().min(0).max(1_000_000).nullable(),
}) satisfies z.ZodType<DrainOptions>;
const node = z.string().min(1).max(253);

export type ActionRef = z.infer<typeof ref>;

export const actions = slice('actions', {
  inspect: call(z.object({ verb, items: z.array(ref).min(1).max(50) })).returns<Inspection>(),
  /** What goes with these by ownerReferences, however deep. */
  dependents: call(z.object({ items: z.array(ref).min(1).max(20) })).returns<DependentsAnswer>(),
  /** Closing the stream stops what has not begun; what runs is finished. */
  run: stream(
    z.object({
      verb,
      /** Checked against the verb's own schema at the host. */
      options: z.unknown(),
      items: z
        .array(
          ref.extend({
            options: z.unknown().optional(),
            /** The changes that were shown (`fingerprint`); another plan is not run. */
            expect: z.string().max(1_000_000).optional(),
          }),
        )
        .min(1)
        .max(100_000),
    }),
    /** Stops what has not begun. */
    z.object({ cancel: z.literal(true) }),
  ).of<RunBatch>(),
  drainPlan: call(z.object({ node, options: drainOptions })).returns<DrainPlan>(),
  drain: stream(
    z.object({ node, options: drainOptions }),
    /** Stops: pods that were not evicted stay, the node stays cordoned; the last state says so. */
    z.object({ cancel: z.literal(true) }),
  ).of<DrainState>(),
});
