import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { UrlFields } from '#shared/domain/prom/kept';
import { KeptSources } from './kept-sources';
import type { KeyStore } from './key-store';

/** Turns bytes around with a mark, so that nothing of the text can be found in it. */
const sealing: KeyStore = {
  isEncryptionAvailable: () => true,
  getSelectedStorageBackend: () => 'gnome_libsecret',
  encryptString: (text) => Buffer.from(`sealed${text}`).map((byte) => byte ^ 0x5a) as Buffer,
  decryptString: (bytes) => {
    const text = Buffer.from(bytes.map((byte) => byte ^ 0x5a)).toString();
    if (!text.startsWith('sealed')) throw new Error('not mine');
    return text.slice(6);
  },
};
const none: KeyStore = { ...sealing, getSelectedStorageBackend: () => 'basic_text' };
const locked: KeyStore = {
  ...sealing,
  decryptString: () => {
    throw new Error('locked');
  },
};

const url = 'https://prom.example/base';
const secrets = ['token-9f', 'word-9f', 'KEY-9f', 'header-9f'] as const;
const whole: UrlFields = {
  url,
  bearer: secrets[0],
  username: 'ops',
  password: secrets[1],
  key: secrets[2],
  certificate: 'CERT',
  ca: 'CA',
  headers: { 'X-Scope-OrgID': 'shop', 'X-Key': secrets[3] },
};

let folder: string;
let logged: string[];
const file = (): string => join(folder, 'metrics-sources.json');
const text = (): string => readFileSync(file(), 'utf8');
const open = (store: KeyStore, platform: NodeJS.Platform = 'linux'): KeptSources =>
  new KeptSources({ file: file(), store, platform, log: (line) => logged.push(line) });

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kept-sources-'));
  logged = [];
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('with a key store all of it comes back after a restart, and no secret stands in the file', () => {
  const before = open(sealing);
  before.apply('c', { type: 'keep', source: whole });
  before.apply('c', { type: 'choose', id: `url:${url}` });
  expect(open(sealing).of('c')).toEqual({
    keyStore: true,
    chosen: `url:${url}`,
    urls: [{ source: whole, missing: [], headerNames: [] }],
  });
  for (const secret of secrets) expect(text()).not.toContain(secret);
  expect(statSync(file()).mode & 0o777).toBe(0o600);
  expect(open(sealing).of('another').urls).toEqual([]);
});

test('without a key store the URL is kept, what is secret is asked for again', () => {
  const before = open(none);
  before.apply('c', { type: 'keep', source: whole });
  for (const secret of secrets) expect(text()).not.toContain(secret);
  // The same run still has it.
  expect(before.of('c').urls[0]).toEqual({ source: whole, missing: [], headerNames: [] });
  expect(open(none).of('c')).toEqual({
    keyStore: false,
    urls: [
      {
        source: { url, username: 'ops', ca: 'CA', certificate: 'CERT', headers: { 'X-Scope-OrgID': 'shop' } },
        missing: ['bearer', 'password', 'key', 'headers'],
        headerNames: ['X-Key'],
      },
    ],
  });
});

test('a locked key store asks again and tells no secret', () => {
  open(sealing).apply('c', { type: 'keep', source: whole });
  const { urls } = open(locked).of('c');
  expect(urls[0]?.missing).toEqual(['bearer', 'password', 'key', 'headers']);
  expect(logged.join()).toMatch(/could not be opened/);
  for (const secret of secrets) expect(logged.join()).not.toContain(secret);
  // Nothing was lost by it.
  expect(open(sealing).of('c').urls[0]?.source).toEqual(whole);
});

test.each([
  ['another URL', (raw: string) => raw.replaceAll(url, 'https://evil.example')],
  ['another context', (raw: string) => raw.replace('"c"', '"d"')],
])('secrets do not follow an edit of the file to %s', (_, edit) => {
  open(sealing).apply('c', { type: 'keep', source: whole });
  writeFileSync(file(), edit(text()));
  const kept = [...open(sealing).of('c').urls, ...open(sealing).of('d').urls];
  expect(kept).toHaveLength(1);
  expect(kept[0]?.missing).toContain('bearer');
  for (const secret of secrets) expect(JSON.stringify(kept)).not.toContain(secret);
});

test('a source without secrets needs no key store', () => {
  open(none).apply('c', { type: 'keep', source: { url } });
  expect(open(none).of('c').urls).toEqual([{ source: { url }, missing: [], headerNames: [] }]);
});

test('forgetting takes the secrets out of the file too', () => {
  const kept = open(sealing);
  kept.apply('c', { type: 'keep', source: whole });
  kept.apply('c', { type: 'forget', url });
  expect(JSON.parse(text())).toEqual({ contexts: {} });
  expect(kept.of('c').urls).toEqual([]);
});

test.each(['{"contexts": []}', '{"contexts": {"c": {"urls": [{"open": {"url": 3}}]}}}', 'no JSON'])(
  'a damaged file is no reason to stop: %s',
  (content) => {
    writeFileSync(file(), content);
    expect(open(sealing).of('c').urls).toEqual([]);
    expect(logged).toHaveLength(1);
  },
);
