/** create, update, patch and what they share: conflicts, generation, status, field managers. */
import { at, clone, iso, isFields, text, type Fields, type KObject, type ManagedFields } from '../model';
import { apiVersionOf } from '../store/kinds';
import { admit, checkName, checkNamespace, fillIn } from './admit';
import { readBody, parseBody, readObject } from './body';
import type { ResourceCall } from './context';
import { deleteCollection, deleteObject, endIfReleased } from './delete';
import type { Verb } from './faults';
import { fieldsOf, jsonPatch, mergePatch, removeFields, sharedFields, strategicMerge } from './patch';
import { answerObject, stored } from './read';
import { review } from './reviews';
import { getScale, scaleToReplicas } from './scale';
import {
  alreadyExists,
  ApiError,
  badRequest,
  changedMeanwhile,
  conflict,
  methodNotAllowed,
  notFound,
} from './status';
import { toWire } from './wire';

const dryRun = (call: ResourceCall): boolean => call.query.getAll('dryRun').includes('All');

export async function write(call: ResourceCall, verb: Verb): Promise<void> {
  const { route, kind } = call;
  const { subresource } = route;
  if (subresource !== undefined && !kind.subresources.includes(subresource))
    throw new ApiError(404, 'NotFound', 'the server could not find the requested resource', {});
  if (verb === 'get') return subresource === 'scale' ? getScale(call) : answerObject(call, 200, stored(call));
  if (verb === 'create') return subresource === undefined ? create(call) : createSub(call);
  if (verb === 'update') return update(call);
  if (verb === 'patch') return patch(call);
  if (verb === 'delete') return deleteObject(call, dryRun(call));
  if (verb === 'deletecollection') return deleteCollection(call, dryRun(call));
  throw methodNotAllowed();
}

async function create(call: ResourceCall): Promise<void> {
  const body = await readObject(call.request);
  if (!body) throw badRequest('a body is required');
  const answer = review(call, body);
  if (answer) return call.output.json(201, answer);
  return answerObject(call, 201, createFrom(call, body));
}

function createFrom(call: ResourceCall, body: Fields, manager?: ManagedFields): KObject {
  const { kind, context } = call;
  if (kind.namespaced && call.route.namespace === undefined) throw methodNotAllowed();
  checkNamespace(call);
  const object = admit(call, body);
  const { metadata } = object;
  if (metadata.name === '' && metadata.generateName) metadata.name = metadata.generateName + context.suffix();
  checkName(call, object);
  if (context.store.get(kind.storage, metadata.namespace, metadata.name))
    throw alreadyExists(kind, metadata.name);
  if (metadata.resourceVersion)
    throw badRequest('resourceVersion should not be set on objects to be created');
  for (const field of ['uid', 'creationTimestamp', 'deletionTimestamp', 'generation', 'selfLink'] as const)
    delete (metadata as unknown as Fields)[field];
  if (kind.custom && kind.subresources.includes('status')) delete object['status'];
  fillIn(call, object);
  metadata.managedFields = [manager ?? managed(call, object, 'Update')];
  if (dryRun(call))
    return {
      ...object,
      metadata: {
        ...metadata,
        uid: context.uid(),
        resourceVersion: '',
        creationTimestamp: iso(context.now()),
      },
    };
  return context.store.create(kind.storage, object);
}

async function createSub(call: ResourceCall): Promise<void> {
  const body = (await readObject(call.request)) ?? {};
  const target = stored(call);
  if (call.route.subresource === 'eviction') {
    await deleteObject(call, dryRun(call), body['deleteOptions'] as Fields | undefined);
    return undefined;
  }
  if (call.route.subresource === 'token') {
    const expirationTimestamp = iso(call.context.now() + 3_600_000);
    return call.output.json(201, {
      ...body,
      metadata: { name: target.metadata.name },
      status: { token: 'demo', expirationTimestamp },
    });
  }
  throw methodNotAllowed();
}

async function update(call: ResourceCall): Promise<void> {
  const body = await readObject(call.request);
  if (!body) throw badRequest('a body is required');
  const current = stored(call);
  if (call.route.subresource === 'scale') {
    const scaled = scaleToReplicas(call, current, Number(at(body, 'spec', 'replicas')));
    return getScale(call, dryRun(call) ? scaled : save(call, current, scaled));
  }
  const next = admit(call, body);
  checkVersion(call, current, next.metadata.resourceVersion);
  return answerObject(call, 200, save(call, current, next));
}

function checkVersion(call: ResourceCall, current: KObject, asked: unknown): void {
  if (asked !== undefined && asked !== '' && asked !== current.metadata.resourceVersion)
    throw conflict(call.kind, current.metadata.name, changedMeanwhile);
}

async function patch(call: ResourceCall): Promise<void> {
  const { kind, route, context } = call;
  const type = (call.request.headers['content-type'] ?? '').split(';')[0]?.trim() ?? '';
  const document = parseBody(await readBody(call.request), type);
  if (document === undefined) throw badRequest('a patch is required');
  const current = context.store.get(kind.storage, route.namespace, route.name ?? '');
  if (type === 'application/apply-patch+yaml') {
    if (!isFields(document)) throw badRequest('an applied configuration must be an object');
    return apply(call, document, current);
  }
  if (!current) throw notFound(kind, route.name ?? '');
  const target =
    route.subresource === 'scale'
      ? { spec: { replicas: at(current, 'spec', 'replicas') } }
      : toWire(kind, current);
  const patched = patchedBy(call, type, target as Fields, document);
  if (route.subresource === 'scale') {
    const scaled = scaleToReplicas(call, current, Number(at(patched, 'spec', 'replicas')));
    return getScale(call, dryRun(call) ? scaled : save(call, current, scaled));
  }
  const next = admit(call, patched);
  checkVersion(call, current, next.metadata.resourceVersion);
  return answerObject(call, 200, save(call, current, next));
}

function patchedBy(call: ResourceCall, type: string, target: Fields, document: unknown): Fields {
  if (type === 'application/json-patch+json') return jsonPatch(target, document);
  if (!isFields(document)) throw badRequest('this patch must be an object');
  if (type === 'application/merge-patch+json') return mergePatch(target, document) as Fields;
  if (type === 'application/strategic-merge-patch+json' && !call.kind.custom)
    return strategicMerge(target, document) as Fields;
  throw new ApiError(
    415,
    'UnsupportedMediaType',
    `the body of the request was in an unknown format - accepted media types include: application/json-patch+json, application/merge-patch+json, application/apply-patch+yaml`,
  );
}

/** Server-side apply: creates or merges, drops what this manager no longer names, refuses to take over unless forced. */
async function apply(call: ResourceCall, document: Fields, current: KObject | undefined): Promise<void> {
  const manager = call.query.get('fieldManager');
  if (!manager)
    throw badRequest(
      'PatchOptions.meta.k8s.io "" is invalid: fieldManager: Required value: is required for apply patch',
    );
  const entry = managed(call, document as unknown as KObject, 'Apply');
  if (!current) {
    if (call.route.subresource !== undefined) throw notFound(call.kind, call.route.name ?? '');
    return answerObject(call, 201, createFrom(call, document, entry));
  }
  const others = (current.metadata.managedFields ?? []).filter(
    (other) => other.manager !== manager || other.operation !== 'Apply',
  );
  const mine = current.metadata.managedFields?.find(
    (other) => other.manager === manager && other.operation === 'Apply',
  );
  const merged = strategicMerge(toWire(call.kind, current), document) as KObject;
  const clashes: { manager: string; field: string }[] = [];
  for (const other of others)
    for (const field of sharedFields(entry.fieldsV1, other.fieldsV1))
      if (!sameAt(current, merged, field)) clashes.push({ manager: other.manager, field });
  if (clashes.length > 0 && call.query.get('force') !== 'true') throw applyConflict(clashes);
  const kept = removeFields(clone(merged), mine?.fieldsV1 ?? {}, entry.fieldsV1) as Fields;
  const metadata = kept['metadata'] as Fields;
  metadata['managedFields'] = [...others, entry];
  metadata['resourceVersion'] = current.metadata.resourceVersion;
  return answerObject(call, 200, save(call, current, admit(call, kept), true));
}

function sameAt(a: KObject, b: KObject, field: string): boolean {
  const path = field.split(/\.(?![^[]*\])/).filter(Boolean);
  const value = (object: unknown): unknown =>
    path.reduce<unknown>((here, step) => {
      const [, key = '', selector] = /^([^[]*)(?:\[(.*)\])?$/.exec(step) ?? [];
      const next = at(here, key);
      if (selector === undefined || !Array.isArray(next)) return next;
      const [[name, wanted] = ['', undefined]] = Object.entries(JSON.parse(selector) as Fields);
      return next.find((element) => at(element, name) === wanted) as unknown;
    }, object);
  return JSON.stringify(value(a)) === JSON.stringify(value(b));
}

function applyConflict(clashes: readonly { manager: string; field: string }[]): ApiError {
  const causes = clashes.map(({ manager, field }) => ({
    reason: 'FieldManagerConflict',
    message: `conflict with "${manager}"`,
    field,
  }));
  const words = clashes.map(({ manager, field }) => `conflict with "${manager}": ${field}`).join('\n');
  return new ApiError(
    409,
    'Conflict',
    `Apply failed with ${clashes.length} conflict${clashes.length > 1 ? 's' : ''}: ${words}`,
    { causes },
  );
}

function managed(call: ResourceCall, object: KObject, operation: 'Apply' | 'Update'): ManagedFields {
  const { labels, annotations } = object.metadata ?? {};
  const { apiVersion: _a, kind: _k, metadata: _m, status, ...rest } = object;
  void [_a, _k, _m];
  const shown = call.route.subresource === 'status' ? { status } : rest;
  const metadata = { ...(labels ? { labels } : {}), ...(annotations ? { annotations } : {}) };
  const agent = call.request.headers['user-agent']?.split(/[/ ]/)[0];
  return {
    manager: call.query.get('fieldManager') ?? (agent || 'unknown'),
    operation,
    apiVersion: apiVersionOf(call.kind),
    time: iso(call.context.now()),
    fieldsType: 'FieldsV1',
    fieldsV1: fieldsOf({ ...(Object.keys(metadata).length ? { metadata } : {}), ...shown }),
    ...(call.route.subresource ? { subresource: call.route.subresource } : {}),
  };
}

/** Stores the next state of an object, keeping what a client may not change. */
function save(call: ResourceCall, current: KObject, next: KObject, applied = false): KObject {
  const { kind, route, context } = call;
  const before = current.metadata;
  const onlyStatus = route.subresource === 'status' || route.subresource === 'approval';
  const hasStatus = kind.subresources.includes('status');
  const object: KObject = onlyStatus ? { ...current, status: next['status'] } : { ...next };
  if (!onlyStatus && hasStatus) object['status'] = current['status'];
  if (object['status'] === undefined) delete object['status'];
  object.metadata = {
    ...(onlyStatus ? before : next.metadata),
    uid: before.uid,
    creationTimestamp: before.creationTimestamp,
  };
  for (const field of ['deletionTimestamp', 'deletionGracePeriodSeconds', 'generation'] as const) {
    if (before[field] === undefined) delete object.metadata[field];
    else object.metadata = { ...object.metadata, [field]: before[field] };
  }
  if (text(next.metadata.uid) && next.metadata.uid !== before.uid)
    throw conflict(
      kind,
      before.name,
      `Precondition failed: UID in precondition: ${next.metadata.uid}, UID in object meta: ${before.uid}`,
    );
  if (JSON.stringify(object['spec']) !== JSON.stringify(current['spec']))
    object.metadata.generation = (before.generation ?? 1) + 1;
  object.metadata.resourceVersion = before.resourceVersion;
  if (canonicalEqual(object, current)) return current;
  if (!applied) trackUpdate(call, current, object);
  if (dryRun(call)) return object;
  const saved = context.store.replace(kind.storage, object);
  return endIfReleased(call, saved);
}

/** An update owns what it has changed: top-level granularity is enough to provoke apply conflicts. */
function trackUpdate(call: ResourceCall, current: KObject, object: KObject): void {
  const changed: Fields = {};
  for (const [key, value] of Object.entries(object))
    if (key !== 'metadata' && JSON.stringify(value) !== JSON.stringify(current[key]))
      changed[key] = difference(current[key], value);
  const entry = managed(call, { ...changed, metadata: {} } as unknown as KObject, 'Update');
  if (call.route.subresource === 'status') entry.fieldsV1 = fieldsOf(changed);
  const own = (current.metadata.managedFields ?? []).find(
    (other) =>
      other.manager === entry.manager &&
      other.operation === 'Update' &&
      other.subresource === entry.subresource,
  );
  entry.fieldsV1 = mergePatch(own?.fieldsV1 ?? {}, entry.fieldsV1) as Fields;
  const others = (current.metadata.managedFields ?? []).filter(
    (other) =>
      other.manager !== entry.manager ||
      other.operation !== 'Update' ||
      other.subresource !== entry.subresource,
  );
  object.metadata.managedFields = [...others, entry];
}

function difference(before: unknown, after: unknown): unknown {
  if (!isFields(before) || !isFields(after)) return after;
  return Object.fromEntries(
    Object.entries(after)
      .filter(([key, value]) => JSON.stringify(value) !== JSON.stringify(before[key]))
      .map(([key, value]) => [key, difference(before[key], value)]),
  );
}

function canonicalEqual(a: unknown, b: unknown): boolean {
  if (Array.isArray(a) && Array.isArray(b))
    return a.length === b.length && a.every((value, i) => canonicalEqual(value, b[i]));
  if (!isFields(a) || !isFields(b)) return a === b;
  const keys = new Set([...Object.keys(a), ...Object.keys(b)].filter((key) => key !== 'managedFields'));
  return [...keys].every((key) => canonicalEqual(a[key], b[key]));
}
