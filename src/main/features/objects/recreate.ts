/**
 * An object deleted and made anew, because the server lets nobody change a field of it.
 * Guarantees: the old one is deleted only when it is the version the edit was of (uid and
 * resourceVersion as preconditions); it is waited for until it is gone; when the server then
 * refuses the new one, the old one is put back; the last state says what is true. A cancel
 * while waiting makes nothing: the old one still goes.
 */
import type { KindInfo } from '#shared/contract/cluster';
import type { RecreatePreview, RecreateState } from '#shared/contract/objects';
import { recreation } from '#shared/domain/actions/recreate';
import { fail, isCancelled, toAppError, type AppError } from '#shared/util/app-error';
import type { Api } from '../../k8s/api';
import { sleep } from '../../k8s/backoff';
import { resourcePath } from '../../k8s/path';
import { baseOf, editable, fillHidden, hideValues, metaOf, textOf, type Whole } from './form';
import { refusalOf } from './refusal';
import { groupVersion } from './schemas';
import { MANAGER } from './write';
import { objectText } from './yaml-text';

const LOOK_MS = 500;
/** Of a name on trial: the old one still holds its own. */
const TRIAL = '-binnacle-try';

export interface Recreate {
  readonly api: Api;
  readonly kind: KindInfo;
  /** As written by the person; name and namespace are set. */
  readonly object: Whole;
  /** What the edit started from. */
  readonly base: Whole;
  readonly reveal: boolean;
}

interface Paths {
  readonly list: string;
  readonly object: string;
}

function pathsOf({ kind, object }: Recreate): Paths {
  const [group, version] = groupVersion(textOf(object['apiVersion']));
  const meta = metaOf(object);
  const namespace = kind.namespaced ? textOf(meta['namespace']) : undefined;
  const list = { group, version, resource: kind.resource, ...(namespace === undefined ? {} : { namespace }) };
  return { list: resourcePath(list), object: resourcePath({ ...list, name: textOf(meta['name']) }) };
}

async function current({ api, base }: Recreate, path: string, signal: AbortSignal): Promise<Whole> {
  const object = await api.json<Whole>({ path }, signal);
  if (metaOf(object)['uid'] !== metaOf(base)['uid'])
    throw fail(
      'conflict',
      'It was deleted and made anew meanwhile: this is another object of the same name.',
    );
  return object;
}

/** What would be made and what is lost. The server tries it under another name, where it can. */
export async function recreatePreview(input: Recreate, signal: AbortSignal): Promise<RecreatePreview> {
  const { api, kind, reveal } = input;
  const paths = pathsOf(input);
  const old = await current(input, paths.object, signal);
  const { object, left, warnings, loses } = recreation(fillHidden(input.object, old));
  const name = `${textOf(metaOf(object)['name']).slice(0, 200)}${TRIAL}`;
  const trial = { ...object, metadata: { ...metaOf(object), name } };
  const query = { dryRun: 'All', fieldManager: MANAGER };
  const show = (one: Whole): string => objectText(editable(reveal ? one : hideValues(one)));
  let made = object;
  let problem: AppError | undefined;
  try {
    const body = JSON.stringify(trial);
    const answer = await api.json<Whole>({ method: 'POST', path: paths.list, query, body }, signal);
    // Controllers' labels may hold the name too.
    const named = JSON.stringify(answer).replaceAll(name, textOf(metaOf(object)['name']));
    made = JSON.parse(named) as Whole;
  } catch (thrown) {
    if (signal.aborted || isCancelled(thrown)) throw thrown;
    problem = refusalOf(toAppError(thrown), kind.kind).error;
  }
  return { before: show(old), after: show(made), left, warnings, loses, ...(problem ? { problem } : {}) };
}

/** Resolves when it ended, one way or another; `tell` gets each state, the last one is true for good. */
export async function recreate(
  input: Recreate & { readonly propagation: 'Background' | 'Foreground' | 'Orphan' },
  tell: (state: RecreateState) => void,
  signal: AbortSignal,
): Promise<void> {
  const { api, kind, base, reveal, propagation } = input;
  const paths = pathsOf(input);
  // What was begun on the server is finished even when the reader goes away.
  const going = new AbortController().signal;
  const noun = kind.singular.toLowerCase();
  const create = (object: Whole): Promise<Whole> =>
    api.json<Whole>(
      {
        method: 'POST',
        path: paths.list,
        query: { fieldManager: MANAGER },
        body: JSON.stringify(object),
      },
      going,
    );
  let deleted = false;
  try {
    tell({ phase: 'deleting', message: `The old ${noun} is being deleted.` });
    const old = await current(input, paths.object, signal);
    const fresh = recreation(fillHidden(input.object, old)).object;
    const body = JSON.stringify({
      apiVersion: 'v1',
      kind: 'DeleteOptions',
      propagationPolicy: propagation,
      preconditions: { uid: metaOf(base)['uid'], resourceVersion: metaOf(old)['resourceVersion'] },
    });
    await api.json({ method: 'DELETE', path: paths.object, body }, going);
    deleted = true;
    await gone(input, paths.object, tell, signal);
    tell({ phase: 'creating', message: `The old ${noun} is gone; the new one is being created.` });
    try {
      const made = await create(fresh);
      const text = objectText(editable(reveal ? made : hideValues(made)));
      tell({ phase: 'done', message: `Deleted and created anew.`, text, base: baseOf(made, reveal) });
    } catch (thrown) {
      const refused = refusalOf(toAppError(thrown), kind.kind).error;
      await create(recreation(old).object).then(
        (back) =>
          tell({
            phase: 'failed',
            message: `The server refused the new ${noun}; the old one was put back as it was.`,
            error: refused,
            text: objectText(editable(reveal ? back : hideValues(back))),
            base: baseOf(back, reveal),
          }),
        (again: unknown) =>
          tell({
            phase: 'failed',
            message: `The old ${noun} is gone and the new one was refused. It could not be put back: ${toAppError(again).message} Your text is kept.`,
            error: refused,
            gone: true,
          }),
      );
    }
  } catch (thrown) {
    if (signal.aborted || isCancelled(thrown)) {
      tell({
        phase: 'cancelled',
        message: deleted
          ? `The old ${noun} is being deleted all the same; no new one was made. Your text is kept.`
          : 'Nothing was done.',
        ...(deleted ? { gone: true } : {}),
      });
      return;
    }
    const error = toAppError(thrown);
    const moved = error.code === 'conflict' ? ' Look at the preview again.' : '';
    tell({
      phase: 'failed',
      message: deleted
        ? `The old ${noun} is being deleted; no new one was made. Your text is kept.`
        : `Nothing was done.${moved}`,
      error,
      ...(deleted ? { gone: true } : {}),
    });
  }
}

async function gone(
  { api, base, kind }: Recreate,
  path: string,
  tell: (state: RecreateState) => void,
  signal: AbortSignal,
): Promise<void> {
  let said = '';
  for (;;) {
    const object = await api.json<Whole>({ path }, signal).catch((thrown: unknown) => {
      if (toAppError(thrown).status === 404) return undefined;
      throw thrown;
    });
    if (!object) return;
    if (metaOf(object)['uid'] !== metaOf(base)['uid'])
      throw fail('conflict', `Somebody made another ${kind.singular.toLowerCase()} of this name meanwhile.`);
    const { finalizers } = metaOf(object);
    const names = Array.isArray(finalizers) ? finalizers.map(textOf).join(', ') : '';
    const message =
      names === ''
        ? 'The old one is ending; the new one waits until it is gone.'
        : `The old one waits for ${names}; the new one waits until it is gone.`;
    if (message !== said) tell({ phase: 'waiting', message });
    said = message;
    await sleep(LOOK_MS, signal);
  }
}
