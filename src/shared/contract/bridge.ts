/**
 * How ports reach the renderer: the preload script posts one of these to the window,
 * with the port attached. Nothing else crosses the preload border.
 */
export type PortGrant =
  | { readonly binnacle: 'port'; readonly to: 'app' }
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
