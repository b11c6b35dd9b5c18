import { expect, it } from 'vitest';
import { genericKind } from '#shared/kinds/generic';
import { Table } from '../table';
import { toTableRow } from './json-shared';

const metrics = genericKind(
  { group: 'metrics.k8s.io', version: 'v1beta1', resource: 'pods', kind: 'PodMetrics', namespaced: true },
  [
    { name: 'Name', type: 'string', format: 'name' },
    { name: 'cpu', type: 'string' },
  ],
  () => 0,
);

const row = (name: string, cpu: string) =>
  toTableRow({ cells: [name, cpu], object: { metadata: { name, namespace: 'shop' } } })!;

it('rows without uid and resourceVersion go by their name and still change', () => {
  const table = new Table(metrics);
  for (const one of [row('a', '10m'), row('b', '20m'), row('a', '30m')]) table.upsert(one);
  table.flush();
  expect([table.size, table.skipped]).toEqual([2, 0]);
  expect(table.cells(table.findNamed('shop', 'a'))).toContain('30m');
  const replace = table.beginReplace();
  replace.add(row('b', '20m'));
  replace.commit();
  expect(table.size).toBe(1);
});

it.each([null, {}, { object: null }, { object: { metadata: {} } }, { object: { metadata: { name: '' } } }])(
  'a row without a name is none: %j',
  (value) => expect(toTableRow(value)).toBeUndefined(),
);
