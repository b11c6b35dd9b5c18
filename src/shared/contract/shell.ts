/**
 * Terminals: shells in containers (served by a cluster's host). The batch and update types are
 * those of every terminal in the app, wherever its program runs (see pty.ts).
 * Flow control: the reader acknowledges what it has shown; the writer pauses the program at
 * 100,000 bytes not acknowledged and goes on below 5,000.
 */
import { z } from 'zod';
import { call, slice, stream } from '../rpc/define';
import type { AppError } from '../util/app-error';

/** What runs, once it is known. */
export interface TerminalStarted {
  /** `sh`, `bash -l`, ... */
  readonly command: readonly string[];
  readonly container?: string;
  readonly image?: string;
}

/** How it ended: a number the program gave, or why there is none. */
export type TerminalEnd = { readonly code: number; readonly signal?: string } | { readonly error: AppError };

export interface TerminalBatch {
  readonly started?: TerminalStarted;
  /** Output as bytes, in order. UTF-8 sequences may be cut between batches. */
  readonly data?: Uint8Array;
  /** Bytes of input the program's side has taken, in all; large pastes wait for it. */
  readonly taken?: number;
  /** The last batch; the stream ends in good order after it. */
  readonly end?: TerminalEnd;
}

const columns = z.number().int().min(1).max(10_000);
const rows = z.number().int().min(1).max(10_000);

export const terminalUpdate = z.discriminatedUnion('type', [
  z.object({ type: z.literal('input'), data: z.string().max(65_536) }),
  z.object({ type: z.literal('resize'), columns, rows }),
  /** So many bytes of output were shown. */
  z.object({ type: z.literal('ack'), bytes: z.number().int().min(0) }),
]);
export type TerminalUpdate = z.infer<typeof terminalUpdate>;

export const terminalSize = z.object({ columns, rows });

/** A container of a pod, as far as a shell cares. */
export interface ShellContainer {
  readonly name: string;
  readonly image: string;
  readonly type: 'container' | 'init' | 'sidecar' | 'debug';
  readonly running: boolean;
  /** The annotation `kubectl.kubernetes.io/default-container`, else the first container. */
  readonly default: boolean;
}

const name = z.string().min(1).max(253);
export const podTarget = z.object({ namespace: name, pod: name });

export const shell = slice('shell', {
  containers: call(podTarget).returns<readonly ShellContainer[]>(),
  /**
   * Without a command the best shell of the container is found (bash, sh, ash; PowerShell, cmd on
   * Windows); AppError `no-shell` when there is none. `attach` takes the container's own process.
   */
  open: stream(
    podTarget.extend({
      container: name.optional(),
      command: z.array(z.string().max(65_536)).min(1).max(1_000).optional(),
      attach: z.boolean().optional(),
      size: terminalSize,
      /**
       * Names this terminal: when its page reloads or crashes the program goes on for 5 minutes, and who
       * opens the same name gets what was printed and goes on with it (fault 67).
       */
      keep: z.string().min(16).max(64).optional(),
      /** Only goes on with what `keep` names; `gone` when it is over. */
      again: z.boolean().optional(),
    }),
    terminalUpdate,
  ).of<TerminalBatch>(),
});
