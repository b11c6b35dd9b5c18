/**
 * What network policies say of the way from outside to the pods of a Service, laid over the traffic
 * map. Asked of the policy model of the same cluster, and only for Services something outside leads to.
 */
import { useEffect, useMemo, useState } from 'react';
import { netpol, type AskBatch } from '#shared/contract/netpol';
import type { WireNode } from '#shared/contract/topology';
import type { RpcClient } from '#shared/rpc/client';
import type { EdgeTerm, Scene } from '../../ui/graph/scene';

/** Each is a question kept open. */
const MOST = 16;
const ENTRY = new Set(['enters', 'routes-to', 'default-backend']);

export type Verdicts = ReadonlyMap<string, AskBatch>;
type Entry = Pick<WireNode, 'id' | 'namespace' | 'name'>;

const NONE: Verdicts = new Map();

/** Answers by node id of the Service, live while `on`. */
export function useVerdicts(
  client: RpcClient | undefined,
  on: boolean,
  scene: Scene,
  nodes: readonly WireNode[],
): Verdicts {
  // As text: a map made anew has the same Services in other objects.
  const key = useMemo(() => JSON.stringify(on ? entryServices(scene, nodes) : []), [on, scene, nodes]);
  const [verdicts, setVerdicts] = useState<Verdicts>(NONE);
  useEffect(() => {
    setVerdicts(NONE);
    if (!client) return undefined;
    const services = JSON.parse(key) as readonly Entry[];
    const open = services.map(({ id, namespace, name }) =>
      client.open(
        netpol,
        'ask',
        {
          from: { type: 'internet' },
          to: { type: 'service', namespace, name },
          port: null,
          protocol: 'TCP',
        },
        {
          onData: (batch) => setVerdicts((before) => new Map(before).set(id, batch)),
          onEnd: () => undefined,
        },
      ),
    );
    return () => open.forEach((one) => one.close());
  }, [client, key]);
  return verdicts;
}

function entryServices(scene: Scene, nodes: readonly WireNode[]): readonly Entry[] {
  const found = new Set<WireNode>();
  const { edges, terms } = scene;
  for (let i = 0; i < edges.length && found.size < MOST; i += 4) {
    const to = nodes[edges[i + 1]!];
    if (to?.kind !== 'Service' || to.state !== 'present') continue;
    if (ENTRY.has(terms[edges[i + 2]!]?.relation ?? '')) found.add(to);
  }
  return [...found].map(({ id, namespace, name }) => ({ id, namespace, name }));
}

/** The scene with the edges from those Services to their pods drawn as allowed or denied. */
export function withVerdicts(scene: Scene, verdicts: Verdicts): Scene {
  if (verdicts.size === 0) return scene;
  const terms: EdgeTerm[] = [...scene.terms];
  const edges = scene.edges.slice();
  const made = new Map<string, number>();
  for (let i = 0; i < edges.length; i += 4) {
    const term = scene.terms[edges[i + 2]!];
    const outcome = verdicts.get(scene.nodes[edges[i]!]?.id ?? '')?.answer?.outcome;
    if (term?.relation !== 'selects' || outcome === undefined || outcome === 'undefined') continue;
    const key = `${edges[i + 2]} ${outcome}`;
    let at = made.get(key);
    if (at === undefined) {
      made.set(key, (at = terms.length));
      const look = outcome === 'denied' ? 'closed' : 'open';
      const word = outcome === 'partial' ? 'partly allowed' : outcome;
      terms.push({ ...term, look, label: `${term.label} ${word}` });
    }
    edges[i + 2] = at;
  }
  return { ...scene, terms, edges };
}
