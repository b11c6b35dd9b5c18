/** The Alertmanager behind the alerts: how it groups them, its silences, and making and ending them. */
import { z } from 'zod';
import type { AlertGroup, Silence } from '../domain/prom/alertmanager';
import { call, slice } from '../rpc/define';
import type { AppError } from '../util/app-error';

export interface AlertmanagerAnswer {
  /** Absent: none was found; `looked` says where. */
  readonly place?: {
    readonly namespace: string;
    readonly service: string;
    /** `monitoring/alertmanager-operated:9093` */
    readonly title: string;
    readonly version: string;
  };
  readonly looked: readonly string[];
  readonly groups: readonly AlertGroup[];
  readonly silences: readonly Silence[];
  readonly error?: AppError;
}

const matcher = z.object({
  name: z.string().min(1).max(256),
  value: z.string().max(2000),
  isRegex: z.boolean(),
  isEqual: z.boolean(),
});

export const alertmanager = slice('alertmanager', {
  /** Looks for it when first asked; `again`: anew. */
  read: call(z.object({ again: z.boolean() })).returns<AlertmanagerAnswer>(),
  /** A silence from now on; the answer is its id. */
  silence: call(
    z.object({
      matchers: z.array(matcher).min(1).max(50),
      /** Seconds. */
      lasts: z.number().int().min(60).max(31_536_000),
      by: z.string().min(1).max(256),
      comment: z.string().min(1).max(2000),
    }),
  ).returns<string>(),
  /** Ends a silence now. */
  expire: call(z.object({ id: z.string().regex(/^[0-9a-f-]{1,64}$/) })).returns<void>(),
});
