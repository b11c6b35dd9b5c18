/** Which dialog about a context, or about kubeconfigs to be added, is open. One at a time. */
import { create } from 'zustand';
import type { KubeconfigText } from '#shared/contract/kubeconfig';

export type ContextDialogKind = 'settings' | 'entry' | 'remove';

export interface ClusterDialogs {
  readonly context: { readonly kind: ContextDialogKind; readonly contextId: string } | null;
  /** `paste`: the text is still to be given. Dropped things come one after the other. */
  readonly add: { readonly queue: readonly (KubeconfigText | 'paste')[] } | null;
  /** What the last change did: file and backup. */
  readonly notice: string | null;
}

export const useClusterDialogs = create<ClusterDialogs>()(() => ({ context: null, add: null, notice: null }));

export function openContextDialog(kind: ContextDialogKind, contextId: string): void {
  useClusterDialogs.setState({ context: { kind, contextId }, add: null });
}

export function closeContextDialog(notice?: string): void {
  useClusterDialogs.setState({ context: null, ...(notice === undefined ? {} : { notice }) });
}

/** Shows what each holds before it is added. */
export function openAdd(...sources: readonly (KubeconfigText | 'paste')[]): void {
  if (sources.length > 0) useClusterDialogs.setState({ add: { queue: sources }, context: null });
}

/** The first of the queue is done or was put away. */
export function nextAdd(notice?: string): void {
  useClusterDialogs.setState(({ add, notice: before }) => {
    const queue = add?.queue.slice(1) ?? [];
    return { add: queue.length > 0 ? { queue } : null, notice: notice ?? before };
  });
}

export function setNotice(notice: string | null): void {
  useClusterDialogs.setState({ notice });
}
