/**
 * Taking entries out of lists and maps and putting new ones in, in block style and in flow
 * (JSON) style, as splices. Comments that stand outside of an entry stay.
 */
import type { CST, Pair, YAMLMap, YAMLSeq } from 'yaml';
import { isSeq, isMap } from 'yaml';
import { fail } from '#shared/util/app-error';
import { blockLines, itemLines, textOf } from './edit-scalar';
import {
  contentEnd,
  eolOf,
  isEmpty,
  itemTokens,
  lineEnd,
  lineStart,
  linesAfter,
  pairOf,
  separatorEnd,
  start,
  type ListName,
  type Splice,
  type Tree,
} from './edit-tree';

/** Takes out the items at those places. `holder`: the pair whose value the collection is. */
export function removeItems(
  tree: Tree,
  seq: YAMLSeq | YAMLMap,
  places: readonly number[],
  holder: Pair | undefined,
): Splice[] {
  if (places.length === 0) return [];
  if (seq.flow === true) return removeFlow(tree, seq, new Set(places));
  const tokens = itemTokens(seq);
  const splices = places.map((at) => {
    const from = itemStart(tokens[at], seq.items[at]);
    const first = lineStart(tree.text, from);
    if (tree.text.slice(first, from).trim() !== '')
      throw fail('kubeconfig', `${tree.path}: this entry shares its line with another one.`, {
        hint: 'Put it on its own line in a text editor first; nothing was changed.',
      });
    return { start: first, end: lineEnd(tree.text, contentEnd(seq.items[at])), text: '' };
  });
  // Other readers of kubeconfigs than kubectl want an empty list, not nothing.
  const end = holder ? separatorEnd(holder) : 0;
  if (places.length === seq.items.length && end > 0)
    splices.push({ start: end, end, text: isSeq(seq) ? ' []' : ' {}' });
  return splices;
}

function itemStart(token: CST.CollectionItem | undefined, node: unknown): number {
  for (const one of token?.start ?? [])
    if (!['space', 'newline', 'comment', 'comma'].includes(one.type)) return one.offset;
  return token?.key?.offset ?? token?.value?.offset ?? start(node);
}

function commaOf(token: CST.CollectionItem | undefined): number | undefined {
  return token?.start.find((one) => one.type === 'comma')?.offset;
}

function removeFlow(tree: Tree, seq: YAMLSeq | YAMLMap, places: ReadonlySet<number>): Splice[] {
  const { text } = tree;
  const tokens = itemTokens(seq);
  const last = seq.items.length - 1;
  const all = (seq as { srcToken?: CST.FlowCollection }).srcToken?.items ?? [];
  const commas = [...tokens.map(commaOf), commaOf(all[tokens.length])];
  const kept = seq.items.map((_, at) => at).filter((at) => !places.has(at));
  const lastKept = kept[kept.length - 1] ?? -1;
  const splices: Splice[] = [];
  for (const at of places) {
    let from = itemStart(tokens[at], seq.items[at]);
    let to = contentEnd(seq.items[at]);
    // Behind the last kept entry the comma before goes, else the comma behind.
    const comma = commas[at > lastKept && lastKept >= 0 ? at : at + 1];
    if (comma !== undefined && comma >= to && text.slice(to, comma).trim() === '') to = comma + 1;
    else if (comma !== undefined && comma < from && text.slice(comma + 1, from).trim() === '') from = comma;
    else if (comma !== undefined) splices.push({ start: comma, end: comma + 1, text: '' });
    const blankBefore = text[from] === ',' ? from : blanksBefore(text, from);
    // Alone on its lines: the lines go whole. Else one of the two blanks goes.
    if (text[blankBefore - 1] === '\n' && /^[ \t]*\r?\n/.test(text.slice(to)))
      splices.push({ start: blankBefore, end: lineEnd(text, to), text: '' });
    else if (at <= lastKept && at < last) splices.push({ start: from, end: blanksAfter(text, to), text: '' });
    else splices.push({ start: from, end: to, text: '' });
  }
  return splices;
}

function blanksBefore(text: string, at: number): number {
  let found = at;
  while (text[found - 1] === ' ' || text[found - 1] === '\t') found -= 1;
  return found;
}

function blanksAfter(text: string, at: number): number {
  let found = at;
  while (text[found] === ' ' || text[found] === '\t') found += 1;
  return found;
}

/** Puts items at the end of a list of the file, making the list where there is none. */
export function addItems(tree: Tree, list: ListName, items: readonly unknown[]): Splice[] {
  if (items.length === 0) return [];
  const { root, text } = tree;
  const pair = root ? pairOf(root, list) : undefined;
  if (!root || !pair) return addPairs(tree, root, [[list, items]]);
  const seq = pair.value;
  if (isSeq(seq) && seq.flow === true && (seq.items.length > 0 || root.flow === true))
    return flowItems(
      text,
      seq,
      items.map((item) => ({ value: item })),
    );
  if (isSeq(seq) && seq.items.length > 0) {
    const from = itemStart(itemTokens(seq)[0], seq.items[0]);
    const indent = text.slice(lineStart(text, from), from);
    return [linesAfter(text, contentEnd(seq), itemLines(items, indent.trim() === '' ? indent : ''))];
  }
  if (!isEmpty(seq) && !(isSeq(seq) && seq.flow === true))
    throw fail('kubeconfig', `${tree.path}: "${list}:" is written in a way that nothing can be added to.`);
  if (root.flow === true) {
    const [from, to] = (seq as { range?: [number, number, number] } | null)?.range ?? [
      separatorEnd(pair),
      separatorEnd(pair),
    ];
    return [
      { start: from, end: to, text: `${from === separatorEnd(pair) ? ' ' : ''}${JSON.stringify(items)}` },
    ];
  }
  // `clusters: []` or `clusters:` or `clusters: null`: the value goes, lines follow.
  const end = contentEnd(pair);
  const splices: Splice[] = [];
  const colon = separatorEnd(pair);
  if (end > colon) splices.push({ start: colon, end, text: '' });
  const at = start(pair.key);
  splices.push(linesAfter(text, end, itemLines(items, text.slice(lineStart(text, at), at))));
  return splices;
}

/** Puts keys at the end of a map; `map` null: an empty file. */
export function addPairs(
  tree: Tree,
  map: YAMLMap | null,
  pairs: readonly (readonly [string, unknown])[],
): Splice[] {
  const { text } = tree;
  if (map?.flow === true)
    return flowItems(
      text,
      map,
      pairs.map(([key, value]) => ({ key, value })),
    );
  const lines = (indent: string): string[] => blockLines(Object.fromEntries(pairs), indent);
  if (!map || map.items.length === 0) {
    const [from = text.length] = (tree.document.contents as { range?: number[] } | null)?.range ?? [];
    return [linesAfter(text, Math.min(from, text.length), lines(''))];
  }
  const at = start(map.items[0]?.key);
  // The keys of a map in a list start behind its dash.
  const indent = text.slice(lineStart(text, at), at).replace(/[^\t]/g, ' ');
  return [linesAfter(text, contentEnd(map), lines(indent))];
}

/** Appends in [] or {}, set like what is there: one line, or lines of their own. */
function flowItems(
  text: string,
  into: YAMLSeq | YAMLMap,
  items: readonly { key?: string; value: unknown }[],
): Splice[] {
  const tokens = itemTokens(into);
  const last = into.items[into.items.length - 1];
  const json = quotedKeys(text, into);
  if (!last) {
    const open = start(into) + 1;
    return [{ start: open, end: open, text: items.map((one) => flowText(one, json, '', '')).join(', ') }];
  }
  const from = itemStart(tokens[tokens.length - 1], last);
  const first = lineStart(text, from);
  const lead = text.slice(first, from);
  const end = contentEnd(last);
  const all = (into as { srcToken?: CST.FlowCollection }).srcToken?.items ?? [];
  const comma = commaOf(all[tokens.length]);
  const ownLine = lead.trim() === '' && into.items.length > 0 && first > start(into);
  const gap = ownLine ? eolOf(text) + lead : ' ';
  const added = items.map((one) => flowText(one, json, ownLine ? lead : '', ownLine ? eolOf(text) : ''));
  if (comma !== undefined)
    return [{ start: comma + 1, end: comma + 1, text: added.map((one) => `${gap}${one},`).join('') }];
  return [{ start: end, end, text: added.map((one) => `,${gap}${one}`).join('') }];
}

function quotedKeys(text: string, into: YAMLSeq | YAMLMap): boolean {
  if (isSeq(into)) {
    const [first] = into.items;
    return isMap(first) ? quotedKeys(text, first) : true;
  }
  const [first] = into.items;
  return first === undefined || text[start(first.key)] === '"';
}

function flowText(one: { key?: string; value: unknown }, json: boolean, lead: string, eol: string): string {
  const { key, value } = one;
  const wide = typeof value === 'object' && value !== null && eol !== '';
  const shown =
    typeof value === 'string' && !json
      ? textOf(value, undefined, true)
      : wide
        ? JSON.stringify(value, null, 2).replace(/\n/g, eol + lead)
        : JSON.stringify(value);
  if (key === undefined) return shown;
  return `${json ? JSON.stringify(key) : textOf(key, undefined, true)}: ${shown}`;
}
