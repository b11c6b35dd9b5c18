/**
 * Kubeconfigs the person adds and changes. Nothing here carries a credential to the page: previews
 * say names, servers and which kind of credential there is. Every write is lossless, atomic,
 * backed up, and refused when the file is not the one that was shown (`seen`).
 */
import { z } from 'zod';
import type { Provider } from '../domain/providers/recognise';
import { call, slice } from '../rpc/define';
import type { AppError } from '../util/app-error';
import type { ContextSummary } from './app';

/** A pasted text, or a file or folder by its path (dropped or chosen). */
export type KubeconfigText = { readonly text: string } | { readonly path: string };

export interface InspectedContext {
  readonly name: string;
  readonly cluster: string;
  readonly user: string;
  readonly namespace: string | null;
  readonly server: string;
  readonly auth: ContextSummary['auth'];
  /** The program its user entry runs to sign in, with arguments; long ones cut. */
  readonly runs?: string;
  readonly provider?: Provider;
  readonly problem?: AppError;
}

/** What a text, file or folder holds, before anything of it is added. */
export interface Inspection {
  /** Absolute; null for a pasted text. */
  readonly path: string | null;
  readonly kind: 'text' | 'file' | 'folder';
  /** Of a folder: the files that are read. */
  readonly files: readonly string[];
  readonly contexts: readonly InspectedContext[];
  readonly clusters: number;
  readonly users: number;
  /** All that is wrong, with file and line. */
  readonly problems: readonly AppError[];
  /** It is read already. */
  readonly known: boolean;
}

export interface AddPreview {
  /** File that is written. */
  readonly target: string;
  readonly isNew: boolean;
  readonly added: readonly string[];
  /** In the file already, equal in all. */
  readonly present: readonly string[];
  readonly renamed: readonly { readonly kind: string; readonly from: string; readonly to: string }[];
  /** Relative paths in a paste start at the folder of the target. */
  readonly relativePaths: readonly string[];
}

export interface EntryPlace {
  readonly contextId: string;
  readonly name: string;
  readonly file: string;
  readonly line: number;
  readonly namespace: string | null;
  readonly isCurrent: boolean;
  /** File that says which context is current. */
  readonly currentFile: string;
  /** Where the version before is kept. */
  readonly backup: string;
  /** Names the version that is shown; hand it back with the change. */
  readonly seen: string;
}

export interface RemovalPreview extends EntryPlace {
  /** Used by no other context: may go too. */
  readonly cluster?: string;
  readonly user?: string;
  /** Lines that go, secrets hidden. */
  readonly lines: readonly RemovedLine[];
}

export interface RemovedLine {
  readonly number: number;
  readonly text: string;
  readonly part: 'context' | 'cluster' | 'user';
}

export interface EditDone {
  /** Another one after a rename. */
  readonly contextId: string;
  readonly file: string;
  /** Null: nothing had to be written. */
  readonly backup: string | null;
}

const contextId = z.string().min(1).max(2048);
const path = z.string().min(1).max(4096);
const seen = z.string().max(128);
const source = z.union([z.object({ text: z.string().max(10 * 1024 * 1024) }), z.object({ path })]);
const contexts = z.array(z.string().max(1024)).max(10_000).optional();

export const kubeconfig = slice('kubeconfig', {
  inspect: call(z.object({ source })).returns<Inspection>(),
  /** `into`: a kubeconfig to merge into; null: a new file of Binnacle's own. Writes nothing. */
  previewAdd: call(z.object({ source, contexts, into: path.nullable() })).returns<AddPreview>(),
  /** Merges (`into`), or keeps a copy in a file of Binnacle's own (null). */
  add: call(z.object({ source, contexts, into: path.nullable() })).returns<AddPreview>(),
  /** Reads the file or folder where it is, now and whenever it changes. */
  follow: call(z.object({ path })).returns<{ path: string; state: 'ok' | 'missing' | 'bad' }>(),
  /** Reads a file or folder that was added no longer; it stays on disk. */
  unfollow: call(z.object({ path })).returns<void>(),
  /** The system's dialog; null when the person chose nothing. */
  choose: call(z.object({ what: z.enum(['file', 'folder']) })).returns<string | null>(),
  place: call(z.object({ contextId })).returns<EntryPlace>(),
  previewRemove: call(z.object({ contextId })).returns<RemovalPreview>(),
  remove: call(z.object({ contextId, cluster: z.boolean(), user: z.boolean(), seen })).returns<EditDone>(),
  change: call(
    z.object({
      contextId,
      seen,
      rename: z.string().max(1024).optional(),
      /** null: none, which means `default`. */
      namespace: z.string().max(253).nullable().optional(),
    }),
  ).returns<EditDone>(),
  /** Makes it the context that kubectl uses by itself. */
  makeCurrent: call(z.object({ contextId })).returns<EditDone>(),
});
