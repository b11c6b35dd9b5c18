/**
 * Compares what is here with what is in the container, by sha256.
 * Guarantees: "equal" is only said of files whose sums both sides computed; a container without
 * sha256sum or find is said to be unverified. Names with line breaks are compared by sum alone.
 */
import type { TransferState } from '#shared/contract/files';
import { isCancelled, toAppError } from '#shared/util/app-error';
import type { Dialler } from '../../k8s/channel-socket';
import type { ContainerTarget } from '../../k8s/exec-stream';
import { tryExec } from './remote';

const SUMS_BYTES = 64 * 1024 * 1024;
const MOST_TOLD = 50;
/** `$1`: directory; the rest: names in it. */
const SCRIPT = 'cd "$1" || exit 66; shift; exec find "$@" -type f -exec sha256sum {} +';

/** `ours`: sums of this side by path below `directory`, with `/`. */
export async function verify(
  api: Dialler,
  target: ContainerTarget,
  directory: string,
  names: readonly string[],
  ours: ReadonlyMap<string, string>,
  signal: AbortSignal,
): Promise<NonNullable<TransferState['verified']>> {
  try {
    const asked = names.map((name) => `./${name}`);
    const found = await tryExec(
      api,
      target,
      ['sh', '-c', SCRIPT, 'sh', directory, ...asked],
      signal,
      SUMS_BYTES,
    );
    if (!found || (found.stdout.length === 0 && ours.size > 0))
      return unverified('The container has no sha256sum and find: nothing was compared.');
    return compare(ours, parseSums(found.stdout.toString('utf8')));
  } catch (thrown) {
    if (isCancelled(thrown)) throw thrown;
    return unverified(`The checksums of the container could not be read: ${toAppError(thrown).message}`);
  }
}

function unverified(why: string): NonNullable<TransferState['verified']> {
  return { equal: 0, different: [], why };
}

export interface Sums {
  readonly byPath: ReadonlyMap<string, string>;
  readonly all: ReadonlySet<string>;
}

/** `sum  ./path`; GNU marks an escaped name with a backslash before the sum. */
export function parseSums(output: string): Sums {
  const byPath = new Map<string, string>();
  const all = new Set<string>();
  for (const line of output.split('\n')) {
    const [, escaped, sum, path] = /^(\\?)([0-9a-f]{64}) [ *](?:\.\/)?(.*)$/.exec(line) ?? [];
    if (sum === undefined || path === undefined) continue;
    all.add(sum);
    byPath.set(escaped === '\\' ? unescape(path) : path, sum);
  }
  return { byPath, all };
}

function unescape(path: string): string {
  return path.replace(/\\([nr\\])/g, (_, char: string) => (char === 'n' ? '\n' : char === 'r' ? '\r' : '\\'));
}

export function compare(
  ours: ReadonlyMap<string, string>,
  theirs: Sums,
): NonNullable<TransferState['verified']> {
  let equal = 0;
  const different: string[] = [];
  for (const [path, sum] of ours) {
    const other = theirs.byPath.get(path);
    const isOdd = /[\n\r\\]/.test(path);
    if (other === sum || (other === undefined && isOdd && theirs.all.has(sum))) equal += 1;
    else if (different.length < MOST_TOLD) different.push(path);
  }
  return { equal, different };
}
