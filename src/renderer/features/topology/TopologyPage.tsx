/** A map of the chosen namespaces or of one object, with a list beside it that carries the same selection. */
import {
  useCallback,
  useDeferredValue,
  useEffect,
  useMemo,
  useRef,
  useState,
  type KeyboardEvent,
  type ReactNode,
} from 'react';
import type { WireNode } from '#shared/contract/topology';
import type { MapTerm, MapView } from '#shared/domain/topology/map/types';
import { visible as visibleText } from '#shared/util/text';
import { CommandMenu } from '../../data/CommandMenu';
import { useApp, useCluster, useClusterId } from '../../data/connections';
import type { PageProps } from '../../data/feature';
import { usePageActions } from '../../data/page-actions';
import { saveFile } from '../../data/save-file';
import { chooseNamespaces, openDrawer, useBench } from '../../data/workbench';
import { EmptyState } from '../../ui/EmptyState';
import { ErrorState } from '../../ui/ErrorState';
import { GraphCanvas } from '../../ui/graph/GraphCanvas';
import type { GraphView, Hover } from '../../ui/graph/graph-view';
import { emptyScene } from '../../ui/graph/scene';
import { walk, type Direction, type Via } from '../../ui/graph/walk';
import { exportMap } from './export';
import { Foot } from './Foot';
import { HoverCard } from './HoverCard';
import { MapList, sentence } from './MapList';
import { canObserve } from './observed';
import { Toolbar, type Shown } from './Toolbar';
import styles from './topology.module.css';
import { useChosen } from './use-chosen';
import { useFind } from './use-find';
import { useMap } from './use-map';
import { useVerdicts, withVerdicts } from './verdicts';
import { firstGroup, viewTitles } from './views';

const ARROWS: Readonly<Record<string, Direction>> = {
  ArrowLeft: 'left',
  ArrowRight: 'right',
  ArrowUp: 'up',
  ArrowDown: 'down',
};

const NO_NODES: readonly WireNode[] = [];
const NO_TERMS: readonly MapTerm[] = [];
const NO_NAMESPACES: readonly string[] = [];

export function TopologyPage({ tab, visible }: PageProps): ReactNode {
  const clusterId = useClusterId();
  const client = useCluster();
  const app = useApp();
  const { namespaces } = useBench(clusterId);
  const object = useMemo(
    () =>
      tab.params['kind'] === undefined
        ? null
        : {
            kind: tab.params['kind'],
            namespace: tab.params['namespace'] ?? '',
            name: tab.params['name'] ?? '',
          },
    [tab.params],
  );
  const firstView: MapView = object ? ((tab.params['view'] as MapView | undefined) ?? 'object') : 'apps';
  const [shown, setShown] = useState<Shown>({
    view: firstView,
    groupBy: firstGroup(firstView),
    depth: 2,
    expandAll: false,
    observed: false,
    text: '',
    kinds: [],
    tones: [],
  });
  const [expanded, setExpanded] = useState<readonly string[]>([]);
  const [selectedId, setSelectedId] = useState<string | undefined>(undefined);
  const [hover, setHover] = useState<Hover>(undefined);
  const [menu, setMenu] = useState<{ node: number; x: number; y: number } | undefined>(undefined);
  const [said, setSaid] = useState('');
  // Of the room there is when the map is opened: later sizes do not move what stands.
  const [aspect] = useState(() =>
    // Frames never fill a plane: asked for wider than it is, the whole comes out about right.
    Math.min(6, Math.max(0.8, (1.6 * (innerWidth - 520)) / Math.max(300, innerHeight - 180))),
  );
  const view = useRef<GraphView | undefined>(undefined);
  const via = useRef<Via | undefined>(undefined);
  const filter = useRef<HTMLInputElement>(null);

  // A map of one object reads its namespace, and everything where it is cluster-scoped.
  // An overview of one namespace would be none: it is always of all of them.
  const space =
    shown.view === 'overview'
      ? NO_NAMESPACES
      : object
        ? object.namespace === ''
          ? NO_NAMESPACES
          : [object.namespace]
        : namespaces;
  const feed = useMap(
    client,
    {
      ...shown,
      observed: shown.observed && canObserve(shown.view),
      kinds: [...shown.kinds],
      tones: [...shown.tones],
      namespaces: [...space],
      object,
      expanded: [...expanded],
      aspect,
    },
    visible,
  );
  const { state, session, error } = feed;
  const nodes = state?.nodes ?? NO_NODES;
  const declared = state?.scene ?? emptyScene;
  const verdicts = useVerdicts(client, visible && shown.view === 'traffic', declared, nodes);
  const scene = useMemo(() => withVerdicts(declared, verdicts), [declared, verdicts]);
  const batch = state?.batch;
  const selected = selectedId === undefined ? -1 : (scene.at.get(selectedId) ?? -1);
  const node = nodes[selected];
  const chosen = useChosen(client, session, node);
  const find = useFind(scene, view);
  const mapKey = `${shown.view} ${shown.groupBy} ${space.join(',')} ${shown.depth}`;
  const settled = useDeferredValue(batch?.phase === 'reading' ? '' : mapKey);

  const select = useCallback(
    (at: number, centre = false) => {
      setSelectedId(scene.nodes[at]?.id);
      via.current = undefined;
      if (at >= 0) view.current?.show(at, centre);
    },
    [scene],
  );
  /** From the overview to the applications of a namespace; from a kind's row to those of that kind. */
  const enter = (one: WireNode): void => {
    const name = one.kind === 'Namespace' ? one.name : one.namespace;
    if (name === '') {
      setSaid(`${one.kind}s belong to no namespace: there is no application view of them.`);
      return;
    }
    const kind = one.state === 'set' ? batch?.kinds.find(({ id, tag }) => isKind(one, id, tag)) : undefined;
    setShown({
      ...shown,
      view: 'apps',
      groupBy: firstGroup('apps'),
      kinds: kind ? [kind.id] : [],
      tones: [],
    });
    chooseNamespaces(clusterId, [name]);
    setSaid(kind ? `Only ${one.kind}s of ${name}; Esc shows the rest.` : '');
  };
  const open = (at: number): void => {
    const one = nodes[at];
    if (!one) return;
    if (shown.view === 'overview') enter(one);
    else if (one.state === 'set') setExpanded([...expanded, one.id]);
    else if (one.state === 'present' && one.resource !== '')
      openDrawer(clusterId, { kind: one.resource, namespace: one.namespace, name: one.name });
    else setSaid(`${one.kind} ${one.name} is not there, nothing to open.`);
  };
  // The drawer follows the selection, as it does beside a table.
  const drawerOpen = useBench(clusterId).drawer !== null;
  useEffect(() => {
    if (drawerOpen && node?.state === 'present' && node.resource !== '')
      openDrawer(clusterId, { kind: node.resource, namespace: node.namespace, name: node.name });
  }, [clusterId, drawerOpen, node?.id, node?.state, node?.resource, node?.namespace, node?.name]);

  usePageActions(clusterId, tab.id, visible, {
    focusFilter: () => filter.current?.focus(),
    clearFilter: () => {
      const had = find.text !== '' || shown.tones.length > 0 || shown.kinds.length > 0;
      find.set('');
      if (had) setShown({ ...shown, tones: [], kinds: [], text: '' });
      return had;
    },
    clearSelection: () => {
      const had = selected >= 0;
      setSelectedId(undefined);
      return had;
    },
    selection: () => chosen,
  });

  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const direction = ARROWS[event.key];
    if (direction !== undefined && !event.shiftKey) {
      const { node: next, via: by } = walk(scene, selected, direction, via.current);
      if (next >= 0) {
        select(next);
        via.current = by;
      } else
        setSaid(direction === 'left' || direction === 'right' ? 'No edge leads there.' : 'Nothing there.');
    } else if (direction !== undefined)
      view.current?.pan(
        direction === 'left' ? -80 : direction === 'right' ? 80 : 0,
        direction === 'up' ? -80 : direction === 'down' ? 80 : 0,
      );
    else if (event.key === 'Enter' && selected >= 0) open(selected);
    else if (event.key === ' ' && node) {
      if (node.state === 'set') open(selected);
      else setExpanded([]);
    } else if (event.key === '+' || event.key === '=') view.current?.zoom(1.25);
    else if (event.key === '-') view.current?.zoom(0.8);
    else if (event.key === '0' || event.key === 'f') view.current?.fitAll();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };

  const title = object ? `${object.name}, ${viewTitles[shown.view].toLowerCase()}` : viewTitles[shown.view];
  const label = `Map: ${title}, ${(batch?.total ?? 0).toLocaleString('en')} objects`;
  const empty = batch && batch.phase !== 'reading' && scene.nodes.length === 0;
  return (
    <div className={styles.page}>
      <Toolbar
        shown={shown}
        hasObject={object !== null}
        batch={batch}
        filterRef={filter}
        search={find.text}
        found={find.found}
        onSearch={find.set}
        onNext={() => {
          const at = find.next(selected);
          if (at >= 0) select(at, true);
        }}
        onChange={(change) =>
          setShown({
            ...shown,
            ...change,
            ...(change.view ? { groupBy: firstGroup(change.view), kinds: [], tones: [] } : {}),
          })
        }
        onExport={(kind) => {
          const colors = view.current?.colors;
          if (colors && app)
            exportMap(kind, scene, colors, `topology-${space.join('-') || 'all'}`, (name, content) =>
              saveFile(app, name, content),
            ).then(setSaid, (thrown: unknown) =>
              setSaid(`Not exported: ${thrown instanceof Error ? thrown.message : 'unknown'}`),
            );
        }}
      />
      {error && !state ? (
        <ErrorState title="The map cannot be made" error={error} />
      ) : (
        <div className={styles.body}>
          <MapList
            scene={scene}
            selected={selected}
            label={`Objects of the map: ${title}`}
            onSelect={select}
            onOpen={open}
            onMenu={(at, x, y) => setMenu({ node: at, x, y })}
            onKeyDown={onKeyDown}
          />
          <GraphCanvas
            label={label}
            scene={scene}
            mapKey={settled}
            visible={visible}
            selected={selected}
            onView={(made) => (view.current = made)}
            onSelect={select}
            onOpen={open}
            onMenu={(at, x, y) => {
              select(at);
              setMenu({ node: at, x, y });
            }}
            onHover={setHover}
            onKeyDown={onKeyDown}
          >
            <HoverCard
              {...{ hover, scene, nodes, client, session, verdicts }}
              terms={batch?.terms ?? NO_TERMS}
            />
            {empty && (
              <div className={styles.over}>
                <EmptyState>{emptyWords(batch.total, space)}</EmptyState>
              </div>
            )}
          </GraphCanvas>
        </div>
      )}
      <Foot
        batch={batch}
        pending={feed.pending}
        error={error}
        hint={shown.view === 'overview' ? 'All namespaces; Enter or a double click opens one' : ''}
        said={said}
        verdicts={verdicts}
      />
      <div className="srOnly" role="status" aria-live="polite" aria-label="Selected object">
        {sentence(scene, selected)}
      </div>
      {menu && nodes[menu.node] && (
        <CommandMenu
          label={visibleText(`${nodes[menu.node]!.kind} ${nodes[menu.node]!.name}`)}
          ids={['object.open', 'topology.object', 'topology.dependants', '-', '*']}
          at={menu}
          context={{ selection: chosen }}
          onClose={() => setMenu(undefined)}
        />
      )}
    </div>
  );
}

function isKind(one: WireNode, id: string, tag: string): boolean {
  return tag === one.tag && id.startsWith(`${one.kind}.`);
}

function emptyWords(total: number, space: readonly string[]): string {
  if (total > 0) return 'Nothing passes the filter.';
  return space.length === 0
    ? 'Nothing to show in this view.'
    : `Nothing to show in ${space.join(', ')} in this view.`;
}
