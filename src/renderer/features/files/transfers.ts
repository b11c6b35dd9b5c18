/** Transfers of this window: they go on while another tab is shown, and end with their host. */
import { create } from 'zustand';
import { files, type TransferState } from '#shared/contract/files';
import type { RpcClient } from '#shared/rpc/client';

export interface Transfer {
  readonly id: number;
  /** `shop/cart-1/app`: which page shows it. */
  readonly at: string;
  readonly title: string;
  readonly state: TransferState;
  readonly startedAt: number;
  readonly endedAt?: number;
  readonly cancel: () => void;
}

export interface Place {
  readonly namespace: string;
  readonly pod: string;
  readonly container: string;
  readonly directory: string;
}

export const useTransfers = create<{ readonly all: readonly Transfer[] }>()(() => ({ all: [] }));
let nextId = 1;
const first: TransferState = { phase: 'preparing', files: 0, bytes: 0, skipped: [], skippedCount: 0 };

export function placeKey(clusterId: string, { namespace, pod, container }: Omit<Place, 'directory'>): string {
  return [clusterId, namespace, pod, container].join('\n');
}

export function isOver({ state }: Transfer): boolean {
  return state.phase === 'done' || state.phase === 'failed';
}

export function startTransfer(
  client: RpcClient,
  clusterId: string,
  title: string,
  what:
    | {
        readonly type: 'download';
        readonly place: Place;
        readonly names: readonly string[];
        readonly grant: string;
      }
    | { readonly type: 'upload'; readonly place: Place; readonly grant: string },
  onDone: () => void,
): void {
  const id = nextId++;
  const change = (next: Partial<Transfer>): void =>
    useTransfers.setState(({ all }) => ({
      all: all.map((one) => (one.id === id ? { ...one, ...next } : one)),
    }));
  const fail = (message: string, code: 'cancelled' | 'closed'): void =>
    change({
      state: { ...(stateOf(id) ?? first), phase: 'failed', error: { code, message } },
      endedAt: Date.now(),
    });
  const listener = {
    onData: (state: TransferState) => {
      const over = state.phase === 'done' || state.phase === 'failed';
      change({ state, ...(over ? { endedAt: Date.now() } : {}) });
    },
    onEnd: (error: { readonly message: string } | undefined) => {
      const state = stateOf(id);
      if (error && state?.phase !== 'done' && state?.phase !== 'failed') fail(error.message, 'closed');
      onDone();
    },
  };
  const { place, grant } = what;
  const stream =
    what.type === 'download'
      ? client.open(files, 'download', { ...place, names: [...what.names], grant }, listener)
      : client.open(files, 'upload', { ...place, grant }, listener);
  const cancel = (): void => {
    stream.close();
    fail('Cancelled.', 'cancelled');
    onDone();
  };
  const transfer: Transfer = {
    id,
    at: placeKey(clusterId, place),
    title,
    state: first,
    startedAt: Date.now(),
    cancel,
  };
  useTransfers.setState(({ all }) => ({ all: [...all, transfer] }));
}

function stateOf(id: number): TransferState | undefined {
  return useTransfers.getState().all.find((one) => one.id === id)?.state;
}

export function dismiss(id: number): void {
  useTransfers.setState(({ all }) => ({ all: all.filter((one) => one.id !== id) }));
}
