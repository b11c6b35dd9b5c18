/** CPU and memory of the cluster on its overview; the other charts on their own page. */
import type { ReactNode } from 'react';
import { useClusterId } from '../../data/connections';
import type { PageProps } from '../../data/feature';
import { openTab } from '../../data/workbench';
import { Button } from '../../ui/Button';
import { ChartGrid } from './ChartGrid';
import styles from './metrics.module.css';

const tab = { id: 'metrics-cluster', page: 'metrics-cluster', title: 'Cluster metrics', params: {} };

export function ClusterMetrics({ visible }: { readonly visible: boolean }): ReactNode {
  const clusterId = useClusterId();
  return (
    <section aria-label="Metrics of the cluster" className={styles.overview}>
      <div className={styles.row}>
        <h2 className={styles.sectionTitle}>Metrics</h2>
        <Button look="quiet" onClick={() => openTab(clusterId, tab)}>
          All charts
        </Button>
      </div>
      <ChartGrid target={{ kind: 'cluster' }} visible={visible} only={['cpu', 'memory']} />
    </section>
  );
}

export function ClusterMetricsPage({ visible }: PageProps): ReactNode {
  return (
    <div className={styles.page}>
      <h1 className={styles.pageTitle}>Cluster metrics</h1>
      <ChartGrid target={{ kind: 'cluster' }} visible={visible} />
    </div>
  );
}
