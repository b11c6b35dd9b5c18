/**
 * A descriptor for any discovered kind, from the columns of the server's Table answer. The
 * server is not trusted: at most 64 columns, 1 KiB a cell, unique ids, numbers and durations
 * checked. Ages in Tables are words (`3m12s`), so times made of them are approximate.
 */
import { ageColumn, labelsColumn, nameColumn, namespaceColumn } from './columns';
import { defineKind, type AnyColumn, type KindDescriptor } from './define';
import { sectionOfGroup } from './sections';
import type { TableColumnDefinition, TableRow } from './table-row';
import { parseDuration, parseTime } from '../util/age';
import { clip } from '../util/text';

/** What discovery says of a kind. */
export interface DiscoveredKind {
  readonly group: string;
  readonly version: string;
  readonly resource: string;
  readonly kind: string;
  readonly namespaced: boolean;
  readonly singular?: string;
  readonly shortNames?: readonly string[];
}

export const maxTableColumns = 64;

/**
 * `columns` are the Table's columnDefinitions; without them the kind has name and age only.
 * `now` gives the time durations are counted back from (epoch ms, by the server's clock).
 */
export function genericKind(
  discovered: DiscoveredKind,
  columns: readonly TableColumnDefinition[],
  now: () => number,
): KindDescriptor {
  const used = new Set(['name', 'namespace', 'labels', 'age']);
  const own: AnyColumn<TableRow>[] = [];
  for (const [index, definition] of columns.slice(0, maxTableColumns).entries()) {
    if (typeof definition !== 'object' || definition === null) continue;
    if (isName(definition, index) || isAge(definition)) continue;
    own.push(tableColumn(definition, index, used, now));
  }
  const { group, version, resource, kind, namespaced, shortNames } = discovered;
  return defineKind<TableRow>({
    group,
    resource,
    kind,
    versions: [version],
    namespaced,
    title: titleOf(kind, resource),
    singular: spaced(kind),
    tag: shortNames?.[0] ?? resource,
    aliases: [...(shortNames ?? []), ...(discovered.singular ? [discovered.singular] : [])],
    section: sectionOfGroup(group),
    mask: {},
    source: 'table',
    columns: [
      nameColumn<TableRow>(),
      ...(namespaced ? [namespaceColumn<TableRow>()] : []),
      ...own,
      labelsColumn<TableRow>(),
      ageColumn<TableRow>(),
    ],
  });
}

function isName(definition: TableColumnDefinition, index: number): boolean {
  return definition.format === 'name' || (index === 0 && words(definition.name).toLowerCase() === 'name');
}

/** Ours comes from the metadata and is exact. */
function isAge(definition: TableColumnDefinition): boolean {
  return words(definition.name).toLowerCase() === 'age';
}

function tableColumn(
  definition: TableColumnDefinition,
  index: number,
  used: Set<string>,
  now: () => number,
): AnyColumn<TableRow> {
  const title = clip(words(definition.name) || `Column ${index + 1}`, 64);
  const hint = words(definition.description);
  const meta = {
    id: uniqueId(title, used),
    title,
    ...(hint === '' ? {} : { hint: clip(hint, 512) }),
    // Priority 0 is what `kubectl get` shows without `-o wide`.
    ...(typeof definition.priority === 'number' && definition.priority > 0 ? { optional: true } : {}),
  };
  const cell = (row: TableRow): unknown => (Array.isArray(row.cells) ? row.cells[index] : undefined);
  switch (definition.type) {
    case 'integer':
    case 'number':
      return { ...meta, type: 'number', width: 80, get: (row) => numberOf(cell(row)) };
    case 'date':
      return { ...meta, type: 'time', width: 80, get: (row) => timeOf(cell(row), now) };
    default:
      return { ...meta, type: 'text', width: 140, get: (row) => textOf(cell(row)) };
  }
}

function uniqueId(title: string, used: Set<string>): string {
  const base =
    title
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '-')
      .replace(/^-|-$/g, '') || 'column';
  let id = base;
  for (let next = 2; used.has(id); next++) id = `${base}-${next}`;
  used.add(id);
  return id;
}

function numberOf(cell: unknown): number | null {
  if (typeof cell === 'number') return cell;
  // Some servers send integers as text.
  return typeof cell === 'string' && /^-?\d{1,15}(\.\d{1,9})?$/.test(cell) ? Number(cell) : null;
}

function timeOf(cell: unknown, now: () => number): number | null {
  const at = parseTime(cell);
  if (at !== null) return at;
  const span = parseDuration(cell);
  return span === null ? null : now() - span;
}

function textOf(cell: unknown): string | null {
  if (typeof cell === 'string') return cell === '<none>' || cell === '<unset>' ? null : cell;
  if (typeof cell === 'number' || typeof cell === 'boolean') return String(cell);
  return null;
}

function words(value: unknown): string {
  return typeof value === 'string' ? value.trim() : '';
}

/** `CertificateRequest` as `Certificate request`; runs of capitals stay: `HTTPRoute` is `HTTP route`. */
export function spaced(kind: string): string {
  const parts = kind
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replace(/([A-Z]+)([A-Z][a-z])/g, '$1 $2')
    .split(' ');
  return parts
    .map((part, index) => (index === 0 || /^[A-Z0-9]{2,}$/.test(part) ? part : part.toLowerCase()))
    .join(' ');
}

/** Plural of the kind where the resource is the usual plural, else the resource itself. */
function titleOf(kind: string, resource: string): string {
  const lower = kind.toLowerCase();
  const singular = spaced(kind);
  if (resource === lower) return singular;
  if (resource === `${lower}s`) return `${singular}s`;
  if (resource === `${lower}es`) return `${singular}es`;
  if (lower.endsWith('y') && resource === `${lower.slice(0, -1)}ies`) return `${singular.slice(0, -1)}ies`;
  return singular;
}
