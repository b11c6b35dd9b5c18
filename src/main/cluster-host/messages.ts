/** Control messages between the main process and a cluster host; ports ride along with `port`. */
import type { ContextConfig } from '../kubeconfig/types';

export type HostCommand =
  /** First message, once. `environment` is what exec plugins run with (login shell's). */
  | {
      readonly type: 'init';
      readonly context: ContextConfig;
      readonly environment: Readonly<Record<string, string>>;
      /** Where it comes from, for the connection page. */
      readonly environmentFrom?: 'terminal' | 'shell' | 'guess' | undefined;
      /** No request that changes anything may leave, from the first one on. */
      readonly readOnly: boolean;
      /** Where rows outlive the host, and the key they are encrypted with (32 bytes, base64). */
      readonly rows?: { readonly folder: string; readonly key: string };
    }
  | { readonly type: 'read-only'; readonly on: boolean }
  /** Paths of this machine a person chose; only these may be read or written. */
  | {
      readonly type: 'grant';
      readonly grant: {
        readonly id: string;
        readonly mode: 'read' | 'write';
        readonly paths: readonly string[];
      };
    }
  /** A renderer's port is attached. */
  | { readonly type: 'port' }
  /** Power and network: suspend aborts, resume drops every pooled socket and catches up. */
  | { readonly type: 'suspend' }
  | { readonly type: 'resume' }
  | { readonly type: 'ping'; readonly id: number }
  | { readonly type: 'stop' };

export type HostEvent =
  | { readonly type: 'ready' }
  | { readonly type: 'pong'; readonly id: number }
  /** A defect that ends this host, already redacted. */
  | { readonly type: 'fatal'; readonly message: string };
