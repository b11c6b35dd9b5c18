/** Tables and drawer in a bare frame: `?count=100000&theme=light&state=stale&long=1&broken=1&churn=200&drawer=1`. */
import '@fontsource-variable/inter/wght.css';
import '@fontsource-variable/jetbrains-mono/wght.css';
import '../../src/renderer/ui/theme/tokens.css';
import '../../src/renderer/ui/theme/base.css';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { createRoot } from 'react-dom/client';
import { CommandListContext } from '../../src/renderer/data/command-registry';
import { useClusters } from '../../src/renderer/data/cluster-data';
import { ClusterIdContext, Connections, ConnectionsContext } from '../../src/renderer/data/connections';
import { kindTab } from '../../src/renderer/data/kind-tab';
import { chooseNamespaces, closeDrawer, openTab, useBench } from '../../src/renderer/data/workbench';
import { pageActions } from '../../src/renderer/data/page-actions';
import { resourcesFeature } from '../../src/renderer/features/resources';
import { Tips } from '../../src/renderer/ui/Tips';
import type { KindInfo } from '../../src/shared/contract/cluster';
import { knownKinds } from '../../src/shared/kinds/registry';
import { kindId } from '../../src/shared/kinds/define';
import { portPair } from '../../src/shared/rpc/port';
import { serve } from '../../src/shared/rpc/server';
import { fakeHost } from './fake-host';

const params = new URLSearchParams(location.search);
document.documentElement.dataset.theme = params.get('theme') ?? 'dark';

const connections = new Connections();
const [near, far] = portPair();
serve(
  far,
  fakeHost({
    count: Number(params.get('count') ?? 10_000),
    long: params.has('long'),
    broken: params.has('broken'),
    state: params.get('state') ?? 'live',
    churn: Number(params.get('churn') ?? 0),
  }),
);
connections.grant(
  { binnacle: 'port', to: 'cluster', contextId: 'preview', generation: 1 },
  {
    ...near,
    post: (m) => near.post(m),
    onMessage: (l) => near.onMessage(l),
    onClose: (l) => near.onClose(l),
    close: () => near.close(),
    markClosed: () => near.close(),
  },
);

const kinds = knownKinds.map((kind): KindInfo => ({
  id: kindId(kind.group, kind.resource),
  group: kind.group,
  version: kind.versions[0] ?? 'v1',
  resource: kind.resource,
  kind: kind.kind,
  namespaced: kind.namespaced,
  verbs: ['list', 'get', 'watch'],
  aliases: kind.aliases,
  title: kind.title,
  singular: kind.singular,
  tag: kind.tag,
  section: kind.section,
  order: kind.order ?? 99,
  known: true,
}));
useClusters.setState({
  byId: {
    preview: {
      status: undefined,
      namespaces: undefined,
      kinds: { kinds, failedGroups: [] },
      kindById: new Map(kinds.map((kind) => [kind.id, kind])),
    },
  },
});
const tab = kindTab({ id: 'pods', title: 'Pods' });
openTab('preview', tab);
if (params.has('ns')) chooseNamespaces('preview', (params.get('ns') ?? '').split(','));

const list = {
  all: resourcesFeature.commands ?? [],
  context: () => ({
    clusterId: 'preview',
    app: undefined,
    cluster: undefined,
    selection: pageActions('preview', tab.id).selection?.() ?? [],
    tab,
  }),
};

function Preview(): ReactNode {
  const { drawer } = useBench('preview');
  const Page = resourcesFeature.pages[0]?.component;
  const Drawer = resourcesFeature.drawer;
  if (!Page || !Drawer) return null;
  return (
    <div style={{ display: 'flex', height: '100vh', paddingLeft: 248 }}>
      <div style={{ flex: 1, minWidth: 0, minHeight: 0 }}>
        <Page tab={tab} visible />
      </div>
      {drawer && (
        <aside
          style={{
            width: 480,
            display: 'flex',
            borderLeft: '1px solid var(--line)',
            background: 'var(--raised)',
          }}
        >
          <Drawer target={drawer} onClose={() => closeDrawer('preview')} />
        </aside>
      )}
      <Tips />
    </div>
  );
}

const root = document.getElementById('root');
if (root) {
  createRoot(root).render(
    <QueryClientProvider client={new QueryClient()}>
      <ConnectionsContext value={connections}>
        <ClusterIdContext value="preview">
          <CommandListContext value={list}>
            <Preview />
          </CommandListContext>
        </ClusterIdContext>
      </ConnectionsContext>
    </QueryClientProvider>,
  );
}
