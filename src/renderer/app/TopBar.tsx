/** Where one is (cluster, namespaces, page), how to get anywhere, and what the screen is worth. */
import { IconLayoutSidebar } from '@tabler/icons-react';
import { memo, type ReactNode } from 'react';
import { useClusterData } from '../data/cluster-data';
import { useBench } from '../data/workbench';
import { visible } from '#shared/util/text';
import { Badge } from '../ui/Badge';
import { IconButton } from '../ui/Button';
import { Kbd } from '../ui/Kbd';
import { setLayoutFlag, useLayoutFlag } from './layout';
import { NamespacePicker } from './NamespacePicker';
import { openPalette } from './overlay-state';
import styles from './top-bar.module.css';
import { useClusterView, useLiveStatus } from './use-cluster-view';

export interface TopBarProps {
  readonly contextId: string;
  readonly visible: boolean;
}

export const TopBar = memo(function TopBar({ contextId, visible: shown }: TopBarProps): ReactNode {
  const view = useClusterView(contextId);
  const { status } = useClusterData(contextId);
  const live = useLiveStatus(contextId);
  const bench = useBench(contextId);
  const navOpen = useLayoutFlag('nav', true);
  const tab = bench.tabs.find((other) => other.id === bench.activeTab);
  return (
    <header className={styles.top}>
      {!navOpen && (
        <IconButton label="Show navigation" onClick={() => setLayoutFlag('nav', true)}>
          <IconLayoutSidebar />
        </IconButton>
      )}
      <div className={styles.crumb} role="group" aria-label="Place">
        <span className={styles.cluster} data-tip={`${view.name}\n${view.server}`}>
          {view.title}
          {view.provider !== undefined && ` (${view.provider})`}
        </span>
        {view.protected && (
          <span className={styles.protected} data-tip="Changes need this cluster's name typed first.">
            PROTECTED
          </span>
        )}
        {view.readOnly && (
          <span
            className={styles.protected}
            data-tip="Nothing that changes this cluster leaves Binnacle. Change it on the Clusters page."
          >
            READ ONLY
          </span>
        )}
        <span className={styles.slash}>/</span>
        <NamespacePicker contextId={contextId} visible={shown} />
        {tab && (
          <>
            <span className={styles.slash}>/</span>
            <b className={styles.page}>{visible(tab.title)}</b>
          </>
        )}
      </div>
      <button
        type="button"
        className={styles.jump}
        aria-label="Jump to anything"
        onClick={() => openPalette()}
      >
        <span>Jump to anything</span>
        <Kbd keys="mod+k" />
      </button>
      <span className={styles.space} />
      <Badge tone={live.tone} tip={live.reason} live="Connection">
        {live.text}
      </Badge>
      {status?.user && (
        <span className={styles.user} data-tip={userTip(status.user)}>
          {visible(status.user.name)}
        </span>
      )}
    </header>
  );
});

function userTip(user: { readonly name: string; readonly groups: readonly string[] }): string {
  const groups = user.groups.length > 0 ? `\nGroups: ${user.groups.map(visible).join(', ')}` : '';
  return `Signed in as ${visible(user.name)}${groups}`;
}
