/** Main process: contexts, hosts, settings, the window. */
import { z } from 'zod';
import { call, slice, stream } from '../rpc/define';
import type { LinkTemplate } from '../domain/prom/links';
import type { Provider } from '../domain/providers/recognise';
import type { SavedForward } from './forward';
import type { AppError } from '../util/app-error';

/** One context of a kubeconfig; carries no credential. */
export interface ContextSummary {
  /** Opaque and stable while the file path and context name stay. */
  readonly id: string;
  readonly name: string;
  readonly cluster: string;
  readonly user: string;
  readonly namespace: string | null;
  /** Scheme, host, port, path: never user info. */
  readonly server: string;
  /** The kubeconfig that owns it; `demo` for the demo cluster. */
  readonly file: string;
  readonly auth: readonly (
    'certificate' | 'token' | 'token-file' | 'basic' | 'exec' | 'auth-provider' | 'none'
  )[];
  /** Why it cannot be used; it is listed all the same. */
  readonly problem?: AppError;
  readonly demo?: boolean;
  /** What its names, server and plugin tell of the product; absent when they tell nothing. */
  readonly provider?: Provider;
  /** It shows another context as somebody else sees it. */
  readonly viewAs?: { readonly of: string; readonly user: string; readonly groups: readonly string[] };
}

/** How far a file being saved is. */
export interface Saving {
  /** The chosen file; null while the person has not chosen. */
  readonly path: string | null;
  /** Bytes taken so far. */
  readonly taken: number;
  readonly saved: boolean;
}

/** Id of a view of the context `of` as somebody else. */
export function viewId(hash: string, of: string): string {
  return `as-${hash}@${of}`;
}

/** The context a view shows; the id itself for a plain context. */
export function baseContext(contextId: string): string {
  return contextId.replace(/^as-[0-9a-f]{16}@/, '');
}

export interface KubeconfigFile {
  readonly path: string;
  readonly state: 'ok' | 'missing' | 'bad';
  readonly error?: AppError;
  /** Everything wrong in it, each with its line; the first 50. */
  readonly problems?: readonly AppError[];
}

export interface ContextsState {
  readonly contexts: readonly ContextSummary[];
  readonly files: readonly KubeconfigFile[];
  /** Context id of `current-context`, where there is one. */
  readonly current: string | null;
}

/** Life of the process that serves one context. */
export interface HostState {
  readonly contextId: string;
  readonly phase: 'starting' | 'running' | 'restarting' | 'failed' | 'stopped';
  readonly generation: number;
  readonly restarts: number;
  readonly reason?: string;
  /** `failed` until the person has answered `pluginQuestion`. */
  readonly ask?: 'plugin';
}

/** The program a context runs to sign in, before the person has agreed to it. No variable's value. */
export interface PluginQuestion {
  readonly file: string;
  readonly user: string;
  readonly command: string;
  /** Where the command was found; null: nowhere on the PATH. */
  readonly path: string | null;
  readonly args: readonly string[];
  /** Names of the variables the kubeconfig sets for it. */
  readonly env: readonly string[];
  /** Of these, the ones that are not handed on: they load code. */
  readonly leftOut: readonly string[];
  /** The program lies in the folder of the kubeconfig: it came along with it. */
  readonly besideFile: boolean;
  /** Files outside the kubeconfig's folder that are read to sign in. */
  readonly outside: readonly string[];
  /** The person agreed to another one before. */
  readonly changed: boolean;
  /** Why it cannot be agreed to: a policy of kubectl's. */
  readonly refusal?: string;
  /** Names this question; handed back with the answer. */
  readonly seen: string;
}

export type ThemeChoice = 'system' | 'light' | 'dark';

/** Per-user settings, kept as JSON; unknown keys written by newer versions survive. */
export interface Settings {
  readonly theme: ThemeChoice;
  readonly density: 'compact' | 'normal' | 'relaxed';
  readonly lastContext: string | null;
  readonly contexts: Readonly<Record<string, ContextSettings>>;
  /** Table set-up by kind id. */
  readonly tables: Readonly<Record<string, TableSettings>>;
  /** Sizes of panes and whether they are open, by name. */
  readonly layout: Readonly<Record<string, number | boolean>>;
  readonly kubeconfigs: readonly string[];
  /** Contexts shown last, newest first. */
  readonly recent: readonly string[];
  /** Minutes until a cluster nobody looks at is disconnected; 0: never. */
  readonly hibernateAfter: number;
  /** Images of debug containers, the last used first. */
  readonly debugImages?: readonly string[];
  /** Whether rows of tables are kept on this machine, encrypted, so that the next start shows them at once. */
  readonly keepRows: boolean;
  /** What was agreed to be run to sign in: `PluginQuestion.seen` by user entry and file. */
  readonly plugins: Readonly<Record<string, string>>;
}

export interface ContextSettings {
  readonly alias?: string;
  readonly color?: string;
  readonly namespaces?: readonly string[];
  readonly favourites?: readonly string[];
  /** Its name must be typed before anything in it is changed. */
  readonly protected?: boolean;
  /** Nothing that changes it leaves its host (src/main/k8s/read-only.ts). */
  readonly readOnly?: boolean;
  /** Heading it stands under in the list of clusters and in the rail. */
  readonly group?: string;
  /** Place inside its group, smaller first; those without one come after, by name. */
  readonly order?: number;
  /** Only the list of clusters shows it, on demand. */
  readonly hidden?: boolean;
  /** Always in the rail. */
  readonly favourite?: boolean;
  /** The person's own command to sign in, run in a terminal tab. */
  readonly loginCommand?: string;
  /** Port-forwards that were started here; the person starts them again. */
  readonly forwards?: readonly SavedForward[];
  /** Minutes until it is disconnected when nobody looks; 0: never. Absent: `Settings.hibernateAfter`. */
  readonly hibernateAfter?: number;
  /** Pods that debug sessions made there, by `namespace/name`; removed once the pod is. */
  readonly debugPods?: Readonly<Record<string, 'copy' | 'node' | 'kept'>>;
  /** PromQL the person keeps. */
  readonly queries?: readonly string[];
  /** Links into other tools, as templates with variables of an object (domain/prom/links). */
  readonly links?: readonly LinkTemplate[];
  /** Findings about rights that were looked at and are fine here, by id of the finding. */
  readonly acceptedRisks?: Readonly<Record<string, { readonly note: string; readonly at: number }>>;
}

export interface TableSettings {
  readonly order?: readonly string[];
  readonly hidden?: readonly string[];
  readonly shown?: readonly string[];
  readonly widths?: Readonly<Record<string, number>>;
  readonly sort?: { readonly column: string; readonly desc: boolean };
}

const contextId = z.string().min(1).max(2048);

export const app = slice('app', {
  contexts: stream(z.void(), z.never()).of<ContextsState>(),
  hosts: stream(z.void(), z.never()).of<readonly HostState[]>(),
  settings: stream(z.void(), z.never()).of<Settings>(),
  /** Starts (or finds) the host of a context; its port arrives through the bridge. */
  connect: call(z.object({ contextId })).returns<HostState>(),
  /** What must be agreed to before the context connects; null: nothing. Runs nothing. */
  pluginQuestion: call(z.object({ contextId })).returns<PluginQuestion | null>(),
  /** The person agrees to what was shown (`seen`); refused when it changed meanwhile. */
  agreeToPlugin: call(z.object({ contextId, seen: z.string().max(128) })).returns<void>(),
  /** Stops the host and everything it holds. */
  disconnect: call(z.object({ contextId, reason: z.string().max(200).optional() })).returns<void>(),
  /** Merges a JSON patch (RFC 7386) into the settings. */
  patchSettings: call(z.object({ patch: z.record(z.string(), z.unknown()) })).returns<Settings>(),
  /** Starts the demo cluster if it is not running; it then appears among the contexts. */
  startDemo: call(z.void()).returns<{ contextId: string }>(),
  /** Lets the person choose a kubeconfig file; null when they did not. */
  addKubeconfig: call(z.object({ path: z.string().max(4096).optional() })).returns<KubeconfigFile | null>(),
  /** A context as another user or service account sees it; its host starts with `connect`. */
  viewAs: call(
    z.object({
      contextId,
      user: z.string().min(1).max(1024),
      groups: z.array(z.string().min(1).max(1024)).max(100),
    }),
  ).returns<{ contextId: string }>(),
  /** Stops the view's host and forgets the view. */
  endViewAs: call(z.object({ contextId })).returns<void>(),
  /** https only; the main side shows the host before it opens anything. */
  openExternal: call(z.object({ url: z.string().max(2048) })).returns<void>(),
  /**
   * The person chooses a file; the bytes sent then are its content. It appears whole with `done`; a stream
   * closed before leaves what was there. Ends with `cancelled` when no file is chosen.
   */
  saveFile: stream(
    z.object({ suggested: z.string().min(1).max(200) }),
    z.union([z.object({ data: z.instanceof(Uint8Array) }), z.object({ done: z.literal(true) })]),
  ).of<Saving>(),
  /** Puts a secret on the clipboard; it is taken away after `forMs`, and on quit, if it is still there. False: not copied. */
  copyBriefly: call(
    z.object({
      text: z
        .string()
        .min(1)
        .max(4 * 1024 * 1024),
      forMs: z.number().int().min(1_000).max(600_000),
    }),
  ).returns<boolean>(),
  about: call(z.void()).returns<{
    version: string;
    electron: string;
    chrome: string;
    node: string;
    platform: string;
  }>(),
});
