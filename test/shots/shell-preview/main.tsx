/** The whole shell over made-up services: `?state=unreachable&theme=light&contexts=500`. */
import '@fontsource-variable/inter/wght.css';
import '@fontsource-variable/jetbrains-mono/wght.css';
import '../../../src/renderer/ui/theme/tokens.css';
import '../../../src/renderer/ui/theme/mantine.css';
import '../../../src/renderer/ui/theme/base.css';
import { createRoot } from 'react-dom/client';
import { App } from '../../../src/renderer/app/App';
import { Connections } from '../../../src/renderer/data/connections';
import type { RendererPort } from '../../../src/renderer/data/ports';
import { portPair } from '../../../src/shared/rpc/port';
import { serve, type Served } from '../../../src/shared/rpc/server';
import { fakeHost } from '../../preview/fake-host';
import { fakeApp, fakeCluster, type Scene } from './fake-app';

const params = new URLSearchParams(location.search);
const theme = params.get('theme') === 'light' ? 'light' : 'dark';
const scene: Scene = {
  state: params.get('state') ?? 'live',
  contexts: Number(params.get('contexts') ?? 5),
  settings: {
    theme,
    contexts: params.has('protected')
      ? { 'ctx-0': { protected: true, color: 'amber' } }
      : { 'ctx-0': { color: 'amber' } },
  },
};

function served(services: readonly Served[]): RendererPort {
  const [near, far] = portPair();
  serve(far, services);
  return {
    post: (message) => near.post(message),
    onMessage: (listener) => near.onMessage(listener),
    onClose: (listener) => near.onClose(listener),
    close: () => near.close(),
    markClosed: () => near.close(),
  };
}

const rows = fakeHost({
  count: Number(params.get('count') ?? 10_412),
  long: params.has('long'),
  broken: params.has('broken'),
  state: scene.state === 'stale' ? 'stale' : 'live',
  churn: 0,
});
const connections = new Connections();
connections.grant({ binnacle: 'port', to: 'app' }, served([fakeApp(scene)]));
for (const contextId of ['ctx-0', 'ctx-1']) {
  connections.grant(
    { binnacle: 'port', to: 'cluster', contextId, generation: 1 },
    served([fakeCluster(scene), ...(Array.isArray(rows) ? rows : [rows])]),
  );
}
const root = document.getElementById('root');
if (root) createRoot(root).render(<App connections={connections} />);
