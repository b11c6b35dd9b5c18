/**
 * Reads Kubernetes manifests for the command-line oracles: a file, a folder (recursive)
 * or `-` for standard input; YAML (several documents) and JSON; Lists are unwrapped.
 * A file or document that cannot be read or parsed is reported on standard error and skipped, so
 * that one bad one never hides the others. Objects come in the order of sorted paths.
 */
import { readdirSync, readFileSync, statSync, type Dirent } from 'node:fs';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';

export interface Manifest {
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly metadata?: {
    readonly name?: string;
    readonly namespace?: string;
    readonly uid?: string;
    readonly labels?: Readonly<Record<string, string>> | null;
    readonly annotations?: Readonly<Record<string, string>> | null;
    readonly [field: string]: unknown;
  };
  readonly [field: string]: unknown;
}

const MAX_FILE = 64 * 1024 * 1024;
const MAX_DEPTH = 32;

export function readManifests(
  path: string,
  report: (message: string) => void = (message) => process.stderr.write(`${message}\n`),
): Manifest[] {
  const objects: Manifest[] = [];
  const take = (name: string, text: string): void => {
    const tell = (thrown: unknown): void =>
      report(`${name}: ${thrown instanceof Error ? thrown.message : String(thrown)}`);
    try {
      for (const value of parseText(name, text.replace(/^\uFEFF/, ''), tell)) unwrap(value, objects);
    } catch (thrown) {
      tell(thrown);
    }
  };
  if (path === '-') {
    take('standard input', readFileSync(0, 'utf8'));
    return objects;
  }
  for (const file of filesOf(path, 0, report)) {
    try {
      if (statSync(file).size > MAX_FILE) report(`${file}: larger than 64 MiB, left out`);
      else take(file, readFileSync(file, 'utf8'));
    } catch (thrown) {
      report(`${file}: ${thrown instanceof Error ? thrown.message : String(thrown)}`);
    }
  }
  return objects;
}

/** The objects of a text of YAML documents; what cannot be read is left out. */
export function manifestsIn(text: string): Manifest[] {
  const objects: Manifest[] = [];
  for (const value of parseText('', text, () => undefined)) unwrap(value, objects);
  return objects;
}

/** Group of an apiVersion: '' for the core group. */
export function groupOf(apiVersion: string | undefined): string {
  const slash = apiVersion?.indexOf('/') ?? -1;
  return slash < 0 ? '' : (apiVersion ?? '').slice(0, slash);
}

function* filesOf(path: string, depth: number, report: (message: string) => void): Generator<string> {
  let entries: Dirent[];
  try {
    if (!statSync(path).isDirectory()) {
      yield path;
      return;
    }
    if (depth > MAX_DEPTH) return report(`${path}: more than ${MAX_DEPTH} folders deep, left out`);
    entries = readdirSync(path, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  } catch (thrown) {
    return report(`${path}: ${thrown instanceof Error ? thrown.message : String(thrown)}`);
  }
  for (const entry of entries) {
    const full = join(path, entry.name);
    if (entry.isDirectory()) yield* filesOf(full, depth + 1, report);
    // Links to files count (mounted volumes are made of them); links to folders could lead in circles.
    else if (/\.(ya?ml|json)$/i.test(entry.name) && !(entry.isSymbolicLink() && isFolder(full))) yield full;
  }
}

function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}

/** A document that cannot be read is told and left out; the others of its file stay. */
function parseText(name: string, text: string, tell: (thrown: unknown) => void): unknown[] {
  if (/\.json$/i.test(name)) return parseJson(text, tell);
  const documents = parseAllDocuments(text, {
    version: '1.2',
    uniqueKeys: true,
    strict: false,
    merge: true,
  });
  if (!Array.isArray(documents)) return [];
  return documents.flatMap((document) => {
    try {
      const [error] = document.errors;
      if (error) throw error;
      return [document.toJS({ maxAliasCount: 100 }) as unknown];
    } catch (thrown) {
      tell(thrown);
      return [];
    }
  });
}

/** One value, or one a line. */
function parseJson(text: string, tell: (thrown: unknown) => void): unknown[] {
  try {
    return [JSON.parse(text)];
  } catch (thrown) {
    const lines = text.split('\n').filter((line) => line.trim() !== '');
    const values = lines.flatMap((line): unknown[] => {
      try {
        return [JSON.parse(line)];
      } catch {
        return [];
      }
    });
    if (values.length < lines.length) tell(thrown);
    return values.filter((value) => typeof value === 'object');
  }
}

function unwrap(value: unknown, into: Manifest[]): void {
  if (Array.isArray(value)) {
    for (const item of value) unwrap(item, into);
    return;
  }
  if (typeof value !== 'object' || value === null) return;
  const object = value as Manifest & { items?: unknown };
  const isList = typeof object.kind === 'string' && object.kind.endsWith('List');
  // A list has no name; an object whose kind is called so has one.
  if (isList && Array.isArray(object.items) && !object.metadata?.name) {
    for (const item of object.items) {
      unwrap(withKind(item, object), into);
    }
  } else if (typeof object.kind === 'string') into.push(object);
}

/** Items of a typed list (`PodList`) may lack kind and apiVersion: the list tells them. */
function withKind(item: unknown, list: Manifest): unknown {
  if (typeof item !== 'object' || item === null || 'kind' in item || list.kind === 'List') return item;
  return { apiVersion: list.apiVersion, kind: list.kind?.replace(/List$/, ''), ...item };
}
