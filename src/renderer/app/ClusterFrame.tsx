/**
 * One cluster's part of the window: navigation, top bar, tabs, drawer, dock. Stays mounted
 * while hidden; its pages then hear `visible: false`.
 */
import { lazy, Suspense, useCallback, type ReactNode } from 'react';
import { useClusterData } from '../data/cluster-data';
import { useBench } from '../data/workbench';
import styles from './cluster-frame.module.css';
import { Connecting, isUsable } from './Connecting';
import { DrawerPlace } from './DrawerPlace';
import { useLayoutFlag } from './layout';
import { Nav } from './Nav';
import { Panes } from './Panes';
import { TopBar } from './TopBar';
import { TroubleBar } from './TroubleBar';
import { useAppData } from '../data/app-data';
import { askLeastPrivilege } from '../data/least-privilege';
import { DeniedContext, type Refused } from '../ui/denied-context';
import { ViewAsBar } from './ViewAsBar';

const Dock = lazy(async () => ({ default: (await import('./Dock')).Dock }));

export interface ClusterFrameProps {
  readonly contextId: string;
  readonly visible: boolean;
}

export function ClusterFrame({ contextId, visible }: ClusterFrameProps): ReactNode {
  const bench = useBench(contextId);
  const data = useClusterData(contextId);
  const host = useAppData((state) => state.hosts.get(contextId));
  const navOpen = useLayoutFlag('nav', true);
  const usable = isUsable(data, host);
  const explain = useCallback((denied: Refused) => askLeastPrivilege(contextId, denied), [contextId]);
  return (
    <DeniedContext value={explain}>
      <div className={styles.cluster} hidden={!visible} data-nav={navOpen}>
        {navOpen && <Nav contextId={contextId} visible={visible} />}
        <div className={styles.right}>
          <ViewAsBar contextId={contextId} />
          <TopBar contextId={contextId} visible={visible} />
          <div className={styles.centre}>
            <main className={styles.main}>
              {usable ? <TroubleBar contextId={contextId} /> : <Connecting contextId={contextId} />}
              {data.kinds !== undefined && (
                <div className={styles.pages} hidden={!usable}>
                  <Panes contextId={contextId} visible={visible && usable} />
                </div>
              )}
            </main>
            {usable && bench.drawer && <DrawerPlace contextId={contextId} target={bench.drawer} />}
          </div>
          {bench.dock.length > 0 && (
            <Suspense>
              <Dock contextId={contextId} visible={visible} />
            </Suspense>
          )}
        </div>
      </div>
    </DeniedContext>
  );
}
