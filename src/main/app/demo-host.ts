/**
 * Entry of the demo cluster's process (a utility process; knows no Electron module).
 * Tells its parent the one context of the demo, or why there is none; ends on `stop`.
 */
import type { ContextConfig } from '../kubeconfig/types';
import { redact } from '../cluster-host/redact';
import { toContextConfig } from '../kubeconfig/context';
import { mergeKubeconfigs } from '../kubeconfig/merge';
import { parseKubeconfig } from '../kubeconfig/load';
import { startDemo } from '../../demo/demo';
import type { DemoCommand, DemoEvent } from './demo-messages';

interface ParentPort {
  postMessage(message: DemoEvent): void;
  on(event: 'message', listener: (event: { data: unknown }) => void): unknown;
}

const parent = (process as unknown as { parentPort: ParentPort }).parentPort;

/** The demo's own kubeconfig, made by us a moment ago, as a context of ours. */
export function demoContext(kubeconfig: string): ContextConfig {
  const { contexts } = mergeKubeconfigs([{ file: parseKubeconfig('demo', kubeconfig), shared: true }]);
  const [first] = contexts;
  if (!first) throw new Error('the demo cluster has no context');
  return { ...toContextConfig(first), id: 'demo', file: 'demo' };
}

async function run(): Promise<void> {
  const demo = await startDemo({});
  parent.on('message', (event) => {
    if ((event.data as DemoCommand).type !== 'stop') return;
    void demo.close().finally(() => process.exit(0));
  });
  parent.postMessage({ type: 'started', config: demoContext(demo.kubeconfig()) });
}

run().catch((thrown) => {
  parent.postMessage({ type: 'failed', message: redact(String(thrown)).slice(0, 500) });
  setTimeout(() => process.exit(70), 50);
});
