/**
 * YAML text to plain objects and back, as kubectl reads it (1.1 words and octal numbers).
 * Guarantees: sizes, parts and aliases are capped before anything is built from the text (S10), so
 * that no text of 5 MB keeps the host busy for long (fault 63);
 * every problem has a place; text written here reads back as the same object.
 */
import { isAlias, isMap, isScalar, isSeq, Lexer, parseAllDocuments, stringify, visit } from 'yaml';
import type { Document, Node } from 'yaml';
import type { Remark } from '#shared/contract/objects';
import { kubeYaml, MAX_ALIASES } from '../../kubeconfig/yaml-schema';

export interface ParsedDocument {
  readonly from: number;
  readonly to: number;
  readonly node: Node | null;
  /** The plain value; undefined when it cannot be had (a remark says why). */
  readonly value: unknown;
}

export interface ParsedText {
  readonly documents: readonly ParsedDocument[];
  readonly remarks: readonly Remark[];
}

const MOST_DOCUMENTS = 2_000;
/** Building takes about 4 µs a token. */
const MOST_TOKENS = 1_000_000;
/**
 * Brackets open at once; the parser goes down one call each, and takes seconds to find no end.
 * Counted in quoted text too, which no honest text fills with this many.
 */
const MOST_OPEN = 10_000;
/** A text of this length (characters) cannot hold more. */
const SURELY_FEW = 500_000;

export function parseText(text: string): ParsedText {
  const remarks: Remark[] = [];
  const documents: ParsedDocument[] = [];
  if (opens(text) > MOST_OPEN) {
    remarks.push(remark(0, 1, 'This is nested too deeply.'));
    return { documents, remarks };
  }
  const { end, tokens } = measure(text);
  if (tokens > MOST_TOKENS) {
    remarks.push(
      remark(
        0,
        1,
        `Over ${MOST_TOKENS / 1_000_000} million keys, values and signs: too much to be checked here.`,
      ),
    );
    return { documents, remarks };
  }
  // The parser's own check of keys compares each with each.
  const found = parseAllDocuments(text.slice(0, end), { ...kubeYaml, uniqueKeys: false });
  const list: readonly Document.Parsed[] = Array.isArray(found) ? (found as Document.Parsed[]) : [];
  for (const document of list) {
    const [from, , to] = document.range;
    for (const { pos, message, code } of document.errors)
      remarks.push(remark(pos[0], pos[1], words(message, code)));
    // A document of comments alone is none.
    if (document.contents === null || (isScalar(document.contents) && document.contents.value === null))
      continue;
    const node = document.contents as Node;
    const isSound = document.errors.length === 0 && !repeatsKeys(document, remarks);
    if (document.errors.length === 0) traps(document, remarks);
    documents.push({ from, to, node, value: isSound ? valueOf(document, remarks) : undefined });
  }
  if (end < text.length) remarks.push(remark(end, end + 1, `More than ${MOST_DOCUMENTS} documents.`));
  return { documents, remarks };
}

function opens(text: string): number {
  let [open, most] = [0, 0];
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === 0x5b || code === 0x7b) most = Math.max(most, ++open);
    else if ((code === 0x5d || code === 0x7d) && open > 0) open--;
  }
  return most;
}

/** How much is to be built: the tokens, and where the last document that is read ends. */
function measure(text: string): { end: number; tokens: number } {
  let [tokens, documents, at] = [0, 0, 0];
  // Even an empty document is more than three characters.
  if (text.length <= MOST_DOCUMENTS * 3) return { end: text.length, tokens };
  const isLong = text.length > SURELY_FEW;
  if (!isLong && text.split(/^---/m, MOST_DOCUMENTS + 1).length <= MOST_DOCUMENTS)
    return { end: text.length, tokens };
  for (const token of new Lexer().lex(text)) {
    // Signs of the lexer's own, which do not stand in the text.
    if (token === '\u0002') documents += 1;
    if (token === '\u0002' || token === '\u0018' || token === '\u001f') continue;
    if (documents > MOST_DOCUMENTS) return { end: at, tokens };
    at += token.length;
    tokens += 1;
    if (tokens > MOST_TOKENS) break;
  }
  return { end: text.length, tokens };
}

/** A map may name a key once; kubectl takes the last and says nothing. */
function repeatsKeys(document: Document.Parsed, remarks: Remark[]): boolean {
  let found = false;
  visit(document, {
    Map: (_key, map) => {
      const seen = new Set<unknown>();
      for (const { key } of map.items) {
        if (!isScalar(key) || !key.range) continue;
        if (seen.has(key.value)) {
          found = true;
          remarks.push(remark(key.range[0], key.range[1], 'This key stands twice in the same map.'));
        }
        seen.add(key.value);
      }
    },
  });
  return found;
}

function valueOf(document: Document.Parsed, remarks: Remark[]): unknown {
  try {
    return document.toJS({ maxAliasCount: MAX_ALIASES }) as unknown;
  } catch (thrown) {
    const [from] = document.range;
    remarks.push(
      thrown instanceof ReferenceError && /alias/i.test(thrown.message)
        ? remark(
            from,
            from + 1,
            `Aliases repeat too much here (more than ${MAX_ALIASES}): write the parts out.`,
          )
        : remark(from, from + 1, 'This document cannot be read.'),
    );
    return undefined;
  }
}

function remark(from: number, to: number, message: string, severity: Remark['severity'] = 'error'): Remark {
  return { from, to: Math.max(to, from + 1), severity, message };
}

/** The parser's words, without its own position. */
function words(message: string, code: string): string {
  if (code === 'TAB_AS_INDENT') return 'A tab cannot indent YAML: use spaces.';
  if (/call stack/.test(message)) return 'This is nested too deeply.';
  if (code === 'BAD_INDENT') return `Wrong indentation: ${message}`;
  if (code === 'MULTILINE_IMPLICIT_KEY' || code === 'MISSING_CHAR')
    return `This cannot be read as “key: value” (${message.split('\n')[0] ?? message}).`;
  const line = message.split('\n')[0] ?? message;
  return line.replace(/ at line \d+, column \d+:?$/, '').slice(0, 300);
}

const switches = /^(?:y|n|yes|no|on|off)$/i;
const octal = /^[-+]?0[0-7_]*[0-7]$/;
const underscored = /^[-+]?[0-9][0-9_]*_[0-9_.]*$/;

/** Plain words that YAML 1.1, and so kubectl, reads as something else than they look like. */
function traps(document: Document.Parsed, remarks: Remark[]): void {
  visit(document, {
    Scalar: (_key, node) => {
      if (node.type !== 'PLAIN' || !node.range || typeof node.value === 'string') return;
      const source = node.source ?? '';
      const read = String(node.value);
      const why = switches.test(source)
        ? `kubectl and the server read ${source} as ${read}. For the text write "${source}".`
        : octal.test(source) && source !== '0'
          ? `${source} is an octal number: it is read as ${read}.`
          : underscored.test(source)
            ? `${source} is read as the number ${read}. For the text write "${source}".`
            : undefined;
      if (why !== undefined) remarks.push(remark(node.range[0], node.range[1], why, 'warning'));
    },
  });
}

const FIRST = ['apiVersion', 'kind', 'metadata', 'type', 'spec', 'data'];
const META_FIRST = ['name', 'generateName', 'namespace', 'labels', 'annotations'];

/** An object as text, its keys in the order people know; long strings stay on one line. */
export function objectText(object: Readonly<Record<string, unknown>>): string {
  const { metadata } = object;
  const meta =
    typeof metadata === 'object' && metadata !== null && !Array.isArray(metadata)
      ? { metadata: ordered(metadata as Record<string, unknown>, META_FIRST) }
      : {};
  return valueText(ordered({ ...object, ...meta }, FIRST));
}

export function valueText(value: unknown): string {
  if (value === undefined) return '';
  return stringify(value, { lineWidth: 0, version: '1.1', aliasDuplicateObjects: false });
}

function ordered(map: Readonly<Record<string, unknown>>, first: readonly string[]): Record<string, unknown> {
  const known = new Set(first);
  const names = [
    ...first.filter((name) => Object.prototype.hasOwnProperty.call(map, name)),
    ...Object.keys(map).filter((name) => !known.has(name)),
  ];
  return Object.fromEntries(names.map((name) => [name, map[name]]));
}

/** Start of the line the offset is in, from 1, and the column from 1. */
export function lineOf(text: string, offset: number): { line: number; column: number } {
  const before = text.slice(0, offset);
  const line = before.split('\n').length;
  return { line, column: offset - before.lastIndexOf('\n') };
}

/** Calls back for each field and element of a map node, aliases not followed. */
export function children(node: unknown): readonly {
  readonly name?: string;
  readonly index?: number;
  readonly key?: Node;
  readonly value: unknown;
}[] {
  if (isMap(node)) {
    return node.items.map(({ key, value }) => ({
      name: isScalar(key) ? String(key.source ?? key.value) : '',
      key: key as Node,
      value,
    }));
  }
  if (isSeq(node)) return node.items.map((value, index) => ({ index, value }));
  return [];
}

export { isAlias, isMap as isMapNode, isScalar, isSeq };
