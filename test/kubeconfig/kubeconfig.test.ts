/**
 * Nasty kubeconfigs: read as kubectl reads them, or refused with words; changed in one place
 * without another byte moving.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, symlink, writeFile, mkdir, chmod } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AppFailure } from '#shared/util/app-error';
import { toContextConfig } from '../../src/main/kubeconfig/context';
import { changeText, type KubeconfigEdit } from '../../src/main/kubeconfig/edit';
import { readForEdit, saveEdit } from '../../src/main/kubeconfig/edit-file';
import { loadKubeconfig, MAX_KUBECONFIG_BYTES, parseKubeconfig } from '../../src/main/kubeconfig/load';
import { answerFor, casesFolder, kubectl, view } from './kubectl';
import { kubectlView, readOurs } from './ours';

/** Cases kubectl refuses whole: words of ours. */
const refusedWhole: Readonly<Record<string, RegExp>> = {
  '19-duplicate-names': /context "a" is here twice; the one in line 7 counts/,
  '24-boolean-as-text': /:13: context "a": "namespace" must be text; put it in quotes/,
  '26-tab-indent': /:7: YAML: a tab/,
  '27-half-written': /YAML: .*missing/,
  '34-number-as-name': /:9: the name of entry 1 of "contexts:" is not text/,
  '35-another-kind': /another kind of object, not a kubeconfig/,
  '39-not-base64': /:8: cluster "c": "certificate-authority-data" is not base64/,
};

/** Contexts that cannot be used, in files that can be read: words of ours; true: kubectl refuses as well. */
const refusedContexts: Readonly<Record<string, Readonly<Record<string, readonly [RegExp, boolean]>>>> = {
  '25-bad-entries': {
    'ca-and-insecure': [/certificate authority and insecure-skip-tls-verify/, true],
    'token-and-basic': [/both a token and a user name/, true],
    'cert-without-key': [/no client key/, true],
    'old-exec': [/v1alpha1/, true],
    'exec-without-mode': [/interactiveMode/, true],
    'exec-without-command': [/no command/, true],
    'uid-without-as': [/without "as"/, true],
    'exec-and-provider': [/both exec and auth-provider/, true],
    // kubectl talks to localhost:8080 or asks for a password: the wrong cluster, or nobody there to answer.
    'no-such-cluster': [/names the cluster "nowhere", which does not exist/, false],
    'no-such-user': [/names the user "nobody", which does not exist/, false],
    'no-cluster': [/names no cluster/, false],
  },
  '33-odd-servers': { none: [/has no server/, false], ftp: [/neither https nor http/, false] },
};

const names = readdirSync(casesFolder)
  .filter((file) => !file.startsWith('.'))
  .sort();
const cases: { name: string; files: string[] }[] = [];
for (const file of names) {
  const name = file.startsWith('30-') ? '30-two-files' : file.replace(/\.(yaml|json)$/, '');
  const path = join(casesFolder, file);
  const last = cases[cases.length - 1];
  if (last?.name === name) last.files.push(path);
  else cases.push({ name, files: [path] });
}

beforeAll(() => {
  if (!kubectl)
    process.stderr.write('\nNO KUBECTL HERE: compared with RECORDED ANSWERS (test/kubeconfig/answers).\n');
});

describe.each(cases)('$name', ({ name, files }) => {
  it('is read as by kubectl', () => {
    const contexts = refusedContexts[name] ?? {};
    const answer = answerFor(name, files, Object.keys(contexts));
    const ours = readOurs(files);
    const words = ours.files.flatMap((file) => file.problems.map((one) => one.message)).join('\n');
    if (name === '40-alias-bomb') {
      // kubectl refuses the file for a part that is no entry; nothing of that part is ever expanded here.
      expect(answer.error).toContain('excessive aliasing');
      expect(Object.keys(ours.view.contexts)).toEqual(['a']);
      return;
    }
    const whole = refusedWhole[name];
    if (whole) {
      expect(answer.view).toBeNull();
      expect(words).toMatch(whole);
      return;
    }
    if (answer.view === null) throw new Error(`kubectl refuses it: ${answer.error}`);
    expect(ours.view).toEqual(kubectlView(answer.view));
    const refused: string[] = [];
    for (const one of ours.merged.contexts) {
      const expected = contexts[one.context.name]?.[0];
      if (one.problem) continue; // shadowed by the file before, as with kubectl
      try {
        toContextConfig(one);
      } catch (thrown) {
        if (!(thrown instanceof AppFailure)) throw thrown;
        refused.push(one.context.name);
        expect(thrown.error.message).toMatch(expected ?? /no context of this file should be refused/);
      }
    }
    expect(refused.sort()).toEqual(Object.keys(contexts).sort());
    const also = Object.keys(contexts).filter((one) => contexts[one]?.[1]);
    expect(Object.keys(answer.refused ?? {}).sort()).toEqual(also.sort());
  });

  it.each(files)('keeps every other byte through edits: %s', async (path) => {
    const text = readFileSync(path, 'utf8').replace(/^\ufeff/, '');
    const before = parseKubeconfig(path, text);
    if (before.broken || name === '40-alias-bomb') {
      const change: KubeconfigEdit = { op: 'set-current', context: 'a' };
      expect(() => changeText(path, text, change)).toThrow(AppFailure);
      return;
    }
    const usable = [...before.contexts.values()].filter((one) => !one.problem).map((one) => one.name);
    for (const context of usable) {
      expectOneLine(text, changeText(path, text, { op: 'set-current', context }));
      // Its anchor is needed by the entry behind it.
      const tied = name === '18-anchors' && context === 'two';
      const space: KubeconfigEdit = { op: 'set-namespace', context, namespace: 'other' };
      expectOneLine(text, changeText(path, text, space));
      // Away from current-context a rename is one place; there and back gives the very same bytes.
      const renamed = changeText(path, text, { op: 'rename', context, to: 'renamed' });
      expect(renamed.length).not.toBe(0);
      if (before.currentContext !== context) expectOneLine(text, renamed);
      if (kubectl && readOurs([path]).files[0]?.problems.length === 0)
        await renamedForKubectl(path, renamed, context);
      if (!tied) expectRemoved(text, changeText(path, text, { op: 'remove', context }), context);
      else expect(() => changeText(path, text, { op: 'remove', context })).toThrow(/tied to others/);
    }
  });
});

/** One stretch inside one line (or one new line) differs, and nothing before or behind it. */
function expectOneLine(before: string, after: string): void {
  const { removed, added } = difference(before, after);
  // A multi-line text (block scalar) is one value.
  expect(removed.trim().split('\n').length).toBeLessThanOrEqual(2);
  expect(added.trim().split('\n').length).toBeLessThanOrEqual(2);
  expect(removed).not.toMatch(/^\s*#/m);
}

function difference(before: string, after: string): { removed: string; added: string } {
  let head = 0;
  while (head < before.length && before[head] === after[head]) head += 1;
  let tail = 0;
  const most = Math.min(before.length, after.length) - head;
  while (tail < most && before[before.length - 1 - tail] === after[after.length - 1 - tail]) tail += 1;
  return { removed: before.slice(head, before.length - tail), added: after.slice(head, after.length - tail) };
}

/** Nothing is new but an empty list; what went holds the entry and no other; comments of their own line stay. */
function expectRemoved(before: string, after: string, context: string): void {
  const rest = after.replace(/(contexts["']?:) \[\]/, '$1');
  let at = 0;
  for (const letter of rest) {
    at = before.indexOf(letter, at) + 1;
    expect(at, 'something new was written').toBeGreaterThan(0);
  }
  const left = [...parseKubeconfig('/k', after).contexts.keys()];
  const had = [...parseKubeconfig('/k', before).contexts.keys()];
  expect(left).toEqual(had.filter((one) => one !== context));
  const comments = (text: string): string[] => text.match(/^ {0,3}#.*$/gm) ?? [];
  expect(comments(after)).toEqual(comments(before).filter((one) => one !== '    # after the name'));
}

async function renamedForKubectl(path: string, text: string, from: string): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'renamed-'));
  try {
    const file = join(folder, 'config');
    await writeFile(file, text);
    const [then, now] = [view([path]).view, view([file]).view];
    if (!then || !now) throw new Error('kubectl refuses it');
    const wanted = kubectlView(then);
    const contexts = Object.fromEntries(
      Object.entries(wanted.contexts).map(([name, one]) => [name === from ? 'renamed' : name, one]),
    );
    const current = wanted.current === from ? 'renamed' : wanted.current;
    expect(kubectlView(now)).toEqual({ ...wanted, contexts, current });
  } finally {
    await rm(folder, { recursive: true });
  }
}

describe('fault 33: files that are none', () => {
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'no-file-'));
  });
  afterAll(async () => {
    await rm(folder, { recursive: true });
  });
  it.each<[string, (path: string) => Promise<void>, RegExp, boolean?]>([
    ['a directory', (path) => mkdir(path), /is a directory/],
    ['missing', () => Promise.resolve(), /does not exist/, true],
    ['a link to itself', (path) => symlink(path, path), /link that leads to itself/],
    ['UTF-16', (path) => writeFile(path, Buffer.from('\ufeffkind: Config', 'utf16le')), /not UTF-8/],
    ['50 MB', (path) => writeFile(path, Buffer.alloc(50 * 1024 * 1024, 0x20)), /larger than 10 MiB/],
    [
      'no right',
      async (path) => {
        await writeFile(path, 'x');
        await chmod(path, 0);
      },
      /no right to read/,
    ],
  ])('%s', async (name, make, words, fresh) => {
    if (name === 'no right' && process.getuid?.() === 0) return;
    const path = join(folder, name.replaceAll(' ', '-'));
    await make(path);
    const read = await loadKubeconfig(path);
    expect(read.ok ? '' : read.error.message).toMatch(words);
    if (fresh) return;
    await expect(readForEdit(path)).rejects.toThrow(AppFailure);
  });
  it('keeps a byte order mark through an edit on disk', async () => {
    const path = join(folder, 'bom');
    const bytes = readFileSync(join(casesFolder, '14-bom.yaml'));
    await writeFile(path, bytes);
    await saveEdit(await readForEdit(path), { op: 'set-namespace', context: 'a', namespace: 'n' });
    expect(readFileSync(path).length).toBeGreaterThan(bytes.length);
    await saveEdit(await readForEdit(path), { op: 'set-namespace', context: 'a', namespace: null });
    expect(readFileSync(path).equals(bytes)).toBe(true);
    expect(bytes.length).toBeLessThan(MAX_KUBECONFIG_BYTES);
  });
});
