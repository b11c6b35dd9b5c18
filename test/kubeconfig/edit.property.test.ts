/** Any kubeconfig in any mix of styles: an edit means what it says and moves no other byte. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { changeText, type KubeconfigEdit } from '../../src/main/kubeconfig/edit';
import { planAdd } from '../../src/main/kubeconfig/edit-add';
import { parseKubeconfig } from '../../src/main/kubeconfig/load';

const word = fc.constantFrom(
  'prod',
  'a/b:c',
  "it's",
  'yes',
  '123',
  'x # y',
  'ä ö',
  '"q"',
  'arn:aws:eks:r:1:cluster/n',
  '-',
  '~',
);
const style = fc.record({
  flow: fc.constantFrom('block', 'inner', 'list', 'lines', 'json'),
  comment: fc.constantFrom('', ' # why', ' # "quote'),
  between: fc.constantFrom('', '\n', '# next\n', '  # indented\n'),
  indent: fc.constantFrom('', '  '),
  dash: fc.constantFrom('- ', '-   '),
  namespace: fc.constantFrom(undefined, 'shop', '"quoted"', "'single'"),
});
const file = fc.record({
  names: fc.uniqueArray(word, { minLength: 1, maxLength: 5 }),
  styles: fc.array(style, { minLength: 5, maxLength: 5 }),
  lists: style,
  current: fc.nat(4),
  crlf: fc.boolean(),
  cut: fc.boolean(),
  order: fc.shuffledSubarray(['contexts', 'clusters', 'users'], { minLength: 3, maxLength: 3 }),
});
type File = typeof file extends fc.Arbitrary<infer T> ? T : never;

function textOf(given: File): string {
  const { names, styles, lists } = given;
  const pad = lists.indent;
  const entry = (name: string, at: number): string => {
    const { comment, between, namespace, dash, flow } = styles[at] ?? lists;
    const space = namespace === undefined ? '' : flow === 'json' ? '' : namespace;
    const inner = `cluster: c, user: "u"${space ? `, namespace: ${space}` : ''}`;
    const key = JSON.stringify(name);
    if (flow === 'json')
      return `${pad}- {"name":${key},"context":{"cluster":"c","user":"u"}}${comment}\n${between}`;
    if (flow === 'inner')
      return `${pad}${dash}name: ${key}${comment}\n${pad}${' '.repeat(dash.length)}context: {${inner}}\n${between}`;
    const deep = `${pad}${' '.repeat(dash.length)}`;
    const rows = [`cluster: c${comment}`, 'user: "u"', ...(space ? [`namespace: ${space}${comment}`] : [])];
    return `${pad}${dash}context:${comment}\n${rows.map((row) => `${deep}  ${row}\n`).join('')}${deep}name: ${key}\n${between}`;
  };
  const flowEntry = (name: string): string =>
    `{name: ${JSON.stringify(name)}, context: {cluster: c, user: u}}`;
  const contexts =
    lists.flow === 'list'
      ? `contexts: [${names.map(flowEntry).join(', ')}]${lists.comment}\n`
      : lists.flow === 'lines'
        ? `contexts: [\n${names.map((name) => `  ${flowEntry(name)},${lists.comment}\n`).join('')}]\n`
        : `contexts:${lists.comment}\n${names.map(entry).join('')}`;
  const parts: Record<string, string> = {
    contexts,
    clusters: `clusters:\n- name: c\n  cluster: {server: "https://h"}\n${lists.between}`,
    users: `users: [{name: u, user: {token: "t"}}]\n`,
  };
  const current = `current-context: ${JSON.stringify(names[given.current % names.length])}${lists.comment}\n`;
  let text = `# head\nx-own: [1, {a: b}]\n${current}${given.order.map((one) => parts[one]).join('')}`;
  if (given.cut) text = text.replace(/\n$/, '');
  return given.crlf ? text.replaceAll('\n', '\r\n') : text;
}

function isSubsequence(part: string, whole: string): boolean {
  let at = 0;
  for (const letter of part) {
    at = whole.indexOf(letter, at) + 1;
    if (at === 0) return false;
  }
  return true;
}

/** What stays in front and behind of a change; the rest is the change. */
function middle(before: string, after: string): { removed: string; added: string } {
  let head = 0;
  while (head < before.length && before[head] === after[head]) head += 1;
  let tail = 0;
  const most = Math.min(before.length, after.length) - head;
  while (tail < most && before.at(-1 - tail) === after.at(-1 - tail)) tail += 1;
  return { removed: before.slice(head, before.length - tail), added: after.slice(head, after.length - tail) };
}

const namesIn = (text: string): string[] => [...parseKubeconfig('/k', text).contexts.keys()];
const lineEnds = (text: string): boolean => !/[^\r]\n/.test(text) || !text.includes('\r');

it('holds for every edit of every generated file', () => {
  fc.assert(
    fc.property(file, fc.nat(4), (given, pick) => {
      const text = textOf(given);
      const { names } = given;
      expect(parseKubeconfig('/k', text).problems).toEqual([]);
      const context = names[pick % names.length] ?? '';
      const one = (edit: KubeconfigEdit): string => {
        const changed = changeText('/k', text, edit);
        expect(lineEnds(changed)).toBe(true);
        return changed;
      };
      for (const edit of [
        { op: 'set-current', context },
        { op: 'set-namespace', context, namespace: 'other' },
        { op: 'set-namespace', context, namespace: null },
      ] as const) {
        const { removed, added } = middle(text, one(edit));
        expect(removed.trim()).not.toContain('\n');
        expect(added.trim()).not.toContain('\n');
      }
      const renamed = one({ op: 'rename', context, to: 'new name' });
      expect(namesIn(renamed)).toEqual(names.map((name) => (name === context ? 'new name' : name)));
      expect(renamed.split('\n').length).toBe(text.split('\n').length);
      // Names are written in double quotes here, so the way back gives the same bytes.
      expect(changeText('/k', renamed, { op: 'rename', context: 'new name', to: context })).toBe(text);
      const removed = one({ op: 'remove', context });
      expect(namesIn(removed)).toEqual(names.filter((name) => name !== context));
      expect(isSubsequence(removed.replace(/(contexts:) \[\]/, '$1'), text)).toBe(true);
      const plan = planAdd('/k', text, { text: text.replaceAll('"t"', '"other"') });
      const grown = one(plan.edit);
      expect(plan.added).toHaveLength(names.length);
      expect(isSubsequence(text, grown)).toBe(true);
      expect(namesIn(grown)).toEqual([...names, ...plan.added]);
    }),
    { numRuns: 400 },
  );
}, 60_000);
