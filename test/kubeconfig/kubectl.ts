/**
 * kubectl's own reading of a kubeconfig: asked live where a kubectl is at hand
 * ($BINNACLE_KUBECTL, or the one of the test cluster), else the answers recorded from one,
 * which is then said aloud. `BINNACLE_RECORD=1` records them again.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

export interface Answer {
  readonly kubectl: string;
  /** `kubectl config view --raw -o json`; null when it refused the file. */
  readonly view: Readonly<Record<string, unknown>> | null;
  readonly error?: string;
  /** Words with which it refuses single contexts, by name. */
  readonly refused?: Readonly<Record<string, string>>;
}

export const casesFolder = join(__dirname, 'cases');
const candidate = process.env['BINNACLE_KUBECTL'] ?? '/var/cache/binnacle-cluster/bin/kubectl';
export const kubectl = existsSync(candidate) ? candidate : null;

function run(files: readonly string[], args: readonly string[]): { code: number; out: string; err: string } {
  const home = mkdtempSync(join(tmpdir(), 'kubectl-home-'));
  try {
    const done = spawnSync(kubectl ?? '', args, {
      env: { PATH: process.env['PATH'], HOME: home, KUBECONFIG: files.join(delimiter) },
      stdio: ['ignore', 'pipe', 'pipe'],
      encoding: 'utf8',
      timeout: 20_000,
    });
    return { code: done.status ?? -1, out: done.stdout, err: done.stderr };
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}

let known: string | undefined;

function version(): string {
  known ??= (
    JSON.parse(run([], ['version', '--client', '-o', 'json']).out) as {
      clientVersion: { gitVersion: string };
    }
  ).clientVersion.gitVersion;
  return known;
}

/** What kubectl reads from the files; only with a kubectl at hand. */
export function view(files: readonly string[]): Pick<Answer, 'view' | 'error'> {
  const done = run(files, ['config', 'view', '--raw', '-o', 'json']);
  if (done.code === 0) return { view: JSON.parse(done.out) as Record<string, unknown> };
  const folder = `${casesFolder}/`;
  return { view: null, error: done.err.trim().replaceAll(folder, '').slice(0, 300) };
}

/** `contexts`: those to be tried one by one against a server that is not there. */
export function answerFor(name: string, files: readonly string[], contexts: readonly string[]): Answer {
  const recorded = join(__dirname, 'answers', `${name}.json`);
  if (!kubectl) return JSON.parse(readFileSync(recorded, 'utf8')) as Answer;
  const refused: Record<string, string> = {};
  for (const context of contexts) {
    const { err } = run(files, ['--context', context, 'get', '--raw', '/version']);
    if (err.startsWith('error: ') && !err.includes('EOF')) refused[context] = err.trim().slice(0, 300);
  }
  const answer: Answer = {
    kubectl: version(),
    ...view(files),
    ...(contexts.length > 0 ? { refused } : {}),
  };
  if (process.env['BINNACLE_RECORD'] === '1') writeFileSync(recorded, `${JSON.stringify(answer, null, 2)}\n`);
  return answer;
}
