/**
 * Where a value is in an object: map keys, list elements by their keys, by value (sets) or by
 * index. As text like `spec.template.spec.containers[name=web].ports[containerPort=80,protocol=TCP]`;
 * two different paths of one object never have the same text.
 */

export type Step =
  | { readonly key: string }
  /** Element of a list with keys; texts of the keys' values in the order of the rule. */
  | { readonly keys: Readonly<Record<string, string | number | boolean>> }
  /** Element of a set. */
  | { readonly value: unknown }
  | { readonly index: number };

export type Path = readonly Step[];

export function key(name: string): Step {
  return { key: name };
}

export function pathText(path: Path): string {
  let text = '';
  for (const step of path) {
    if ('key' in step) {
      if (/^[A-Za-z_$][\w$-]*$/.test(step.key)) text += text === '' ? step.key : `.${step.key}`;
      else text += `[${JSON.stringify(step.key)}]`;
    } else if ('keys' in step) {
      text += `[${Object.entries(step.keys)
        .map(([name, value]) => `${name}=${keyText(value)}`)
        .join(',')}]`;
    } else if ('value' in step) text += `[=${JSON.stringify(step.value)}]`;
    else text += `[${step.index}]`;
  }
  return text;
}

function keyText(value: string | number | boolean): string {
  return typeof value === 'string' && !/^[\w./-]*[A-Za-z/-][\w./-]*$/.test(value)
    ? JSON.stringify(value)
    : String(value);
}
