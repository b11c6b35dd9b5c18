/** All contexts as two-letter tiles: where one is, what state each is in, one click to go there. */
import { IconPlus, IconSearch, IconServer2, IconSettings } from '@tabler/icons-react';
import { useEffect, useRef, type KeyboardEvent, type ReactNode } from 'react';
import { useAppData } from '../data/app-data';
import { initials } from '../data/context-title';
import { useWorkbench } from '../data/workbench';
import { IconButton } from '../ui/Button';
import { StatusMark } from '../ui/StatusMark';
import { addKubeconfig } from '../data/kubeconfig';
import { openPalette } from './overlay-state';
import { cssVars } from '../ui/css-vars';
import styles from './rail.module.css';
import { openCluster } from '../data/session';
import { useClusterView, useLiveStatus } from './use-cluster-view';

export function Rail(): ReactNode {
  const contexts = useAppData((state) => state.contexts?.contexts);
  const active = useWorkbench((state) => state.clusterId);
  const appPage = useWorkbench((state) => state.appPage);
  const { showAppPage } = useWorkbench.getState();
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => {
    list.current?.querySelector('[aria-current]')?.scrollIntoView({ block: 'nearest' });
  }, [active]);
  return (
    <nav className={styles.rail} aria-label="Clusters">
      {(contexts?.length ?? 0) > 8 && (
        <IconButton label="Find a cluster" onClick={() => openPalette(':ctx ')} data-tip-side="right">
          <IconSearch />
        </IconButton>
      )}
      <div className={styles.list} ref={list} onKeyDown={moveFocus}>
        {contexts?.map((context) => (
          <Tile key={context.id} contextId={context.id} on={context.id === active} />
        ))}
        <button
          type="button"
          className={`${styles.tile} ${styles.add}`}
          aria-label="Add a kubeconfig"
          data-tip="Add a kubeconfig"
          data-tip-side="right"
          onClick={() => void addKubeconfig()}
        >
          <IconPlus />
        </button>
      </div>
      <IconButton
        label="All clusters"
        data-tip-side="right"
        aria-current={appPage === 'clusters' ? 'page' : undefined}
        onClick={() => showAppPage(appPage === 'clusters' ? null : 'clusters')}
      >
        <IconServer2 />
      </IconButton>
      <IconButton
        label="Settings"
        data-tip-side="right"
        aria-current={appPage === 'settings' ? 'page' : undefined}
        onClick={() => showAppPage(appPage === 'settings' ? null : 'settings')}
      >
        <IconSettings />
      </IconButton>
    </nav>
  );
}

function Tile({ contextId, on }: { readonly contextId: string; readonly on: boolean }): ReactNode {
  const view = useClusterView(contextId);
  const state = useLiveStatus(contextId);
  const problem = useAppData((data) => data.contextById.get(contextId)?.problem);
  const word = problem ? 'cannot be used' : state.text;
  const off = state.text === 'not connected' && !problem;
  return (
    <button
      type="button"
      className={styles.tile}
      style={cssVars({ '--c': view.color })}
      aria-current={on ? 'true' : undefined}
      aria-label={`${view.title}, ${word}`}
      data-tip={[view.name, view.server, problem?.message ?? word].filter(Boolean).join('\n')}
      data-tip-side="right"
      onClick={() => openCluster(contextId)}
    >
      {initials(view.title)}
      {!off && (
        <i className={styles.dot}>
          <StatusMark tone={problem ? 'bad' : state.tone} />
        </i>
      )}
    </button>
  );
}

function moveFocus(event: KeyboardEvent<HTMLElement>): void {
  if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return;
  const tiles = [...event.currentTarget.querySelectorAll('button')];
  const at = tiles.indexOf(document.activeElement as HTMLButtonElement);
  if (at < 0) return;
  event.preventDefault();
  tiles[at + (event.key === 'ArrowDown' ? 1 : -1)]?.focus();
}
