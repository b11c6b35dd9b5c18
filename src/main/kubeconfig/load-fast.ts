/**
 * Reads the YAML that kubectl and the cloud tools write, a hundred times faster than YAML at large:
 * block lists and maps of one-line scalars, one line at a time. Guarantees: what it returns is
 * what `load.ts` would return (a property test holds it to that); whatever it does not know for
 * certain, or finds wrong, is `null`, and the full parser decides and finds the words.
 */
import { parseDocument } from 'yaml';
import { checkEntry, isObject, type EntryKind } from './entry-shape';
import type { Entry, LoadedFile } from './load';
import { kubeYaml } from './yaml-schema';

/** A line that is not empty and not a comment. */
interface Line {
  readonly indent: number;
  /** Without indentation and trailing spaces. */
  readonly text: string;
  readonly number: number;
}

class Unsure extends Error {}

const maxDepth = 12;
/** Scalars that need the full rules of YAML 1.1, such as `1e3` or `on`. */
const maxResolved = 2_000;

/** The file, or null when it needs the full parser. */
export function fastKubeconfig(path: string, text: string): LoadedFile | null {
  try {
    return read(path, text);
  } catch (thrown) {
    if (thrown instanceof Unsure) return null;
    throw thrown;
  }
}

function read(path: string, text: string): LoadedFile | null {
  const lines = linesOf(text);
  if (lines.length === 0) return null;
  const parser = new BlockParser(lines);
  const root = parser.document();
  const { kind } = root;
  if (kind !== undefined && kind !== null && kind !== '' && kind !== 'Config') return null;
  const entries = (list: string, of: EntryKind): Map<string, Entry> => {
    const found = new Map<string, Entry>();
    const items = root[list];
    if (items === undefined || items === null) return found;
    if (!Array.isArray(items)) throw new Unsure();
    for (const item of items as unknown[]) {
      if (!isObject(item)) throw new Unsure();
      const { name } = item;
      const value = item[of] ?? {};
      if (typeof name !== 'string' || name === '' || found.has(name) || !isObject(value)) throw new Unsure();
      if (checkEntry(of, value)) throw new Unsure();
      found.set(name, { name, file: path, line: parser.lineOf(item), value });
    }
    return found;
  };
  const contexts = entries('contexts', 'context');
  const clusters = entries('clusters', 'cluster');
  const users = entries('users', 'user');
  const current = root['current-context'];
  return {
    path,
    text,
    contexts,
    clusters,
    users,
    currentContext: typeof current === 'string' && current !== '' ? current : null,
    problems: [],
    broken: false,
  };
}

function linesOf(text: string): Line[] {
  // Printable ASCII and line ends only; tabs and lone carriage returns are left to the full parser.
  if (/[^\x20-\x7e\r\n]/.test(text) || /\r(?!\n)/.test(text)) throw new Unsure();
  const lines: Line[] = [];
  let number = 0;
  for (const raw of text.split('\n')) {
    number += 1;
    const body = raw.trimEnd();
    const trimmed = body.trimStart();
    if (trimmed === '' || trimmed.startsWith('#')) continue;
    const indent = body.length - trimmed.length;
    if (indent === 0 && /^(---|\.\.\.|%)/.test(trimmed)) throw new Unsure();
    lines.push({ indent, text: trimmed, number });
  }
  return lines;
}

type Value = unknown;

class BlockParser {
  private at = 0;
  private readonly places = new Map<object, number>();
  private readonly resolved = new Map<string, Value>();

  constructor(private readonly lines: Line[]) {}

  document(): Record<string, Value> {
    const first = this.lines[0];
    if (!first || first.indent !== 0 || first.text.startsWith('- ')) throw new Unsure();
    const root = this.map(0, 0);
    if (this.at !== this.lines.length) throw new Unsure();
    return root;
  }

  lineOf(item: object): number {
    return this.places.get(item) ?? 1;
  }

  private map(indent: number, depth: number): Record<string, Value> {
    if (depth > maxDepth) throw new Unsure();
    const result: Record<string, Value> = {};
    const first = this.lines[this.at];
    if (first) this.places.set(result, first.number);
    for (;;) {
      const line = this.lines[this.at];
      if (!line || line.indent < indent) return result;
      if (line.indent > indent || line.text.startsWith('- ') || line.text === '-') {
        // A list at the indentation of a map's keys ends the map; anything deeper is unknown.
        if (line.indent === indent && depth > 0) return result;
        throw new Unsure();
      }
      const match = /^([A-Za-z][A-Za-z0-9._-]*):(?: +(.*))?$/.exec(line.text);
      const key = match?.[1];
      if (key === undefined || isWord(key) || Object.hasOwn(result, key)) throw new Unsure();
      this.at += 1;
      result[key] = match?.[2] === undefined ? this.below(indent, depth) : this.scalar(match[2]);
    }
  }

  /** What stands under a key without a value of its own. */
  private below(indent: number, depth: number): Value {
    const next = this.lines[this.at];
    if (!next) return null;
    const isItem = next.text.startsWith('- ') || next.text === '-';
    if (isItem && next.indent >= indent) return this.list(next.indent, depth + 1);
    return next.indent > indent ? this.map(next.indent, depth + 1) : null;
  }

  private list(indent: number, depth: number): Value[] {
    if (depth > maxDepth) throw new Unsure();
    const result: Value[] = [];
    for (;;) {
      const line = this.lines[this.at];
      if (!line || line.indent < indent) return result;
      if (line.indent > indent || !line.text.startsWith('- ')) {
        if (line.indent === indent && line.text !== '-') return result;
        throw new Unsure();
      }
      const inner = line.text.slice(2).trimStart();
      if (inner.startsWith('- ') || inner === '-' || inner.startsWith('#')) throw new Unsure();
      if (/^[A-Za-z][A-Za-z0-9._-]*:( |$)/.test(inner)) {
        // `- name: x`: a map whose keys stand where `name` stands.
        const column = line.indent + (line.text.length - inner.length);
        this.lines[this.at] = { indent: column, text: inner, number: line.number };
        result.push(this.map(column, depth + 1));
      } else {
        this.at += 1;
        result.push(this.scalar(inner));
        // A deeper line would go on with this scalar.
        const next = this.lines[this.at];
        if (next && next.indent > indent) throw new Unsure();
      }
    }
  }

  private scalar(text: string): Value {
    // Already known to be one line; a line below that is deeper is refused where it is met.
    if (text === '{}') return {};
    if (text === '[]') return [];
    if (/^"[^"\\]*"$/.test(text) || /^'[^']*'$/.test(text)) return text.slice(1, -1);
    if (text.includes(': ') || text.includes(' #') || text.endsWith(':')) throw new Unsure();
    if (/^(?:\/|--?[A-Za-z])/.test(text)) return text;
    if (!/^[A-Za-z0-9]/.test(text)) throw new Unsure();
    // A letter first and more than the longest word of YAML: text, whatever follows.
    if (/^[A-Za-z]/.test(text) && !isWord(text)) return text;
    return this.resolve(text);
  }

  private resolve(text: string): Value {
    const known = this.resolved.get(text);
    if (known !== undefined || this.resolved.has(text)) return known;
    if (this.resolved.size >= maxResolved) throw new Unsure();
    const document = parseDocument(text, kubeYaml);
    if (document.errors.length > 0) throw new Unsure();
    const value: unknown = document.toJS();
    if (typeof value === 'object' && value !== null) throw new Unsure();
    this.resolved.set(text, value);
    return value;
  }
}

/** May be something else than text in YAML 1.1: `yes`, `Null`, `off`. */
function isWord(text: string): boolean {
  return text.length <= 5 && /^(?:y|n|yes|no|on|off|true|false|null)$/i.test(text);
}
