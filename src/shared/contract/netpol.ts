/**
 * Network policies of one cluster: what may reach what and why, over a live model at its host.
 * Streams answer anew whenever pods, policies, namespaces or nodes change the answer. Nothing here
 * sends traffic; whether the cluster enforces any of it is said by `state` (S30).
 */
import { z } from 'zod';
import type { Coverage } from '../domain/netpol/coverage';
import type { ConnectionDiff } from '../domain/netpol/diff';
import type { Engine } from '../domain/netpol/engine';
import type { FlowGraph } from '../domain/netpol/flow-graph';
import type { InquiryAnswer } from '../domain/netpol/inquiry';
import type { Mistake } from '../domain/netpol/mistakes';
import type { Place } from '../domain/netpol/places';
import type { PolicyPage } from '../domain/netpol/policy-page';
import type { ReachRow } from '../domain/netpol/reach';
import type { PolicyRef } from '../domain/netpol/types';
import { call, slice, stream } from '../rpc/define';
import type { AppError } from '../util/app-error';

/** One kind the model is made of. */
export interface NetpolPart {
  readonly kind: string;
  readonly title: string;
  /** `absent`: the server does not serve it. */
  readonly phase: 'absent' | 'reading' | 'live' | 'stale' | 'denied';
  readonly count: number;
  /** Namespaces it is read in; undefined: all. */
  readonly namespaces?: readonly string[];
  readonly error?: AppError;
}

export interface NetpolState {
  /** Everything that may be read has been read once. */
  readonly ready: boolean;
  readonly engine: Engine;
  readonly parts: readonly NetpolPart[];
  readonly pods: number;
  readonly workloads: number;
  readonly policies: number;
  /** Grows with each change of the model. */
  readonly revision: number;
}

export interface PlaceChoice {
  readonly place: Place;
  readonly label: string;
  readonly detail: string;
}

export interface AskBatch {
  readonly revision: number;
  readonly answer?: InquiryAnswer;
  /** Why there is no answer, in words for a person. */
  readonly problem?: string;
}

export interface ReachBatch {
  readonly revision: number;
  readonly rows: readonly ReachRow[];
  readonly problem?: string;
}

export interface MatrixBatch {
  readonly revision: number;
  readonly workloads: readonly { readonly id: string; readonly pods: number }[];
  /** Row by row, source times count plus destination: indexes into `conns`. */
  readonly cells: Uint16Array;
  /** 1: not between all pods. */
  readonly uneven: Uint8Array;
  /** `All`, `TCP 80`; '' for nothing. */
  readonly conns: readonly string[];
  /** Too many workloads to draw: choose namespaces. */
  readonly tooMany?: number;
}

export interface CoverageBatch extends Coverage {
  readonly revision: number;
  /** `kube-system/kube-dns`; undefined: no DNS server is seen. */
  readonly dns?: string;
}

export interface GraphBatch extends FlowGraph {
  readonly revision: number;
  readonly problem?: string;
}

export interface PolicyBatch {
  readonly revision: number;
  /** Undefined: the policy is not known (yet). */
  readonly page?: PolicyPage;
}

export interface PolicyRow {
  readonly ref: PolicyRef;
  readonly subject: string;
  readonly pods: number;
  readonly ingress: string;
  readonly egress: string;
  readonly mistakes: readonly Mistake[];
}

export interface PoliciesBatch {
  readonly revision: number;
  readonly rows: readonly PolicyRow[];
  /** Policies of engines that are not judged here, which are shown only (S30). */
  readonly others: readonly OtherPolicy[];
}

export interface OtherPolicy {
  readonly kind: string;
  readonly kindId: string;
  readonly group: string;
  readonly namespace: string;
  readonly name: string;
}

export interface WhatIf {
  readonly diff: ConnectionDiff;
  /** More than are listed. */
  readonly total: { readonly added: number; readonly removed: number; readonly changed: number };
  /** Of the policies put. */
  readonly mistakes: readonly { readonly policy: string; readonly mistakes: readonly Mistake[] }[];
}

export interface VerdictChange {
  /** Epoch ms. */
  readonly at: number;
  readonly from: string;
  readonly to: string;
  readonly before: string;
  readonly after: string;
  /** What changed before it: `NetworkPolicy shop/default-deny removed`. */
  readonly cause: string;
}

export interface ChangesBatch {
  readonly since: number;
  /** Newest first. */
  readonly changes: readonly VerdictChange[];
  readonly dropped: number;
}

const name = z.string().min(1).max(253);
const namespace = z.string().min(1).max(253);

export const placeSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('pod'), namespace, name }),
  z.object({ type: z.literal('service'), namespace, name }),
  z.object({ type: z.literal('workload'), id: z.string().min(1).max(600) }),
  z.object({ type: z.literal('namespace'), name }),
  z.object({ type: z.literal('ip'), address: z.string().min(1).max(64) }),
  z.object({ type: z.literal('internet') }),
]);

const namespaces = z.array(z.string().max(253)).max(1000);
const policyRef = z.object({
  kind: z.string().min(1).max(63),
  /** Two kinds of different groups may have one name; missing: whichever is there. */
  group: z.string().max(253).optional(),
  namespace: z.string().max(253),
  name,
});

const question = z.object({
  from: placeSchema,
  to: placeSchema,
  port: z.union([z.number().int(), z.string().min(1).max(63), z.null()]),
  protocol: z.enum(['TCP', 'UDP', 'SCTP']),
});
export type NetpolQuestion = z.infer<typeof question>;

export const netpol = slice('netpol', {
  state: stream(z.void(), z.never()).of<NetpolState>(),
  /** Places whose name holds the text, best first. */
  places: call(
    z.object({
      text: z.string().max(256),
      services: z.boolean(),
      limit: z.number().int().min(1).max(200),
    }),
  ).returns<readonly PlaceChoice[]>(),
  ask: stream(question, z.never()).of<AskBatch>(),
  /** Everybody who can reach a place (`ingress`), or whom it can reach (`egress`). */
  reach: stream(
    z.object({ place: placeSchema, direction: z.enum(['ingress', 'egress']) }),
    z.never(),
  ).of<ReachBatch>(),
  matrix: stream(z.object({ namespaces }), z.never()).of<MatrixBatch>(),
  /** Allowed flows of namespaces (none: between namespaces), or around one place. */
  graph: stream(z.object({ namespaces, focus: placeSchema.nullable() }), z.never()).of<GraphBatch>(),
  coverage: stream(z.object({ namespaces }), z.never()).of<CoverageBatch>(),
  policy: stream(policyRef, z.never()).of<PolicyBatch>(),
  policies: stream(z.object({ namespaces }), z.never()).of<PoliciesBatch>(),
  /** Connections that changes would add and take away. Writes nothing. */
  whatIf: call(
    z.object({
      /** YAML of policies to put, one or several documents; empty: none. */
      text: z.string().max(1_000_000),
      remove: z.array(policyRef).max(200),
      labels: z
        .array(
          z.object({
            target: z.enum(['workload', 'namespace']),
            id: z.string().min(1).max(600),
            labels: z.record(z.string().max(320), z.string().max(63).nullable()),
          }),
        )
        .max(50),
    }),
  ).returns<WhatIf>(),
  /** Policies as YAML. */
  policyText: call(policyRef).returns<{ text: string }>(),
  /** The smallest policies that allow flows, as YAML. */
  generate: call(
    z.object({
      flows: z
        .array(
          z.object({
            /** Workload id, `internet` or a CIDR. */
            from: z.string().min(1).max(600),
            to: z.string().min(1).max(600),
            protocol: z.enum(['TCP', 'UDP', 'SCTP']),
            port: z.number().int().min(1).max(65535).nullable(),
          }),
        )
        .min(1)
        .max(500),
      ingress: z.boolean(),
      egress: z.boolean(),
    }),
  ).returns<{ text: string; notes: readonly string[] }>(),
  /** Verdicts between workloads that changed while the model was in use. */
  changes: stream(z.void(), z.never()).of<ChangesBatch>(),
});
