/**
 * The environment exec plugins and proxies are to be found with: a desktop start gives a
 * bare PATH, the person's login shell knows the real one (rules/kubeconfig.md 4.3).
 * Guarantees: at most 5 s and 4 MiB, the shell's whole process group is gone after that;
 * only an allowlist is taken from it; nothing of Electron's own reaches a child. Never throws.
 */
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { homedir, userInfo } from 'node:os';
import { basename, delimiter, join } from 'node:path';
import type { Scope } from '#shared/rpc/scope';

export type Environment = Readonly<Record<string, string>>;

export interface ResolvedEnvironment {
  readonly env: Environment;
  /** `terminal`: our own is good; `shell`: the login shell's; `guess`: our own plus usual folders. */
  readonly from: 'terminal' | 'shell' | 'guess';
  /** Why it is only a guess. */
  readonly problem?: string;
}

export interface ShellOptions {
  readonly scope: Scope;
  readonly own: Readonly<Record<string, string | undefined>>;
  readonly platform: NodeJS.Platform;
  /** Started from a terminal: the environment is already what the person expects. */
  readonly fromTerminal: boolean;
  readonly limitMs?: number;
  readonly shell?: string;
  readonly home?: string;
}

const LIMIT_MS = 5_000;
const MAX_BYTES = 4 * 1024 * 1024;

const wanted =
  /^(?:PATH|KUBECONFIG|LANG|LC_ALL|LC_CTYPE|KREW_ROOT|SSH_AUTH_SOCK|(?:AWS|AZURE|CLOUDSDK|GOOGLE|TELEPORT|SSL_CERT)_\w+|USE_GKE_GCLOUD_AUTH_PLUGIN|\w+_proxy)$/i;
const dropped =
  /^(?:ELECTRON_\w*|NODE_OPTIONS|NODE_CHANNEL_\w*|LD_\w+|DYLD_\w+|APPDIR|APPIMAGE|ARGV0|OWD|CHROME_\w+|BINNACLE_\w+|ORIGINAL_XDG_CURRENT_DESKTOP|GDK_BACKEND|NO_AT_BRIDGE|npm_\w+|INIT_CWD)$/i;

/** Our own environment without what belongs to Electron, the packaging or npm. */
export function cleanEnvironment(own: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const result: Record<string, string> = {};
  for (const [name, value] of Object.entries(own)) {
    if (value !== undefined && !dropped.test(name)) result[name] = value;
  }
  return result;
}

export async function resolveEnvironment(options: ShellOptions): Promise<ResolvedEnvironment> {
  const env = cleanEnvironment(options.own);
  if (options.fromTerminal || options.platform === 'win32') return { env, from: 'terminal' };
  const asked = await askShell(options, env);
  if (typeof asked !== 'string') return { env: { ...env, ...asked }, from: 'shell' };
  const home = options.home ?? env['HOME'] ?? homedir();
  return { env: { ...env, PATH: guessPath(env['PATH'] ?? '', home) }, from: 'guess', problem: asked };
}

/** Where the usual tools live when no shell tells. */
export function guessPath(path: string, home: string): string {
  const parts = path.split(delimiter).filter((part) => part !== '');
  const usual = [
    '/usr/local/bin',
    '/opt/homebrew/bin',
    join(home, '.local/bin'),
    join(home, 'bin'),
    '/snap/bin',
    join(home, '.krew/bin'),
    join(home, 'google-cloud-sdk/bin'),
    '/usr/lib/google-cloud-sdk/bin',
    '/usr/bin',
    '/bin',
  ];
  return [...new Set([...parts, ...usual])].join(delimiter);
}

function shellArguments(shell: string, script: string): string[] {
  const name = basename(shell);
  if (/^t?csh$/.test(name)) return ['-ic', script];
  if (/^pwsh/.test(name)) return ['-Login', '-Command', script];
  if (/^(?:fish|nu)$/.test(name)) return ['-l', '-i', '-c', script];
  return ['-ilc', script];
}

function findShell(options: ShellOptions): string {
  const named = options.shell ?? options.own['SHELL'];
  if (named) return named;
  try {
    const { shell } = userInfo();
    if (shell) return shell;
  } catch {
    // No entry for this user: the system's shell will do.
  }
  return options.platform === 'darwin' ? '/bin/zsh' : '/bin/sh';
}

/** The allowed variables, or why there are none. */
function askShell(options: ShellOptions, env: Environment): Promise<Record<string, string> | string> {
  const shell = findShell(options);
  const mark = `binnacle-${randomBytes(12).toString('hex')}`;
  const script = `printf '%s' '${mark}'; env -0; printf '%s' '${mark}'`;
  const limit = options.limitMs ?? LIMIT_MS;
  const scope = options.scope.child('shell-environment');
  return new Promise((done) => {
    let child;
    try {
      child = spawn(shell, shellArguments(shell, script), {
        detached: true,
        stdio: ['ignore', 'pipe', 'ignore'],
        env: { ...env, BINNACLE_RESOLVING_ENVIRONMENT: '1', DISABLE_AUTO_UPDATE: 'true' },
        cwd: options.home ?? env['HOME'] ?? '/',
      });
    } catch (thrown) {
      scope.dispose();
      done(`${shell} could not be started: ${String(thrown)}`);
      return;
    }
    const { pid } = child;
    const chunks: Buffer[] = [];
    let size = 0;
    let settled = false;
    const finish = (result: Record<string, string> | string): void => {
      if (settled) return;
      settled = true;
      done(result);
      scope.dispose();
    };
    scope.add(() => {
      if (pid !== undefined) killGroup(pid);
      finish('The app ended first.');
    });
    scope.timeout(() => finish(`${shell} did not answer within ${limit / 1000} s.`), limit);
    child.on('error', (thrown) => finish(`${shell} could not be started: ${thrown.message}`));
    child.stdout.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size > MAX_BYTES) {
        finish(`${shell} printed too much.`);
        return;
      }
      chunks.push(chunk);
      const text = Buffer.concat(chunks).toString('utf8');
      // The shell may leave children that keep the pipe open: the second marker is the end.
      if (text.split(mark).length === 3) finish(parseEnvironment(text, mark));
    });
    child.on('close', (code) => finish(`${shell} ended with ${code} and did not tell its environment.`));
  });
}

/** What stands between the two markers, as the allowed variables. */
export function parseEnvironment(text: string, mark: string): Record<string, string> {
  const between = text.split(mark)[1] ?? '';
  const result: Record<string, string> = {};
  for (const entry of between.split('\0')) {
    const at = entry.indexOf('=');
    const name = entry.slice(0, at);
    if (at > 0 && wanted.test(name) && !dropped.test(name)) result[name] = entry.slice(at + 1);
  }
  return result;
}

function killGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // It ended by itself.
  }
}
