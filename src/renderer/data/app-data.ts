/**
 * What the main process says about the whole app: contexts, hosts, settings.
 * Guarantees: the last known state stays when the connection goes; a settings patch
 * shows at once and is then what the main process answers. Fed by the frame.
 */
import { create } from 'zustand';
import {
  app,
  baseContext,
  type ContextsState,
  type ContextSummary,
  type HostState,
  type Settings,
} from '#shared/contract/app';
import type { RpcClient } from '#shared/rpc/client';
import type { AppError } from '#shared/util/app-error';
import { toAppError } from '#shared/util/app-error';

export interface AppData {
  readonly client: RpcClient | undefined;
  readonly contexts: ContextsState | undefined;
  readonly contextById: ReadonlyMap<string, ContextSummary>;
  readonly hosts: ReadonlyMap<string, HostState>;
  readonly settings: Settings | undefined;
  /** Why the last change of settings was not kept. */
  readonly settingsError: AppError | undefined;
}

export const defaultSettings: Settings = {
  theme: 'system',
  density: 'normal',
  lastContext: null,
  contexts: {},
  tables: {},
  layout: {},
  kubeconfigs: [],
  recent: [],
  hibernateAfter: 0,
  keepRows: true,
  plugins: {},
};

export const useAppData = create<AppData>()(() => ({
  client: undefined,
  contexts: undefined,
  contextById: new Map(),
  hosts: new Map(),
  settings: undefined,
  settingsError: undefined,
}));

/** The settings, or the defaults before they are known. */
export function useSettings(): Settings {
  return useAppData((state) => state.settings ?? defaultSettings);
}

/** Follows the three streams of the main process until the returned function is called. */
export function feedAppData(client: RpcClient): () => void {
  useAppData.setState({ client });
  const ignore = { onEnd: () => undefined };
  const streams = [
    client.open(app, 'contexts', undefined, {
      ...ignore,
      onData: (contexts) =>
        useAppData.setState({
          contexts,
          contextById: new Map(contexts.contexts.map((context) => [context.id, context])),
        }),
    }),
    client.open(app, 'hosts', undefined, {
      ...ignore,
      onData: (hosts) => useAppData.setState({ hosts: new Map(hosts.map((host) => [host.contextId, host])) }),
    }),
    client.open(app, 'settings', undefined, {
      ...ignore,
      onData: (settings) => useAppData.setState({ settings }),
    }),
  ];
  return () => {
    for (const stream of streams) stream.close();
  };
}

/** Merges a JSON patch (RFC 7386: null removes a key) into the settings, here and in the main process. */
export function patchSettings(patch: Readonly<Record<string, unknown>>): void {
  const { client, settings } = useAppData.getState();
  useAppData.setState({ settings: mergePatch(settings ?? defaultSettings, patch) as Settings });
  client?.call(app, 'patchSettings', { patch: { ...patch } }).then(
    () => useAppData.setState({ settingsError: undefined }),
    (thrown: unknown) => useAppData.setState({ settingsError: toAppError(thrown) }),
  );
}

/** Changes the settings of one context; a view as somebody else leaves none behind. */
export function patchContextSettings(contextId: string, patch: Readonly<Record<string, unknown>>): void {
  if (baseContext(contextId) !== contextId) return;
  patchSettings({ contexts: { [contextId]: patch } });
}

export function mergePatch(target: unknown, patch: unknown): unknown {
  if (typeof patch !== 'object' || patch === null || Array.isArray(patch)) return patch;
  const base = typeof target === 'object' && target !== null && !Array.isArray(target) ? target : {};
  const merged = new Map<string, unknown>(Object.entries(base));
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) merged.delete(key);
    else merged.set(key, mergePatch(merged.get(key), value));
  }
  return Object.fromEntries(merged);
}
