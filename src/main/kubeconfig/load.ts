/**
 * One kubeconfig file as entries by name, each with its line.
 * Guarantees: a bad entry is kept with its problem and hides no other; of two entries with
 * one name the first counts (kubectl); nothing is resolved across lists here; no value of
 * the file appears in a problem. The text is kept, so that edits can leave other bytes alone.
 */
import { isAlias, isMap, isScalar, isSeq, LineCounter, parseDocument } from 'yaml';
import type { Document, Node, ParsedNode, YAMLMap } from 'yaml';
import type { AppError } from '#shared/util/app-error';
import { FileProblem, readSmallFile } from './read-file';
import { checkEntry, type EntryKind } from './entry-shape';
import { fastKubeconfig } from './load-fast';
import { kubeYaml, MAX_ALIASES } from './yaml-schema';

/** Kubeconfigs beyond this are refused (fault 33). */
export const MAX_KUBECONFIG_BYTES = 10 * 1024 * 1024;

export interface Entry {
  readonly name: string;
  /** Absolute path of the file that holds it; relative paths in it start there. */
  readonly file: string;
  readonly line: number;
  /** The inner object: `cluster:`, `user:` or `context:`. */
  readonly value: Readonly<Record<string, unknown>>;
  readonly problem?: AppError;
}

export interface LoadedFile {
  readonly path: string;
  readonly text: string;
  readonly contexts: ReadonlyMap<string, Entry>;
  readonly clusters: ReadonlyMap<string, Entry>;
  readonly users: ReadonlyMap<string, Entry>;
  readonly currentContext: string | null;
  /** All that is wrong, with file and line. */
  readonly problems: readonly AppError[];
  /** The text does not parse to its end: perhaps only half of it was written yet. */
  readonly broken: boolean;
}

/** Reads and parses; AppError instead of a file when nothing of it can be used. */
export async function loadKubeconfig(
  path: string,
): Promise<{ ok: true; file: LoadedFile } | { ok: false; missing: boolean; error: AppError }> {
  let bytes: Buffer;
  try {
    bytes = await readSmallFile(path, MAX_KUBECONFIG_BYTES);
  } catch (thrown) {
    const problem = thrown as FileProblem;
    return { ok: false, missing: problem.reason === 'missing', error: whole(path, problem.message) };
  }
  const text = decode(bytes);
  if (text === null)
    return {
      ok: false,
      missing: false,
      error: whole(path, `${path} is not UTF-8 text.`, 'Save it as UTF-8 (PowerShell’s ">" writes UTF-16).'),
    };
  return { ok: true, file: parseKubeconfig(path, text) };
}

/** Text without a byte order mark, or null when it is not UTF-8. */
export function decode(bytes: Buffer): string | null {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return text.includes('\0') ? null : text;
  } catch {
    return null;
  }
}

export function parseKubeconfig(path: string, text: string): LoadedFile {
  return fastKubeconfig(path, text) ?? parseFully(path, text);
}

/** Any YAML, with every problem in words. */
export function parseFully(path: string, text: string): LoadedFile {
  const lines = new LineCounter();
  const document = parseDocument(text, { ...kubeYaml, lineCounter: lines });
  const reader = new Reader(path, lines, document);
  const { contents } = document;
  const root = contents === null ? null : reader.map(contents as ParsedNode);
  if (root === null && contents !== null && !(isScalar(contents) && contents.value === null))
    reader.complain(1, 'this is not a kubeconfig: it holds no "contexts:", "clusters:" and "users:".');
  const kind = root === null ? undefined : reader.scalar(root, 'kind');
  if (kind !== undefined && kind !== null && kind !== '' && kind !== 'Config')
    reader.complain(1, 'this is another kind of object, not a kubeconfig ("kind" is not "Config").');
  const take = (list: 'contexts' | 'clusters' | 'users', kindOf: EntryKind): Map<string, Entry> =>
    root === null ? new Map<string, Entry>() : reader.entries(root, list, kindOf);
  const contexts = take('contexts', 'context');
  const clusters = take('clusters', 'cluster');
  const users = take('users', 'user');
  const current = root === null ? null : reader.scalar(root, 'current-context');
  return {
    path,
    text,
    contexts,
    clusters,
    users,
    currentContext: typeof current === 'string' && current !== '' ? current : null,
    problems: reader.problems,
    broken: reader.broken,
  };
}

class Reader {
  readonly problems: AppError[] = [];
  readonly broken: boolean;
  private readonly syntax: { start: number; end: number; line: number; text: string }[] = [];

  constructor(
    private readonly path: string,
    private readonly lines: LineCounter,
    private readonly document: Document.Parsed,
  ) {
    for (const error of document.errors) {
      const [start, end] = error.pos;
      const { line } = lines.linePos(start);
      if (error.code === 'MULTIPLE_DOCS') {
        this.complain(line, 'only the first YAML document of the file is read, as kubectl does.');
        continue;
      }
      const text = `YAML: ${yamlWords(error.code, error.message)}`;
      this.syntax.push({ start, end, line, text });
      this.complain(line, text);
    }
    this.broken = this.syntax.length > 0;
  }

  complain(line: number, text: string): AppError {
    const problem: AppError = { code: 'kubeconfig', message: `${this.path}:${line}: ${text}` };
    this.problems.push(problem);
    return problem;
  }

  map(node: unknown): YAMLMap | null {
    const target = isAlias(node) ? node.resolve(this.document) : node;
    return isMap(target) ? target : null;
  }

  /** Value of a key of a map without following the rest of it; the last of two counts, as for kubectl. */
  private child(map: YAMLMap, key: string): unknown {
    let found: unknown;
    for (const pair of map.items) if (isScalar(pair.key) && pair.key.value === key) found = pair.value;
    return found;
  }

  scalar(map: YAMLMap, key: string): unknown {
    const node = this.child(map, key);
    const target = isAlias(node) ? node.resolve(this.document) : node;
    return isScalar(target) ? target.value : undefined;
  }

  entries(root: YAMLMap, list: string, kind: EntryKind): Map<string, Entry> {
    const found = new Map<string, Entry>();
    let node = this.child(root, list);
    if (isAlias(node)) node = node.resolve(this.document);
    if (node === undefined || node === null || (isScalar(node) && node.value === null)) return found;
    if (!isSeq(node)) {
      this.complain(this.lineOf(node), `"${list}:" must be a list.`);
      return found;
    }
    let place = 0;
    for (const item of node.items) {
      place += 1;
      const entry = this.entry(item, list, kind, place);
      const first = found.get(entry.name);
      if (first)
        this.complain(
          entry.line,
          `${kind} "${entry.name}" is here twice; the one in line ${first.line} counts.`,
        );
      else found.set(entry.name, entry);
    }
    return found;
  }

  private entry(item: unknown, list: string, kind: EntryKind, place: number): Entry {
    const line = this.lineOf(item);
    const bad = (name: string, text: string, at = line): Entry => ({
      name,
      file: this.path,
      line,
      value: {},
      problem: this.complain(at, text),
    });
    const map = this.map(item);
    const fallback = `${list}[${place - 1}]`;
    if (!map) return bad(fallback, `entry ${place} of "${list}:" is not an object.`);
    const name = this.scalar(map, 'name');
    if (name === undefined || name === null || name === '')
      return bad(fallback, `entry ${place} of "${list}:" has no name.`);
    if (typeof name !== 'string')
      return bad(fallback, `the name of entry ${place} of "${list}:" is not text; put it in quotes.`);
    const label = `${kind} "${name}"`;
    const hurt = this.syntaxIn(item);
    if (hurt) return bad(name, `${label}: ${hurt.text}`, hurt.line);
    const inner = this.child(map, kind);
    let value: unknown;
    try {
      value = toValue(inner, this.document);
    } catch {
      return bad(name, `${label} uses more than ${MAX_ALIASES} YAML aliases, or one that leads nowhere.`);
    }
    if (value === null || value === undefined) value = {};
    if (typeof value !== 'object' || Array.isArray(value))
      return bad(name, `${label}: "${kind}:" is not an object.`);
    const wrong = checkEntry(kind, value as Record<string, unknown>);
    if (wrong) {
      const innerMap = this.map(inner);
      const at = innerMap ? this.child(innerMap, wrong.field.split('.')[0] ?? '') : undefined;
      return bad(name, `${label}: ${wrong.text}`, at === undefined ? line : this.lineOf(at));
    }
    return { name, file: this.path, line, value: value as Record<string, unknown> };
  }

  private syntaxIn(node: unknown): { line: number; text: string } | undefined {
    const range = (node as ParsedNode).range;
    return this.syntax.find((error) => error.start >= range[0] && error.start <= range[2]);
  }

  private lineOf(node: unknown): number {
    const range = (node as Partial<ParsedNode> | null)?.range;
    return range ? this.lines.linePos(range[0]).line : 1;
  }
}

function toValue(node: unknown, document: Document.Parsed): unknown {
  if (node === undefined || node === null) return null;
  return (node as Node).toJS(document, { maxAliasCount: MAX_ALIASES });
}

/** Messages of the parser may quote the text; those of these codes do not, the others are reworded. */
function yamlWords(code: string, message: string): string {
  switch (code) {
    case 'TAB_AS_INDENT':
      return 'a tab is used to indent; use spaces.';
    case 'BAD_INDENT':
      return 'wrong indentation.';
    case 'MISSING_CHAR':
    case 'BLOCK_IN_FLOW':
      return 'a quote, bracket or separator is missing.';
    case 'BAD_ALIAS':
      return 'an alias leads nowhere.';
    case 'MULTILINE_IMPLICIT_KEY':
    case 'KEY_OVER_1024_CHARS':
      return 'a key is not followed by ": ".';
    default:
      return message.includes('"') || message.includes(':') ? `it cannot be read here (${code}).` : message;
  }
}

function whole(path: string, message: string, hint?: string): AppError {
  return { code: 'kubeconfig', message: message.includes(path) ? message : `${path}: ${message}`, hint };
}
