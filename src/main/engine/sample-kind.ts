/** A small kind with one column of each type, for the engine's own tests. */
import { defineKind, type CellTypes, type KubeObject } from '#shared/kinds/define';

export interface Sample extends KubeObject {
  readonly node?: string;
  readonly ip?: string;
  readonly count?: number | null;
  readonly born?: number;
  readonly state?: CellTypes['status'];
  readonly ready?: readonly [number, number];
  readonly restarts?: readonly [number, number | null];
  readonly memory?: number;
}

export const sampleKind = defineKind<Sample>({
  group: '',
  resource: 'samples',
  kind: 'Sample',
  versions: ['v1'],
  namespaced: true,
  title: 'Samples',
  singular: 'Sample',
  tag: 'sa',
  aliases: [],
  section: 'workloads',
  mask: {
    node: true,
    ip: true,
    count: true,
    born: true,
    state: true,
    ready: true,
    restarts: true,
    memory: true,
  },
  columns: [
    { id: 'name', title: 'Name', type: 'text', get: (o) => o.metadata.name },
    { id: 'namespace', title: 'Namespace', type: 'text', get: (o) => o.metadata.namespace },
    { id: 'status', title: 'Status', type: 'status', get: (o) => o.state },
    { id: 'ready', title: 'Ready', type: 'ratio', get: (o) => o.ready },
    { id: 'restarts', title: 'Restarts', type: 'restarts', get: (o) => o.restarts },
    { id: 'node', title: 'Node', type: 'text', get: (o) => o.node },
    { id: 'ip', title: 'IP', type: 'mono', get: (o) => o.ip },
    { id: 'count', title: 'Count', type: 'number', get: (o) => o.count },
    { id: 'memory', title: 'Memory used', type: 'bytes', get: (o) => o.memory },
    { id: 'age', title: 'Age', type: 'time', get: (o) => o.born },
  ],
});

export interface SampleFields extends Omit<Sample, 'metadata'> {
  readonly namespace?: string;
  readonly uid?: string;
  readonly rv?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly deleting?: boolean;
}

/** An object of the kind; uid and version follow from the name unless given. */
export function sample(name: string, fields: SampleFields = {}): Sample {
  const { namespace = 'default', uid, rv, labels, deleting, ...rest } = fields;
  return {
    metadata: {
      name,
      namespace,
      uid: uid ?? uuid(`${namespace}/${name}`),
      resourceVersion: rv ?? '1',
      ...(labels ? { labels } : {}),
      ...(deleting ? { deletionTimestamp: '2026-01-01T00:00:00Z' } : {}),
    },
    ...rest,
  };
}

/** A canonical UUID that depends on the text alone. */
export function uuid(text: string): string {
  let hex = '';
  let h = 0x811c9dc5;
  for (let round = 0; round < 4; round++) {
    for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
    h = Math.imul(h ^ (round + 1), 0x85ebca6b);
    hex += (h >>> 0).toString(16).padStart(8, '0');
  }
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
