import { describe, expect, it } from 'vitest';
import type { ContextSettings, ContextSummary } from '#shared/contract/app';
import { listRows } from './list-model';

const context = (name: string, more?: Partial<ContextSummary>): ContextSummary => ({
  id: name,
  name,
  cluster: 'c',
  user: 'u',
  namespace: null,
  server: `https://${name}.example`,
  file: '/home/me/.kube/config',
  auth: ['token'],
  ...more,
});
const contexts = [
  context('dev'),
  context('prod', { provider: { id: 'eks', label: 'EKS', region: 'eu-west-1' } }),
  context('test', { user: 'maria' }),
];
const rows = (own: Record<string, ContextSettings>, text = '', withHidden = false): string =>
  listRows(contexts, own, text, withHidden)
    .rows.map((row) =>
      row.type === 'group' ? `[${row.name} ${row.count}]` : `${row.context.id}@${row.place}`,
    )
    .join(' ');

describe('listRows', () => {
  it.each([
    ['no headings without groups', {}, '', false, 'dev@0 prod@1 test@2'],
    ['groups, the others last', { prod: { group: 'Live' } }, '', false, '[Live 1] prod@0 [ 2] dev@0 test@1'],
    ['a search keeps places', {}, 'test', false, 'test@2'],
    ['by alias', { dev: { alias: 'Playground' } }, 'playGR', false, 'dev@0'],
    ['by provider and region', {}, 'eks eu-west', false, 'prod@1'],
    ['by user', {}, 'maria', false, 'test@2'],
    ['by protection', { dev: { protected: true } }, 'protected', false, 'dev@0'],
    ['all words', {}, 'eks maria', false, ''],
    ['hidden ones are left out', { dev: { hidden: true } }, '', false, 'prod@1 test@2'],
    ['and shown on demand', { dev: { hidden: true } }, '', true, 'dev@0 prod@1 test@2'],
  ] as [string, Record<string, ContextSettings>, string, boolean, string][])(
    '%s',
    (_, own, text, withHidden, expected) => {
      expect(rows(own, text, withHidden)).toBe(expected);
    },
  );

  it('counts what is shown and what is hidden', () => {
    expect(listRows(contexts, { dev: { hidden: true } }, '', false)).toMatchObject({ shown: 2, hidden: 1 });
    expect(listRows(contexts, { dev: { hidden: true } }, 'prod', false)).toMatchObject({
      shown: 1,
      hidden: 0,
    });
  });

  it('searches 5,000 contexts within a frame', () => {
    const many = Array.from({ length: 5_000 }, (_, at) => context(`context-${at}`));
    listRows(many, {}, 'context-49', false);
    const before = performance.now();
    expect(listRows(many, {}, 'context-499', false).shown).toBe(11);
    expect(performance.now() - before).toBeLessThan(200);
  });
});
