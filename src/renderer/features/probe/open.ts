/** Which object is being probed. One dialog at a time. */
import { create } from 'zustand';
import type { ForwardTarget } from '#shared/contract/forward';

export interface AskedProbe {
  readonly id: number;
  readonly clusterId: string;
  readonly target: ForwardTarget;
}

export const useProbe = create<{ readonly asked: AskedProbe | null }>()(() => ({ asked: null }));
let nextId = 1;

export function openProbe(clusterId: string, target: ForwardTarget): void {
  useProbe.setState({ asked: { id: nextId++, clusterId, target } });
}

export function closeProbe(): void {
  useProbe.setState({ asked: null });
}
