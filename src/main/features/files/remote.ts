/**
 * What a container's file system holds, through the programs it has.
 * Guarantees: programs are called with arguments, never with a line made of names; a container
 * without the tools is told apart from one that refuses; large answers are cut, not kept.
 */
import type { RemoteListing, RemoteText } from '#shared/contract/files';
import { LIST_SCRIPT, parseLists, parseLs, type Listed } from '#shared/domain/files/listing';
import { Scope } from '#shared/rpc/scope';
import { fail, isCancelled, toAppError, type AppFailure } from '#shared/util/app-error';
import { visible } from '#shared/util/text';
import type { Dialler } from '../../k8s/channel-socket';
import { NO_SUCH_COMMAND } from '../../k8s/exec-errors';
import { openExec, runExec, type ContainerTarget, type ExecResult } from '../../k8s/exec-stream';

const LIST_BYTES = 16 * 1024 * 1024;
const MOST_ENTRIES = 20_000;
const NO_TOOLS_HINT =
  'Debug the pod with a container that has a shell and this one as its target: its files are then under /proc/1/root.';

export function hasNone(thrown: unknown): boolean {
  return toAppError(thrown).reason === NO_SUCH_COMMAND;
}

/** Runs a program that may be missing; undefined when it is. */
export async function tryExec(
  api: Dialler,
  target: ContainerTarget,
  command: readonly string[],
  signal: AbortSignal,
  maxBytes?: number,
): Promise<ExecResult | undefined> {
  try {
    const result = await runExec(api, target, command, signal, maxBytes);
    // A shell says so with 127 (not there) or 126 (may not be run).
    return result.code === 127 || result.code === 126 ? undefined : result;
  } catch (thrown) {
    if (hasNone(thrown)) return undefined;
    throw thrown;
  }
}

export async function list(
  api: Dialler,
  target: ContainerTarget,
  path: string,
  signal: AbortSignal,
): Promise<RemoteListing> {
  // The directory may change between the two lists: once more, then `ls`.
  for (let attempt = 0; attempt < 2; attempt += 1) {
    const found = await tryExec(api, target, ['sh', '-c', LIST_SCRIPT, 'sh', path], signal, LIST_BYTES);
    if (!found || found.code === 67) break;
    if (found.code !== 0) throw refused(path, found);
    const listed = parseLists(found.stdout.toString('utf8'));
    if (listed) return listing(path, listed);
  }
  // The slash at the end lists what a link leads to.
  const slashed = path.endsWith('/') ? path : `${path}/`;
  const plain = await tryExec(api, target, ['ls', '-lAn', slashed], signal, LIST_BYTES);
  if (!plain) throw noTools(target);
  if (plain.code !== 0 && plain.stdout.length === 0) throw refused(path, plain);
  return listing(path, parseLs(plain.stdout.toString('utf8')));
}

export function noTools(target: ContainerTarget): AppFailure {
  const container = target.container ?? `of ${target.pod}`;
  return fail('no-shell', `Container ${container} has neither a shell nor ls: its files cannot be listed.`, {
    hint: NO_TOOLS_HINT,
  });
}

function listing(path: string, { entries, unread }: Listed): RemoteListing {
  const sorted = [...entries].sort((a, b) => rank(a) - rank(b) || (a.name < b.name ? -1 : 1));
  const cut = sorted.length - MOST_ENTRIES;
  const why = [
    ...(cut > 0 ? [`${cut.toLocaleString('en')} more entries are not shown.`] : []),
    ...(unread > 0 ? [`${unread} ${unread === 1 ? 'entry' : 'entries'} could not be read.`] : []),
  ].join(' ');
  return { path, entries: sorted.slice(0, MOST_ENTRIES), ...(why === '' ? {} : { incomplete: why }) };
}

function rank({ type, opens }: { readonly type: string; readonly opens: boolean }): number {
  return type === 'directory' || opens ? 0 : 1;
}

function refused(path: string, { code, stderr }: ExecResult): AppFailure {
  const said = visible(stderr.toString('utf8').trim().split('\n')[0] ?? '').slice(0, 300);
  if (/permission denied/i.test(said))
    return fail('forbidden', `The container's user may not read ${path}.`, { reason: 'EACCES' });
  if (/no such file|can't cd|not a directory/i.test(said))
    return fail('not-found', `${path} is no directory there.`);
  return fail('server', `${path} could not be read (exit code ${code})${said === '' ? '' : `: ${said}`}.`);
}

/** The head of a file; the program is stopped when there is enough. */
export async function readHead(
  api: Dialler,
  target: ContainerTarget,
  path: string,
  max: number,
  signal: AbortSignal,
): Promise<RemoteText> {
  const scope = new Scope('read-file');
  const onAbort = (): void => scope.dispose();
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    const { bytes, cut } = await cat(api, target, path, max, scope);
    const binary = isBinary(bytes);
    const text = binary ? '' : new TextDecoder('utf-8').decode(cut ? wholeCharacters(bytes) : bytes);
    return { text, cut, binary, bytes: bytes.length };
  } finally {
    signal.removeEventListener('abort', onAbort);
    scope.dispose();
  }
}

function cat(
  api: Dialler,
  target: ContainerTarget,
  path: string,
  max: number,
  scope: Scope,
): Promise<{ bytes: Buffer; cut: boolean }> {
  return new Promise((resolve, reject) => {
    const parts: Buffer[] = [];
    const said: Buffer[] = [];
    let length = 0;
    const done = (cut: boolean): void => {
      resolve({ bytes: Buffer.concat(parts).subarray(0, max), cut });
      scope.dispose();
    };
    openExec(
      api,
      { ...target, command: ['cat', path], tty: false, stdin: false },
      {
        onData: (stream, bytes) => {
          if (stream === 'stderr') {
            if (said.length < 8) said.push(Buffer.from(bytes));
            return;
          }
          if (length > max) return;
          parts.push(Buffer.from(bytes));
          length += bytes.length;
          if (length > max) done(true);
        },
        onEnd: (end) => {
          if ('error' in end) return reject(fail(end.error.code, end.error.message, end.error));
          if (end.code !== 0 && length === 0)
            return reject(
              refused(path, { code: end.code, stdout: Buffer.alloc(0), stderr: Buffer.concat(said) }),
            );
          done(false);
        },
      },
      scope.signal,
    ).catch((thrown: unknown) => {
      if (hasNone(thrown)) reject(noTools(target));
      else if (!isCancelled(thrown)) reject(thrown as Error);
      else reject(fail('cancelled', 'Cancelled.'));
    });
  });
}

/** NUL, or too much that is no UTF-8. */
function isBinary(bytes: Buffer): boolean {
  const head = bytes.subarray(0, 65_536);
  if (head.includes(0)) return true;
  const text = head.toString('utf8');
  let bad = 0;
  for (const char of text) if (char === '\ufffd') bad += 1;
  return bad > 4 && bad > text.length / 50;
}

/** Without the first bytes of a character whose rest was cut off. */
function wholeCharacters(bytes: Buffer): Buffer {
  for (let back = 1; back <= 3 && back <= bytes.length; back += 1) {
    const byte = bytes[bytes.length - back] ?? 0;
    if (byte >= 0xc0) return bytes.subarray(0, bytes.length - back);
    if (byte < 0x80) break;
  }
  return bytes;
}
