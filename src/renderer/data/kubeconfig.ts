/**
 * Lets the person choose a kubeconfig file; the Clusters page then shows what it holds before
 * anything is added.
 */
import { kubeconfig } from '#shared/contract/kubeconfig';
import { useAppData } from './app-data';
import { openAdd } from './cluster-dialogs';
import { useWorkbench } from './workbench';

export async function addKubeconfig(): Promise<void> {
  const { client } = useAppData.getState();
  const path = await client?.call(kubeconfig, 'choose', { what: 'file' });
  if (path === undefined || path === null) return;
  addPaths([path]);
}

/** Shows what each file or folder holds, one after the other. */
export function addPaths(paths: readonly string[]): void {
  useWorkbench.getState().showAppPage('clusters');
  openAdd(...paths.map((path) => ({ path })));
}
