import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { app } from '#shared/contract/app';
import { RpcClient } from '#shared/rpc/client';
import { portPair } from '#shared/rpc/port';
import { Scope } from '#shared/rpc/scope';
import { implement, serve, type Implementation } from '#shared/rpc/server';
import { saveFile as savePage } from '../../renderer/data/save-file';
import { saveFile } from './save-file';

let folder: string;
let scope: Scope;
let client: RpcClient;
let choose: () => Promise<string | undefined>;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'save-file-'));
  scope = new Scope('test');
  const [page, main] = portPair();
  const members = { saveFile: (_input, sink) => saveFile(() => choose(), sink) } satisfies Partial<
    Implementation<(typeof app)['members']>
  >;
  serve(main, [implement(app, members as unknown as Implementation<(typeof app)['members']>)], scope);
  client = new RpcClient(page);
});
afterEach(() => {
  scope.dispose();
  rmSync(folder, { recursive: true, force: true });
});

describe('a file that is saved', () => {
  it('holds every byte, and content is asked for only once a file is chosen', async () => {
    const path = join(folder, 'a.bin');
    const bytes = Uint8Array.from({ length: 700_001 }, (_, i) => (i * 31) % 256);
    let asked = false;
    choose = () => {
      expect(asked).toBe(false);
      return Promise.resolve(path);
    };
    const words = await savePage(client, 'a.bin', function* () {
      asked = true;
      yield bytes.slice(0, 10);
      yield new Uint8Array();
      yield bytes.slice(10);
    });
    expect(words).toBe(`Saved to ${path}`);
    expect(readFileSync(path).equals(bytes)).toBe(true);
    expect(statSync(path).mode & 0o077).toBe(0);
    expect(readdirSync(folder)).toEqual(['a.bin']);
  });

  it('is not there when the content fails half way, and what was there stays', async () => {
    const path = join(folder, 'a.txt');
    writeFileSync(path, 'older');
    choose = () => Promise.resolve(path);
    const words = await savePage(client, 'a.txt', function* () {
      yield new Uint8Array(100);
      throw new Error('the lines are gone');
    });
    expect(words).toBe('Not saved: the lines are gone');
    await vi.waitFor(() => expect(readdirSync(folder)).toEqual(['a.txt']));
    expect(readFileSync(path, 'utf8')).toBe('older');
  });

  it('says when no file was chosen, and when it cannot be written', async () => {
    const content = (): Uint8Array[] => [new Uint8Array(3)];
    choose = () => Promise.resolve(undefined);
    expect(await savePage(client, 'x', content)).toBe('Nothing was saved.');
    choose = () => Promise.resolve(join(folder, 'no', 'such'));
    expect(await savePage(client, 'x', content)).toMatch(/^Not saved: The file could not be written: ENOENT/);
    expect(readdirSync(folder)).toEqual([]);
  });
});
