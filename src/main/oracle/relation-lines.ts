/**
 * Relations among manifests as JSON lines, sorted, each once. References the server does not honour
 * (an owner of another uid or namespace, no ReferenceGrant) are no edges; dangling ones are. What a
 * Helm release installed is read from its stored manifest.
 */
import type { RelationEdge, RelationNode } from '#shared/domain/topology/graph';
import { groupOf, knownScope } from '#shared/domain/topology/relations/kinds';
import { dig } from '#shared/domain/topology/relations/match';
import { RelationGraph } from '#shared/domain/topology/relation-graph';
import { str } from '#shared/k8s/read';
import { helmReleases } from './helm-releases';
import type { Manifest } from './manifests';

export function relationLines(manifests: readonly Manifest[]): string[] {
  const graph = new RelationGraph({ clusterScoped: scopeOf(manifests) });
  graph.load([...manifests, ...helmReleases(manifests)]);
  const lines = new Set<string>();
  for (const edge of graph.edges()) if (honoured(graph, edge)) lines.add(lineOf(edge));
  return [...lines].sort();
}

function lineOf({ from, to, relation, field }: RelationEdge): string {
  return JSON.stringify({ from: shown(from), to: shown(to), relation, field });
}

function shown({ kind, namespace, name }: RelationNode): string {
  return `${kind}/${namespace}/${name}`;
}

/** A missing object that is meant by uid must not be printed as another object of its name. */
function honoured(graph: RelationGraph, edge: RelationEdge): boolean {
  return edge.invalid === undefined && !shadowed(graph, edge.from) && !shadowed(graph, edge.to);
}

function shadowed(graph: RelationGraph, node: RelationNode): boolean {
  if (node.state !== 'missing') return false;
  return graph.get(RelationGraph.id(node.group, node.kind, node.namespace, node.name))?.state === 'present';
}

/**
 * Scope of custom kinds: what the CustomResourceDefinitions among the manifests say, else how
 * class parameters refer to them, else whether any has a namespace, else by name (`ClusterThing`);
 * all others live in namespaces.
 */
function scopeOf(manifests: readonly Manifest[]): (group: string, kind: string) => boolean | undefined {
  const scopes = new Map<string, boolean>();
  for (const { kind, spec } of manifests) {
    if (kind === 'IngressClass') note(dig(spec, 'parameters'), (ref) => dig(ref, 'scope') !== 'Namespace');
    if (kind === 'GatewayClass') note(dig(spec, 'parametersRef'), (ref) => !dig(ref, 'namespace'));
  }
  const placed = new Set<string>();
  for (const { apiVersion, kind, metadata, spec } of manifests) {
    if (metadata?.namespace) placed.add(`${kind}.${groupOf(apiVersion)}`);
    if (kind === 'CustomResourceDefinition') {
      scopes.set(
        `${str(dig(spec, 'names', 'kind'))}.${str(dig(spec, 'group'))}`,
        dig(spec, 'scope') === 'Cluster',
      );
    }
  }
  return (group, kind) =>
    scopes.get(`${kind}.${group}`) ??
    knownScope(group, kind) ??
    (/^Cluster[A-Z]/.test(kind) && !placed.has(`${kind}.${group}`));

  function note(ref: unknown, cluster: (ref: unknown) => boolean): void {
    const group = str(dig(ref, 'apiGroup')) || str(dig(ref, 'group'));
    if (group !== '') scopes.set(`${str(dig(ref, 'kind'))}.${group}`, cluster(ref));
  }
}
