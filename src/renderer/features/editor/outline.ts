/** A kind's schema as the outline that completion and hover read. */
import type { KindSchema, SchemaNode } from '#shared/contract/objects';
import type { Outline, OutlineField } from '../../ui/code/assist';

export function outlineOf(schema: KindSchema): Outline {
  const resolve = (node: SchemaNode | undefined): SchemaNode | undefined => {
    let here = node;
    for (let turn = 0; here?.ref !== undefined && turn < 10; turn += 1) {
      const target: SchemaNode | undefined = own(schema.defs, here.ref);
      here = target && (here.text === undefined ? target : { ...target, text: here.text });
    }
    return here;
  };
  const step = (node: SchemaNode | undefined, name: string): SchemaNode | undefined =>
    name === '[]' ? resolve(node?.items) : resolve(own(node?.fields, name) ?? node?.values);
  const at = (path: readonly string[]): SchemaNode | undefined =>
    path.reduce<SchemaNode | undefined>(step, resolve({ ref: schema.root }));

  const field = (parent: SchemaNode | undefined, name: string, raw: SchemaNode | undefined): OutlineField => {
    const node = resolve(raw);
    const shape =
      node?.type === 'array'
        ? 'list'
        : node?.fields || node?.values || node?.type === 'object'
          ? 'map'
          : 'value';
    return {
      name,
      type: typeText(raw, node, resolve(node?.items)),
      text: node?.text ?? '',
      required: parent?.required?.includes(name) ?? false,
      shape,
    };
  };

  return {
    fields: (path) => {
      const node = at(path);
      return Object.entries(node?.fields ?? {}).map(([name, raw]) => field(node, name, raw));
    },
    values: (path) => {
      const node = at(path);
      if (node?.choices) return node.choices;
      return node?.type === 'boolean' ? ['true', 'false'] : node?.default !== undefined ? [node.default] : [];
    },
    describe: (path) => {
      const name = path[path.length - 1] ?? '';
      const parent = at(path.slice(0, -1));
      const raw = own(parent?.fields, name) ?? parent?.values;
      return raw && field(parent, name, raw);
    },
  };
}

function own<T>(map: Readonly<Record<string, T>> | undefined, name: string): T | undefined {
  return map && Object.prototype.hasOwnProperty.call(map, name) ? map[name] : undefined;
}

function typeText(
  raw: SchemaNode | undefined,
  node: SchemaNode | undefined,
  item: SchemaNode | undefined,
): string {
  if (node?.type === 'array') {
    const inner = node.items?.ref === undefined ? (item?.type ?? 'value') : shortName(node.items.ref);
    return `[]${inner}`;
  }
  if (raw?.ref !== undefined && node?.fields) return shortName(raw.ref);
  if (node?.choices) return node.choices.slice(0, 4).join(' | ');
  if (node?.intOrString === true) return 'integer or string';
  if (node?.values) return `map of ${node.values.type ?? 'values'}`;
  return node?.type ?? '';
}

function shortName(ref: string): string {
  return ref.slice(ref.lastIndexOf('.') + 1);
}
