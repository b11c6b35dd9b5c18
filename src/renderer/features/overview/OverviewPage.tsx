/** The calm first page of a cluster: what it is, how much runs on it, what it warned about last. */
import type { ReactNode } from 'react';
import { visible as visibleText } from '#shared/util/text';
import type { Count } from '#shared/contract/cluster';
import { useAppData } from '../../data/app-data';
import { overviewSections } from '../../data/extensions';
import { useThisCluster } from '../../data/cluster-data';
import { useClusterId } from '../../data/connections';
import { contextTitle } from '../../data/context-title';
import type { PageProps } from '../../data/feature';
import { kindTab } from '../../data/kind-tab';
import { useCounts } from '../../data/use-counts';
import { openTab, useBench } from '../../data/workbench';
import { useCommandList } from '../../data/command-registry';
import { Button } from '../../ui/Button';
import { useSettings } from '../../data/app-data';
import styles from './overview.module.css';
import { Warnings } from './Warnings';

const main = [
  'nodes',
  'namespaces',
  'pods',
  'deployments.apps',
  'statefulsets.apps',
  'daemonsets.apps',
  'jobs.batch',
  'services',
  'ingresses.networking.k8s.io',
  'persistentvolumeclaims',
] as const;

export function OverviewPage({ visible }: PageProps): ReactNode {
  const contextId = useClusterId();
  const context = useAppData((state) => state.contextById.get(contextId));
  const alias = useSettings().contexts[contextId]?.alias;
  const { status, kindById, namespaces } = useThisCluster();
  const bench = useBench(contextId);
  const shown = main.flatMap((id) => kindById.get(id) ?? []);
  const counts = useCounts(
    contextId,
    shown.map((kind) => kind.id),
    bench.namespaces,
    !visible,
  );
  const list = useCommandList();
  const choose = list.all.find((command) => command.id === 'namespaces');
  const unknown = namespaces?.source === 'known' && bench.namespaces.length === 0;
  const denied = shown.filter((kind) => counts[kind.id] === 'denied');
  const facts: readonly (readonly [string, string])[] = [
    ['Kubernetes', status?.server?.version ?? 'not known yet'],
    ['Platform', status?.server?.platform ?? 'not known yet'],
    ['API server', context?.server ?? ''],
    ['Signed in as', status?.user?.name ?? 'not known yet'],
    ['Context', context?.name ?? contextId],
    ['Kubeconfig', context?.file ?? ''],
  ];
  return (
    <div className={styles.page}>
      <h1 className={styles.title}>{context ? contextTitle(context, alias).title : contextId}</h1>
      <dl className={styles.facts}>
        {facts.map(([label, value]) => (
          <div key={label} className={styles.fact}>
            <dt>{label}</dt>
            <dd>{visibleText(value)}</dd>
          </div>
        ))}
      </dl>
      <section aria-label="Objects">
        <h2 className={styles.head}>
          {bench.namespaces.length === 0 ? 'Objects' : `Objects in ${bench.namespaces.join(', ')}`}
        </h2>
        <div className={styles.counts}>
          {shown.map((kind) => (
            <button
              key={kind.id}
              type="button"
              role="link"
              aria-label={kind.title}
              className={styles.count}
              onClick={() => openTab(contextId, kindTab(kind))}
            >
              <span className={styles.number}>{numberText(counts[kind.id])}</span>
              <span className={styles.kind}>{kind.title}</span>
            </button>
          ))}
        </div>
        {unknown && (
          <p className={styles.note}>
            You may not list namespaces. Name the ones you may read.{' '}
            {choose && <Button onClick={() => void choose.run(list.context())}>Name namespaces</Button>}
          </p>
        )}
        {denied.length > 0 && !unknown && (
          <p className={styles.note}>
            You may not list {denied.map((kind) => kind.title.toLowerCase()).join(', ')}
            {bench.namespaces.length === 0 ? ' in the whole cluster' : ' here'}.
          </p>
        )}
      </section>
      {kindById.has('events') && <Warnings visible={visible} />}
      {overviewSections().map((section) => (
        <section.component key={section.id} visible={visible} />
      ))}
    </div>
  );
}

function numberText(count: Count | undefined): string {
  return count === undefined || count === null || count === 'denied' ? '–' : count.toLocaleString('en-US');
}
