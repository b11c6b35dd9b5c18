/**
 * The renderer's clients: one to the main process, one per connected cluster.
 * Guarantees: a cluster has at most one open client; a newer port (restarted host)
 * closes the older client, so that its streams end and views reopen; a host that is
 * known to be gone closes its client at once.
 */
import { createContext, useContext, useEffect, useRef, useState, useSyncExternalStore } from 'react';
import type { PortGrant, RendererReady } from '#shared/contract/bridge';
import type { HostState } from '#shared/contract/app';
import type { AnyStream, InputOf, ItemOf, Members, Slice } from '#shared/rpc/define';
import { RpcClient } from '#shared/rpc/client';
import type { AppError } from '#shared/util/app-error';
import { domPort, type RendererPort } from './ports';
import { WhenSeen } from './unseen';

interface Entry {
  readonly client: RpcClient;
  readonly port: RendererPort;
  readonly generation: number;
}

export class Connections {
  private appClient: RpcClient | undefined;
  private ptyEntry: Entry | undefined;
  private readonly clusters = new Map<string, Entry>();
  private readonly listeners = new Set<() => void>();

  /** Starts to listen for ports and tells the preload script so. */
  start(target: Window): () => void {
    const onMessage = (event: MessageEvent): void => {
      const [port] = event.ports;
      if (event.source !== target || !port || !isGrant(event.data)) return;
      this.grant(event.data, domPort(port));
    };
    target.addEventListener('message', onMessage);
    target.postMessage({ binnacle: 'ready' } satisfies RendererReady, target.origin);
    return () => target.removeEventListener('message', onMessage);
  }

  /** Also used by tests, with ports of their own. */
  grant(grant: PortGrant, port: RendererPort): void {
    if (grant.to === 'app') {
      this.appClient?.close();
      this.appClient = new RpcClient(port);
    } else if (grant.to === 'pty') {
      this.ptyEntry?.port.markClosed();
      this.ptyEntry = { client: new RpcClient(port), port, generation: grant.generation };
    } else {
      const before = this.clusters.get(grant.contextId);
      if (before && before.generation > grant.generation) {
        port.markClosed();
        return;
      }
      this.clusters.set(grant.contextId, { client: new RpcClient(port), port, generation: grant.generation });
      before?.port.markClosed();
    }
    this.emit();
  }

  /** Closes the clients of hosts that main says are gone. */
  hosts(states: readonly HostState[]): void {
    const byId = new Map(states.map((state) => [state.contextId, state]));
    let changed = false;
    for (const [contextId, entry] of this.clusters) {
      const state = byId.get(contextId);
      if (state && state.phase === 'running' && state.generation <= entry.generation) continue;
      if (state?.phase === 'starting') continue;
      this.clusters.delete(contextId);
      entry.port.markClosed();
      changed = true;
    }
    if (changed) this.emit();
  }

  readonly app = (): RpcClient | undefined => this.appClient;

  /** The process of the terminals, when it is this one or a newer one. */
  readonly pty = (generation: number): RpcClient | undefined =>
    this.ptyEntry && this.ptyEntry.generation >= generation ? this.ptyEntry.client : undefined;

  readonly cluster = (contextId: string): RpcClient | undefined => this.clusters.get(contextId)?.client;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  private emit(): void {
    for (const listener of this.listeners) listener();
  }
}

function isGrant(data: unknown): data is PortGrant {
  return typeof data === 'object' && data !== null && (data as { binnacle?: unknown }).binnacle === 'port';
}

export const ConnectionsContext = createContext<Connections | null>(null);
/** The context id whose cluster the subtree shows. */
export const ClusterIdContext = createContext<string | null>(null);

export function useConnections(): Connections {
  const connections = useContext(ConnectionsContext);
  if (!connections) throw new Error('no ConnectionsContext above');
  return connections;
}

/** The main process' client; undefined for the first moments. */
export function useApp(): RpcClient | undefined {
  const connections = useConnections();
  return useSyncExternalStore(connections.subscribe, connections.app);
}

/** Id of the cluster this part of the screen shows. */
export function useClusterId(): string {
  const id = useContext(ClusterIdContext);
  if (id === null) throw new Error('no ClusterIdContext above');
  return id;
}

/** The host's client of this subtree's cluster; undefined while it starts or restarts. */
export function useCluster(): RpcClient | undefined {
  const connections = useConnections();
  const id = useClusterId();
  return useSyncExternalStore(connections.subscribe, () => connections.cluster(id));
}

export interface StreamState<T> {
  /** The last batch; kept (not cleared) when the stream ends, so that screens go stale and not blank. */
  readonly data: T | undefined;
  readonly open: boolean;
  readonly error: AppError | undefined;
}

/**
 * The newest batch of a state stream, reopened when the client changes; in a hidden window it is drawn
 * when somebody looks again.
 * `input` is compared by its JSON. For streams whose batches are deltas open one by hand.
 */
export function useStream<M extends Members, K extends keyof M & string>(
  client: RpcClient | undefined,
  slice: Slice<M>,
  member: M[K] extends AnyStream ? K : never,
  input: InputOf<M[K]>,
): StreamState<ItemOf<M[K]>> {
  type Item = ItemOf<M[K]>;
  const [state, setState] = useState<StreamState<Item>>({ data: undefined, open: false, error: undefined });
  const key = JSON.stringify(input ?? null);
  const latest = useRef(input);
  latest.current = input;
  const lastKey = useRef(key);
  useEffect(() => {
    if (lastKey.current !== key) {
      lastKey.current = key;
      setState({ data: undefined, open: false, error: undefined });
    }
    if (!client) return undefined;
    const seen = new WhenSeen((data: Item) => setState({ data, open: true, error: undefined }));
    const open = client.open(slice, member as never, latest.current as never, {
      onData: (data) => seen.push(data as Item),
      onEnd: (error) => {
        seen.flush();
        setState((before) => ({ data: before.data, open: false, error }));
      },
    });
    return () => {
      seen.close();
      open.close();
    };
  }, [client, slice, member, key]);
  return state;
}
