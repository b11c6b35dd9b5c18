/** The part of JSONPath that printer columns use: fields, indexes, [*] and [?(@.a=="b")]. */
import { at, isFields } from '../model';

type Step = string | number | '*' | { readonly path: readonly string[]; readonly equals: string };

const cache = new Map<string, readonly Step[]>();

function compile(source: string): readonly Step[] {
  const known = cache.get(source);
  if (known) return known;
  const steps: Step[] = [];
  const pattern =
    /\.((?:\\.|[^.[\]\\])+)|\[(\d+)\]|\[(\*)\]|\[\?\(@\.([\w.]+)\s*==\s*["']([^"']*)["']\)\]|\[['"]([^'"]+)['"]\]/g;
  for (const match of source.matchAll(pattern)) {
    const [, field, index, all, path, equals, quoted] = match;
    if (field !== undefined) steps.push(field.replace(/\\(.)/g, '$1'));
    else if (quoted !== undefined) steps.push(quoted);
    else if (index !== undefined) steps.push(Number(index));
    else if (all !== undefined) steps.push('*');
    else if (path !== undefined) steps.push({ path: path.split('.'), equals: equals ?? '' });
  }
  cache.set(source, steps);
  return steps;
}

/** Every value a path names. */
export function jsonPath(object: unknown, source: string): unknown[] {
  let values: unknown[] = [object];
  for (const step of compile(source)) {
    values = values.flatMap((value): unknown[] => {
      if (step === '*') return Array.isArray(value) ? value : isFields(value) ? Object.values(value) : [];
      if (typeof step === 'object')
        return Array.isArray(value)
          ? value.filter((entry) => String(at(entry, ...step.path)) === step.equals)
          : [];
      const next = at(value, step);
      return next === undefined ? [] : [next];
    });
  }
  return values;
}
