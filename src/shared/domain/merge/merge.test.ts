import { describe, expect, it } from 'vitest';
import { builtInRules, firstOf } from './list-rules';
import { merge3, type Choices } from './merge';

const rules = firstOf(builtInRules('Deployment'));
const pod = (containers: unknown, more: object = {}): unknown => ({ spec: { containers, ...more } });
const web = (more: object = {}): object => ({ name: 'web', image: 'a:1', ...more });

interface Case {
  readonly name: string;
  readonly base: unknown;
  readonly mine: unknown;
  readonly theirs: unknown;
  readonly value?: unknown;
  readonly conflicts?: readonly string[];
  readonly choices?: Choices;
}

const cases: readonly Case[] = [
  {
    name: 'fields of one map changed by both',
    base: { spec: { replicas: 1, paused: false } },
    mine: { spec: { replicas: 3, paused: false } },
    theirs: { spec: { replicas: 1, paused: true } },
    value: { spec: { replicas: 3, paused: true } },
  },
  {
    name: 'the same field, differently',
    base: { spec: { replicas: 1 } },
    mine: { spec: { replicas: 3 } },
    theirs: { spec: { replicas: 5 } },
    value: { spec: { replicas: 5 } },
    conflicts: ['spec.replicas'],
  },
  {
    name: 'the same field, alike',
    base: { spec: { replicas: 1 } },
    mine: { spec: { replicas: 3 } },
    theirs: { spec: { replicas: 3 } },
    value: { spec: { replicas: 3 } },
  },
  {
    name: 'image of mine, a sidecar and env of theirs',
    base: pod([web()]),
    mine: pod([web({ image: 'a:2' })]),
    theirs: pod([{ name: 'log', image: 'l:1' }, web({ env: [{ name: 'A', value: '1' }] })]),
    value: pod([{ name: 'log', image: 'l:1' }, web({ image: 'a:2', env: [{ name: 'A', value: '1' }] })]),
  },
  {
    name: 'variables added by both, one changed by both',
    base: pod([web({ env: [{ name: 'A', value: '1' }] })]),
    mine: pod([
      web({
        env: [
          { name: 'A', value: '2' },
          { name: 'M', value: 'm' },
        ],
      }),
    ]),
    theirs: pod([
      web({
        env: [
          { name: 'T', value: 't' },
          { name: 'A', value: '3' },
        ],
      }),
    ]),
    value: pod([
      web({
        env: [
          { name: 'T', value: 't' },
          { name: 'A', value: '3' },
          { name: 'M', value: 'm' },
        ],
      }),
    ]),
    conflicts: ['spec.containers[name=web].env[name=A].value'],
  },
  {
    name: 'ports by number and protocol, TCP understood',
    base: pod([web({ ports: [{ containerPort: 80 }] })]),
    mine: pod([web({ ports: [{ containerPort: 80, name: 'http' }] })]),
    theirs: pod([
      web({
        ports: [
          { containerPort: 80, protocol: 'TCP' },
          { containerPort: 80, protocol: 'UDP' },
        ],
      }),
    ]),
    value: pod([
      web({
        ports: [
          { containerPort: 80, protocol: 'TCP', name: 'http' },
          { containerPort: 80, protocol: 'UDP' },
        ],
      }),
    ]),
  },
  {
    name: 'deleted by me, changed by them',
    base: pod([web(), { name: 'log', image: 'l:1' }]),
    mine: pod([web()]),
    theirs: pod([web(), { name: 'log', image: 'l:2' }]),
    value: pod([web(), { name: 'log', image: 'l:2' }]),
    conflicts: ['spec.containers[name=log]'],
  },
  {
    name: 'deleted by me, untouched by them',
    base: pod([web(), { name: 'log', image: 'l:1' }]),
    mine: pod([web()]),
    theirs: pod([web({ image: 'a:2' }), { name: 'log', image: 'l:1' }]),
    value: pod([web({ image: 'a:2' })]),
  },
  {
    name: 'a choice ends the conflict',
    base: { spec: { replicas: 1 } },
    mine: { spec: { replicas: 3 } },
    theirs: { spec: { replicas: 5 } },
    value: { spec: { replicas: 3 } },
    choices: { 'spec.replicas': 'mine' },
  },
  {
    name: 'a choice of what was there before',
    base: { spec: { replicas: 1 } },
    mine: { spec: { replicas: 3 } },
    theirs: { spec: { replicas: 5 } },
    value: { spec: { replicas: 1 } },
    choices: { 'spec.replicas': 'base' },
  },
  {
    name: 'a list without keys is one value',
    base: pod([web({ args: ['a'] })]),
    mine: pod([web({ args: ['a', 'b'] })]),
    theirs: pod([web({ args: ['c'] })]),
    value: pod([web({ args: ['c'] })]),
    conflicts: ['spec.containers[name=web].args'],
  },
  {
    name: 'finalizers are a set',
    base: { metadata: { finalizers: ['a', 'b'] } },
    mine: { metadata: { finalizers: ['b', 'm'] } },
    theirs: { metadata: { finalizers: ['t', 'a', 'b'] } },
    value: { metadata: { finalizers: ['t', 'b', 'm'] } },
  },
  {
    name: 'a key twice makes a list one value',
    base: pod([web({ env: [{ name: 'A' }, { name: 'A' }] })]),
    mine: pod([web({ env: [{ name: 'A' }] })]),
    theirs: pod([web({ env: [{ name: 'A' }, { name: 'A' }, { name: 'B' }] })]),
    conflicts: ['spec.containers[name=web].env'],
  },
  {
    name: 'containers put into another order by me only',
    base: pod([web(), { name: 'b' }]),
    mine: pod([{ name: 'b' }, web()]),
    theirs: pod([web(), { name: 'b', image: 'x' }]),
    value: pod([{ name: 'b', image: 'x' }, web()]),
  },
  {
    name: 'another order by both',
    base: pod([{ name: 'a' }, { name: 'b' }, { name: 'c' }]),
    mine: pod([{ name: 'b' }, { name: 'a' }, { name: 'c' }]),
    theirs: pod([{ name: 'a' }, { name: 'c' }, { name: 'b' }]),
    value: pod([{ name: 'a' }, { name: 'c' }, { name: 'b' }]),
    conflicts: ['spec.containers (order)'],
  },
  {
    name: 'a map against a value',
    base: { a: 1 },
    mine: { a: { b: 1 } },
    theirs: { a: 2 },
    value: { a: 2 },
    conflicts: ['a'],
  },
  {
    name: 'labels added where there were none',
    base: { metadata: {} },
    mine: { metadata: { labels: { 'a.b/c': '1' } } },
    theirs: { metadata: { labels: { d: '2' } } },
    value: { metadata: { labels: { 'a.b/c': '1', d: '2' } } },
  },
  {
    name: 'label keys with dots are told apart',
    base: { metadata: { labels: { 'a.b': '1' } } },
    mine: { metadata: { labels: { 'a.b': '2' } } },
    theirs: { metadata: { labels: { 'a.b': '3' } } },
    conflicts: ['metadata.labels["a.b"]'],
  },
];

describe('merge3', () => {
  it.each(cases)('$name', ({ base, mine, theirs, value, conflicts = [], choices }) => {
    const merged = merge3(base, mine, theirs, rules, choices);
    expect(merged.conflicts.map((one) => one.id)).toEqual(conflicts);
    if (value !== undefined) expect(merged.value).toEqual(value);
  });

  it('treats __proto__ and constructor as keys', () => {
    const base = JSON.parse('{"a":1}') as unknown;
    const mine = JSON.parse('{"a":1,"__proto__":{"x":1}}') as unknown;
    const theirs = JSON.parse('{"a":2,"constructor":"c"}') as unknown;
    const { value } = merge3(base, mine, theirs, rules);
    expect(JSON.stringify(value)).toBe('{"a":2,"constructor":"c","__proto__":{"x":1}}');
    expect(({} as Record<string, unknown>)['x']).toBeUndefined();
  });

  it('goes by the rules of the kind: ports of a Service', () => {
    const service = (ports: unknown): unknown => ({ spec: { ports } });
    const merged = merge3(
      service([{ port: 80, targetPort: 1 }]),
      service([{ port: 80, targetPort: 2 }]),
      service([
        { port: 80, targetPort: 1 },
        { port: 443, targetPort: 3 },
      ]),
      firstOf(builtInRules('Service')),
    );
    expect(merged).toMatchObject({
      conflicts: [],
      value: service([
        { port: 80, targetPort: 2 },
        { port: 443, targetPort: 3 },
      ]),
    });
  });
});
