/**
 * Rows as text, so that a table can be shown before its first list of the day. What was kept is
 * shown as it was: cells, not objects; a row that the server has told of already is never replaced,
 * and the next list removes what it does not hold. Text that is damaged or of other columns gives
 * no rows. Knows no files.
 */
import type { ColumnMeta, KubeObject } from '#shared/kinds/define';
import type { Table } from './table';

const FORMAT = 1;
/** Larger tables are not kept: writing them would take longer than listing them. */
export const MAX_KEPT_ROWS = 20_000;
const SLICE = 500;

/** An object of which only identity, labels, owner and cells are known. */
export class KeptObject implements KubeObject {
  readonly apiVersion = '';
  readonly kind = '';
  readonly metadata: KubeObject['metadata'];

  constructor(
    metadata: KubeObject['metadata'],
    /** What its columns are given, by their place. */
    readonly values: readonly unknown[],
  ) {
    this.metadata = metadata;
  }
}

type Line = readonly [
  uid: string,
  namespace: string,
  name: string,
  labels: Readonly<Record<string, string>>,
  owner: string,
  deleting: 0 | 1,
  cells: readonly unknown[],
];

/** The rows of a table as text, in slices between which others may run; undefined: not to be kept. */
export async function writeRows(
  table: Table,
  savedAt: number,
  pause: () => Promise<void>,
): Promise<string | undefined> {
  if (table.size === 0 || table.size > MAX_KEPT_ROWS) return undefined;
  const lines = [JSON.stringify({ format: FORMAT, savedAt, columns: columnsOf(table.metas) })];
  let since = 0;
  for (let row = 0; row < table.top; row++) {
    if (table.alive[row] !== 1) continue;
    const line: Line = [
      table.uid(row),
      table.namespace(row),
      table.name(row),
      Object.fromEntries(table.rowLabels(row)),
      table.owner(row),
      table.deleting[row] === 1 ? 1 : 0,
      table.cells(row),
    ];
    lines.push(JSON.stringify(line));
    if (++since % SLICE === 0) await pause();
  }
  return lines.join('\n');
}

export interface KeptRows {
  readonly savedAt: number;
  readonly objects: readonly KeptObject[];
}

/** The rows of a text; undefined when it is not of these columns. */
export function readRows(text: string, metas: readonly ColumnMeta[]): KeptRows | undefined {
  const [head, ...lines] = text.split('\n');
  try {
    const { format, savedAt, columns } = JSON.parse(head ?? '') as Record<string, unknown>;
    if (format !== FORMAT || typeof savedAt !== 'number' || columns !== columnsOf(metas)) return undefined;
    return { savedAt, objects: lines.map((line) => toObject(JSON.parse(line) as Line, metas)) };
  } catch {
    return undefined;
  }
}

function toObject(line: Line, metas: readonly ColumnMeta[]): KeptObject {
  const [uid, namespace, name, labels, owner, deleting, cells] = line;
  if (typeof uid !== 'string' || typeof name !== 'string' || !Array.isArray(cells)) throw new Error('no row');
  const metadata: KubeObject['metadata'] = {
    uid,
    name,
    ...(namespace !== '' && { namespace }),
    // No version: the first time the server tells of it, it is taken whatever it holds.
    resourceVersion: '',
    labels,
    ...(owner !== '' && {
      ownerReferences: [{ apiVersion: '', kind: '', name: '', uid: owner, controller: true }],
    }),
    ...(deleting === 1 && { deletionTimestamp: 'kept' }),
  };
  return new KeptObject(
    metadata,
    metas.map((meta, i) => toValue(meta, (cells as readonly unknown[])[i])),
  );
}

/** Cells of a status are triples; columns take objects. */
function toValue(meta: ColumnMeta, cell: unknown): unknown {
  if (meta.type !== 'status' || !Array.isArray(cell)) return cell;
  const [tone, text, at] = cell as readonly unknown[];
  return { tone, text, at };
}

function columnsOf(metas: readonly ColumnMeta[]): string {
  return metas.map((meta) => `${meta.id}:${meta.type}`).join(' ');
}
