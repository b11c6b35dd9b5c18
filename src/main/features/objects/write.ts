/**
 * One object to the server: dry run or real; update, server-side apply or create.
 * Guarantees: an update carries the resourceVersion and uid the edit started from, so nothing
 * is overwritten unseen; a newer version that differs only in status or managedFields is no
 * conflict and is taken as the new start; apply sends only what was edited and what this
 * manager applied before; force is sent only when asked for; a write whose answer was lost is
 * looked up, never sent twice.
 */
import type { KindInfo } from '#shared/contract/cluster';
import type { WriteResult } from '#shared/contract/objects';
import { applyConfig } from '#shared/domain/merge/apply-config';
import { fieldOwners } from '#shared/domain/merge/managed-fields';
import { same } from '#shared/domain/merge/value';
import { AppFailure, fail, toAppError } from '#shared/util/app-error';
import type { Api, ApiRequest } from '../../k8s/api';
import { collect } from '../../k8s/body';
import { resourcePath } from '../../k8s/path';
import {
  baseOf,
  editable,
  fillHidden,
  hideChanged,
  hideValues,
  isRecord,
  isSecret,
  metaOf,
  textOf,
  type Whole,
} from './form';
import { isLost, outcomeOf } from './lost-answer';
import { mergeState, rulesOf } from './merge-state';
import { refusalOf } from './refusal';
import { groupVersion, type Schemas } from './schemas';
import { objectText } from './yaml-text';

export const MANAGER = 'binnacle';
const LOST = 'The server’s answer was lost. The object was read again: it is saved.';
const BODY = 32 * 1024 * 1024;
/** A busy object (a Node's status) may move several times while it is saved. */
const TRIES = 5;

export interface Write {
  readonly api: Api;
  readonly schemas: Schemas;
  readonly kind: KindInfo;
  /** As written by the person, complete: name and namespace are set. */
  readonly object: Whole;
  readonly how: 'update' | 'apply' | 'create';
  readonly dryRun: boolean;
  readonly force: boolean;
  readonly base: Whole | undefined;
  readonly reveal: boolean;
}

interface Answer {
  readonly object: Whole;
  readonly status: number;
  readonly warnings: readonly string[];
}

export async function writeObject(write: Write, signal: AbortSignal): Promise<WriteResult> {
  const { api, kind, reveal, how } = write;
  const paths = pathsOf(write);
  const read = async (): Promise<Whole | undefined> =>
    api.json<Whole>({ path: paths.object }, signal).catch((thrown: unknown) => {
      if (toAppError(thrown).status === 404) return undefined;
      throw thrown;
    });
  let { base } = write;
  // What is there before: an apply's diff, its fields applied before, a Secret's stored values.
  let current =
    how === 'create' && !isSecret(write.object)
      ? undefined
      : how === 'update' && !isSecret(write.object)
        ? base
        : await read();
  for (let attempt = 1; ; attempt += 1) {
    try {
      const object = fillHidden(write.object, current);
      const rules = rulesOf(
        kind.kind,
        await write.schemas.of(textOf(object['apiVersion']), kind.kind, signal),
      );
      const request = requestOf({ ...write, object }, base, current, rules, paths);
      const answer = await send(api, request.request, signal).catch(
        async (thrown: unknown): Promise<Answer> => {
          if (write.dryRun || signal.aborted || !isLost(thrown)) throw thrown;
          const lost = { failure: thrown, sent: object, isWhole: how === 'update', before: current, read };
          return { object: await outcomeOf(lost), status: 200, warnings: [LOST] };
        },
      );
      const before = how === 'create' ? undefined : current;
      const shownBefore = before && editable(reveal ? before : hideValues(before));
      const shownAfter = editable(reveal ? answer.object : hideChanged(before ?? {}, answer.object));
      return {
        ok: true,
        before: shownBefore ? objectText(shownBefore) : '',
        after: objectText(shownAfter),
        warnings: answer.warnings,
        notRemovable: request.notRemovable,
        created: answer.status === 201 && how !== 'update',
        unchanged: before !== undefined && same(editable(before), editable(answer.object)),
        base: baseOf(answer.object, reveal),
      };
    } catch (thrown) {
      if (!(thrown instanceof AppFailure) || thrown.error.status === undefined) throw thrown;
      const refused = refusalOf(thrown.error, kind.kind);
      const { refusal, error, owners } = refused;
      const no = { ok: false, refusal, error, warnings: [], ...(owners ? { owners } : {}) } as const;
      if (refusal !== 'changed' || base === undefined) return no;
      const theirs = await read();
      if (!theirs) return { ...no, ...refusalOf({ ...error, code: 'not-found', status: 404 }, kind.kind) };
      if (metaOf(theirs)['uid'] !== metaOf(base)['uid']) {
        return { ...no, ...refusalOf({ ...error, message: 'UID in precondition' }, kind.kind) };
      }
      const shown = (one: Whole): Whole => editable(base && isHidden(base) ? hideValues(one) : one);
      if (same(shown(base), shown(theirs)) && attempt < TRIES) {
        base = theirs;
        current = theirs;
        continue;
      }
      const rules = rulesOf(
        kind.kind,
        await write.schemas.of(textOf(theirs['apiVersion']), kind.kind, signal),
      );
      const merge = mergeState({ base, mine: write.object, theirs }, rules, {}, reveal);
      const by = merge.by === '' ? 'Somebody' : merge.by;
      return {
        ...no,
        merge,
        error: { ...error, message: `${by} changed it meanwhile.`, hint: 'Merge your changes with theirs.' },
      };
    }
  }
}

function isHidden(base: Whole): boolean {
  return (
    isSecret(base) &&
    isRecord(base['data']) &&
    Object.values(base['data']).some((value) => value === '<hidden>')
  );
}

interface Paths {
  readonly list: string;
  readonly object: string;
}

function pathsOf({ kind, object }: Write): Paths {
  const [group, version] = groupVersion(textOf(object['apiVersion']));
  const meta = metaOf(object);
  const namespace = kind.namespaced ? textOf(meta['namespace']) : undefined;
  const of = { group, version, resource: kind.resource, ...(namespace === undefined ? {} : { namespace }) };
  const name = textOf(meta['name']);
  return { list: resourcePath(of), object: name === '' ? '' : resourcePath({ ...of, name }) };
}

function requestOf(
  write: Write,
  base: Whole | undefined,
  current: Whole | undefined,
  rules: ReturnType<typeof rulesOf>,
  paths: Paths,
): { request: ApiRequest; notRemovable: readonly string[] } {
  const { object, how, dryRun, force } = write;
  const meta = metaOf(object);
  const query = {
    fieldManager: MANAGER,
    fieldValidation: 'Warn',
    ...(dryRun ? { dryRun: 'All' } : {}),
    ...(how === 'apply' && force ? { force: true } : {}),
  };
  if (how === 'create') {
    const { resourceVersion: _version, uid: _uid, ...rest } = meta;
    const body = JSON.stringify({ ...object, metadata: rest });
    return { request: { method: 'POST', path: paths.list, query, body }, notRemovable: [] };
  }
  if (how === 'update') {
    if (!base) throw fail('invalid-input', 'An update needs what it started from.');
    const { resourceVersion, uid } = metaOf(base);
    const body = JSON.stringify({
      ...object,
      // Where status is no subresource it would be lost.
      ...(base['status'] === undefined ? {} : { status: base['status'] }),
      metadata: { ...meta, resourceVersion, uid },
    });
    return { request: { method: 'PUT', path: paths.object, query, body }, notRemovable: [] };
  }
  const head = {
    name: meta['name'],
    ...(meta['namespace'] === undefined ? {} : { namespace: meta['namespace'] }),
  };
  let config: Whole = editable(object);
  let notRemovable: readonly string[] = [];
  let lock = {};
  if (base) {
    const owned = current
      ? fieldOwners(metaOf(current)['managedFields']).filter(
          (owner) => owner.manager === MANAGER && owner.operation === 'Apply' && owner.subresource === '',
        )
      : [];
    const start = fillHidden(base, current);
    ({ config, notRemovable } = applyConfig(
      editable(start),
      editable(object),
      owned.flatMap((owner) => owner.paths),
      rules,
    ));
    lock = { resourceVersion: metaOf(base)['resourceVersion'], uid: metaOf(base)['uid'] };
  }
  const { managedFields: _managed, ...metadata } = metaOf(config);
  const body = JSON.stringify({
    ...config,
    apiVersion: object['apiVersion'],
    kind: object['kind'],
    metadata: { ...metadata, ...head, ...lock },
  });
  const contentType = 'application/apply-patch+yaml';
  return { request: { method: 'PATCH', path: paths.object, query, body, contentType }, notRemovable };
}

async function send(api: Api, request: ApiRequest, signal: AbortSignal): Promise<Answer> {
  const response = await api.open({ ...request, timeoutMs: 60_000 }, signal);
  const bytes = await collect(response.body, BODY);
  let object: unknown;
  try {
    object = JSON.parse(bytes.toString('utf8'));
  } catch {
    // Told below.
  }
  if (!isRecord(object))
    throw fail('bad-answer', 'The server answered the write with something that is no object.');
  return { object, status: response.status, warnings: warningsOf(response.headers['warning']) };
}

/** Texts of Warning headers (code 299), at most 50. */
export function warningsOf(header: string | undefined): readonly string[] {
  if (header === undefined) return [];
  const found = [...header.matchAll(/299 \S+ "((?:[^"\\]|\\.)*)"/g)].map((match) =>
    (match[1] ?? '').replace(/\\(.)/g, '$1').slice(0, 2000),
  );
  return [...new Set(found)].slice(0, 50);
}
