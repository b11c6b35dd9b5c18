/** The command palette and `:` bar: one field over everything one can go to or do. */
import { useEffect, useMemo, useRef, useState, type KeyboardEvent, type ReactNode } from 'react';
import { resources } from '#shared/contract/resources';
import { defaultSettings, useAppData } from '../data/app-data';
import { useClusterData } from '../data/cluster-data';
import { useCommandList } from '../data/command-registry';
import { homeTab } from '../data/home';
import { kindTab } from '../data/kind-tab';
import { openCluster, setNamespaces } from '../data/session';
import { openDrawer, openTab, useWorkbench } from '../data/workbench';
import { lastCounts } from '../data/use-counts';
import { Dialog } from '../ui/Dialog';
import { Kbd } from '../ui/Kbd';
import { navEntries } from './features';
import { parseJump } from './jump';
import { closeOverlays, openKeys } from './overlay-state';
import styles from './palette.module.css';
import { paletteItems, type PaletteAction, type PaletteItem, type PaletteSource } from './palette-items';

export interface PaletteProps {
  readonly text: string;
  /** Enter was pressed already. */
  readonly entered: boolean;
}

export function Palette({ text: first, entered }: PaletteProps): ReactNode {
  const list = useCommandList();
  // What the palette offers is fixed while it is open, but for the objects found.
  const [context] = useState(() => list.context());
  const [text, setText] = useState(first);
  const [at, setAt] = useState(0);
  const objects = useObjects(context.cluster, text);
  const box = useRef<HTMLDivElement>(null);
  // Opened while the cluster still connects, it offers the kinds as soon as they are known.
  const { kinds, namespaces } = useClusterData(context.clusterId ?? '');
  const source = useMemo<PaletteSource>(() => {
    const app = useAppData.getState();
    return {
      kinds: (kinds?.kinds ?? []).filter((kind) => kind.verbs.includes('list')),
      entries: context.clusterId === null ? [] : navEntries,
      contexts: app.contexts?.contexts ?? [],
      settings: app.settings ?? defaultSettings,
      namespaces: namespaces?.names ?? [],
      counts: lastCounts.get(context.clusterId ?? '') ?? {},
      commands: list.all,
      context,
      objects,
    };
  }, [context, list, objects, kinds, namespaces]);
  const items = useMemo(() => paletteItems(text, source), [text, source]);
  const cursor = Math.min(at, items.length - 1);
  const why = text.startsWith(':') ? parseJump(text, source.kinds) : undefined;

  useEffect(() => {
    box.current?.querySelector('[aria-selected=true]')?.scrollIntoView({ block: 'nearest' });
  }, [cursor, items]);

  const run = (item: PaletteItem | undefined): void => {
    if (!item || item.disabled !== undefined) return;
    closeOverlays();
    perform(item.action, context.clusterId, () => {
      if (item.action.type === 'command') void item.action.command.run(context);
    });
  };
  // Enter before there was anything to take waits for the first result of the same text.
  const waiting = useRef(entered ? text : undefined);
  const latest = useRef(run);
  latest.current = run;
  useEffect(() => {
    if (waiting.current !== undefined && waiting.current !== text) waiting.current = undefined;
    if (waiting.current === undefined || items.length === 0) return;
    waiting.current = undefined;
    latest.current(items[0]);
  }, [items, text]);
  const onKeyDown = (event: KeyboardEvent): void => {
    const count = items.length;
    if (event.key === 'ArrowDown') setAt((cursor + 1) % Math.max(1, count));
    else if (event.key === 'ArrowUp') setAt((cursor - 1 + count) % Math.max(1, count));
    else if (event.key === 'Enter') {
      if (count === 0 && kinds === undefined) waiting.current = text;
      else run(items[cursor]);
    } else if (event.key === 'Escape') closeOverlays();
    else if (event.key === 'Backspace' && text === '') closeOverlays();
    else return;
    event.preventDefault();
  };

  return (
    <Dialog label="Command palette" bare onClose={closeOverlays}>
      <input
        autoFocus
        className={styles.field}
        role="combobox"
        aria-label="Jump to anything"
        aria-expanded
        aria-controls="palette-list"
        aria-activedescendant={items.length > 0 ? `palette-${cursor}` : undefined}
        placeholder="Jump to a kind, object, cluster or command"
        spellCheck={false}
        value={text}
        onKeyDown={onKeyDown}
        onChange={(event) => {
          setText(event.target.value);
          setAt(0);
        }}
      />
      <div className={styles.list} id="palette-list" role="listbox" aria-label="Results" ref={box}>
        {items.map((item, index) => (
          <div key={item.id}>
            {items[index - 1]?.group !== item.group && (
              <div className={styles.group} role="presentation">
                {item.group}
              </div>
            )}
            <div
              id={`palette-${index}`}
              role="option"
              aria-selected={index === cursor}
              aria-disabled={item.disabled === undefined ? undefined : true}
              className={styles.row}
              onPointerMove={() => setAt(index)}
              onClick={() => run(item)}
            >
              {item.tag !== undefined && <span className={styles.tag}>{item.tag}</span>}
              <span className={styles.title}>{item.title}</span>
              <span className={styles.detail}>{item.disabled ?? item.detail}</span>
              {item.count !== undefined && <span className={styles.count}>{item.count}</span>}
              {item.keys !== undefined && <Kbd keys={item.keys} />}
            </div>
          </div>
        ))}
        {items.length === 0 && (
          <p className={styles.none}>{why?.to === 'nothing' ? why.why : `Nothing matches “${text}”.`}</p>
        )}
      </div>
      <p className={styles.foot}>
        <span className="mono">:pods</span> <span className="mono">:deploy -n shop</span>{' '}
        <span className="mono">:ctx name</span> <span className="mono">:ns shop,web</span>
      </p>
    </Dialog>
  );
}

function perform(action: PaletteAction, clusterId: string | null, command: () => void): void {
  if (action.type === 'command') return command();
  if (action.type === 'context') return openCluster(action.id);
  if (action.type === 'page') {
    if (action.page === 'keys') return openKeys();
    if (action.page !== 'overview') return useWorkbench.getState().showAppPage(action.page);
  }
  if (clusterId === null) return undefined;
  useWorkbench.getState().showAppPage(null);
  switch (action.type) {
    case 'tab':
      return openTab(clusterId, action.tab);
    case 'kind':
      if (action.namespaces !== undefined) setNamespaces(clusterId, action.namespaces);
      return openTab(clusterId, kindTab(action.kind));
    case 'namespaces':
      return setNamespaces(clusterId, action.names);
    case 'object': {
      const { kind, namespace, name } = action;
      return openDrawer(clusterId, { kind, namespace, name });
    }
    case 'page':
      return openTab(clusterId, homeTab);
  }
}

const noObjects: PaletteSource['objects'] = [];

/** Objects of loaded tables whose name holds the text; never starts a list. */
function useObjects(
  client: ReturnType<ReturnType<typeof useCommandList>['context']>['cluster'],
  text: string,
): PaletteSource['objects'] {
  const [found, setFound] = useState(noObjects);
  const wanted = text.startsWith(':') ? '' : text.trim();
  useEffect(() => {
    if (!client || wanted.length < 2) {
      setFound(noObjects);
      return undefined;
    }
    const stop = new AbortController();
    client.call(resources, 'search', { text: wanted, limit: 8 }, stop.signal).then(setFound, () => undefined);
    return () => stop.abort();
  }, [client, wanted]);
  return found;
}
