/** The current context of a kubeconfig file, as the app resolves it. */
import { toContextConfig } from '../../src/main/kubeconfig/context';
import { loadKubeconfig } from '../../src/main/kubeconfig/load';
import { mergeKubeconfigs } from '../../src/main/kubeconfig/merge';
import type { ContextConfig } from '../../src/main/kubeconfig/types';

export async function contextOf(path: string): Promise<ContextConfig> {
  const loaded = await loadKubeconfig(path);
  if (!loaded.ok) throw new Error(loaded.error.message);
  const merged = mergeKubeconfigs([{ file: loaded.file, shared: true }]);
  const context = merged.byId.get(merged.current ?? '');
  if (!context) throw new Error(`${path} has no current context`);
  return toContextConfig(context);
}
