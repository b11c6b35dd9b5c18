/**
 * The window: the cluster's colour as its left edge, the rail, and beside it either a page
 * of the app or the clusters last shown (all but one hidden, so that going back is instant).
 */
import { useEffect, type ReactNode } from 'react';
import { useAppData } from '../data/app-data';
import { ClusterIdContext } from '../data/connections';
import { useWorkbench } from '../data/workbench';
import { Button } from '../ui/Button';
import { ErrorState } from '../ui/ErrorState';
import { AppPage } from './AppPage';
import { ClusterFrame } from './ClusterFrame';
import { cssVars } from '../ui/css-vars';
import styles from './frame.module.css';
import { Rail } from './Rail';
import { openDemo, useSession } from '../data/session';
import { useClusterView } from './use-cluster-view';

export function Frame(): ReactNode {
  const clusterId = useWorkbench((state) => state.clusterId);
  const appPage = useWorkbench((state) => state.appPage);
  const mounted = useSession((state) => state.mounted);
  const ready = useAppData((state) => state.contexts !== undefined && state.settings !== undefined);

  useEffect(() => {
    if (!ready) return;
    document.documentElement.dataset['ready'] = 'shell';
    document.getElementById('root')?.setAttribute('data-ready', 'shell');
    performance.mark('binnacle:shell');
  }, [ready]);

  // A steady order: React would otherwise move the kept trees and lose their scroll places.
  const stages = [...mounted].sort();
  return (
    <div className={styles.frame}>
      <Edge clusterId={clusterId} />
      <Rail />
      <div className={styles.stage}>
        {appPage !== null && <AppPage id={appPage} />}
        {stages.map((id) => (
          <ClusterIdContext key={id} value={id}>
            <ClusterFrame contextId={id} visible={appPage === null && id === clusterId} />
          </ClusterIdContext>
        ))}
        {clusterId === null && appPage === null && <Nothing />}
      </div>
    </div>
  );
}

function Edge({ clusterId }: { readonly clusterId: string | null }): ReactNode {
  return clusterId === null ? <div className={styles.edge} /> : <ColoredEdge clusterId={clusterId} />;
}

function ColoredEdge({ clusterId }: { readonly clusterId: string }): ReactNode {
  const view = useClusterView(clusterId);
  return (
    <div
      className={styles.edge}
      style={cssVars({ '--cluster': view.color })}
      data-protected={view.protected || undefined}
      data-read-only={view.readOnly || undefined}
      aria-hidden
    />
  );
}

/** Before the first cluster is known: nothing that moves. */
function Nothing(): ReactNode {
  const error = useSession((state) => state.startError);
  if (!error) return null;
  return (
    <ErrorState title="No cluster could be opened" error={error} onRetry={() => void openDemo()}>
      <Button onClick={() => useWorkbench.getState().showAppPage('clusters')}>Add a kubeconfig</Button>
    </ErrorState>
  );
}
