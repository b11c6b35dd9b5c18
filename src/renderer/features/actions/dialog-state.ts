/** Which action is being prepared. One dialog at a time. */
import { create } from 'zustand';
import type { VerbId } from '#shared/domain/actions/options';
import type { SelectedObject } from '../../data/feature';

export type Asked =
  | {
      readonly type: 'action';
      readonly id: number;
      readonly clusterId: string;
      readonly verb: VerbId;
      readonly objects: readonly SelectedObject[];
    }
  | { readonly type: 'drain'; readonly id: number; readonly clusterId: string; readonly node: string }
  /** The results of a run, shown again. */
  | { readonly type: 'run'; readonly id: number; readonly clusterId: string; readonly run: number };

type WithoutId<T> = T extends unknown ? Omit<T, 'id'> : never;

export const useActionDialog = create<{ readonly asked: Asked | null }>()(() => ({ asked: null }));
let nextId = 1;

export function openAction(asked: WithoutId<Asked>): void {
  useActionDialog.setState({ asked: { ...asked, id: nextId++ } });
}

export function closeAction(): void {
  useActionDialog.setState({ asked: null });
}
