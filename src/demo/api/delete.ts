/** delete and deletecollection: preconditions, finalizers, grace, propagation. */
import { at, iso, text, type Fields, type KObject, type Pod } from '../model';
import { readObject } from './body';
import type { ResourceCall } from './context';
import { answerObject, selection, stored } from './read';
import { conflict } from './status';
import { toWire } from './wire';

/** Removes an object, or marks it as ending; returns what is left of it, undefined when gone. */
function begin(call: ResourceCall, object: KObject, options: Fields): KObject | undefined {
  const { kind, context } = call;
  const { store } = context;
  const { namespace, name, uid, resourceVersion } = object.metadata;
  const wanted = options['preconditions'];
  for (const [field, actual] of [
    ['uid', uid],
    ['resourceVersion', resourceVersion],
  ] as const) {
    const asked = text(at(wanted, field));
    if (asked && asked !== actual)
      throw conflict(
        kind,
        name,
        `Precondition failed: ${field} in precondition: ${asked}, ${field} in object meta: ${actual}`,
      );
  }
  const policy = options['propagationPolicy'] ?? call.query.get('propagationPolicy');
  const finalizers = [...(object.metadata.finalizers ?? [])];
  if (policy === 'Foreground' && !finalizers.includes('foregroundDeletion'))
    finalizers.push('foregroundDeletion');
  if (policy === 'Orphan' && !finalizers.includes('orphan')) finalizers.push('orphan');
  const grace = graceOf(call, object, options);
  // Namespaces end only when their content is gone; the simulation empties them.
  const waits = grace > 0 || finalizers.length > 0 || kind.storage === 'namespaces';
  if (!waits) {
    store.remove(kind.storage, namespace, name);
    return undefined;
  }
  if (object.metadata.deletionTimestamp && grace >= (object.metadata.deletionGracePeriodSeconds ?? 0))
    return object;
  return store.replace(kind.storage, {
    ...object,
    metadata: {
      ...object.metadata,
      ...(finalizers.length ? { finalizers } : {}),
      deletionTimestamp: iso(context.now() + grace * 1000),
      deletionGracePeriodSeconds: grace,
      ...(object.metadata.generation ? { generation: object.metadata.generation + 1 } : {}),
    },
    ...(kind.storage === 'namespaces'
      ? { status: { ...(object['status'] as Fields), phase: 'Terminating' } }
      : {}),
  });
}

function graceOf(call: ResourceCall, object: KObject, options: Fields): number {
  if (call.kind.storage !== 'pods') return 0;
  const { spec, status } = object as Pod;
  if (!spec.nodeName || status.phase === 'Succeeded' || status.phase === 'Failed') return 0;
  const asked =
    options['gracePeriodSeconds'] ??
    call.query.get('gracePeriodSeconds') ??
    spec.terminationGracePeriodSeconds;
  return Math.max(0, Number(asked ?? 30));
}

/** After a change: an ending object without finalizers is gone. */
export function endIfReleased(call: ResourceCall, object: KObject): KObject {
  const { metadata } = object;
  if (!metadata.deletionTimestamp || metadata.finalizers?.length) return object;
  if ((metadata.deletionGracePeriodSeconds ?? 0) > 0 || call.kind.storage === 'namespaces') return object;
  return call.context.store.remove(call.kind.storage, metadata.namespace, metadata.name) ?? object;
}

export async function deleteObject(call: ResourceCall, dryRun: boolean, given?: Fields): Promise<void> {
  const options =
    given ?? (call.request.method === 'DELETE' ? await readObject(call.request) : undefined) ?? {};
  const object = stored(call);
  const always = dryRun || (Array.isArray(options['dryRun']) && options['dryRun'].includes('All'));
  const left = always ? object : begin(call, object, options);
  if (call.route.subresource === 'eviction')
    return call.output.json(201, {
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Success',
      code: 201,
    });
  if (left || call.kind.storage === 'pods') return answerObject(call, 200, left ?? object);
  const { kind } = call;
  const { name, uid } = object.metadata;
  const details = { name, ...(kind.group ? { group: kind.group } : {}), kind: kind.resource, uid };
  return call.output.json(200, {
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Success',
    details,
  });
}

export async function deleteCollection(call: ResourceCall, dryRun: boolean): Promise<void> {
  const options = (await readObject(call.request)) ?? {};
  const matches = selection(call);
  const { kind, context, route } = call;
  const items = context.store.list(kind.storage, route.namespace).filter(matches);
  if (!dryRun) for (const object of items) begin(call, object, options);
  await call.output.json(200, {
    kind: `${kind.kind}List`,
    apiVersion: toWire(kind, { apiVersion: '', kind: '', metadata: {} as never }).apiVersion,
    metadata: { resourceVersion: String(context.store.resourceVersion) },
    items: items.map((object) => toWire(kind, object)),
  });
}
