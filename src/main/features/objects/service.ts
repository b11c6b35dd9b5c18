/**
 * Serves the `objects` slice: objects read for an edit, their schemas, checks of text, and
 * writes with the server's answer. Every write goes through the session's `api`, which keeps
 * read-only contexts unchanged. Nothing here is cached but schemas.
 */
import type { KindInfo } from '#shared/contract/cluster';
import {
  objects,
  type CheckedObject,
  type EditSource,
  type RecreateState,
  type WriteResult,
} from '#shared/contract/objects';
import type { ObjectRef } from '#shared/contract/resources';
import { fieldOwners } from '#shared/domain/merge/managed-fields';
import type { Scope } from '#shared/rpc/scope';
import { coalesce, implement, type Served } from '#shared/rpc/server';
import { AppFailure, fail, toAppError } from '#shared/util/app-error';
import type { Api } from '../../k8s/api';
import { resourcePath } from '../../k8s/path';
import { changeText } from './change-text';
import { checkText, objectsIn, type KindFinder } from './checked';
import {
  baseOf,
  editable,
  hideValues,
  isRecord,
  isSecret,
  metaOf,
  readBase,
  textOf,
  type Whole,
} from './form';
import { mergeState, rulesOf } from './merge-state';
import { ownedFields } from './owned-lines';
import { recreate, recreatePreview, type Recreate } from './recreate';
import { groupVersion, Schemas } from './schemas';
import { writeObject } from './write';
import { lineOf, objectText, parseText } from './yaml-text';

export interface ObjectsDeps {
  readonly scope: Scope;
  readonly api: Api;
  readonly kinds: KindFinder & { byId(id: string): KindInfo | undefined };
}

export function objectsService({ api, kinds, scope }: ObjectsDeps): Served {
  const schemas = new Schemas(api, scope.signal);

  const kindOf = async (id: string, signal: AbortSignal): Promise<KindInfo> => {
    if (!kinds.byId(id)) await kinds.ready(signal);
    const kind = kinds.byId(id);
    if (!kind)
      throw fail('not-found', `This cluster serves no ${id}.`, { hint: 'Its CRD may have been removed.' });
    return kind;
  };

  /** The object of a text with its kind, name and namespace, or why it cannot be sent. */
  const complete = async (input: Sent, signal: AbortSignal): Promise<Complete> => {
    const { how, target } = input;
    const found = objectOf(input.text, input.item);
    if (found.no) return found;
    const { object } = found;
    const [group] = groupVersion(textOf(object['apiVersion']));
    await kinds.ready(signal);
    const kind = kinds.byGroupKind(group, textOf(object['kind']));
    if (!kind)
      return refused(
        `This cluster serves no ${textOf(object['kind']) || 'object without a kind'} in ${textOf(object['apiVersion']) || 'no apiVersion'}.`,
        'Check apiVersion and kind, or install the CRD first.',
      );
    const meta = metaOf(object);
    const namespace = kind.namespaced
      ? textOf(meta['namespace']) || target?.namespace || input.namespace || ''
      : '';
    if (kind.namespaced && namespace === '')
      return refused(
        `${kind.singular} ${textOf(meta['name'])} needs a namespace.`,
        'Write metadata.namespace or choose one.',
      );
    const name = textOf(meta['name']);
    if (target && (target.kind !== kind.id || target.name !== name || target.namespace !== namespace))
      return refused(
        `This edit is of ${target.namespace === '' ? '' : `${target.namespace}/`}${target.name}; the text names ${kind.id} ${namespace === '' ? '' : `${namespace}/`}${name}.`,
        'Kind, name and namespace of an object cannot be changed. Use New object to make another one.',
      );
    if (name === '' && (how !== 'create' || textOf(meta['generateName']) === ''))
      return refused('metadata.name is missing.');
    const { namespace: _namespace, ...rest } = meta;
    return { kind, object: { ...object, metadata: kind.namespaced ? { ...rest, namespace } : rest } };
  };

  const anew = async (
    input: { text: string; target: ObjectRef; base: string; reveal: boolean },
    signal: AbortSignal,
  ): Promise<Recreate> => {
    const found = await complete({ ...input, how: 'update' }, signal);
    if (found.no) throw new AppFailure(found.no.error);
    return { api, ...found, base: readBase(input.base), reveal: input.reveal };
  };

  return implement(objects, {
    read: async ({ reveal, ...ref }, signal): Promise<EditSource> => {
      const kind = await kindOf(ref.kind, signal);
      const object = await api.json<Whole>({ path: pathOf(kind, ref) }, signal);
      const shown = reveal ? object : hideValues(object);
      const edited = editable(shown);
      const text = objectText(edited);
      const owners = fieldOwners(metaOf(object)['managedFields']);
      return {
        text,
        base: baseOf(object, reveal),
        apiVersion: textOf(object['apiVersion']),
        kind: textOf(object['kind']),
        owners: ownedFields(text, edited, owners, rulesOf(kind.kind, undefined)),
        hidden: isSecret(object) && !reveal,
      };
    },

    check: ({ text }, signal) => checkText(text, kinds, schemas, signal),

    change: ({ text, changes }) => changeText(text, changes),

    schema: ({ apiVersion, kind }, signal) => schemas.of(apiVersion, kind, signal),

    write: async (input, signal): Promise<WriteResult> => {
      const found = await complete(input, signal);
      if (found.no) return found.no;
      const base = input.base === undefined ? undefined : readBase(input.base);
      const { how, dryRun, force, reveal } = input;
      return writeObject({ api, schemas, ...found, how, dryRun, force, base, reveal }, signal);
    },

    recreatePreview: async (input, signal) => recreatePreview(await anew(input, signal), signal),

    recreate: ({ propagation, ...input }, sink) => {
      const cancel = new AbortController();
      sink.scope.add(() => cancel.abort());
      let newest: RecreateState | undefined;
      const feed = coalesce(sink, () => newest);
      const tell = (state: RecreateState): void => {
        newest = state;
        feed.mark();
      };
      anew(input, cancel.signal)
        .then((ready) => recreate({ ...ready, propagation }, tell, cancel.signal))
        .catch((thrown: unknown) => {
          if (!sink.signal.aborted) sink.end(toAppError(thrown));
        });
      return () => cancel.abort();
    },

    merge: async ({ base, mine, theirs, choices, reveal }, signal) => {
      const found = objectOf(mine, undefined);
      if (found.no) throw fail('invalid', found.no.error.message);
      const { object } = found;
      const from = readBase(base);
      const schema = await schemas.of(textOf(from['apiVersion']), textOf(from['kind']), signal);
      const rules = rulesOf(textOf(from['kind']), schema);
      return mergeState({ base: from, mine: object, theirs: readBase(theirs) }, rules, choices, reveal);
    },
  });
}

type No = Extract<WriteResult, { ok: false }>;

interface Sent {
  readonly text: string;
  readonly item?: number | undefined;
  readonly how: 'update' | 'apply' | 'create';
  readonly target?: ObjectRef | undefined;
  readonly namespace?: string | undefined;
}

type Complete =
  { readonly no: No } | { readonly no?: undefined; readonly kind: KindInfo; readonly object: Whole };

function refused(message: string, hint?: string): { readonly no: No } {
  const error = { code: 'invalid' as const, message, ...(hint === undefined ? {} : { hint }) };
  return { no: { ok: false, refusal: 'invalid', error, warnings: [] } };
}

/** The one object of a text, or why there is none. */
function objectOf(text: string, item: number | undefined): { no: No } | { no?: undefined; object: Whole } {
  const { documents, remarks } = parseText(text);
  const problem = remarks.find((one) => one.severity === 'error');
  if (problem) {
    const { line, column } = lineOf(text, problem.from);
    return refused(`Line ${line}, column ${column}: ${problem.message}`, 'Mend the YAML first.');
  }
  const [document] = documents;
  if (!document) return refused('There is no object in this text.');
  if (documents.length > 1) return refused('This text holds several documents; an edit is of one object.');
  const list: readonly Partial<CheckedObject & { value: unknown }>[] = objectsIn(document);
  const value = item === undefined ? document.value : list.find((one) => one.item === item)?.value;
  return isRecord(value)
    ? { object: value }
    : refused('This is no Kubernetes object: it needs apiVersion, kind and metadata.');
}

function pathOf(kind: KindInfo, { namespace, name }: ObjectRef): string {
  const { group, version, resource } = kind;
  return resourcePath({ group, version, resource, name, ...(kind.namespaced ? { namespace } : {}) });
}
