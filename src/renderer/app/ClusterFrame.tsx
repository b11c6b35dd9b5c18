/**
 * One cluster's part of the window: navigation, top bar, tabs, drawer, dock. Stays mounted
 * while hidden; its pages then hear `visible: false`. Switching draws nothing anew: what stands there is
 * shown at once, and the parts hear of it after that frame.
 */
import { useCallback, useDeferredValue, type ReactNode } from 'react';
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
import { lazy } from '../ui/lazy';
import { ViewAsBar } from './ViewAsBar';

const Dock = lazy(async () => ({ default: (await import('./Dock')).Dock }));

export interface ClusterFrameProps {
  readonly contextId: string;
  readonly visible: boolean;
}

export function ClusterFrame({ contextId, visible }: ClusterFrameProps): ReactNode {
  const bench = useBench(contextId);
  const heard = useDeferredValue(visible);
  const data = useClusterData(contextId);
  const host = useAppData((state) => state.hosts.get(contextId));
  const navOpen = useLayoutFlag('nav', true);
  const usable = isUsable(data, host);
  const explain = useCallback((denied: Refused) => askLeastPrivilege(contextId, denied), [contextId]);
  return (
    <DeniedContext value={explain}>
      <div className={styles.cluster} hidden={!visible} data-nav={navOpen}>
        {navOpen && <Nav contextId={contextId} visible={heard} />}
        <div className={styles.right}>
          <ViewAsBar contextId={contextId} />
          <TopBar contextId={contextId} visible={heard} />
          <div className={styles.centre}>
            <main className={styles.main}>
              {usable ? <TroubleBar contextId={contextId} /> : <Connecting contextId={contextId} />}
              {data.kinds !== undefined && (
                <div className={styles.pages} hidden={!usable}>
                  <Panes contextId={contextId} visible={heard && usable} />
                </div>
              )}
            </main>
            {usable && bench.drawer && <DrawerPlace contextId={contextId} target={bench.drawer} />}
          </div>
          {bench.dock.length > 0 && <Dock contextId={contextId} visible={heard} />}
        </div>
      </div>
    </DeniedContext>
  );
}
