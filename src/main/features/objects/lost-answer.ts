/**
 * A write whose answer was lost: the object is read again and compared with what was sent (fault 60).
 * Guarantees: says saved only when the server holds all that was sent, and never repeats the write.
 */
import { same } from '#shared/domain/merge/value';
import { AppFailure, fail, type AppError } from '#shared/util/app-error';
import { editable, isRecord, metaOf, type Whole } from './form';

/** The request may have reached the server all the same. */
const unknown = new Set<AppError['code']>(['timeout', 'network', 'closed']);

export function isLost(thrown: unknown): thrown is AppFailure {
  return thrown instanceof AppFailure && thrown.error.status === undefined && unknown.has(thrown.error.code);
}

export interface Lost {
  readonly failure: AppFailure;
  /** What was sent; the whole object of an update. */
  readonly sent: Whole;
  readonly isWhole: boolean;
  /** As it was before; undefined: it was not there, or was not looked at. */
  readonly before: Whole | undefined;
  readonly read: () => Promise<Whole | undefined>;
}

/** The object when it is saved; otherwise an AppFailure says what is known. */
export async function outcomeOf({ failure, sent, isWhole, before, read }: Lost): Promise<Whole> {
  const { error } = failure;
  const told = (message: string, hint: string): AppFailure =>
    fail(error.code, `${error.message} ${message}`, { reason: 'OutcomeUnknown', hint });
  let now: Whole | undefined;
  try {
    now = await read();
  } catch {
    throw told(
      'Outcome unknown: the change may be saved or not, and the object cannot be read again.',
      'Your text is kept. Look at the object before you save once more.',
    );
  }
  const untouched =
    now === undefined || (before && metaOf(now)['resourceVersion'] === metaOf(before)['resourceVersion']);
  if (now === undefined || untouched === true)
    throw told(
      'The object was read again: so far the change is not saved.',
      'Your text is kept. Save once more when the server answers again.',
    );
  const isSaved = isWhole ? same(editable(now), editable(sent)) : holds(now, editable(sent));
  if (isSaved) return now;
  throw told(
    'Outcome unknown: the object was read again, it changed, and is not what was sent.',
    'Your text is kept. Save once more to merge it with what is there now.',
  );
}

/** All that `sent` names is in `now`; the server may have added more. */
function holds(now: unknown, sent: unknown): boolean {
  if (!isRecord(sent)) return same(now, sent);
  return isRecord(now) && Object.entries(sent).every(([name, value]) => holds(now[name], value));
}
