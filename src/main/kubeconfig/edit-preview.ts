/**
 * Which lines of a file a removal takes, fit to be shown: no value that may be a secret is in them.
 * Says what `changeText` would do to the same text, by the same splices.
 */
import type { RemovedLine } from '#shared/contract/kubeconfig';
import { clip } from '#shared/util/text';
import { splicesOf } from './edit';
import { readTree, type Splice } from './edit-tree';

const MAX_LINES = 400;
const MAX_LINE = 160;

export interface Removal {
  readonly context: string;
  readonly cluster?: string | undefined;
  readonly user?: string | undefined;
}

/** AppFailure as `changeText` has them when the removal is refused. */
export function removedLines(path: string, text: string, removal: Removal): RemovedLine[] {
  const tree = readTree(path, text);
  const { context, cluster, user } = removal;
  const starts = lineStarts(text);
  const found: RemovedLine[] = [];
  const seen = new Set<number>();
  const take = (part: RemovedLine['part'], splices: readonly Splice[]): void => {
    for (const splice of splices) {
      if (seen.has(splice.start)) continue;
      seen.add(splice.start);
      found.push(...linesIn(text, starts, splice, part));
    }
  };
  // One list after the other, so that each line is known by what it belongs to.
  take('context', splicesOf(tree, { op: 'remove', context }));
  if (cluster !== undefined) take('cluster', splicesOf(tree, { op: 'remove', context, cluster }));
  if (user !== undefined) take('user', splicesOf(tree, { op: 'remove', context, user }));
  return found.sort((a, b) => a.number - b.number).slice(0, MAX_LINES);
}

function lineStarts(text: string): number[] {
  const starts = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
}

function linesIn(
  text: string,
  starts: readonly number[],
  splice: Splice,
  part: RemovedLine['part'],
): RemovedLine[] {
  let line = 0;
  // The last line that starts at or before the splice.
  for (let low = 0, high = starts.length - 1; low <= high;) {
    const middle = (low + high) >> 1;
    if ((starts[middle] ?? 0) <= splice.start) {
      line = middle;
      low = middle + 1;
    } else high = middle - 1;
  }
  const lines: RemovedLine[] = [];
  for (let at = line; (starts[at] ?? Infinity) < splice.end; at += 1) {
    const from = Math.max(splice.start, starts[at] ?? 0);
    const to = Math.min(splice.end, starts[at + 1] ?? text.length);
    const piece = text.slice(from, to).replace(/[\r\n]+$/, '');
    if (piece.trim() !== '') lines.push({ number: at + 1, text: withoutSecrets(piece, part), part });
  }
  return lines;
}

/** Fields of a user entry whose value says nothing that must not be seen. */
const open = new Set([
  ...[
    'name',
    'user',
    'exec',
    'command',
    'apiVersion',
    'interactiveMode',
    'provideClusterInfo',
    'env',
    'args',
  ],
  ...[
    'auth-provider',
    'config',
    'client-certificate',
    'client-key',
    'tokenFile',
    'as',
    'as-groups',
    'as-uid',
  ],
  ...['idp-issuer-url', 'client-id', 'installHint'],
]);

/**
 * One line of an entry for the screen. Of a user entry only known fields keep their value; of the
 * others a proxy's password goes; what has no field of its own (lists, folded text, comments) in a
 * user entry is hidden whole.
 */
export function withoutSecrets(line: string, part: RemovedLine['part']): string {
  if (part !== 'user') {
    const plain = line.replace(/(:\/\/)[^/@\s"']+@/g, '$1•••@');
    return clip(plain.replace(/([A-Za-z0-9+/=_-]{80})[A-Za-z0-9+/=_-]+/g, '$1…'), MAX_LINE);
  }
  const indent = /^\s*/.exec(line)?.[0] ?? '';
  const match = /^(\s*(?:- +)?)(["']?)([A-Za-z][\w.-]*)\2:(\s*)(.*)$/.exec(line);
  const key = match?.[3];
  if (!match || key === undefined) return `${indent}•••`;
  const [, lead = '', quote = '', , , value = ''] = match;
  const head = `${lead}${quote}${key}${quote}:`;
  if (value.trim() === '') return head;
  // Flow style and JSON hold more than one field in a line.
  const isOne = !/[{[]/.test(value) || /^(\{\}|\[\])\s*,?$/.test(value);
  return open.has(key) && isOne ? clip(`${head} ${value}`, MAX_LINE) : `${head} •••`;
}
