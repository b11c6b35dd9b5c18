/** Subjects, bindings and roles as a picture, for a question or for somebody; a click shows what hangs together. */
import { useMemo, useState, type ReactNode } from 'react';
import type { ObjectName } from '#shared/contract/rbac';
import { plural, visible as visibleText } from '#shared/util/text';
import { useThisCluster } from '../../data/cluster-data';
import { useClusterId } from '../../data/connections';
import { openDrawer } from '../../data/workbench';
import { Choice } from '../../ui/Choice';
import { EmptyState } from '../../ui/EmptyState';
import { ErrorState } from '../../ui/ErrorState';
import styles from './access.module.css';
import drawn from './graph.module.css';
import { setAccess, useAccess } from './access-store';
import type { ViewProps } from './AccessPage';
import { NamespaceField, QuestionFields, WhoFields } from './Fields';
import { layoutGraph, reachOf, ROW, type Graph, type GraphNode, type GraphPath } from './graph-layout';
import { useAnswer } from './use-rbac';
import { isComplete, kindIdOf, objectText, questionText, toQuestion, whoText } from './words';

type About = 'question' | 'subject';

export function GraphView({ version, visible: shown, names }: ViewProps): ReactNode {
  const clusterId = useClusterId();
  const { question: typed, who, namespace } = useAccess(clusterId);
  const [about, setAbout] = useState<About>('question');
  const question = toQuestion(typed);
  const byQuestion = useAnswer(
    'whoCan',
    about === 'question' && question ? { question } : undefined,
    version,
    shown,
  );
  const bySubject = useAnswer(
    'effective',
    about === 'subject' && isComplete(who) ? { who, namespace } : undefined,
    version,
    shown,
  );
  const paths = useMemo((): GraphPath[] => {
    if (about === 'question')
      return (byQuestion.data?.subjects ?? []).flatMap(({ subject, paths: own }) =>
        own.map((path) => ({ ...path, who: subject })),
      );
    return (bySubject.data?.sources ?? []).map((path) => ({
      ...path,
      who: {
        kind: path.subject.kind,
        name: path.subject.name,
        namespace:
          path.subject.kind === 'ServiceAccount' ? path.subject.namespace || path.binding.namespace : '',
      },
    }));
  }, [about, byQuestion.data, bySubject.data]);
  const graph = useMemo(() => layoutGraph(paths), [paths]);
  const { error, retry } = about === 'question' ? byQuestion : bySubject;
  const words =
    about === 'question'
      ? question && `Who can ${questionText(question)}`
      : isComplete(who)
        ? `What gives ${whoText(who)} rights ${namespace === '' ? 'in the whole cluster' : `in ${namespace}`}`
        : undefined;
  const answered = about === 'question' ? byQuestion.data : bySubject.data;
  return (
    <>
      <div className={styles.form}>
        <Choice
          label="Graph of"
          options={[
            { value: 'question', label: 'Who can' },
            { value: 'subject', label: 'A subject' },
          ]}
          value={about}
          onChange={setAbout}
        />
      </div>
      <div className={styles.form}>
        {about === 'question' ? (
          <QuestionFields value={typed} onChange={(next) => setAccess(clusterId, { question: next })} />
        ) : (
          <>
            <WhoFields value={who} names={names} onChange={(next) => setAccess(clusterId, { who: next })} />
            <NamespaceField
              value={namespace}
              all="Cluster-wide grants only"
              onChange={(next) => setAccess(clusterId, { namespace: next })}
            />
          </>
        )}
      </div>
      {error && <ErrorState title="The graph was not worked out" error={error} onRetry={retry} />}
      {words === undefined && <EmptyState>Name what is asked.</EmptyState>}
      {words !== undefined && answered && (
        <>
          <p className={styles.headline} role="status" aria-label="Answer">
            {visibleText(words)}: {countText(graph)}
          </p>
          {graph.nodes.length > 0 && <Picture graph={graph} />}
          {graph.left > 0 && (
            <p className={styles.muted}>and {graph.left} more that found no place: ask more narrowly.</p>
          )}
        </>
      )}
    </>
  );
}

function countText({ nodes }: Graph): string {
  if (nodes.length === 0) return 'nothing';
  const count = (column: number): number => nodes.filter((node) => node.column === column).length;
  return `${plural(count(0), 'subject')}, ${plural(count(1), 'binding')}, ${plural(count(2), 'role')}`;
}

const HEAD = 28;
const WIDTH = 1080;
const BOX = 300;
const LEFT = [0, (WIDTH - BOX) / 2, WIDTH - BOX] as const;
const titles = ['Subjects', 'Bindings', 'Roles'] as const;

function Picture({ graph }: { readonly graph: Graph }): ReactNode {
  const clusterId = useClusterId();
  const { kindById } = useThisCluster();
  const [chosen, setChosen] = useState<string>();
  const known = chosen !== undefined && graph.nodes.some(({ id }) => id === chosen) ? chosen : undefined;
  const lit = useMemo(() => (known === undefined ? undefined : reachOf(graph.edges, known)), [graph, known]);
  const middle = new Map(
    graph.nodes.map(({ id, column, at }) => [id, { column, y: HEAD + at * ROW + (ROW - 6) / 2 }]),
  );
  const open = ({ kind, namespace, name }: ObjectName): void => {
    const id = kindIdOf(kind);
    if (id !== undefined && kindById.has(id)) openDrawer(clusterId, { kind: id, namespace, name });
  };
  return (
    <div className={drawn.box}>
      <svg
        width={WIDTH}
        height={HEAD + graph.rows * ROW + 4}
        role="group"
        aria-label="Graph of subjects, bindings and roles"
      >
        {titles.map((title, column) => (
          <text key={title} x={(LEFT[column] ?? 0) + 8} y={16} className={drawn.head}>
            {title}
          </text>
        ))}
        {graph.edges.map(({ from, to, rules }) => {
          const [a, b] = [middle.get(from), middle.get(to)];
          if (!a || !b) return null;
          const [x1, x2] = [(LEFT[a.column] ?? 0) + BOX, LEFT[b.column] ?? 0];
          const bend = (x2 - x1) / 2;
          const on = lit?.has(from) && lit.has(to);
          return (
            <path
              key={`${from} ${to}`}
              d={`M${x1} ${a.y}C${x1 + bend} ${a.y} ${x2 - bend} ${b.y} ${x2} ${b.y}`}
              className={drawn.edge}
              data-state={lit ? (on ? 'on' : 'off') : undefined}
            >
              {rules.length > 0 && (
                <title>Rules {rules.map((rule) => rule + 1).join(', ')} of the role</title>
              )}
            </path>
          );
        })}
        {graph.nodes.map((node) => (
          <Node
            key={node.id}
            node={node}
            state={lit ? (lit.has(node.id) ? 'on' : 'off') : undefined}
            chosen={node.id === known}
            onChoose={() => setChosen(node.id === known ? undefined : node.id)}
            onOpen={() => open(node.of)}
          />
        ))}
      </svg>
      <p className={styles.notes}>
        A click shows what hangs together, a double click or Enter opens the object. Missing roles grant
        nothing and are not drawn.
      </p>
    </div>
  );
}

interface NodeProps {
  readonly node: GraphNode;
  readonly state: 'on' | 'off' | undefined;
  readonly chosen: boolean;
  readonly onChoose: () => void;
  readonly onOpen: () => void;
}

const tags: Readonly<Record<string, string>> = {
  User: 'user',
  Group: 'group',
  ServiceAccount: 'sa',
  Role: 'role',
  ClusterRole: 'clusterrole',
  RoleBinding: 'binding',
  ClusterRoleBinding: 'clusterbinding',
};

function Node({ node, state, chosen, onChoose, onOpen }: NodeProps): ReactNode {
  const { of, column, at } = node;
  const tag = tags[of.kind] ?? of.kind;
  const text = visibleText(objectText(of));
  const room = 38 - tag.length;
  // The end of a name tells more than its middle.
  const shown = text.length <= room ? text : `${text.slice(0, room - 13)}…${text.slice(-12)}`;
  return (
    <g
      className={drawn.node}
      data-state={state}
      data-chosen={chosen || undefined}
      transform={`translate(${LEFT[column]} ${HEAD + at * ROW})`}
      role="button"
      tabIndex={0}
      aria-pressed={chosen}
      aria-label={`${of.kind} ${text}`}
      onClick={onChoose}
      onDoubleClick={onOpen}
      onKeyDown={(event) => {
        if (event.key === ' ') {
          event.preventDefault();
          onChoose();
        } else if (event.key === 'Enter') onOpen();
      }}
    >
      <title>{`${of.kind} ${text}`}</title>
      <rect width={BOX} height={ROW - 6} rx={4} />
      <text x={8} y={16}>
        <tspan className={drawn.tag}>{tag}</tspan> <tspan>{shown}</tspan>
      </text>
    </g>
  );
}
