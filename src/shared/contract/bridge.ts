/**
 * How ports reach the renderer: the preload script posts one of these to the window,
 * with the port attached. Nothing else crosses the preload border.
 */
export type PortGrant =
  | { readonly binnacle: 'port'; readonly to: 'app' }
  /** The process of the terminals (contract/pty.ts); `generation` as in its tickets. */
  | { readonly binnacle: 'port'; readonly to: 'pty'; readonly generation: number }
  | {
      readonly binnacle: 'port';
      readonly to: 'cluster';
      /** Id of the context whose host is at the other end. */
      readonly contextId: string;
      /** Grows with every (re)start of the host: an older port is dead. */
      readonly generation: number;
    };

/** The renderer posts this once its listener is in place; the preload then asks for the app port. */
export interface RendererReady {
  readonly binnacle: 'ready';
}

/** The preload posts this after files were dropped: only a real drop tells their paths. */
export interface Dropped {
  readonly binnacle: 'dropped';
  readonly paths: readonly string[];
}

export function isDropped(data: unknown): data is Dropped {
  if (typeof data !== 'object' || data === null) return false;
  const { binnacle, paths } = data as Partial<Dropped>;
  return binnacle === 'dropped' && Array.isArray(paths) && paths.every((path) => typeof path === 'string');
}
