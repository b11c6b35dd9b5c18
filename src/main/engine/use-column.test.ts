import { describe, expect, test } from 'vitest';
import { defineKind, type KubeObject } from '#shared/kinds/define';
import { Table } from './table';

interface Thing extends KubeObject {
  readonly limit?: number;
}

const thing = defineKind<Thing>({
  group: '',
  resource: 'things',
  kind: 'Thing',
  versions: ['v1'],
  namespaced: true,
  title: 'Things',
  singular: 'Thing',
  tag: 'th',
  aliases: [],
  section: 'custom',
  mask: { limit: true },
  columns: [
    { id: 'name', title: 'Name', type: 'text', get: (o) => o.metadata.name },
    { id: 'cpu', title: 'CPU', type: 'cpu-use', get: (o) => o.limit },
  ],
});

const object = (resourceVersion: string, limit?: number): Thing => ({
  metadata: { name: 'a', namespace: 'n', uid: 'u', resourceVersion },
  ...(limit === undefined ? {} : { limit }),
});

describe('measured use', () => {
  test('stays over updates of the object, and the bound over new measurements', () => {
    const table = new Table(thing);
    const changes: number[] = [];
    table.subscribe((change) => changes.push(change.added.length + change.changed.length));
    table.upsert(object('1', 2));
    table.flush();
    expect(table.cells(0)[1]).toBeNull();
    table.setUse({ cpu: () => 0.5 });
    expect(table.cells(0)[1]).toEqual([0.5, 2]);
    table.setUse({ cpu: () => 0.5 });
    table.upsert(object('2', 4));
    table.flush();
    expect(table.cells(0)[1]).toEqual([0.5, 4]);
    table.upsert(object('3'));
    table.flush();
    expect(table.cells(0)[1]).toEqual([0.5, null]);
    table.setUse({ cpu: () => null, missing: () => 1 });
    expect(table.cells(0)[1]).toBeNull();
    // Five things changed; the same measurement again was no news.
    expect(changes).toEqual([1, 1, 1, 1, 1]);
  });
});
