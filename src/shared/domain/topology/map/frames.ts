/**
 * Which frame an object stands in. Applications come from labels, releases and owners; what has no
 * label of its own goes where all that use it are, and to "Shared" when those are several. Widely
 * shared objects (nodes, classes) never join two applications.
 */
import { own } from '../../../k8s/read';
import type { StringMap } from '../../../k8s/types';
import type { RelationNode } from '../graph';
import { kindKey, shownAs, topOwner, workloadOf } from './fold';
import type { MapQuery } from './types';
import { VIEWS } from './views';

export interface Frame {
  readonly id: string;
  readonly title: string;
  /** Frames stand in this order, then by title. */
  readonly place: number;
}

const APP_LABELS = ['app.kubernetes.io/instance', 'app.kubernetes.io/name', 'app', 'k8s-app'];
const SHARED = 'Shared';
const ALONE = 'Not in an application';

export function framer(
  nodes: ReadonlyMap<RelationNode, unknown>,
  query: MapQuery,
): (node: RelationNode) => Frame {
  const several = query.namespaces.length !== 1;
  const inSpace = (node: RelationNode, title: string, place: number): Frame => {
    const full = several && node.namespace !== '' ? `${node.namespace} / ${title}` : title;
    return { id: `${query.groupBy}:${node.namespace}/${title}`, title: full, place };
  };
  switch (query.groupBy) {
    case 'namespace':
      // A chain of one namespace, or of one object, reads in one piece.
      if (query.object || (query.namespaces.length === 1 && VIEWS[query.view].connected)) {
        const title = query.object ? `${query.object.kind} ${query.object.name}` : query.namespaces[0]!;
        return () => ({ id: 'one', title, place: 1 });
      }
      return (node) =>
        node.namespace === ''
          ? { id: 'cluster', title: node.state === 'virtual' ? 'Outside' : 'Cluster', place: 2 }
          : { id: `ns:${node.namespace}`, title: node.namespace, place: 1 };
    case 'node':
      return (node) => {
        const name = node.kind === 'Node' && node.group === '' ? node.name : nodeName(node);
        if (name !== '') return { id: `node:${name}`, title: name, place: 1 };
        return isPlaced(node)
          ? { id: 'node:', title: 'Not placed on a node', place: 0 }
          : { id: 'node:rest', title: 'Without a node', place: 2 };
      };
    case 'zone': {
      const zones = new Map<string, string>();
      for (const node of nodes.keys())
        if (node.kind === 'Node' && node.group === '') zones.set(node.name, zoneOf(node));
      return (node) => {
        const name = node.kind === 'Node' && node.group === '' ? node.name : nodeName(node);
        if (name === '') return { id: 'zone:none', title: 'Not placed on a node', place: 0 };
        const zone = zones.get(name) ?? '';
        return { id: `zone:${zone}`, title: zone === '' ? 'No zone' : zone, place: 1 };
      };
    }
    case 'owner':
      return (node) => {
        if (node.namespace === '') return { id: 'cluster', title: 'Cluster', place: 2 };
        const top = shownAs(topOwner(node));
        return top === node && node.in.every((edge) => edge.relation !== 'owner')
          ? inSpace(node, 'Without an owner', 2)
          : inSpace(top, `${top.kind} ${top.name}`, 1);
      };
    case 'app': {
      const apps = appsOf(nodes);
      // Most objects are in one of few: each frame is made once.
      const made = new Map<string, Frame>();
      return (node) => {
        if (node.namespace === '' && kindKey(node) !== 'PersistentVolume.')
          return { id: 'cluster', title: node.state === 'virtual' ? 'Outside' : 'Cluster', place: 3 };
        const app = apps.get(node);
        if (app === undefined) return inSpace(node, ALONE, 2);
        if (app === SHARED) return inSpace(node, SHARED, 0);
        let frame = made.get(app);
        if (!frame) {
          const slash = app.indexOf('/');
          const namespace = app.slice(0, slash);
          const title = app.slice(slash + 1);
          frame = { id: `app:${app}`, title: several ? `${namespace} / ${title}` : title, place: 1 };
          made.set(app, frame);
        }
        return frame;
      };
    }
  }
}

function isPlaced(node: RelationNode): boolean {
  return node.kind === 'Pod' && node.group === '';
}

function nodeName(node: RelationNode): string {
  for (const edge of node.out) if (edge.relation === 'runs-on') return edge.to.name;
  return '';
}

function zoneOf(node: RelationNode): string {
  return (
    own(node.labels, 'topology.kubernetes.io/zone') ||
    own(node.labels, 'failure-domain.beta.kubernetes.io/zone')
  );
}

/** By node: `namespace/app`, or SHARED; absent where nothing tells. */
function appsOf(nodes: ReadonlyMap<RelationNode, unknown>): ReadonlyMap<RelationNode, string> {
  const apps = new Map<RelationNode, string>();
  let open: RelationNode[] = [];
  for (const node of nodes.keys()) {
    const app = ownApp(node);
    if (app !== '') apps.set(node, `${node.namespace}/${app}`);
    else open.push(node);
  }
  // From workloads outwards: services by their pods, ingresses by their services, volumes by their claims.
  for (let round = 0; round < 3 && open.length > 0; round++) {
    const found: (readonly [RelationNode, string])[] = [];
    const still: RelationNode[] = [];
    for (const node of open) {
      const app = appAround(node, apps);
      if (app === undefined) still.push(node);
      else found.push([node, app]);
    }
    for (const [node, app] of found) apps.set(node, app);
    if (found.length === 0) break;
    open = still;
  }
  return apps;
}

function appAround(node: RelationNode, apps: ReadonlyMap<RelationNode, string>): string | undefined {
  let app: string | undefined;
  for (let side = 0; side < 2; side++) {
    for (const edge of side === 0 ? node.in : node.out) {
      const other = side === 0 ? edge.from : edge.to;
      if (edge.weak || (other.namespace === '' && other.kind !== 'PersistentVolume')) continue;
      const theirs = apps.get(shownAs(other));
      if (theirs === undefined) continue;
      if (app === undefined) app = theirs;
      else if (app !== theirs) return SHARED;
    }
  }
  return app;
}

function ownApp(node: RelationNode): string {
  if (node.namespace === '') return '';
  for (let one: RelationNode | undefined = node, step = 0; one && step < 4; one = workloadOf(one), step++) {
    const told = labelled(one.labels) || annotated(one) || labelled(templateLabels(one));
    if (told !== '') return told;
  }
  // A workload without labels is its own application.
  const top = shownAs(topOwner(node));
  return /^(Deployment|StatefulSet|DaemonSet|CronJob|Job|ReplicaSet)$/.test(top.kind) ? top.name : '';
}

function labelled(labels: StringMap): string {
  for (const label of APP_LABELS) {
    const value = own(labels, label);
    if (value !== '') return value;
  }
  return '';
}

type Bag = Readonly<Record<string, unknown>>;
const bag = (value: unknown): Bag => (typeof value === 'object' && value !== null ? (value as Bag) : {});

function annotated(node: RelationNode): string {
  const release = bag(bag(node.object?.['metadata'])['annotations'])['meta.helm.sh/release-name'];
  return typeof release === 'string' ? release : '';
}

function templateLabels(node: RelationNode): StringMap {
  const template = bag(bag(node.object?.['spec'])['template']);
  return bag(bag(template['metadata'])['labels']) as StringMap;
}
