/** Adds a kubeconfig file the person chooses and shows the list of clusters, problems included. */
import { app } from '#shared/contract/app';
import type { KubeconfigFile } from '#shared/contract/app';
import { useAppData } from './app-data';
import { useWorkbench } from './workbench';

export async function addKubeconfig(path?: string): Promise<KubeconfigFile | null> {
  const { client } = useAppData.getState();
  if (!client) return null;
  const file = await client.call(app, 'addKubeconfig', path === undefined ? {} : { path });
  if (file) useWorkbench.getState().showAppPage('clusters');
  return file;
}
