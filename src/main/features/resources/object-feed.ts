/**
 * The newest version of one object while it is open: get, then watch by name.
 * Guarantees: says `deleted`, `replaced` (same name, new uid) and `stale` instead of
 * keeping quiet; works with `get` alone (asked again every 5 s when the right to watch
 * is missing); Secrets leave without their values (see `strip.ts`).
 */
import type { ObjectState } from '#shared/contract/resources';
import type { Scope } from '#shared/rpc/scope';
import { fail, isCancelled, toAppError, type AppError } from '#shared/util/app-error';
import type { Api } from '../../k8s/api';
import { Backoff, sleep } from '../../k8s/backoff';
import { jsonLines } from '../../k8s/json-lines';
import type { WholeObject } from '../../k8s/watch-few';
import { stripSecrets } from './strip';

export interface FeedTarget {
  /** Path of the object itself. */
  readonly objectPath: string;
  /** Path of its collection, for the watch. */
  readonly listPath: string;
  readonly name: string;
}

const POLL_MS = 5_000;
const DENIED_MS = 5 * 60_000;

export function feedObject(
  api: Api,
  target: FeedTarget,
  scope: Scope,
  onState: (state: ObjectState) => void,
): void {
  let uid: string | undefined;
  let newest: WholeObject | undefined;
  let canWatch = true;
  const backoff = new Backoff();
  const { signal } = scope;

  const emit = (phase: ObjectState['phase'], error?: AppError): void => {
    if (signal.aborted) return;
    onState({ phase, object: newest && stripSecrets(newest), error });
  };

  const accept = (object: WholeObject): void => {
    const seen = object.metadata?.uid;
    const replaced = uid !== undefined && seen !== uid;
    uid = seen;
    newest = object;
    emit(replaced ? 'replaced' : 'live');
  };

  const isKnown = ({ metadata }: WholeObject): boolean =>
    metadata?.uid === uid && metadata?.resourceVersion === newest?.metadata?.resourceVersion;

  const read = async (): Promise<void> => {
    const object = await api.json<WholeObject>({ path: target.objectPath }, signal);
    if (!object.metadata) throw fail('bad-answer', 'The server answered something that is no object.');
    backoff.reset();
    if (
      object.metadata.resourceVersion !== newest?.metadata?.resourceVersion ||
      object.metadata.uid !== uid
    ) {
      accept(object);
    } else emit('live');
  };

  // Without a resourceVersion the watch begins with the newest state: an object's own version
  // may be long gone from the server's history.
  const watch = async (): Promise<void> => {
    const query = {
      fieldSelector: `metadata.name=${target.name}`,
      watch: true,
      allowWatchBookmarks: true,
      timeoutSeconds: 300 + Math.floor(Math.random() * 300),
    };
    const response = await api
      .open({ path: target.listPath, query, long: true }, signal)
      .catch((thrown: unknown) => {
        const error = toAppError(thrown);
        if (error.code !== 'forbidden' && error.status !== 405) throw thrown;
        canWatch = false;
        return undefined;
      });
    if (!response) return;
    for await (const line of jsonLines(response.body)) {
      const { type, object } = line as { type?: string; object?: WholeObject };
      if (type === 'ERROR') return;
      if (!object || object.metadata?.name !== target.name) continue;
      if (type === 'DELETED') {
        newest = object;
        emit('deleted');
      } else if ((type === 'ADDED' || type === 'MODIFIED') && !isKnown(object)) accept(object);
    }
  };

  const run = async (): Promise<void> => {
    while (!signal.aborted) {
      try {
        await read();
        const began = Date.now();
        if (canWatch) await watch();
        // A watch that ends at once must not become a storm of reads.
        if (!canWatch || Date.now() - began < 1000) await sleep(canWatch ? backoff.delay() : POLL_MS, signal);
      } catch (thrown) {
        if (signal.aborted || isCancelled(thrown)) return;
        const error = toAppError(thrown);
        emit(phaseOf(error, newest !== undefined), error);
        const wait = error.code === 'forbidden' ? DENIED_MS : backoff.delay((error.retryAfter ?? 0) * 1000);
        await sleep(wait, signal).catch(() => undefined);
      }
    }
  };
  void run();
}

function phaseOf(error: AppError, seen: boolean): ObjectState['phase'] {
  if (error.code === 'forbidden') return 'denied';
  if (error.code === 'not-found') return seen ? 'deleted' : 'gone';
  return seen ? 'stale' : 'failed';
}
