/**
 * The patch types: JSON Patch (RFC 6902), merge patch (RFC 7386), strategic merge with the
 * usual merge keys, and apply. All are pure: documents in, a new document out.
 */
import { clone, isFields, setField, type Fields } from '../model';
import { badRequest, ApiError } from './status';

interface Operation {
  readonly op: string;
  readonly path: string;
  readonly from?: string;
  readonly value?: unknown;
}

const has = (target: Fields, key: string): boolean => Object.prototype.hasOwnProperty.call(target, key);

const steps = (path: string): string[] => {
  if (path === '') return [];
  if (!path.startsWith('/')) throw badRequest(`invalid JSON pointer "${path}"`);
  return path
    .slice(1)
    .split('/')
    .map((part) => part.replace(/~1/g, '/').replace(/~0/g, '~'));
};

const missing = (path: string): ApiError =>
  new ApiError(
    422,
    'Invalid',
    `the server rejected our request due to an error in our request: no such path "${path}"`,
  );

function child(parent: unknown, key: string, path: string): unknown {
  if (Array.isArray(parent) && /^\d+$/.test(key) && Number(key) < parent.length) return parent[Number(key)];
  if (isFields(parent) && has(parent, key)) return parent[key];
  throw missing(path);
}

const read = (root: unknown, path: string): unknown =>
  steps(path).reduce((value, key) => child(value, key, path), root);

function edit(root: unknown, path: string, change: (parent: unknown[] | Fields, key: string) => void): void {
  const keys = steps(path);
  const last = keys.pop();
  if (last === undefined) throw badRequest('the whole document cannot be replaced');
  const parent = keys.reduce((value, key) => child(value, key, path), root);
  if (!Array.isArray(parent) && !isFields(parent)) throw missing(path);
  change(parent, last);
}

function add(root: unknown, path: string, value: unknown): void {
  edit(root, path, (parent, key) => {
    if (!Array.isArray(parent)) return setField(parent, key, value);
    const index = key === '-' ? parent.length : Number(key);
    if (!Number.isInteger(index) || index < 0 || index > parent.length) throw missing(path);
    parent.splice(index, 0, value);
  });
}

function remove(root: unknown, path: string): unknown {
  const value = read(root, path);
  edit(root, path, (parent, key) => {
    if (Array.isArray(parent)) parent.splice(Number(key), 1);
    else delete parent[key];
  });
  return value;
}

export function jsonPatch(target: Fields, operations: unknown): Fields {
  if (!Array.isArray(operations)) throw badRequest('a JSON patch is an array of operations');
  const root = clone(target);
  for (const { op, path, from = '', value } of operations as Operation[]) {
    if (op === 'add') add(root, path, clone(value));
    else if (op === 'remove') remove(root, path);
    else if (op === 'replace') {
      remove(root, path);
      add(root, path, clone(value));
    } else if (op === 'move') add(root, path, remove(root, from));
    else if (op === 'copy') add(root, path, clone(read(root, from)));
    else if (op !== 'test') throw badRequest(`unknown operation "${op}"`);
    else if (JSON.stringify(read(root, path)) !== JSON.stringify(value))
      throw new ApiError(422, 'Invalid', `testing value ${path} failed`);
  }
  return root;
}

export function mergePatch(target: unknown, patch: unknown): unknown {
  if (!isFields(patch)) return clone(patch);
  const result: Fields = isFields(target) ? { ...target } : {};
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete result[key];
    else setField(result, key, mergePatch(has(result, key) ? result[key] : undefined, value));
  }
  return result;
}

/** Which field identifies an element, by the name of the list; other lists are replaced whole. */
const mergeKeys: Readonly<Record<string, readonly string[]>> = {
  containers: ['name'],
  initContainers: ['name'],
  ephemeralContainers: ['name'],
  volumes: ['name'],
  env: ['name'],
  imagePullSecrets: ['name'],
  volumeMounts: ['mountPath'],
  volumeDevices: ['devicePath'],
  conditions: ['type'],
  ports: ['containerPort', 'port'],
  ownerReferences: ['uid'],
  addresses: ['type'],
  secrets: ['name'],
  hostAliases: ['ip'],
  topologySpreadConstraints: ['topologyKey'],
  listeners: ['name'],
};

/** Lists of plain values that are sets. */
const sets = new Set(['finalizers']);

function keyField(list: string, elements: readonly unknown[]): string | undefined {
  return mergeKeys[list]?.find((key) => elements.every((element) => isFields(element) && has(element, key)));
}

function mergeList(name: string, target: unknown, patch: readonly unknown[]): unknown {
  const current = Array.isArray(target) ? (target as unknown[]) : [];
  if (patch.some((element) => isFields(element) && element['$patch'] === 'replace'))
    return patch.filter((element) => !isFields(element) || element['$patch'] === undefined).map(clone);
  if (sets.has(name)) return [...new Set([...current, ...patch])];
  const key = keyField(name, [...current, ...patch]);
  if (key === undefined) return patch.map(clone);
  const byKey = new Map(current.map((element) => [(element as Fields)[key], element]));
  for (const element of patch as Fields[]) {
    if (element['$patch'] === 'delete') byKey.delete(element[key]);
    else byKey.set(element[key], strategicMerge(byKey.get(element[key]), element));
  }
  return [...byKey.values()];
}

export function strategicMerge(target: unknown, patch: unknown): unknown {
  if (!isFields(patch)) return clone(patch);
  const { $patch: directive, ...fields } = patch;
  if (directive === 'replace') return clone(fields);
  const result: Fields = isFields(target) ? { ...target } : {};
  for (const [key, value] of Object.entries(fields)) {
    if (key.startsWith('$setElementOrder/') || key === '$retainKeys') continue;
    if (key.startsWith('$deleteFromPrimitiveList/')) {
      const list = key.slice(key.indexOf('/') + 1);
      const gone = new Set(value as unknown[]);
      result[list] = ((result[list] as unknown[] | undefined) ?? []).filter((entry) => !gone.has(entry));
    } else if (value === null) delete result[key];
    else {
      const current = has(result, key) ? result[key] : undefined;
      setField(
        result,
        key,
        Array.isArray(value) ? mergeList(key, current, value) : strategicMerge(current, value),
      );
    }
  }
  return result;
}

/** The paths an applied document sets, as FieldsV1; lists with keys go by element. */
export function fieldsOf(value: unknown, name = ''): Fields {
  const fields: Fields = {};
  if (Array.isArray(value)) {
    const key = keyField(name, value);
    if (key === undefined) return {};
    for (const element of value as Fields[])
      fields[`k:${JSON.stringify({ [key]: element[key] })}`] = { '.': {}, ...fieldsOf(element) };
    return fields;
  }
  if (!isFields(value)) return fields;
  for (const [key, field] of Object.entries(value)) setField(fields, `f:${key}`, fieldsOf(field, key));
  return fields;
}

/** Takes out of `target` what `owned` (FieldsV1) names and `kept` does not. */
export function removeFields(target: unknown, owned: Fields, kept: Fields): unknown {
  for (const [path, inner] of Object.entries(owned)) {
    if (path === '.') continue;
    const rest = kept[path];
    const leaf = Object.keys(inner as Fields).length === 0;
    if (path.startsWith('f:') && isFields(target)) {
      const key = path.slice(2);
      if (!has(target, key)) continue;
      if (rest === undefined && leaf) delete target[key];
      else if (!leaf) target[key] = removeFields(target[key], inner as Fields, (rest ?? {}) as Fields);
    } else if (path.startsWith('k:') && Array.isArray(target)) {
      const [[key, wanted] = ['', undefined]] = Object.entries(JSON.parse(path.slice(2)) as Fields);
      const index = target.findIndex((element) => isFields(element) && element[key] === wanted);
      if (index < 0) continue;
      if (rest === undefined) target.splice(index, 1);
      else target[index] = removeFields(target[index], inner as Fields, rest as Fields);
    }
  }
  return target;
}

/** Leaf paths two managers both own. */
export function sharedFields(a: Fields, b: Fields, prefix = ''): string[] {
  const shared: string[] = [];
  for (const [path, inner] of Object.entries(a)) {
    const other = b[path];
    if (path === '.' || other === undefined) continue;
    const here = path.startsWith('f:') ? `${prefix}.${path.slice(2)}` : `${prefix}[${path.slice(2)}]`;
    const deeper = sharedFields(inner as Fields, other as Fields, here);
    if (deeper.length > 0) shared.push(...deeper);
    else if (Object.keys(inner as Fields).length === 0 || Object.keys(other as Fields).length === 0)
      shared.push(here);
  }
  return shared;
}
