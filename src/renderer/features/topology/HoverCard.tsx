/** What the pointer is on: an object with its state in words, or the fields an edge comes from. */
import { useEffect, useState, type ReactNode } from 'react';
import { topology, type EdgeOrigin, type WireNode } from '#shared/contract/topology';
import type { MapFlow, MapTerm } from '#shared/domain/topology/map/types';
import type { RpcClient } from '#shared/rpc/client';
import { isCancelled } from '#shared/util/app-error';
import { visible } from '#shared/util/text';
import type { Hover } from '../../ui/graph/graph-view';
import { isMeasured } from '../../ui/graph/paint-edges';
import type { Scene } from '../../ui/graph/scene';
import { StatusMark } from '../../ui/StatusMark';
import { relationWords } from './map-state';
import { flowSentence, isFailing } from './observed';
import type { Verdicts } from './verdicts';
import styles from './topology.module.css';

export interface HoverCardProps {
  readonly hover: Hover;
  readonly scene: Scene;
  readonly nodes: readonly WireNode[];
  readonly client: RpcClient | undefined;
  readonly session: string;
  readonly verdicts: Verdicts;
  /** Of the edges, as the host told them. */
  readonly terms: readonly MapTerm[];
}

const MOST = 4;

export function HoverCard(props: HoverCardProps): ReactNode {
  const { hover, scene, nodes, client, session, verdicts, terms } = props;
  if (!hover) return null;
  // To the right and below the pointer, unless there is no room.
  const style = { left: hover.x + 14, top: hover.y + 16 };
  if (hover.type === 'frame') {
    const frame = scene.frames[hover.frame];
    if (!frame) return null;
    return (
      <div className={styles.card} style={style} role="presentation">
        <div className={styles.cardTitle}>{visible(frame.title)}</div>
        <div className={styles.muted}>{frame.count.toLocaleString('en')} objects</div>
        {frame.bad > 0 && <div className={styles.bad}>{frame.bad.toLocaleString('en')} failing</div>}
        {frame.warn > 0 && <div className={styles.warn}>{frame.warn.toLocaleString('en')} with warnings</div>}
      </div>
    );
  }
  if (hover.type === 'node') {
    const node = nodes[hover.node];
    if (!node) return null;
    return (
      <div className={styles.card} style={style} role="presentation">
        <div className={styles.cardTitle}>
          {node.tone !== 'none' && <StatusMark tone={node.tone} />}
          {visible(
            node.state === 'set'
              ? `${node.count.toLocaleString('en')} × ${node.kind}${node.name === node.kind ? '' : ` of ${node.name}`}`
              : node.name,
          )}
        </div>
        <div className={styles.muted}>
          {node.kind}
          {node.namespace !== '' && ` in ${visible(node.namespace)}`}
          {node.badge !== '' && `, ${node.badge}`}
        </div>
        {node.words !== '' && <div>{visible(node.words)}</div>}
        {node.state === 'set' && <div className={styles.muted}>Space opens them</div>}
      </div>
    );
  }
  const from = nodes[scene.edges[hover.edge] ?? -1];
  const to = nodes[scene.edges[hover.edge + 1] ?? -1];
  if (!from || !to) return null;
  const term = scene.terms[scene.edges[hover.edge + 2] ?? -1];
  if (term?.relation === 'enters')
    return (
      <div className={styles.card} style={style} role="presentation">
        <div className={styles.cardTitle}>{visible(`${to.tag} ${to.name}`)}</div>
        <div>listens to the outside on {visible(term.label.replace(/^:/, ''))}</div>
      </div>
    );
  const measured = flowsBetween(scene, scene.edges[hover.edge]!, scene.edges[hover.edge + 1]!, terms);
  const isDeclared = !isMeasured(term?.look);
  const verdict = term?.relation === 'selects' ? verdicts.get(from.id) : undefined;
  return (
    <div className={styles.card} style={style} role="presentation">
      {verdict && (
        <div className={verdict.answer?.outcome === 'denied' ? styles.bad : undefined}>
          <div className={styles.muted}>Network policies, straight from outside:</div>
          {visible(verdict.answer?.sentence ?? verdict.problem ?? 'not known')}
        </div>
      )}
      {measured.map((flow) => (
        <div key={flow.unit} className={isFailing(flow) ? styles.bad : undefined}>
          <div className={styles.muted}>
            Observed from {visible(`${from.tag} ${from.name}`)} to {visible(`${to.tag} ${to.name}`)}:
          </div>
          {flowSentence(flow)}
        </div>
      ))}
      {isDeclared && (
        <Origins key={`${from.id} ${to.id}`} client={client} session={session} from={from} to={to} />
      )}
    </div>
  );
}

/** Declared and observed edges of the same way lie on each other: pointing at one tells both. */
function flowsBetween(
  { edges, starts, touching }: Scene,
  from: number,
  to: number,
  terms: readonly MapTerm[],
): readonly MapFlow[] {
  const found: MapFlow[] = [];
  for (let k = starts[from]!; k < starts[from + 1]!; k++) {
    const i = touching[k]!;
    const { flow } = terms[edges[i + 2]!] ?? {};
    if (flow && edges[i] === from && edges[i + 1] === to) found.push(flow);
  }
  return found;
}

interface OriginsProps {
  readonly client: RpcClient | undefined;
  readonly session: string;
  readonly from: WireNode;
  readonly to: WireNode;
}

function Origins({ client, session, from, to }: OriginsProps): ReactNode {
  const [found, setFound] = useState<{ origins: readonly EdgeOrigin[]; total: number } | undefined>();
  useEffect(() => {
    if (!client) return undefined;
    const stop = new AbortController();
    client
      .call(topology, 'origins', { session, from: from.id, to: to.id }, stop.signal)
      .then(setFound, (thrown) => {
        if (!isCancelled(thrown)) setFound({ origins: [], total: 0 });
      });
    return () => stop.abort();
  }, [client, session, from.id, to.id]);
  return (
    <>
      <div className={styles.cardTitle}>
        {visible(`${from.tag} ${from.name}`)} <span className={styles.muted}>to</span>{' '}
        {visible(`${to.tag} ${to.name}`)}
      </div>
      {found?.origins.slice(0, MOST).map((origin, i) => (
        <div key={i} className={styles.origin}>
          <div>
            {relationWords(origin.relation)}
            {origin.inferred && <span className={styles.muted}> (guessed from the field's name)</span>}
            {origin.note !== '' && <span className={styles.muted}> {visible(origin.note)}</span>}
          </div>
          <div className={styles.field}>
            {visible(origin.field)}: {visible(origin.value)}
          </div>
          <div className={styles.muted}>{visible(origin.holder)}</div>
          {origin.invalid !== '' && <div className={styles.bad}>{visible(origin.invalid)}</div>}
        </div>
      ))}
      {found && found.total > MOST && <div className={styles.muted}>and {found.total - MOST} more</div>}
      {found?.total === 0 && <div className={styles.muted}>The field is no longer there.</div>}
    </>
  );
}
