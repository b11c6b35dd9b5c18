import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Scope } from '#shared/rpc/scope';
import { mergePatch, SettingsStore } from './settings';

let folder: string;
let scope: Scope;
let told: string[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'settings-'));
  scope = new Scope('test');
  told = [];
});
afterEach(() => {
  scope.dispose();
  rmSync(folder, { recursive: true, force: true });
});

const path = (): string => join(folder, 'settings.json');
const open = (): SettingsStore => new SettingsStore(path(), scope, (text) => told.push(text));
const written = (): unknown => JSON.parse(readFileSync(path(), 'utf8'));

describe('SettingsStore', () => {
  it('starts with defaults and writes nothing until something changes', () => {
    expect(open().value).toMatchObject({ theme: 'system', density: 'normal', lastContext: null });
    scope.dispose();
    expect(readdirSync(folder)).toEqual([]);
  });

  it('keeps what newer versions wrote, also inside what it knows (fault 70)', () => {
    writeFileSync(path(), JSON.stringify({ later: { a: [1] }, contexts: { c: { alias: 'x', glow: 3 } } }));
    const store = open();
    store.patch({ contexts: { c: { alias: 'y' } } });
    scope.dispose();
    expect(written()).toEqual({ later: { a: [1] }, contexts: { c: { alias: 'y', glow: 3 } } });
  });

  it('counts a value of the wrong type as its default, and keeps the others', () => {
    writeFileSync(path(), JSON.stringify({ theme: 7, density: 'compact', kubeconfigs: 'no' }));
    expect(open().value).toMatchObject({ theme: 'system', density: 'compact', kubeconfigs: [] });
  });

  it('drops only the field that does not fit: a wrong colour makes no context writable', () => {
    const contexts = { a: { readOnly: true, color: 7 }, b: { protected: true, order: 'first' }, c: 'no' };
    writeFileSync(path(), JSON.stringify({ contexts }));
    const store = open();
    expect(store.value.contexts).toEqual({ a: { readOnly: true }, b: { protected: true } });
    store.patch({ contexts: { a: { alias: 'x' } } });
    expect(store.value.contexts['a']).toEqual({ readOnly: true, alias: 'x' });
    for (const bad of [{ readOnly: 'yes' }, { order: null, hibernateAfter: -1 }, { loginCommand: 3 }, 'x'])
      expect(() => store.patch({ contexts: { a: bad } }), JSON.stringify(bad)).toThrow('contexts');
    store.patch({ contexts: { a: null } });
    expect(store.value.contexts['a']).toBeUndefined();
  });

  it.each(['{"theme": "da', '', '[]', 'null', '\0\0'])('sets a damaged file aside: %j (fault 69)', (text) => {
    writeFileSync(path(), text);
    const store = open();
    expect(store.value.theme).toBe('system');
    expect(store.problem).toContain('kept as');
    const [copy] = readdirSync(folder);
    expect(readFileSync(join(folder, copy ?? ''), 'utf8')).toBe(text);
  });

  it('refuses a known key of the wrong type and leaves everything as it was', () => {
    const store = open();
    expect(() => store.patch({ theme: 'pink' })).toThrow('theme');
    expect(store.value.theme).toBe('system');
  });

  it('refuses more than a megabyte', () => {
    expect(() => open().patch({ anything: 'x'.repeat(2 << 20) })).toThrow('1 MiB');
  });

  it('goes on when the file cannot be written, and says so once', () => {
    mkdirSync(join(folder, 'settings.json.d'));
    writeFileSync(join(folder, 'blocked'), '');
    const store = new SettingsStore(join(folder, 'blocked/settings.json'), scope, (text) => told.push(text));
    for (const theme of ['dark', 'light'] as const) {
      store.patch({ theme });
      store.flush();
    }
    expect(store.value.theme).toBe('light');
    expect(told).toHaveLength(1);
  });

  it('tells listeners the new value until they stop', () => {
    const store = open();
    const seen: string[] = [];
    const stop = store.onChange((value) => seen.push(value.theme));
    store.patch({ theme: 'dark' });
    stop();
    store.patch({ theme: 'light' });
    expect(seen).toEqual(['dark']);
  });
});

describe('mergePatch', () => {
  it.each([
    [{ a: 'b' }, { a: 'c' }, { a: 'c' }],
    [{ a: 'b' }, { b: 'c' }, { a: 'b', b: 'c' }],
    [{ a: 'b', b: 'c' }, { a: null }, { b: 'c' }],
    [{ a: ['b'] }, { a: 'c' }, { a: 'c' }],
    [{ a: { b: 'c' } }, { a: { b: 'd', c: null } }, { a: { b: 'd' } }],
    [{ a: [1, 2] }, { a: [3] }, { a: [3] }],
    [{}, { a: { bb: { ccc: null } } }, { a: { bb: {} } }],
  ])('%j with %j is %j', (target, patch, expected) => {
    expect(mergePatch(target, patch)).toEqual(expected);
  });

  it('never changes a prototype, and applying a patch twice changes nothing more', () => {
    fc.assert(
      fc.property(fc.object({ withNullPrototype: false }), fc.object({ maxDepth: 3 }), (target, patch) => {
        const once = mergePatch(target, patch);
        expect(mergePatch(once, patch)).toEqual(once);
      }),
    );
    mergePatch({}, JSON.parse('{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}'));
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });
});
