/**
 * `npm run -s oracle:relations -- DIR|-`: manifests in, one JSON line per edge out, sorted, each
 * once. References the server does not honour (an owner of another uid or namespace, no
 * ReferenceGrant) are no edges; dangling ones are.
 */
import type { RelationEdge, RelationNode } from '#shared/domain/topology/graph';
import { knownScope } from '#shared/domain/topology/relations/kinds';
import { dig } from '#shared/domain/topology/relations/match';
import { RelationGraph } from '#shared/domain/topology/relation-graph';
import { str } from '#shared/k8s/read';
import { folderArgument } from './lines';
import { readManifests, type Manifest } from './manifests';

const objects = readManifests(folderArgument('relations'));
const graph = new RelationGraph({ clusterScoped: scopeOf(objects) });
graph.load(objects);
const lines = new Set<string>();
for (const edge of graph.edges()) if (honoured(edge)) lines.add(lineOf(edge));
process.stdout.write(
  [...lines]
    .sort()
    .map((line) => `${line}\n`)
    .join(''),
);

function lineOf({ from, to, relation, field }: RelationEdge): string {
  return JSON.stringify({ from: shown(from), to: shown(to), relation, field });
}

function shown({ kind, namespace, name }: RelationNode): string {
  return `${kind}/${namespace}/${name}`;
}

/** A missing object that is meant by uid must not be printed as another object of its name. */
function honoured(edge: RelationEdge): boolean {
  return edge.invalid === undefined && !shadowed(edge.from) && !shadowed(edge.to);
}

function shadowed(node: RelationNode): boolean {
  if (node.state !== 'missing') return false;
  return graph.get(RelationGraph.id(node.group, node.kind, node.namespace, node.name))?.state === 'present';
}

/**
 * Scope of custom kinds: what the CustomResourceDefinitions among the manifests say, else how
 * class parameters refer to them, else by name (`Cluster...`); all others live in namespaces.
 */
function scopeOf(manifests: readonly Manifest[]): (group: string, kind: string) => boolean | undefined {
  const scopes = new Map<string, boolean>();
  for (const { kind, spec } of manifests) {
    if (kind === 'IngressClass') note(dig(spec, 'parameters'), (ref) => dig(ref, 'scope') !== 'Namespace');
    if (kind === 'GatewayClass') note(dig(spec, 'parametersRef'), (ref) => !dig(ref, 'namespace'));
  }
  for (const { kind, spec } of manifests) {
    if (kind === 'CustomResourceDefinition') {
      scopes.set(
        `${str(dig(spec, 'names', 'kind'))}.${str(dig(spec, 'group'))}`,
        dig(spec, 'scope') === 'Cluster',
      );
    }
  }
  return (group, kind) =>
    scopes.get(`${kind}.${group}`) ?? knownScope(group, kind) ?? kind.startsWith('Cluster');

  function note(ref: unknown, cluster: (ref: unknown) => boolean): void {
    const group = str(dig(ref, 'apiGroup')) || str(dig(ref, 'group'));
    if (group !== '') scopes.set(`${str(dig(ref, 'kind'))}.${group}`, cluster(ref));
  }
}
