/**
 * Contexts as two-letter tiles: where one is, what state each is in, one click to go there. Of many
 * contexts only favourites, open and recent ones; the palette and the Clusters page have all.
 */
import { IconPlus, IconSearch, IconServer2, IconSettings } from '@tabler/icons-react';
import { Fragment, useEffect, useRef, useState, type KeyboardEvent, type ReactNode } from 'react';
import { visible } from '#shared/util/text';
import { useAppData } from '../data/app-data';
import { initials } from '../data/context-title';
import { useWorkbench } from '../data/workbench';
import { IconButton } from '../ui/Button';
import { StatusMark } from '../ui/StatusMark';
import { listenForDrops } from '../data/dropped-files';
import { keepHibernating } from '../data/hibernate';
import { addKubeconfig, addPaths } from '../data/kubeconfig';
import { openPalette } from './overlay-state';
import { cssVars } from '../ui/css-vars';
import styles from './rail.module.css';
import { openCluster } from '../data/session';
import { useRailGroups, useTileLetters } from '../data/use-rail';
import { lazy } from '../ui/lazy';
import { useClusterView, useLiveStatus } from './use-cluster-view';

const ContextMenu = lazy(async () => ({
  default: (await import('../features/clusters/ContextMenu')).ContextMenu,
}));

export function Rail(): ReactNode {
  const count = useAppData((state) => state.contexts?.contexts.length ?? 0);
  const groups = useRailGroups();
  const letters = useTileLetters();
  const titled = groups.length > 1 || groups.some((group) => group.name !== '');
  const active = useWorkbench((state) => state.clusterId);
  const appPage = useWorkbench((state) => state.appPage);
  const { showAppPage } = useWorkbench.getState();
  const list = useRef<HTMLDivElement>(null);
  // Kubeconfigs may be dropped anywhere on the window.
  useEffect(keepHibernating, []);
  useEffect(() => listenForDrops(addPaths), []);
  useEffect(() => {
    list.current?.querySelector('[aria-current]')?.scrollIntoView({ block: 'nearest' });
  }, [active]);
  const [menu, setMenu] = useState<{ readonly id: string; readonly x: number; readonly y: number }>();
  return (
    <nav className={styles.rail} aria-label="Clusters">
      {count > 8 && (
        <IconButton label="Find a cluster" onClick={() => openPalette(':ctx ')} data-tip-side="right">
          <IconSearch />
        </IconButton>
      )}
      <div className={styles.list} ref={list} onKeyDown={moveFocus}>
        {groups.map((group) => (
          <Fragment key={group.name}>
            {titled && (
              <span className={styles.group} data-tip={group.name || 'No group'} data-tip-side="right">
                {visible(group.name) || '–'}
              </span>
            )}
            {group.contexts.map(({ id }) => (
              <Tile
                key={id}
                contextId={id}
                letters={letters}
                on={id === active}
                onMenu={(x, y) => setMenu({ id, x, y })}
              />
            ))}
          </Fragment>
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
      {menu && <ContextMenu contextId={menu.id} at={menu} onClose={() => setMenu(undefined)} />}
    </nav>
  );
}

interface TileProps {
  readonly contextId: string;
  readonly letters: ReadonlyMap<string, string>;
  readonly on: boolean;
  readonly onMenu: (x: number, y: number) => void;
}

function Tile({ contextId, letters, on, onMenu }: TileProps): ReactNode {
  const view = useClusterView(contextId);
  const state = useLiveStatus(contextId);
  const problem = useAppData((data) => data.contextById.get(contextId)?.problem);
  const seenAs = useAppData((data) => data.contextById.get(contextId)?.viewAs?.user);
  const word = problem ? 'cannot be used' : state.text;
  const guard = [view.protected && 'protected', view.readOnly && 'read-only'].filter(Boolean).join(', ');
  const as = seenAs === undefined ? '' : `seen as ${visible(seenAs)}`;
  const off = state.text === 'not connected' && !problem;
  return (
    <button
      type="button"
      className={styles.tile}
      style={cssVars({ '--c': view.color })}
      aria-current={on ? 'true' : undefined}
      data-guard={guard || undefined}
      data-seen-as={as || undefined}
      aria-label={[view.title, as, word, guard].filter(Boolean).join(', ')}
      data-tip={[view.name, as, view.server, problem?.message ?? word, guard].filter(Boolean).join('\n')}
      data-tip-side="right"
      onClick={() => openCluster(contextId)}
      onContextMenu={(event) => {
        event.preventDefault();
        const box = event.currentTarget.getBoundingClientRect();
        onMenu(box.right + 4, box.top);
      }}
    >
      {letters.get(view.title) ?? initials(view.title)}
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
