/**
 * Files of a container (`files`, served by the cluster's host through exec) and the paths of this
 * machine a person chose for them (`localFiles`, served by main). A host reads and writes only what
 * a grant of main names; the page hands the grant on and cannot make one.
 */
import { z } from 'zod';
import { call, slice, stream } from '../rpc/define';
import type { AppError } from '../util/app-error';

export type FileType = 'file' | 'directory' | 'link' | 'device' | 'socket' | 'pipe' | 'other';

export interface RemoteEntry {
  /** As the container has it; may hold anything but `/` and NUL. */
  readonly name: string;
  readonly type: FileType;
  /** A link that leads to a directory. */
  readonly opens: boolean;
  readonly size: number;
  /** Epoch ms; null where the container's tools do not tell. */
  readonly modified: number | null;
  /** Permission bits. */
  readonly mode: number;
  readonly owner: string;
  readonly group: string;
}

export interface RemoteListing {
  readonly path: string;
  readonly entries: readonly RemoteEntry[];
  /** More than could be read, or names the container's tools cannot tell apart. */
  readonly incomplete?: string;
}

export interface RemoteText {
  readonly text: string;
  /** The file goes on after this. */
  readonly cut: boolean;
  /** Holds bytes no text has; `text` is empty. */
  readonly binary: boolean;
  readonly bytes: number;
}

export interface TransferState {
  readonly phase: 'preparing' | 'copying' | 'verifying' | 'done' | 'failed';
  readonly files: number;
  readonly bytes: number;
  /** Bytes to come in all, where known before. */
  readonly total?: number;
  /** What is copied now. */
  readonly current?: string;
  /** After `done`: how the checksums (sha256) of both sides compare. */
  readonly verified?: {
    readonly equal: number;
    readonly different: readonly string[];
    readonly why?: string;
  };
  /** Left out on purpose, with the reason: links, devices, names that are no names here. */
  readonly skipped: readonly { readonly name: string; readonly why: string }[];
  readonly skippedCount: number;
  /** Where it went on this machine. */
  readonly written?: readonly string[];
  readonly error?: AppError;
}

const name = z.string().min(1).max(253);

const path = z
  .string()
  .min(1)
  .max(4096)
  .regex(/^\/[^\0]*$/);
const container = z.object({ namespace: name, pod: name, container: name.optional() });
const grant = z.string().min(16).max(64);

export const files = slice('files', {
  list: call(container.extend({ path })).returns<RemoteListing>(),
  /** The first `max` bytes as text. */
  read: call(
    container.extend({ path, max: z.number().int().min(1).max(4_194_304).default(524_288) }),
  ).returns<RemoteText>(),
  /** Into a folder that was granted; closing the stream cancels and removes what was written. */
  download: stream(
    container.extend({
      directory: path,
      names: z.array(z.string().min(1).max(255)).min(1).max(1_000),
      grant,
    }),
    z.never(),
  ).of<TransferState>(),
  /** Files and folders that were granted, into `directory`. */
  upload: stream(container.extend({ directory: path, grant }), z.never()).of<TransferState>(),
});

export interface LocalGrant {
  readonly grant: string;
  /** For the words on screen. */
  readonly paths: readonly string[];
}

const contextId = z.string().min(1).max(2048);

export const localFiles = slice('localFiles', {
  /** Asks the person; null when they chose nothing. */
  choose: call(
    z.object({ contextId, what: z.enum(['folder-to-write', 'files-to-read', 'folder-to-read']) }),
  ).returns<LocalGrant | null>(),
  /** Paths of a real drop on the window, seen by the preload script. */
  dropped: call(
    z.object({ contextId, paths: z.array(z.string().max(4096)).min(1).max(100) }),
  ).returns<LocalGrant>(),
});
