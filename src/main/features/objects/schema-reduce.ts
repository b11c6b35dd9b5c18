/**
 * One kind of an OpenAPI v3 document, reduced to what an editor needs: only what is reachable,
 * descriptions cut, references kept as names (schemas may be recursive). Sizes are capped: a
 * CRD's schema is hostile input.
 */
import type { KindSchema, SchemaNode } from '#shared/contract/objects';
import { isRecord, textOf, type Whole } from './form';

const PREFIX = '#/components/schemas/';
const MOST_DEFS = 2_000;
const MOST_FIELDS = 2_000;
const DEEPEST = 40;
const TEXT = 500;

/** Undefined when the document does not have the kind. */
export function reduceSchema(
  document: unknown,
  group: string,
  version: string,
  kind: string,
): KindSchema | undefined {
  const schemas =
    isRecord(document) && isRecord(document['components']) ? document['components']['schemas'] : undefined;
  if (!isRecord(schemas)) return undefined;
  const root = Object.keys(schemas).find((name) => isKind(schemas[name], group, version, kind));
  if (root === undefined) return undefined;
  const defs = new Map<string, SchemaNode>();
  const waiting = [root];
  for (let name = waiting.pop(); name !== undefined && defs.size < MOST_DEFS; name = waiting.pop()) {
    if (defs.has(name)) continue;
    const raw = Object.prototype.hasOwnProperty.call(schemas, name) ? schemas[name] : undefined;
    defs.set(name, { open: true });
    defs.set(name, isRecord(raw) ? nodeOf(raw, waiting, 0) : { open: true });
  }
  for (const name of waiting) if (!defs.has(name)) defs.set(name, { open: true });
  return { root, defs: Object.fromEntries(defs) };
}

function isKind(schema: unknown, group: string, version: string, kind: string): boolean {
  const list = isRecord(schema) ? schema['x-kubernetes-group-version-kind'] : undefined;
  return (
    Array.isArray(list) &&
    list.some(
      (one: unknown) =>
        isRecord(one) && one['group'] === group && one['version'] === version && one['kind'] === kind,
    )
  );
}

function nodeOf(raw: Whole, waiting: string[], depth: number): SchemaNode {
  const node: { -readonly [K in keyof SchemaNode]: SchemaNode[K] } = {};
  const description = textOf(raw['description']);
  if (description !== '')
    node.text = description.length > TEXT ? `${description.slice(0, TEXT)}…` : description;
  const ref = refOf(raw);
  if (ref !== undefined) {
    node.ref = ref;
    waiting.push(ref);
    const given = raw['default'];
    if (typeof given === 'string' || typeof given === 'number' || typeof given === 'boolean')
      node.default = String(given);
    return node;
  }
  if (depth > DEEPEST) return { ...node, open: true };
  if (isLoose(raw)) node.intOrString = true;
  else if (typeof raw['type'] === 'string') node.type = raw['type'];
  const { properties, required, items, additionalProperties } = raw;
  if (isRecord(properties)) {
    node.fields = Object.fromEntries(
      Object.entries(properties)
        .slice(0, MOST_FIELDS)
        .map(([name, field]) => [name, isRecord(field) ? nodeOf(field, waiting, depth + 1) : { open: true }]),
    );
  }
  if (Array.isArray(required))
    node.required = required.filter((one): one is string => typeof one === 'string');
  if (isRecord(items)) node.items = nodeOf(items, waiting, depth + 1);
  if (isRecord(additionalProperties)) node.values = nodeOf(additionalProperties, waiting, depth + 1);
  const plain = node.type === 'object' && !node.fields && !node.values;
  if (
    raw['x-kubernetes-preserve-unknown-fields'] === true ||
    raw['x-kubernetes-embedded-resource'] === true ||
    additionalProperties === true ||
    plain
  )
    node.open = true;
  if (Array.isArray(raw['enum']))
    node.choices = raw['enum']
      .filter((one) => one !== null && one !== '')
      .map(String)
      .slice(0, 200);
  if (typeof raw['format'] === 'string' && !node.intOrString) node.format = raw['format'];
  if (raw['default'] !== undefined && !isRecord(raw['default']))
    node.default = JSON.stringify(raw['default']).slice(0, 100);
  if (typeof raw['x-kubernetes-list-type'] === 'string') node.listType = raw['x-kubernetes-list-type'];
  const keys = raw['x-kubernetes-list-map-keys'];
  if (Array.isArray(keys)) node.listKeys = keys.filter((one): one is string => typeof one === 'string');
  return node;
}

/** A number or a text: IntOrString, Quantity. */
function isLoose(raw: Whole): boolean {
  if (raw['x-kubernetes-int-or-string'] === true || raw['format'] === 'int-or-string') return true;
  const { oneOf } = raw;
  if (!Array.isArray(oneOf)) return false;
  const types = oneOf.map((one: unknown) => (isRecord(one) ? one['type'] : undefined));
  return types.includes('string') && (types.includes('number') || types.includes('integer'));
}

function refOf(raw: Whole): string | undefined {
  const first: unknown = Array.isArray(raw['allOf']) && raw['allOf'].length === 1 ? raw['allOf'][0] : raw;
  const ref = isRecord(first) ? first['$ref'] : undefined;
  return typeof ref === 'string' && ref.startsWith(PREFIX) ? ref.slice(PREFIX.length) : undefined;
}
