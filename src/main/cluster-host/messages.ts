/** Control messages between the main process and a cluster host; ports ride along with `port`. */
import type { KeptSources, SourceChange } from '#shared/domain/prom/kept';
import type { AuthProvider, ContextConfig, Rotation } from '../kubeconfig/types';

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
      /** Metrics sources that were given by URL, with the secrets that are at hand. */
      readonly sources?: KeptSources;
    }
  | { readonly type: 'read-only'; readonly on: boolean }
  /** Newer tokens of the same user entry. */
  | { readonly type: 'auth-provider'; readonly provider: AuthProvider }
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
  /** To be kept over restarts; the one message with secrets a person typed for this cluster. */
  | { readonly type: 'source'; readonly change: SourceChange }
  /** The identity provider gave a new refresh-token; the old one is worth nothing any more. */
  | { readonly type: 'rotated'; readonly tokens: Rotation }
  /** A defect that ends this host, already redacted. */
  | { readonly type: 'fatal'; readonly message: string };
