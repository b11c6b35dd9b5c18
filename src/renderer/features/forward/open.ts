/** Opens the dialog and the dock tab of port-forwards. */
import { create } from 'zustand';
import type { ForwardTarget } from '#shared/contract/forward';
import { openDock } from '../../data/workbench';

export const FORWARD_DOCK = 'forwards';

export interface AskedForward {
  readonly id: number;
  readonly clusterId: string;
  readonly target: ForwardTarget;
}

export const useForwardDialog = create<{ readonly asked: AskedForward | null }>()(() => ({ asked: null }));
let nextId = 1;

export function openForwardDialog(clusterId: string, target: ForwardTarget): void {
  useForwardDialog.setState({ asked: { id: nextId++, clusterId, target } });
}

export function closeForwardDialog(): void {
  useForwardDialog.setState({ asked: null });
}

export function openForwards(clusterId: string): void {
  openDock(clusterId, { id: FORWARD_DOCK, page: FORWARD_DOCK, title: 'Forwards', params: {} });
}
