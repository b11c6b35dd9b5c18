/**
 * How the cells of a kind come from bytes: which columns show one field as it is, which follow
 * from the labels or the owners alone, and which need the object. Only for kinds that promise
 * `fieldsApart`; others are read as objects.
 */
import type { KindDescriptor } from '#shared/kinds/define';

export interface DirectColumn {
  /** Place in the descriptor's columns. */
  readonly column: number;
  readonly path: readonly string[];
  readonly type: 'words' | 'number' | 'time';
}

export interface RowLayout {
  readonly direct: readonly DirectColumn[];
  readonly labels: readonly number[];
  readonly owners: readonly number[];
  /** Made by `get` from the object. */
  readonly rest: readonly number[];
}

const layouts = new WeakMap<KindDescriptor, RowLayout | null>();

/** The layout of a kind; undefined for one whose rows need objects. */
export function rowLayout(descriptor: KindDescriptor): RowLayout | undefined {
  let layout = layouts.get(descriptor);
  if (layout === undefined) {
    layout = descriptor.fieldsApart ? makeLayout(descriptor) : null;
    layouts.set(descriptor, layout);
  }
  return layout ?? undefined;
}

function makeLayout(descriptor: KindDescriptor): RowLayout {
  const direct: DirectColumn[] = [];
  const labels: number[] = [];
  const owners: number[] = [];
  const rest: number[] = [];
  descriptor.columns.forEach(({ id, type, field }, column) => {
    if (id === 'name' || id === 'namespace') return;
    if (field === 'metadata.labels') labels.push(column);
    else if (field === 'metadata.ownerReferences') owners.push(column);
    else if (field === undefined) rest.push(column);
    else if (type === 'text' || type === 'mono')
      direct.push({ column, path: field.split('.'), type: 'words' });
    else if (type === 'number' || type === 'time') direct.push({ column, path: field.split('.'), type });
    else rest.push(column);
  });
  return { direct, labels, owners, rest };
}
