import { describe, expect, it } from 'vitest';
import { parseKubeconfig } from './load';

const whole = `apiVersion: v1
kind: Config
clusters:
- name: a
  cluster: {server: "https://a.example:6443"}
contexts:
- name: one
  context: {cluster: a, user: u}
users:
- name: u
  user: {token: abc}
current-context: one
`;

describe('parseKubeconfig', () => {
  it('reads entries with their lines', () => {
    const file = parseKubeconfig('/k', whole);
    expect(file.problems).toEqual([]);
    expect(file.contexts.get('one')).toMatchObject({ line: 7, value: { cluster: 'a', user: 'u' } });
    expect(file.currentContext).toBe('one');
    expect(file.broken).toBe(false);
  });

  it.each([
    ['byte order mark and CRLF', `\ufeff${whole.replace(/\n/g, '\r\n')}`],
    ['JSON', JSON.stringify({ contexts: [{ name: 'one', context: { cluster: 'a' } }] })],
    [
      'null lists',
      'clusters: null\nusers:\ncontexts:\n- name: one\n  context: {cluster: a, namespace: null}\n',
    ],
    [
      'unknown fields and kinds of extension',
      `${whole}zzz: 1\nextensions:\n- name: x\n  extension: {a: 1}\n`,
    ],
    [
      'an anchor and a merge key',
      `x: &base {cluster: a}\ncontexts:\n- name: one\n  context: {<<: *base, user: u}\n`,
    ],
  ])('reads %s', (_, text) => {
    const file = parseKubeconfig('/k', text.replace(/^\ufeff/, ''));
    expect(file.problems).toEqual([]);
    expect(file.contexts.get('one')?.value['cluster']).toBe('a');
  });

  it.each([
    ['a number as a name', '- name: 5\n  user: {}', /:12: .*name of entry 2.*quotes/],
    ['no name', '- user: {}', /:12: entry 2 of "users:" has no name/],
    ['no object', '- just text', /:12: entry 2 .*not an object/],
    ['a list as user', '- name: x\n  user: []', /:12: user "x": "user:" is not an object/],
    [
      'a number as token',
      '- name: x\n  user:\n    token: 123',
      /:14: user "x": "token" must be text; put it in quotes/,
    ],
    [
      'base64 that is none',
      '- name: x\n  user:\n    client-key-data: "%%"',
      /:14: .*"client-key-data" is not base64/,
    ],
    [
      'exec arguments that are no texts',
      '- name: x\n  user: {exec: {args: [1]}}',
      /"exec.args" must be a list of texts/,
    ],
    [
      'exec environment without names',
      '- name: x\n  user: {exec: {env: [A=b]}}',
      /"exec.env" must be a list/,
    ],
    ['an alias that leads nowhere', '- name: x\n  user: *nowhere', /:1[23]: /],
  ])('names file and line of %s, and keeps the others', (_, item, expected) => {
    const text = whole.replace('current-context', `${item}\ncurrent-context`);
    const file = parseKubeconfig('/k', text);
    expect(file.problems[0]?.message).toMatch(expected);
    expect(file.problems[0]?.message.startsWith('/k:')).toBe(true);
    expect(file.users.get('u')?.problem).toBeUndefined();
    expect(file.contexts.get('one')?.problem).toBeUndefined();
  });

  it('takes the first of two entries with one name and says so', () => {
    const file = parseKubeconfig(
      '/k',
      `users:\n- name: u\n  user: {token: first}\n- name: u\n  user: {token: second}\n`,
    );
    expect(file.users.get('u')?.value['token']).toBe('first');
    expect(file.problems[0]?.message).toMatch(/^\/k:4: user "u" is here twice; the one in line 2 counts/);
  });

  it('shows no value of the file in a problem', () => {
    const file = parseKubeconfig('/k', `users:\n- name: u\n  user: {token: [hunter2hunter2]}\n`);
    expect(JSON.stringify(file.problems)).not.toContain('hunter2');
  });

  it('counts aliases, so that a small file cannot explode', () => {
    const lines = ['a: &a [x,x,x,x,x,x,x,x,x,x]'];
    for (let level = 1; level < 9; level++) {
      const before = String.fromCharCode(96 + level);
      const name = String.fromCharCode(97 + level);
      lines.push(`${name}: &${name} [${Array(10).fill(`*${before}`).join(',')}]`);
    }
    const text = `${lines.join('\n')}\nusers:\n- name: bomb\n  user: {exec: {args: *i}}\n- name: u\n  user: {token: t}\n`;
    const file = parseKubeconfig('/k', text);
    expect(file.users.get('bomb')?.problem?.message).toMatch(/aliases/);
    expect(file.users.get('u')?.problem).toBeUndefined();
  });

  it('keeps what comes before a syntax error, and says where it is', () => {
    const file = parseKubeconfig('/k', `${whole}users2: [\n`);
    expect(file.broken).toBe(true);
    expect(file.contexts.has('one')).toBe(true);
    expect(file.problems[0]?.message).toMatch(/^\/k:1[34]: YAML/);
  });

  it.each([
    ['another kind', 'apiVersion: v1\nkind: Secret\ndata: {}\n', /another kind/],
    ['a text', 'hello', /not a kubeconfig/],
    ['a list', '- a\n- b\n', /not a kubeconfig/],
  ])('refuses %s', (_, text, expected) => {
    expect(parseKubeconfig('/k', text).problems[0]?.message).toMatch(expected);
  });

  it('leaves dangerous names harmless', () => {
    const file = parseKubeconfig(
      '/k',
      `contexts:\n- name: __proto__\n  context: {cluster: a, __proto__: {x: 1}}\n`,
    );
    expect(file.contexts.has('__proto__')).toBe(true);
    expect(({} as { x?: number }).x).toBeUndefined();
  });
});
