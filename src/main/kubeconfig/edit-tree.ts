/**
 * A kubeconfig as the tree of its first YAML document with the place of every piece in the
 * text, and edits of that text as splices. Guarantees: nothing outside the splices changes;
 * the line ends of the file are kept. A file that does not parse to its end is refused.
 */
import { isAlias, isMap, isPair, isScalar, isSeq, LineCounter, parseDocument } from 'yaml';
import type { CST, Document, Node, Pair, YAMLMap, YAMLSeq } from 'yaml';
import { AppFailure, fail } from '#shared/util/app-error';
import { isObject } from './entry-shape';
import { kubeYaml, MAX_ALIASES } from './yaml-schema';

export interface Splice {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

export interface Tree {
  readonly path: string;
  readonly text: string;
  readonly document: Document.Parsed;
  /** Null when the file is empty or holds comments only. */
  readonly root: YAMLMap | null;
  /** The same as plain values. */
  readonly model: Readonly<Record<string, unknown>>;
}

export type ListName = 'contexts' | 'clusters' | 'users';
export const innerKey = { contexts: 'context', clusters: 'cluster', users: 'user' } as const;

/** Throws AppFailure `kubeconfig` when the text cannot be edited safely. `text` has no byte order mark. */
export function readTree(path: string, text: string): Tree {
  const lines = new LineCounter();
  const document = parseDocument(text, { ...kubeYaml, keepSourceTokens: true, lineCounter: lines });
  const error = document.errors.find((one) => one.code !== 'MULTIPLE_DOCS');
  if (error)
    throw fail('kubeconfig', `${path}:${lines.linePos(error.pos[0]).line}: the YAML is broken here.`, {
      hint: 'Repair the line in a text editor first; nothing was changed.',
    });
  const contents: unknown = document.contents;
  const empty = contents === null || (isScalar(contents) && contents.value === null);
  if (!empty && !isMap(contents)) throw fail('kubeconfig', `${path}: this is not a kubeconfig.`);
  let model: unknown;
  try {
    model = document.toJS({ maxAliasCount: MAX_ALIASES }) ?? {};
  } catch {
    throw fail(
      'kubeconfig',
      `${path} uses more than ${MAX_ALIASES} YAML aliases, or one that leads nowhere.`,
    );
  }
  return {
    path,
    text,
    document,
    root: isMap(contents) ? contents : null,
    model: isObject(model) ? model : {},
  };
}

/** Splices in any order; those at one place are taken in the order given. */
export function splice(text: string, splices: readonly Splice[]): string {
  const sorted = splices.map((one, at) => ({ ...one, at })).sort((a, b) => a.start - b.start || a.at - b.at);
  let result = '';
  let done = 0;
  for (const one of sorted) {
    if (one.start < done || one.end < one.start)
      throw new AppFailure({ code: 'internal', message: 'Two edits of one place.' });
    result += text.slice(done, one.start) + one.text;
    done = one.end;
  }
  return result + text.slice(done);
}

/** The pair of a key; the last of two counts, as for kubectl. */
export function pairOf(map: YAMLMap, key: string): Pair | undefined {
  let found: Pair | undefined;
  for (const pair of map.items) if (isScalar(pair.key) && pair.key.value === key) found = pair;
  return found;
}

export function follow(tree: Tree, node: unknown): unknown {
  return isAlias(node) ? node.resolve(tree.document) : node;
}

export function isEmpty(node: unknown): boolean {
  return node === null || node === undefined || (isScalar(node) && node.value === null);
}

/** The list as written in this file; null when absent, empty or an alias of something that is no list. */
export function listOf(tree: Tree, list: ListName): YAMLSeq | null {
  const node = tree.root ? follow(tree, pairOf(tree.root, list)?.value) : undefined;
  if (isSeq(node)) return node;
  if (isEmpty(node)) return null;
  throw fail('kubeconfig', `${tree.path}: "${list}:" is not a list.`);
}

export interface FoundEntry {
  readonly seq: YAMLSeq;
  readonly at: number;
  readonly item: YAMLMap;
}

/** Every entry of that name, the one that counts first. */
export function entriesNamed(tree: Tree, list: ListName, name: string): FoundEntry[] {
  const seq = listOf(tree, list);
  const found: FoundEntry[] = [];
  seq?.items.forEach((one, at) => {
    const item = follow(tree, one);
    if (!isMap(item)) return;
    const named = follow(tree, pairOf(item, 'name')?.value);
    if (isScalar(named) && named.value === name) found.push({ seq, at, item });
  });
  return found;
}

export function start(node: unknown): number {
  return (node as Node).range?.[0] ?? 0;
}

/** Where what a node says ends: before blanks, comments and line ends that follow it. */
export function contentEnd(node: unknown): number {
  if (isPair(node)) {
    if (node.value !== null && node.value !== undefined && (node.value as Node).range)
      return Math.max(contentEnd(node.value), separatorEnd(node));
    return Math.max(contentEnd(node.key), separatorEnd(node));
  }
  if ((isMap(node) || isSeq(node)) && node.flow !== true && node.items.length > 0)
    return contentEnd(node.items[node.items.length - 1]);
  return (node as Node).range?.[1] ?? 0;
}

/** End of `:` and of an anchor or tag after it; 0 where the pair has none. */
export function separatorEnd(pair: Pair): number {
  let end = 0;
  for (const token of (pair as { srcToken?: CST.CollectionItem }).srcToken?.sep ?? [])
    if (token.type === 'map-value-ind' || token.type === 'anchor' || token.type === 'tag')
      end = token.offset + token.source.length;
  return end;
}

/** Offset behind the line end of the line in which `offset` is the end of something. */
export function lineEnd(text: string, offset: number): number {
  if (offset > 0 && text[offset - 1] === '\n') return offset;
  const found = text.indexOf('\n', offset);
  return found === -1 ? text.length : found + 1;
}

export function lineStart(text: string, offset: number): number {
  return text.lastIndexOf('\n', offset - 1) + 1;
}

/** The line end this file uses. */
export function eolOf(text: string): string {
  const first = text.indexOf('\n');
  return first > 0 && text[first - 1] === '\r' ? '\r\n' : '\n';
}

/** New lines behind the line that ends what is written up to `offset`. */
export function linesAfter(text: string, offset: number, lines: readonly string[]): Splice {
  const eol = eolOf(text);
  const at = lineEnd(text, offset);
  const body = lines.join(eol);
  const open = at > 0 && text[at - 1] !== '\n';
  return { start: at, end: at, text: open ? eol + body : body + eol };
}

/** Tokens of the items that a collection really has, in their order. */
export function itemTokens(seq: YAMLSeq | YAMLMap): CST.CollectionItem[] {
  const token = (seq as { srcToken?: CST.BlockSequence | CST.FlowCollection | CST.BlockMap }).srcToken;
  const items: readonly CST.CollectionItem[] = token?.items ?? [];
  const counted = new Set(['seq-item-ind', 'anchor', 'tag', 'explicit-key-ind']);
  return items.filter(
    (item) => item.key || item.sep || item.value || item.start.some((one) => counted.has(one.type)),
  );
}
