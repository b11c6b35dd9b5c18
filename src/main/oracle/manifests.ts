/**
 * Reads Kubernetes manifests for the command-line oracles: a file, a folder (recursive)
 * or `-` for standard input; YAML (several documents) and JSON; Lists are unwrapped.
 * A file or document that cannot be read or parsed is reported on standard error and skipped, so
 * that one bad one never hides the others. Objects come in the order of sorted paths.
 */
import { readdirSync, readFileSync, statSync } from 'node:fs';
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
  for (const file of filesOf(path, 0)) {
    if (statSync(file).size > MAX_FILE) report(`${file}: larger than 64 MiB, left out`);
    else take(file, readFileSync(file, 'utf8'));
  }
  return objects;
}

/** Group of an apiVersion: '' for the core group. */
export function groupOf(apiVersion: string | undefined): string {
  const slash = apiVersion?.indexOf('/') ?? -1;
  return slash < 0 ? '' : (apiVersion ?? '').slice(0, slash);
}

function* filesOf(path: string, depth: number): Generator<string> {
  if (!statSync(path).isDirectory()) {
    yield path;
    return;
  }
  if (depth > MAX_DEPTH) return;
  const entries = readdirSync(path, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  for (const entry of entries) {
    const full = join(path, entry.name);
    if (entry.isDirectory()) yield* filesOf(full, depth + 1);
    else if (entry.isFile() && /\.(ya?ml|json)$/i.test(entry.name)) yield full;
  }
}

/** A document that cannot be read is told and left out; the others of its file stay. */
function parseText(name: string, text: string, tell: (thrown: unknown) => void): unknown[] {
  if (/\.json$/i.test(name)) return [JSON.parse(text)];
  const documents = parseAllDocuments(text, { version: '1.2', uniqueKeys: true, strict: false });
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

function unwrap(value: unknown, into: Manifest[]): void {
  if (Array.isArray(value)) {
    for (const item of value) unwrap(item, into);
    return;
  }
  if (typeof value !== 'object' || value === null) return;
  const object = value as Manifest & { items?: unknown };
  if (typeof object.kind === 'string' && object.kind.endsWith('List') && Array.isArray(object.items)) {
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
