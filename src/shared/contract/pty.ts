/**
 * Terminals on this machine. `pty` is answered by main: it decides what may run and writes the
 * files; `ptyHost` by the process of the terminals, which runs only what main gave it a ticket for.
 */
import { z } from 'zod';
import { call, slice, stream } from '../rpc/define';
import { terminalSize, terminalUpdate, type TerminalBatch } from './shell';

/** `local`: the person's shell with only this context. `sign-in`: the context's plugin or login command. */
export type TicketKind = 'local' | 'sign-in';

export interface Ticket {
  /** Good for one terminal, once. */
  readonly ticket: string;
  /** Which process of the terminals holds it (see PortGrant `pty`). */
  readonly generation: number;
}

/** The process of the terminals; null: none runs. */
export interface PtyState {
  readonly generation: number | null;
}

const contextId = z.string().min(1).max(2048);

export const pty = slice('pty', {
  state: stream(z.void(), z.never()).of<PtyState>(),
  /** Starts the process where needed and prepares one terminal. */
  prepare: call(
    z.object({
      contextId,
      kind: z.enum(['local', 'sign-in']),
      /** The namespace of the terminal; the context's own where there is none. */
      namespace: z.string().max(253).optional(),
    }),
  ).returns<Ticket>(),
  /** The person chooses a file; what is sent then is appended to it as plain text. */
  log: stream(
    z.object({ suggested: z.string().min(1).max(200) }),
    z.object({ data: z.instanceof(Uint8Array) }),
  ).of<{ readonly path: string }>(),
});

export const ptyHost = slice('ptyHost', {
  open: stream(
    z.object({ ticket: z.string().length(32), size: terminalSize }),
    terminalUpdate,
  ).of<TerminalBatch>(),
});
