/** One connected cluster: state, kinds, namespaces, counts. Served by its host. */
import { z } from 'zod';
import { call, slice, stream } from '../rpc/define';
import type { AppError } from '../util/app-error';
import type { KindId, NavSection } from '../kinds/define';

export interface ClusterStatus {
  readonly phase:
    | 'connecting'
    | 'live'
    | 'catching-up'
    | 'stale'
    | 'signing-in'
    | 'unauthorized'
    | 'forbidden'
    | 'unreachable'
    | 'frozen';
  /** Epoch ms since when this phase holds. */
  readonly since: number;
  readonly error?: AppError;
  readonly server?: { readonly version: string; readonly platform: string };
  readonly user?: { readonly name: string; readonly groups: readonly string[] };
  /** Server clock minus ours, ms; ages use it. */
  readonly clockOffset: number;
  readonly latency?: number;
}

export interface KindInfo {
  readonly id: KindId;
  readonly group: string;
  /** The version that is asked for. */
  readonly version: string;
  readonly resource: string;
  readonly kind: string;
  readonly namespaced: boolean;
  readonly verbs: readonly string[];
  readonly aliases: readonly string[];
  readonly title: string;
  readonly singular: string;
  readonly tag: string;
  readonly section: NavSection;
  readonly order: number;
  /** One of our descriptors knows it; otherwise its columns are the server's. */
  readonly known: boolean;
}

export interface KindsState {
  readonly kinds: readonly KindInfo[];
  /** Groups whose discovery failed (a dead APIService): listed, never blocking. */
  readonly failedGroups: readonly { readonly group: string; readonly message: string }[];
}

export interface NamespacesState {
  readonly names: readonly string[];
  /** `list`: watched. `known`: the right to list is missing, these are the ones known of. */
  readonly source: 'list' | 'known';
  readonly error?: AppError;
}

/** Number of objects, null where unknown yet, 'denied' without the right to list. */
export type Count = number | null | 'denied';

const kindIds = z.array(z.string().max(512)).max(400);
const namespaces = z.array(z.string().max(253)).max(1000);

export const cluster = slice('cluster', {
  status: stream(z.void(), z.never()).of<ClusterStatus>(),
  kinds: stream(z.void(), z.never()).of<KindsState>(),
  namespaces: stream(z.void(), z.never()).of<NamespacesState>(),
  counts: stream(
    z.object({ kinds: kindIds, namespaces, hidden: z.boolean().optional() }),
    z.object({
      kinds: kindIds.optional(),
      namespaces: namespaces.optional(),
      hidden: z.boolean().optional(),
    }),
  ).of<Readonly<Record<KindId, Count>>>(),
  /** Tries again now: drops the back-off and asks for new credentials if the old ones failed. */
  reconnect: call(z.void()).returns<void>(),
});
