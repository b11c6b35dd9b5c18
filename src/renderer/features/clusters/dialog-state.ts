/** Which dialog about a context, or about kubeconfigs to be added, is open. One at a time. */
import { create } from 'zustand';
import type { KubeconfigText } from '#shared/contract/kubeconfig';

export type ContextDialogKind = 'settings' | 'entry' | 'remove';

export interface ClusterDialogs {
  readonly context: { readonly kind: ContextDialogKind; readonly contextId: string } | null;
  /** `paste`: the text is still to be given. Dropped things come one after the other. */
  readonly add: { readonly queue: readonly (KubeconfigText | 'paste')[] } | null;
}

export const useClusterDialogs = create<ClusterDialogs>()(() => ({ context: null, add: null }));

export function openContextDialog(kind: ContextDialogKind, contextId: string): void {
  useClusterDialogs.setState({ context: { kind, contextId }, add: null });
}

export function closeContextDialog(): void {
  useClusterDialogs.setState({ context: null });
}

/** Shows what each holds before it is added. */
export function openAdd(...sources: readonly (KubeconfigText | 'paste')[]): void {
  if (sources.length > 0) useClusterDialogs.setState({ add: { queue: sources }, context: null });
}

/** The first of the queue is done or was put away. */
export function nextAdd(): void {
  useClusterDialogs.setState(({ add }) => {
    const queue = add?.queue.slice(1) ?? [];
    return { add: queue.length > 0 ? { queue } : null };
  });
}
