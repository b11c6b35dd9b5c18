import { expect, it, test } from 'vitest';
import type { RelationNode } from '#shared/domain/topology/graph';
import { ObjectHealth } from './health';

const node = (group: string, kind: string, object: unknown): RelationNode =>
  ({ group, kind, object }) as unknown as RelationNode;
const meta = { name: 'x', uid: 'u', creationTimestamp: '2026-01-01T00:00:00Z' };
const gizmo = (conditions: unknown): RelationNode =>
  node('example.com', 'Gizmo', { metadata: meta, status: { conditions } });

test.each<[string, RelationNode, unknown]>([
  ['ready', gizmo([{ type: 'Ready', status: 'True' }]), { tone: 'ok', text: 'Ready' }],
  [
    'not ready, with its reason',
    gizmo([{ type: 'Other' }, { type: 'Ready', status: 'False', reason: 'NoRoom' }]),
    { tone: 'bad', text: 'Not ready, NoRoom' },
  ],
  ['not ready', gizmo([{ type: 'Ready', status: 'False', reason: 7 }]), { tone: 'bad', text: 'Not ready' }],
  ['unknown', gizmo([{ type: 'Ready', status: 'Unknown' }]), { tone: 'idle', text: 'Ready unknown' }],
  ['no such condition', gizmo([{ type: 'Synced', status: 'False' }]), undefined],
  ['no list', gizmo('Ready'), undefined],
  ['holes in the list', gizmo([null, 1, 'Ready']), undefined],
  ['not there', node('example.com', 'Gizmo', undefined), undefined],
])('a custom object: %s', (_title, of, wanted) => {
  expect(new ObjectHealth().of(of)).toEqual(wanted);
});

it('tells a known kind as its table does, with the ready ones beside the name', () => {
  const health = new ObjectHealth();
  const short = node('apps', 'Deployment', {
    metadata: meta,
    spec: { replicas: 3 },
    status: { replicas: 3, readyReplicas: 1, availableReplicas: 1, updatedReplicas: 3 },
  });
  expect(health.badge(short)).toBe('1/3');
  expect(['warn', 'progress', 'bad']).toContain(health.of(short)?.tone);
  const none = node('apps', 'Deployment', { metadata: meta, spec: { replicas: 0 }, status: {} });
  expect(health.badge(none)).toBe('');
});

it('reads an object once, and the next state of it anew', () => {
  let reads = 0;
  const watched = (status: string): unknown => ({
    metadata: meta,
    get status() {
      reads++;
      return { conditions: [{ type: 'Ready', status }] };
    },
  });
  const health = new ObjectHealth();
  const first = node('example.com', 'Gizmo', watched('True'));
  health.of(first);
  health.badge(first);
  health.of(first);
  expect(reads).toBe(1);
  expect(health.of(node('example.com', 'Gizmo', watched('False')))?.tone).toBe('bad');
});
