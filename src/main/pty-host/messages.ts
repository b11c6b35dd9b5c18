/** Control messages between the main process and the process of the terminals. */
import type { TicketKind } from '#shared/contract/pty';
import type { ContextConfig } from '../kubeconfig/types';

/** Everything one terminal needs; good once. */
export interface TerminalOrder {
  readonly ticket: string;
  readonly kind: TicketKind;
  readonly context: ContextConfig;
  readonly namespace: string;
  /** The login shell's. */
  readonly environment: Readonly<Record<string, string>>;
  /** The person's login shell. */
  readonly shell: string;
  readonly home: string;
  /** The context's own login command, from its settings. */
  readonly loginCommand?: string;
}

export type PtyCommand =
  /** First message, once. `folder` is private to this process; what is in it is its own. */
  | { readonly type: 'init'; readonly folder: string }
  | { readonly type: 'order'; readonly order: TerminalOrder }
  /** A renderer's port is attached. */
  | { readonly type: 'port' }
  | { readonly type: 'stop' };

export type PtyEvent =
  | { readonly type: 'ready' }
  /** How many terminals run. */
  | { readonly type: 'count'; readonly running: number };
