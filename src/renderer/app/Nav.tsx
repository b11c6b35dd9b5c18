/** Navigation by task with live counts. Arrow keys move, Enter opens; sections fold. */
import { IconChevronRight, IconLayoutSidebarLeftCollapse } from '@tabler/icons-react';
import { memo, useEffect, useMemo, useState, type KeyboardEvent, type ReactNode } from 'react';
import type { KindInfo } from '#shared/contract/cluster';
import { visible as visibleText } from '#shared/util/text';
import { useClusterData } from '../data/cluster-data';
import { kindTab } from '../data/kind-tab';
import { openTab, useBench, type TabSpec } from '../data/workbench';
import { IconButton } from '../ui/Button';
import { navEntries } from './features';
import { setLayoutFlag } from './layout';
import { countText, navModel } from './nav-model';
import styles from './nav.module.css';
import { rememberKinds, seenKinds } from './seen-kinds';
import { lastCounts, useCounts, type Counts } from '../data/use-counts';

export interface NavProps {
  readonly contextId: string;
  readonly visible: boolean;
}

export const Nav = memo(function Nav({ contextId, visible }: NavProps): ReactNode {
  const { kinds } = useClusterData(contextId);
  const bench = useBench(contextId);
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set());
  const [seen] = useState(() => seenKinds(contextId));
  const toggle = (id: string): void => {
    const next = new Set(open);
    if (!next.delete(id)) next.add(id);
    setOpen(next);
  };

  const list = useMemo(() => kinds?.kinds ?? [], [kinds]);
  const counted = useMemo(
    () =>
      list
        .filter((kind) => kind.verbs.includes('list'))
        .filter(
          (kind) => kind.section !== 'custom' || (open.has('custom') && open.has(`custom/${kind.group}`)),
        )
        .map((kind) => kind.id)
        .sort()
        .slice(0, 400),
    [list, open],
  );
  const counts = useCounts(contextId, counted, bench.namespaces, !visible);
  const model = useMemo(() => navModel(list, navEntries, counts, seen), [list, counts, seen]);
  useEffect(() => {
    lastCounts.set(contextId, counts);
    const filled = Object.entries(counts).filter(([, count]) => typeof count === 'number' && count > 0);
    if (filled.length > 0) rememberKinds(contextId, filled.map(([id]) => id).sort());
  }, [contextId, counts]);

  const active = bench.tabs.find((tab) => tab.id === bench.activeTab);
  const go = (tab: TabSpec): void => openTab(contextId, tab);
  const kindItem = (kind: KindInfo): ReactNode => (
    <Item
      key={kind.id}
      title={kind.title}
      kind={kind.id}
      tip={kind.group === '' ? kind.resource : kind.id}
      count={counts[kind.id]}
      on={active?.params['kind'] === kind.id}
      onGo={() => go(kindTab(kind))}
    />
  );
  const customCount = model.custom.reduce((sum, group) => sum + group.kinds.length, 0);
  return (
    <nav className={styles.nav} aria-label="Kinds" onKeyDown={moveFocus}>
      <div className={styles.scroll}>
        {model.top.map((entry) => (
          <Item
            key={entry.id}
            title={entry.title}
            on={active?.id === entry.tab.id}
            onGo={() => go(entry.tab)}
          />
        ))}
        {model.groups.map((group) => (
          <section key={group.id} aria-label={group.title}>
            <h2 className={styles.head}>{group.title}</h2>
            {group.entries.map((entry) => (
              <Item
                key={entry.id}
                title={entry.title}
                on={active?.id === entry.tab.id}
                onGo={() => go(entry.tab)}
              />
            ))}
            {group.shown.map(kindItem)}
            {group.folded.length > 0 && (
              <Fold
                open={open.has(group.id)}
                title={open.has(group.id) ? 'Fewer' : `${group.folded.length} more`}
                onToggle={() => toggle(group.id)}
              />
            )}
            {open.has(group.id) && group.folded.map(kindItem)}
          </section>
        ))}
        {customCount > 0 && (
          <section aria-label="Custom resources">
            <Fold
              head
              open={open.has('custom')}
              title="Custom resources"
              count={customCount}
              onToggle={() => toggle('custom')}
            />
            {open.has('custom') &&
              model.custom.map(({ group, kinds: own }) => (
                <div key={group}>
                  <Fold
                    open={open.has(`custom/${group}`)}
                    title={visibleText(group)}
                    count={own.length}
                    onToggle={() => toggle(`custom/${group}`)}
                  />
                  {open.has(`custom/${group}`) && own.map(kindItem)}
                </div>
              ))}
          </section>
        )}
        {kinds?.failedGroups.map(({ group, message }) => (
          <p key={group} className={styles.failed} data-tip={visibleText(message)}>
            {visibleText(group)} did not answer
          </p>
        ))}
      </div>
      <div className={styles.foot}>
        <IconButton label="Hide navigation" onClick={() => setLayoutFlag('nav', false)}>
          <IconLayoutSidebarLeftCollapse />
        </IconButton>
      </div>
    </nav>
  );
});

interface ItemProps {
  /** Pages have none. */
  readonly kind?: string;
  readonly title: string;
  readonly tip?: string;
  readonly count?: Counts[string];
  readonly on: boolean;
  readonly onGo: () => void;
}

function Item({ kind, title, tip, count, on, onGo }: ItemProps): ReactNode {
  const text = countText(count);
  const denied = count === 'denied';
  return (
    <button
      type="button"
      role="link"
      className={styles.item}
      aria-current={on ? 'page' : undefined}
      aria-label={visibleText(title)}
      data-kind={kind}
      data-tip={denied ? `You may not list ${visibleText(tip ?? title)}.` : undefined}
      onClick={onGo}
    >
      <span className={styles.title}>{visibleText(title)}</span>
      {text !== '' && <span className={styles.count}>{text}</span>}
    </button>
  );
}

interface FoldProps {
  readonly open: boolean;
  readonly title: string;
  readonly count?: number;
  readonly head?: boolean;
  readonly onToggle: () => void;
}

function Fold({ open, title, count, head, onToggle }: FoldProps): ReactNode {
  return (
    <button
      type="button"
      className={head ? `${styles.fold} ${styles.head}` : styles.fold}
      aria-expanded={open}
      aria-label={title}
      onClick={onToggle}
    >
      <IconChevronRight className={styles.arrow} />
      <span className={styles.title}>{title}</span>
      {count !== undefined && <span className={styles.count}>{count}</span>}
    </button>
  );
}

function moveFocus(event: KeyboardEvent<HTMLElement>): void {
  const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
  if (step === 0) return;
  const items = [...event.currentTarget.querySelectorAll('button')];
  const at = items.indexOf(document.activeElement as HTMLButtonElement);
  if (at < 0) return;
  event.preventDefault();
  items[at + step]?.focus();
}
