/**
 * Runs a verb on many objects: at most 5 at a time, one result each.
 * Guarantees: an object is changed only when it is the same (uid) and still gives the plan that
 * was shown; a conflict is planned again up to 3 times; 429 waits as the server says; cancel
 * lets what runs finish and leaves the rest untouched.
 */
import type { ItemResult } from '#shared/contract/actions';
import { finalizersOf } from '#shared/domain/actions/metadata';
import { optionSchemas, type VerbId } from '#shared/domain/actions/options';
import { at, word } from '#shared/domain/actions/read';
import { fingerprint, verbs } from '#shared/domain/actions/table';
import type { Plan, Planner, Target } from '#shared/domain/actions/types';
import { fail, isCancelled, toAppError, type AppError } from '#shared/util/app-error';
import { sleep } from '../../k8s/backoff';
import { extrasOf, suffix, type ExtrasDeps } from './extras';
import { apiRequest, kindOf, readObject, targetOf, type Ref } from './target';

const PARALLEL = 5;
const TRIES = 3;

export interface RunItem extends Ref {
  readonly options?: unknown;
  readonly expect?: string | undefined;
}

export interface RunInput {
  readonly verb: VerbId;
  readonly options?: unknown;
  readonly items: readonly RunItem[];
}

/** Resolves when every item has its result; `signal` cancels what has not begun. */
export async function runAction(
  deps: ExtrasDeps,
  input: RunInput,
  onResult: (result: ItemResult) => void,
  signal: AbortSignal,
): Promise<void> {
  // What runs is finished even when the rest is cancelled.
  const running = new AbortController().signal;
  let next = 0;
  const work = async (): Promise<void> => {
    while (next < input.items.length) {
      const index = next++;
      const item = input.items[index];
      if (!item) continue;
      if (signal.aborted) {
        onResult({ index, phase: 'cancelled', message: 'Not begun.' });
        continue;
      }
      onResult({ index, phase: 'running' });
      onResult({ index, ...(await runOne(deps, input, item, running)) });
    }
  };
  await Promise.all(Array.from({ length: Math.min(PARALLEL, input.items.length) }, work));
}

type Outcome = Omit<ItemResult, 'index'>;

async function runOne(
  deps: ExtrasDeps,
  input: RunInput,
  item: RunItem,
  signal: AbortSignal,
): Promise<Outcome> {
  const { verb } = input;
  const options = optionSchemas[verb].safeParse(item.options ?? input.options ?? {});
  if (!options.success) {
    const first = options.error.issues[0];
    return {
      phase: 'failed',
      error: { code: 'invalid-input', message: first?.message ?? 'These options cannot be used.' },
    };
  }
  try {
    const target = targetOf(await kindOf(deps.kinds, item.kind, signal), item);
    for (let attempt = 1; ; attempt += 1) {
      const plan = await planOf(deps, verb, options.data, target, signal);
      if (plan.refused !== undefined) return { phase: 'unchanged', message: plan.refused };
      if (item.expect !== undefined && item.expect !== fingerprint(plan.changes))
        throw changedMeanwhile(target);
      try {
        let answer: unknown;
        for (const planned of plan.requests)
          answer = await deps.api.json(apiRequest(target, planned), signal);
        const message = verb === 'delete' ? deletionWords(answer) : plan.done;
        return { phase: 'done', message, ...(plan.undo ? { undo: plan.undo } : {}) };
      } catch (thrown) {
        const error = toAppError(thrown);
        if (!mayRetry(error, verb) || attempt >= TRIES) throw thrown;
        if (error.retryAfter !== undefined) await sleep(error.retryAfter * 1000, signal);
      }
    }
  } catch (thrown) {
    if (isCancelled(thrown) && signal.aborted) return { phase: 'cancelled' };
    const error = toAppError(thrown);
    if (error.code === 'not-found' && (verb === 'delete' || verb === 'evict'))
      return { phase: 'unchanged', message: 'It was gone already.' };
    return { phase: 'failed', error: explained(error, verb) };
  }
}

async function planOf(
  deps: ExtrasDeps,
  verb: VerbId,
  options: unknown,
  target: Target,
  signal: AbortSignal,
): Promise<Plan> {
  const { plan, blind } = verbs[verb] as { plan: Planner<unknown>; blind?: boolean };
  if (blind) return plan({}, options, target, { now: deps.now(), suffix: suffix() });
  const object = await readObject(deps.api, target, signal);
  const found = { ...target, uid: word(at(object, 'metadata', 'uid')) };
  return plan(object, options, found, await extrasOf(deps, verb, found, object, [], signal));
}

/** An object that is only marked answers itself; one that is gone, a Status. */
function deletionWords(answer: unknown): string {
  if (word(at(answer, 'metadata', 'deletionTimestamp')) === '') return 'Deleted';
  const finalizers = finalizersOf(answer);
  if (finalizers.length > 0) return `Being deleted: waits for ${finalizers.join(', ')}`;
  return 'Ending';
}

/** A 429 of the Eviction API is a budget, not a busy server: the person decides. */
function mayRetry(error: AppError, verb: VerbId): boolean {
  if (error.code === 'conflict') return verb !== 'delete' && verb !== 'evict';
  return error.code === 'throttled' && verb !== 'evict' && (error.retryAfter ?? 60) <= 30;
}

function changedMeanwhile(target: Target): Error {
  return fail('conflict', `${target.name} changed since the preview, so nothing was done.`, {
    hint: 'Look at the new preview and decide again.',
  });
}

function explained(error: AppError, verb: VerbId): AppError {
  if (error.code === 'throttled' && verb === 'evict')
    return {
      ...error,
      hint: 'A PodDisruptionBudget holds it: more ready replicas, or another budget, let it go.',
    };
  if (error.code === 'conflict' && verb === 'delete')
    return { ...error, message: 'It is another object now: it was deleted and made anew.' };
  if (error.code === 'not-found' && verb === 'resize')
    return { ...error, hint: 'Servers before 1.33 cannot resize pods in place.' };
  return error;
}
