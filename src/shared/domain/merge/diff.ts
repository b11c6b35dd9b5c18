/** What differs between two versions of an object, at the deepest path both agree to have. */
import { elementsOf, type ListRule } from './list-rules';
import { key, pathText, type Path } from './path';
import { get, isMap, same } from './value';

export interface Change {
  readonly path: Path;
  readonly text: string;
  /** Undefined: was not there. */
  readonly before: unknown;
  /** Undefined: is gone. */
  readonly after: unknown;
}

/** Changes from `before` to `after`, in the order of `after`'s fields, gone ones last of their map. */
export function changes(
  before: unknown,
  after: unknown,
  rules: (path: Path) => ListRule,
  path: Path = [],
): Change[] {
  if (same(before, after)) return [];
  if (isMap(before) && isMap(after)) {
    const names = new Set([...Object.keys(after), ...Object.keys(before)]);
    return [...names].flatMap((name) =>
      changes(get(before, name), get(after, name), rules, [...path, key(name)]),
    );
  }
  if (Array.isArray(before) && Array.isArray(after)) {
    const rule = rules(path);
    const was = elementsOf(before, rule);
    const is = elementsOf(after, rule);
    if (was && is) {
      const list = [...new Set([...is.keys(), ...was.keys()])].flatMap((id) => {
        const step = (is.get(id) ?? was.get(id))?.step;
        return step ? changes(was.get(id)?.value, is.get(id)?.value, rules, [...path, step]) : [];
      });
      // Only the order differs: that is a change of the list itself.
      if (list.length > 0) return list;
    }
  }
  return [{ path, text: pathText(path), before, after }];
}
