/**
 * Transfers with containers that are hostile, poor in tools, or full: what is on the disk afterwards
 * is what is judged.
 */
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { extract, pack, type Header } from 'tar-stream';
import { Scope } from '#shared/rpc/scope';
import { dialler, errorOf, socketServer, type SocketServer } from '../../k8s/exec-test-help';
import { container, type Programs } from '../../k8s/exec-test-programs';
import { download } from './download';
import { Progress } from './progress';
import { upload } from './upload';

let scope: Scope;
let server: SocketServer;
let folder: string;
let programs: Programs = () => undefined;
let offered: readonly string[] = [];
const api = dialler(
  () => server.port,
  () => false,
  () => undefined,
);
const target = { namespace: 'shop', pod: 'web', container: 'app' };

beforeEach(async () => {
  scope = new Scope('test');
  folder = mkdtempSync(join(tmpdir(), 'binnacle-transfer-'));
  offered = ['v5.channel.k8s.io', 'v4.channel.k8s.io'];
  server = await socketServer({
    offered: () => offered,
    refuse: () => undefined,
    serve: container((command, input) => programs(command, input)),
  });
});
afterEach(async () => {
  scope.dispose();
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
});

const sum = (text: string): string => createHash('sha256').update(text).digest('hex');

interface Entry {
  readonly header: Partial<Header> & { readonly name: string };
  readonly text?: string;
}

async function tarOf(entries: readonly Entry[]): Promise<Buffer> {
  const archive = pack();
  for (const { header, text } of entries) archive.entry(header, text ?? '');
  archive.finalize();
  const parts: Buffer[] = [];
  for await (const part of archive) parts.push(part as Buffer);
  return Buffer.concat(parts);
}

/** A container whose tar gives these bytes, and whose sums are those given. */
const givesTar =
  (bytes: Uint8Array, sums: Readonly<Record<string, string>> = {}): Programs =>
  ([program, , script = '']) => {
    if (program === 'tar') return { stdout: bytes };
    if (program !== 'sh') return undefined;
    if (script.includes('du -sk')) return { stdout: '4\t./data\n' };
    return {
      stdout: Object.entries(sums)
        .map(([path, text]) => `${sum(text)}  ./${path}\n`)
        .join(''),
    };
  };

async function pull(names: readonly string[] = ['data'], signal = scope.signal): Promise<Progress> {
  const progress = new Progress(() => undefined);
  await download({ api, target, directory: '/srv', names, into: folder, progress, signal });
  return progress;
}

async function push(paths: readonly string[], signal = scope.signal): Promise<Progress> {
  const progress = new Progress(() => undefined);
  await upload({ api, target, directory: '/srv', paths, progress, signal });
  return progress;
}

describe('a download from a hostile container', () => {
  it('makes no links and follows none: what is written through one stays in the folder', async () => {
    const outside = mkdtempSync(join(tmpdir(), 'binnacle-outside-'));
    try {
      const bytes = await tarOf([
        { header: { name: './data/', type: 'directory' } },
        { header: { name: './data/out', type: 'symlink', linkname: outside } },
        { header: { name: './data/out/stolen' }, text: 'escaped' },
        { header: { name: './data/passwd', type: 'link', linkname: '/etc/passwd' } },
        { header: { name: './data/null', type: 'character-device' } },
        { header: { name: './data/kept.txt' }, text: 'kept' },
      ]);
      programs = givesTar(bytes, { 'data/out/stolen': 'escaped', 'data/kept.txt': 'kept' });
      const { value } = await pull();
      expect(value).toMatchObject({ phase: 'done', verified: { equal: 2, different: [] } });
      expect(value.skipped.map(({ why }) => why).sort()).toEqual(['device', 'hard link', 'symbolic link']);
      expect(readdirSync(outside)).toEqual([]);
      expect(readdirSync(join(folder, 'data')).sort()).toEqual(['kept.txt', 'out']);
      expect(readFileSync(join(folder, 'data', 'out', 'stolen'), 'utf8')).toBe('escaped');
    } finally {
      rmSync(outside, { recursive: true, force: true });
    }
  });

  it.each<[string, Partial<Header> & { readonly name: string }]>([
    ['a path out of the folder', { name: './data/../../evil' }],
    ['an absolute path', { name: '/tmp/evil' }],
    ['a name nobody asked for', { name: './other/evil' }],
    ['a size of many gigabytes', { name: './data/bomb', size: 30 * 1024 ** 3 }],
  ])('refuses all of an archive with %s, and leaves nothing', async (_, header) => {
    const whole = await tarOf([
      { header: { name: './data/first.txt' }, text: 'first' },
      { header: { ...header, size: undefined }, text: 'x' },
    ]);
    // The size is a lie of the header: there are no such bytes.
    programs = givesTar(header.size === undefined ? whole : lying(whole, header.size));
    expect(await errorOf(pull())).toMatchObject({ code: 'invalid-input' });
    expect(readdirSync(folder)).toEqual([]);
  });

  it('calls an archive that breaks off an error, and leaves nothing', async () => {
    const whole = await tarOf([{ header: { name: './data/a' }, text: 'x'.repeat(5_000) }]);
    programs = givesTar(whole.subarray(0, 2_000));
    await expect(pull()).rejects.toThrow();
    expect(readdirSync(folder)).toEqual([]);
  });

  it('overwrites nothing, and says which files differ on the two sides', async () => {
    writeFileSync(join(folder, 'notes.txt'), 'mine');
    const bytes = await tarOf([{ header: { name: './notes.txt' }, text: 'theirs' }]);
    programs = givesTar(bytes, { 'notes.txt': 'changed meanwhile' });
    const { value } = await pull(['notes.txt']);
    expect(value).toMatchObject({
      verified: { equal: 0, different: ['notes.txt'] },
      written: [join(folder, 'notes (2).txt')],
    });
    expect(readFileSync(join(folder, 'notes.txt'), 'utf8')).toBe('mine');
  });

  it('reads single files by cat where there is no tar, and says what it could not compare', async () => {
    programs = ([program, path]) => (program === 'cat' ? { stdout: `text of ${path}` } : undefined);
    const { value } = await pull(['a.txt']);
    expect(readFileSync(join(folder, 'a.txt'), 'utf8')).toBe('text of /srv/a.txt');
    expect(value).toMatchObject({ phase: 'done', verified: { equal: 0 } });
    expect(value.verified?.why).toMatch(/nothing was compared/);
  });

  it('leaves nothing when it is cancelled, or when a container has no tools at all', async () => {
    programs = ([program]) => (program === 'tar' ? 'hangs' : { stdout: '' });
    const own = new AbortController();
    const pulling = pull(['data'], own.signal);
    const seen = new Promise<void>((resolve) => {
      const before = programs;
      programs = (command, input) => {
        if (command[0] === 'tar') resolve();
        return before(command, input);
      };
    });
    await seen;
    own.abort();
    await expect(pulling).rejects.toThrow();
    expect(readdirSync(folder)).toEqual([]);

    programs = () => undefined;
    expect(await errorOf(pull())).toMatchObject({ code: 'no-shell' });
    expect(readdirSync(folder)).toEqual([]);
  });
});

/** The size in the second header, as tar writes large ones, with its sum made right again. */
function lying(tar: Buffer, size: number): Buffer {
  const out = Buffer.from(tar);
  const at = 1_024;
  out.fill(0, at + 124, at + 136);
  out[at + 124] = 0x80;
  out.writeBigUInt64BE(BigInt(size), at + 128);
  out.fill(' ', at + 148, at + 156);
  let total = 0;
  for (let n = 0; n < 512; n += 1) total += out[at + n] ?? 0;
  out.write(`${total.toString(8).padStart(6, '0')}\0 `, at + 148, 'latin1');
  return out;
}

describe('an upload', () => {
  const got = async (input: Buffer): Promise<Record<string, string>> => {
    const files: Record<string, string> = {};
    const archive = extract();
    archive.end(input);
    for await (const entry of archive) {
      const parts: Buffer[] = [];
      for await (const part of entry) parts.push(part as Buffer);
      files[(entry.header as Header).name] = Buffer.concat(parts).toString('utf8');
    }
    return files;
  };
  const folderWith = (files: Readonly<Record<string, string>>): string => {
    const data = join(folder, 'data');
    mkdirSync(data);
    for (const [name, text] of Object.entries(files)) writeFileSync(join(data, name), text);
    return data;
  };

  it('sends files, names the links it leaves out, and compares the sums', async () => {
    const data = folderWith({ 'a.txt': 'one', 'b.txt': '' });
    symlinkSync('/etc/passwd', join(data, 'link'));
    let received: Buffer = Buffer.alloc(0);
    programs = ([program, , script = ''], input) => {
      if (program === 'tar') {
        received = input;
        return {};
      }
      if (program !== 'sh') return undefined;
      return script.includes('mkdir')
        ? {}
        : { stdout: `${sum('one')}  ./data/a.txt\n${sum('')}  ./data/b.txt\n` };
    };
    const { value } = await push([data]);
    expect(await got(received)).toEqual({ 'data/': '', 'data/a.txt': 'one', 'data/b.txt': '' });
    expect(value).toMatchObject({
      phase: 'done',
      files: 2,
      bytes: 3,
      verified: { equal: 2, different: [] },
      skipped: [{ name: 'data/link', why: 'symbolic link' }],
    });
  });

  it('says before it sends anything that the container cannot be written to', async () => {
    programs = ([program]) =>
      program === 'sh' ? { code: 1, stderr: "mkdir: can't create directory: Read-only file system\n" } : {};
    expect(await errorOf(push([folderWith({ a: 'x' })]))).toMatchObject({
      code: 'forbidden',
      message: 'The container cannot write to /srv.',
    });
  });

  it('says that there is no room left in the container', async () => {
    programs = ([program], input) =>
      program === 'tar'
        ? input.length === 0
          ? {}
          : { code: 1, stderr: 'tar: write error: No space left on device\n' }
        : {};
    expect(await errorOf(push([folderWith({ a: 'x' })]))).toMatchObject({ code: 'too-large' });
  });

  it('needs a server that can end the input of a program, and says so', async () => {
    offered = ['v4.channel.k8s.io'];
    programs = () => ({});
    expect(await errorOf(push([folderWith({ a: 'x' })]))).toMatchObject({ code: 'unsupported' });
  });

  it('says that a file became shorter while it was read', async () => {
    const data = folderWith({ a: 'x'.repeat(300_000), b: 'y'.repeat(300_000) });
    programs = ([program]) => {
      if (program === 'sh') truncateSync(join(data, 'b'), 10);
      return {};
    };
    expect(await errorOf(push([data]))).toMatchObject({
      code: 'conflict',
      message: 'A file became shorter while it was read.',
    });
  });

  it('goes by cat where there is no tar', async () => {
    const wrote: Record<string, string> = {};
    programs = ([program, , script = '', , to = ''], input) => {
      if (program !== 'sh' && program !== 'mkdir') return undefined;
      if (script.includes('cat >')) wrote[to] = input.toString('utf8');
      return script.includes('sha256sum') ? { code: 127 } : {};
    };
    const { value } = await push([folderWith({ a: 'one' })]);
    expect(wrote).toEqual({ '/srv/data/a': 'one' });
    expect(value).toMatchObject({ phase: 'done', files: 1 });
  });

  it('tells a container without tools from one that refuses', async () => {
    programs = () => undefined;
    expect(await errorOf(push([folderWith({ a: 'x' })]))).toMatchObject({ code: 'no-shell' });
    expect(existsSync(join(folder, 'data', 'a'))).toBe(true);
  });
});
