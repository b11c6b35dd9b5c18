/**
 * The graph of allowed flows: of the chosen namespaces, or around one place. Beside it the same flows
 * as a list; a flow asks why, a double click puts a node in the middle.
 */
import { useMemo, useRef, useState, type KeyboardEvent, type ReactNode } from 'react';
import { netpol, type GraphBatch } from '#shared/contract/netpol';
import type { FlowEdge, FlowNode } from '#shared/domain/netpol/flow-graph';
import { visible } from '#shared/util/text';
import { useCluster, useClusterId, useStream } from '../../data/connections';
import { useBench } from '../../data/workbench';
import { Button } from '../../ui/Button';
import { EmptyState } from '../../ui/EmptyState';
import { GraphCanvas } from '../../ui/graph/GraphCanvas';
import type { GraphView, Hover } from '../../ui/graph/graph-view';
import { emptyScene } from '../../ui/graph/scene';
import { walk, type Direction } from '../../ui/graph/walk';
import styles from './flow.module.css';
import { flowScene } from './flow-scene';
import { setNetpolPage, useNetpolPage } from './page-state';
import { PlacePicker } from './PlacePicker';
import { openWords } from './words';

const MOST = 300;
const ARROWS: Readonly<Record<string, Direction>> = {
  ArrowLeft: 'left',
  ArrowRight: 'right',
  ArrowUp: 'up',
  ArrowDown: 'down',
};

export function FlowView({ shown }: { readonly shown: boolean }): ReactNode {
  const clusterId = useClusterId();
  const client = useCluster();
  const { namespaces } = useBench(clusterId);
  const { focus } = useNetpolPage(clusterId);
  const input = useMemo(() => ({ namespaces: [...namespaces], focus }), [namespaces, focus]);
  const { data } = useStream(shown ? client : undefined, netpol, 'graph', input);
  const [selectedId, setSelectedId] = useState<string | undefined>(undefined);
  const [hover, setHover] = useState<Hover>(undefined);
  const view = useRef<GraphView | undefined>(undefined);
  const scene = useMemo(() => (data ? flowScene(data) : emptyScene), [data]);
  const selected = selectedId === undefined ? -1 : (scene.at.get(selectedId) ?? -1);
  const node = data?.nodes[selected];
  const select = (at: number): void => {
    setSelectedId(scene.nodes[at]?.id);
    if (at >= 0) view.current?.show(at, false);
  };
  const around = (one: FlowNode | undefined): void => {
    if (!one?.place || one.id === 'focus') return;
    setSelectedId(undefined);
    setNetpolPage(clusterId, { focus: one.place });
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const direction = ARROWS[event.key];
    if (direction !== undefined) {
      const { node: next } = walk(scene, selected, direction);
      if (next >= 0) select(next);
    } else if (event.key === 'Enter') around(node);
    else if (event.key === '+' || event.key === '=') view.current?.zoom(1.25);
    else if (event.key === '-') view.current?.zoom(0.8);
    else if (event.key === '0' || event.key === 'f') view.current?.fitAll();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  const mapKey = JSON.stringify(input);
  return (
    <div className={styles.view}>
      <div className={styles.bar}>
        <div className={styles.picker}>
          <PlacePicker
            label="Around"
            placeholder="Pod, workload, namespace or address"
            services={false}
            value={focus}
            onChange={(place) => setNetpolPage(clusterId, { focus: place })}
          />
        </div>
        {focus && (
          <Button look="quiet" onClick={() => setNetpolPage(clusterId, { focus: null })}>
            Show namespaces
          </Button>
        )}
        <p className={styles.words} role="status" aria-label="Graph">
          {data ? sentence(data, namespaces.length, focus !== null) : 'Reading pods and policies'}
        </p>
      </div>
      <div className={styles.body}>
        <FlowList data={data} node={node} onAround={() => around(node)} />
        <GraphCanvas
          label={`Graph of allowed flows, ${data?.nodes.length ?? 0} nodes: arrow keys move, Enter shows what is around`}
          scene={scene}
          mapKey={mapKey}
          visible={shown}
          selected={selected}
          onView={(made) => (view.current = made)}
          onSelect={select}
          onOpen={(at) => around(data?.nodes[at])}
          onMenu={select}
          onHover={setHover}
          onKeyDown={onKeyDown}
        >
          {hover?.type === 'edge' && data && (
            <div
              className={styles.card}
              style={{ left: hover.x + 14, top: hover.y + 16 }}
              role="presentation"
            >
              {edgeWords(data, data.edges[hover.edge / 4])}
            </div>
          )}
          {data && data.nodes.length === 0 && (
            <div className={styles.over}>
              <EmptyState>{emptyWords(data)}</EmptyState>
            </div>
          )}
        </GraphCanvas>
      </div>
    </div>
  );
}

function emptyWords({ problem, tooMany }: GraphBatch): string {
  if (problem !== undefined) return visible(problem);
  if (tooMany !== undefined)
    return `${tooMany.toLocaleString('en')} workloads are too many for one picture. Choose fewer namespaces above.`;
  return 'No pods run here.';
}

function sentence({ nodes, edges }: GraphBatch, chosen: number, focused: boolean): string {
  if (focused) return 'What reaches it stands left, what it reaches stands right.';
  const what =
    chosen === 0
      ? 'Namespaces; choose some above to see their workloads'
      : 'Workloads of the chosen namespaces';
  const anyone = nodes.some(({ id }) => id === 'anyone' || id === 'to anyone')
    ? ' “Anyone”: no policy judges that side.'
    : '';
  return `${what}, ${edges.length} flows.${anyone}`;
}

function nameOf({ label, frame, kind }: FlowNode): string {
  const name = kind === 'Namespace' && label !== frame && frame !== '' ? `${frame}, ${label}` : label;
  return visible(frame === '' || kind === 'Namespace' ? name : `${frame}/${name}`);
}

function edgeWords({ nodes }: GraphBatch, edge: FlowEdge | undefined): string {
  const from = nodes[edge?.from ?? -1];
  const to = nodes[edge?.to ?? -1];
  if (!edge || !from || !to) return '';
  const many = edge.count > 1 ? ` (${edge.count} flows)` : '';
  return `${nameOf(from)} to ${nameOf(to)}: ${openWords(edge.conn)}${many}`;
}

interface FlowListProps {
  readonly data: GraphBatch | undefined;
  readonly node: FlowNode | undefined;
  readonly onAround: () => void;
}

function FlowList({ data, node, onAround }: FlowListProps): ReactNode {
  const clusterId = useClusterId();
  if (!data) return <div className={styles.list} />;
  const all = data.edges.filter(
    ({ from, to }) => !node || data.nodes[from] === node || data.nodes[to] === node,
  );
  return (
    <div className={styles.list}>
      <div className={styles.head}>
        <span className={styles.name}>{node ? `Flows of ${nameOf(node)}` : 'Flows'}</span>
        {node?.place && node.id !== 'focus' && (
          <Button look="quiet" onClick={onAround}>
            What is around
          </Button>
        )}
      </div>
      <ul aria-label="Flows">
        {all.slice(0, MOST).map((edge) => {
          const from = data.nodes[edge.from]!;
          const to = data.nodes[edge.to]!;
          const words = (
            <>
              <span>
                {nameOf(from)} to {nameOf(to)}
              </span>
              <span className={styles.muted}>
                {openWords(edge.conn)}
                {edge.count > 1 ? `, ${edge.count} flows` : ''}
              </span>
            </>
          );
          return (
            <li key={`${from.id} ${to.id}`}>
              {from.place && to.place ? (
                <button
                  type="button"
                  className={styles.flow}
                  data-tip="Ask why"
                  onClick={() =>
                    setNetpolPage(clusterId, { view: 'ask', from: from.place!, to: to.place!, port: '' })
                  }
                >
                  {words}
                </button>
              ) : (
                <div className={styles.flow}>{words}</div>
              )}
            </li>
          );
        })}
      </ul>
      {all.length === 0 && <p className={styles.muted}>No flow is allowed.</p>}
      {all.length > MOST && (
        <p className={styles.muted}>{all.length - MOST} more. Choose a node to see its own.</p>
      )}
    </div>
  );
}
