/** The RBAC oracles' reading: manifests nobody vouches for, and questions as lines. */
import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { answerLines } from './lines';
import type { Manifest } from './manifests';
import { rbacSnapshot } from './rbac-manifests';
import { questionOf, requestOf } from './rbac-question';

const apiVersion = 'rbac.authorization.k8s.io/v1';
const role = (more: object): Manifest => ({ apiVersion, kind: 'Role', metadata: { name: 'a' }, ...more });
const binding = (more: object): Manifest => ({
  apiVersion,
  kind: 'RoleBinding',
  metadata: { name: 'b' },
  roleRef: { kind: 'Role', name: 'a' },
  ...more,
});

function read(...objects: Manifest[]) {
  const said: string[] = [];
  return { said, ...rbacSnapshot(objects, (message) => said.push(message)) };
}

describe('rbacSnapshot', () => {
  it.each<[string, Manifest]>([
    ['verbs is no list of strings', role({ rules: [{ verbs: 'get', resources: ['pods'] }] })],
    ['resources is no list of strings', role({ rules: [{ verbs: ['get'], resources: [1] }] })],
    ['rules is no list', role({ rules: {} })],
    ['rules[0] is empty', role({ rules: [null] })],
    ['metadata.name is missing', role({ metadata: {} })],
    ['roleRef names no role', binding({ roleRef: { kind: 'Role' } })],
    ['subjects[0].name is no string', binding({ subjects: [{ kind: 'User' }] })],
    ['subjects is no list', binding({ subjects: 'jane' })],
  ])('%s: told, left out, the others stay', (words, wrong) => {
    const good = role({ metadata: { name: 'good' }, rules: null });
    const { said, roles, bindings } = read(wrong, good);
    expect(said).toHaveLength(1);
    expect(said[0]).toContain(words);
    expect([...roles, ...bindings].map((one) => one.name)).toEqual(['good']);
  });

  it('takes an empty namespace for default, and the later of two of the same name', () => {
    const first = binding({ subjects: [{ kind: 'User', name: 'jane' }] });
    const later = binding({
      metadata: { name: 'b', namespace: '' },
      subjects: [{ kind: 'User', name: 'jim' }],
    });
    const { bindings } = read(first, later);
    expect(bindings).toHaveLength(1);
    expect(bindings[0]).toMatchObject({ namespace: 'default', subjects: [{ name: 'jim' }] });
  });
});

describe('questions as lines', () => {
  it('takes a subresource apart, and adds the groups of a user only where none are given (A16)', () => {
    const line = { user: 'system:serviceaccount:shop:a', verb: 'get', resource: 'pods/log' };
    expect(requestOf(line)).toMatchObject({
      resource: 'pods',
      subresource: 'log',
      groups: ['system:authenticated', 'system:serviceaccounts', 'system:serviceaccounts:shop'],
    });
    expect(requestOf({ ...line, groups: [] }).groups).toEqual([]);
  });

  it.each([
    [{ resource: 'pods' }, 'verb is missing'],
    [{ verb: 'get' }, 'neither resource nor path'],
    [{ verb: 'get', resource: ['pods'] }, 'resource is no string'],
    [{ verb: 'get', resource: 'pods', name: 7 }, 'name is no string'],
  ])('%j: %s', (line, words) => {
    expect(() => questionOf(line)).toThrow(words);
  });

  it('answers every line, told apart from those it cannot answer', async () => {
    const out: string[] = [];
    const said: string[] = [];
    const input = Readable.from(['{"n":1}\nnothing\n[1]\n\n{"n":2}\n']);
    const write = (text: string): void => void out.push(text);
    await answerLines(({ n }) => n, { allowed: false }, { input, write, report: (text) => said.push(text) });
    const lines = out
      .join('')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as unknown);
    expect(lines).toEqual([
      1,
      { allowed: false, error: expect.any(String) as string },
      { allowed: false, error: 'a question is a JSON object' },
      2,
    ]);
    expect(said.map((text) => text.split(':')[0])).toEqual(['line 2', 'line 3']);
  });
});
