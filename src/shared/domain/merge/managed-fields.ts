/**
 * Who set which field, from managedFields: the FieldsV1 tree as paths, per manager. What
 * cannot be read is left out; nothing throws. Does not tell values: FieldsV1 has none.
 */
import { str } from '../../k8s/read';
import { key, pathText, type Path, type Step } from './path';
import { isMap } from './value';

export interface FieldOwner {
  readonly manager: string;
  readonly operation: 'Apply' | 'Update' | string;
  readonly subresource: string;
  /** RFC 3339, as the server sent it; empty when it did not. */
  readonly time: string;
  /** Fields in the order of the tree. */
  readonly paths: readonly Path[];
}

/** More levels than any schema has; a hostile tree ends here. */
const DEEPEST = 64;
const MOST = 20_000;

export function fieldOwners(managedFields: unknown): readonly FieldOwner[] {
  if (!Array.isArray(managedFields)) return [];
  return (managedFields as readonly unknown[]).filter(isMap).map((entry) => {
    const paths: Path[] = [];
    leaves(entry['fieldsV1'], [], paths);
    return {
      manager: str(entry['manager']),
      operation: str(entry['operation']),
      subresource: str(entry['subresource']),
      time: str(entry['time']),
      paths,
    };
  });
}

/** Paths a tree names: its leaves, and elements that are owned as such (`.`). */
function leaves(tree: unknown, path: Path, into: Path[]): void {
  if (!isMap(tree) || path.length > DEEPEST || into.length >= MOST) return;
  const names = Object.keys(tree).filter((name) => name !== '.');
  if (names.length === 0 || (names.length < Object.keys(tree).length && path.length > 0)) into.push(path);
  for (const name of names) {
    const step = stepOf(name);
    if (step) leaves(tree[name], [...path, step], into);
  }
}

function stepOf(name: string): Step | undefined {
  const rest = name.slice(2);
  try {
    switch (name.slice(0, 2)) {
      case 'f:':
        return key(rest);
      case 'k:': {
        const keys: unknown = JSON.parse(rest);
        return isMap(keys) ? { keys: keys as Record<string, string> } : undefined;
      }
      case 'v:':
        return { value: JSON.parse(rest) as unknown };
      case 'i:':
        return { index: Number(rest) };
      default:
        return undefined;
    }
  } catch {
    return undefined;
  }
}

/** Owners by the text of the field's path. */
export function ownersByPath(owners: readonly FieldOwner[]): ReadonlyMap<string, readonly FieldOwner[]> {
  const found = new Map<string, FieldOwner[]>();
  for (const owner of owners) {
    for (const path of owner.paths) {
      const text = pathText(path);
      const list = found.get(text);
      if (list) list.push(owner);
      else found.set(text, [owner]);
    }
  }
  return found;
}
