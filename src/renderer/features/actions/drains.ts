/** Drains under way. They live here and not in their panel, so that another dock tab does not stop them. */
import { create } from 'zustand';
import { actions, type DrainState } from '#shared/contract/actions';
import type { DrainOptions } from '#shared/domain/actions/drain';
import type { RpcClient } from '#shared/rpc/client';
import type { AppError } from '#shared/util/app-error';
import { openDock } from '../../data/workbench';

export interface Draining {
  readonly clusterId: string;
  readonly node: string;
  readonly options: DrainOptions;
  readonly state: DrainState | undefined;
  /** The host went away: what is true now must be looked up. */
  readonly lost: AppError | undefined;
  readonly cancelling: boolean;
  readonly cancel: () => void;
}

export const useDrains = create<{ readonly byId: Readonly<Record<string, Draining>> }>()(() => ({
  byId: {},
}));

export function drainId(clusterId: string, node: string): string {
  return `${clusterId}\n${node}`;
}

function patch(id: string, change: Partial<Draining>): void {
  useDrains.setState(({ byId }) => {
    const before = byId[id];
    return before ? { byId: { ...byId, [id]: { ...before, ...change } } } : { byId };
  });
}

export function isOver(state: DrainState | undefined): boolean {
  return state?.phase === 'done' || state?.phase === 'cancelled' || state?.phase === 'failed';
}

/** Begins the drain and shows it in the dock. */
export function startDrain(client: RpcClient, clusterId: string, node: string, options: DrainOptions): void {
  const id = drainId(clusterId, node);
  const before = useDrains.getState().byId[id];
  if (before && !isOver(before.state) && !before.lost) return show(clusterId, node);
  const stream = client.open(
    actions,
    'drain',
    { node, options },
    {
      onData: (state) => {
        patch(id, { state });
        if (isOver(state)) stream.close();
      },
      onEnd: (error) =>
        patch(id, { lost: error ?? { code: 'closed', message: 'The process of this cluster ended.' } }),
    },
  );
  const drain: Draining = {
    clusterId,
    node,
    options,
    state: undefined,
    lost: undefined,
    cancelling: false,
    cancel: () => {
      patch(id, { cancelling: true });
      stream.update({ cancel: true });
    },
  };
  useDrains.setState(({ byId }) => ({ byId: { ...byId, [id]: drain } }));
  return show(clusterId, node);
}

function show(clusterId: string, node: string): void {
  openDock(clusterId, { id: `drain:${node}`, page: 'drain', title: `Drain ${node}`, params: { node } });
}
