/** Kubeconfig files of benches. */
import { parse, stringify } from 'yaml';
import { toContextConfig } from '../../src/main/kubeconfig/context';
import { loadKubeconfig } from '../../src/main/kubeconfig/load';
import { mergeKubeconfigs } from '../../src/main/kubeconfig/merge';
import type { ContextConfig } from '../../src/main/kubeconfig/types';

/** The current context of a file, as the app resolves it. */
export async function contextOf(path: string): Promise<ContextConfig> {
  const loaded = await loadKubeconfig(path);
  if (!loaded.ok) throw new Error(loaded.error.message);
  const merged = mergeKubeconfigs([{ file: loaded.file, shared: true }]);
  const context = merged.byId.get(merged.current ?? '');
  if (!context) throw new Error(`${path} has no current context`);
  return toContextConfig(context);
}

interface Config {
  contexts: { name: string; context: object }[];
  'current-context': string;
}

/** A kubeconfig whose current context is there twice, under these names; the first is current. */
export function twice(text: string, first: string, second: string): string {
  const config = parse(text) as Config;
  const current = config.contexts.find((one) => one.name === config['current-context']);
  const contexts = [first, second].map((name) => ({ name, context: current?.context ?? {} }));
  return stringify({ ...config, contexts, 'current-context': first });
}
