import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Scope } from '#shared/rpc/scope';
import { cleanEnvironment, guessPath, resolveEnvironment, type ResolvedEnvironment } from './shell-env';

let folder: string;
let scope: Scope;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'shell-env-'));
  scope = new Scope('test');
});
afterEach(() => {
  scope.dispose();
  rmSync(folder, { recursive: true, force: true });
});

/** A shell of our own: it gets the arguments a login shell gets. */
function shell(body: string, name = 'bash'): string {
  const path = join(folder, name);
  writeFileSync(path, `#!/bin/sh\n${body}\n`);
  chmodSync(path, 0o755);
  return path;
}

function ask(
  shellPath: string,
  own: Record<string, string> = {},
  limitMs = 5_000,
): Promise<ResolvedEnvironment> {
  return resolveEnvironment({
    scope,
    own: { PATH: '/usr/bin:/bin', HOME: folder, ...own },
    platform: 'linux',
    fromTerminal: false,
    shell: shellPath,
    home: folder,
    limitMs,
  });
}

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !readFileSync(`/proc/${pid}/stat`, 'utf8').includes(') Z ');
  } catch {
    return false;
  }
}

describe('resolveEnvironment', () => {
  it('takes the allowed variables of the login shell and leaves the rest', async () => {
    const path = shell(
      `export PATH=/opt/tools:/usr/bin:/bin AWS_PROFILE=prod HTTPS_PROXY=http://p:1 KUBECONFIG='/a b:/c' EDITOR=vi
       export LD_PRELOAD= NODE_OPTIONS=--inspect ELECTRON_RUN_AS_NODE=1 XDG_RUNTIME_DIR=/x GOOGLE_NL='a
b'
       echo welcome; shift; exec /bin/sh -c "$@"`,
    );
    const { env, from } = await ask(path, { EDITOR: 'ed', OWN: 'kept' });
    expect(from).toBe('shell');
    expect(env).toMatchObject({
      PATH: '/opt/tools:/usr/bin:/bin',
      AWS_PROFILE: 'prod',
      HTTPS_PROXY: 'http://p:1',
      KUBECONFIG: '/a b:/c',
      GOOGLE_NL: 'a\nb',
      EDITOR: 'ed',
      OWN: 'kept',
    });
    for (const name of ['NODE_OPTIONS', 'ELECTRON_RUN_AS_NODE', 'LD_PRELOAD', 'XDG_RUNTIME_DIR']) {
      expect(env).not.toHaveProperty(name);
    }
  });

  it('works with the real shell of this machine', async () => {
    const { from, env } = await ask('/bin/sh');
    expect(from).toBe('shell');
    expect(env['PATH']).toContain('/bin');
  });

  it.each([
    ['hangs', 'sleep 60', /within 0.3 s/, 300],
    ['exits', 'exit 3', /ended with 3/, 15_000],
    ['says nothing of use', 'echo hello', /ended with 0/, 15_000],
    ['floods', 'yes', /too much/, 15_000],
  ])('falls back to a guess when the shell %s', async (_what, body, problem, limitMs) => {
    const { env, from, problem: told } = await ask(shell(body), {}, limitMs);
    expect(from).toBe('guess');
    expect(told).toMatch(problem);
    expect(env['PATH']).toBe(guessPath('/usr/bin:/bin', folder));
  });

  it('falls back when there is no such shell', async () => {
    expect(await ask(join(folder, 'none'))).toMatchObject({ from: 'guess' });
  });

  it('leaves no process of a shell that hangs, nor its children', async () => {
    const pids = join(folder, 'pids');
    await ask(shell(`sleep 60 & echo $! $$ > ${pids}; wait`), {}, 400);
    const list = readFileSync(pids, 'utf8').trim().split(' ').map(Number);
    expect(list).toHaveLength(2);
    await expect.poll(() => list.filter(alive)).toEqual([]);
  });

  it.each([
    ['tcsh', '-ic'],
    ['zsh', '-ilc'],
    ['fish', '-l -i -c'],
    ['pwsh', '-Login -Command'],
  ])('calls %s with %s', async (name, flags) => {
    const seen = join(folder, 'args');
    await ask(shell(`echo "$@" > ${seen}`, name), {}, 2_000);
    expect(readFileSync(seen, 'utf8').startsWith(`${flags} `)).toBe(true);
  });

  it('does not ask a shell when it was started from a terminal', async () => {
    const result = await resolveEnvironment({
      scope,
      own: { PATH: '/p', NODE_OPTIONS: 'x' },
      platform: 'linux',
      fromTerminal: true,
      shell: join(folder, 'none'),
    });
    expect(result).toEqual({ env: { PATH: '/p' }, from: 'terminal' });
  });
});

it('cleanEnvironment keeps nothing that would steer a child of ours', () => {
  const own = {
    LD_PRELOAD: 'x',
    DYLD_INSERT_LIBRARIES: 'x',
    ELECTRON_RUN_AS_NODE: '1',
    NODE_OPTIONS: 'x',
    APPDIR: 'x',
  };
  expect(cleanEnvironment({ ...own, BINNACLE_HOME: 'x', HOME: '/h', EMPTY: undefined })).toEqual({
    HOME: '/h',
  });
});
