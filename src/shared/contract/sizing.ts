/**
 * Rightsizing and capacity: what is asked for, what is used, what is there. Read once for each
 * question, never watched. Thinking is in `domain/prom/rightsizing` and `domain/capacity`.
 */
import { z } from 'zod';
import type {
  CapacityNodeRow,
  CapacityRow,
  CapacityTotals,
  FitAnswer,
  LossAnswer,
} from '../domain/capacity/types';
import type { ContainerSet, ContainerUse } from '../domain/prom/rightsizing';
import { call, slice } from '../rpc/define';
import type { AppError } from '../util/app-error';

export interface SizedContainer extends ContainerSet {
  readonly name: string;
  /** Absent: nothing was measured of it. */
  readonly use?: ContainerUse;
  /** These are values of the whole pod: its only container, or metrics that do not tell containers apart. */
  readonly ofPod?: boolean;
}

export interface SizedWorkload {
  /** Kind id. */
  readonly kind: 'deployments.apps' | 'statefulsets.apps' | 'daemonsets.apps';
  readonly namespace: string;
  readonly name: string;
  /** Pods it wants now. */
  readonly replicas: number;
  /** Pods that were measured in the time, also those that are gone. */
  readonly pods: number;
  readonly containers: readonly SizedContainer[];
  /** Of all containers together, where the metrics do not tell them apart and there are several. */
  readonly whole?: ContainerUse;
  /** Resources whose utilisation a HorizontalPodAutoscaler aims at; `other`: it aims at something else. */
  readonly scaledBy: readonly string[];
  /** A VerticalPodAutoscaler sets its requests. */
  readonly vertical: boolean;
}

export interface RightsizingAnswer {
  readonly workloads: readonly SizedWorkload[];
  /** Seconds looked at, and between the values that percentiles are of. */
  readonly span: number;
  readonly step: number;
  /** What could not be read and what that means. */
  readonly notes: readonly string[];
  /** The query of each part, to be opened in the explorer. */
  readonly queries: Readonly<Record<string, string>>;
}

export interface CapacityAnswer {
  readonly totals: CapacityTotals;
  readonly nodes: readonly CapacityNodeRow[];
  readonly zones: readonly CapacityRow[];
  readonly namespaces: readonly CapacityRow[];
  readonly notes: readonly string[];
  /** Why there is no use in it. */
  readonly usage?: AppError;
  /** Epoch ms of the reading. */
  readonly at: number;
}

const names = z.array(z.string().max(253)).max(100);
const amount = z.number().finite().min(0).max(1e15);

export const sizing = slice('sizing', {
  rightsizing: call(
    z.object({
      namespaces: names,
      /** Seconds back from now. */
      span: z.number().int().min(600).max(5_184_000),
    }),
  ).returns<RightsizingAnswer>(),
  /** `fresh`: read anew, else an answer of the last half minute may be used. */
  capacity: call(z.object({ fresh: z.boolean() })).returns<CapacityAnswer>(),
  /** Where the pods of a node would go if it were lost. */
  lose: call(z.object({ node: z.string().min(1).max(253) })).returns<LossAnswer>(),
  /** Where so many pods of that form fit, and why not elsewhere. */
  fits: call(
    z.object({
      cpu: amount,
      memory: amount,
      count: z.number().int().min(1).max(10_000),
      /** Selector, tolerations and affinity of this pod are taken. */
      like: z.object({ namespace: z.string().max(253), name: z.string().max(253) }).optional(),
      nodeSelector: z.record(z.string().max(317), z.string().max(63)).optional(),
    }),
  ).returns<FitAnswer>(),
});
