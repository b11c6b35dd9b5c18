/**
 * Reads all events of a scope and follows them until the scope ends: list page by page, then
 * watch; an expired version lists again; failures back off. Never rejects.
 */
import type { CoreEvent } from '#shared/k8s/types';
import type { Scope } from '#shared/rpc/scope';
import { fail, toAppError, type AppError } from '#shared/util/app-error';
import type { Api } from '../../k8s/api';
import { Backoff, sleep } from '../../k8s/backoff';
import { jsonLines } from '../../k8s/json-lines';
import { resourcePath } from '../../k8s/path';
import type { EventHistory } from './history';

const PAGE = 500;
const DENIED_MS = 5 * 60_000;

export interface Followed {
  readonly phase: 'reading' | 'live' | 'stale' | 'denied';
  readonly error?: AppError;
}

export function followEvents(
  api: Api,
  namespace: string,
  history: EventHistory,
  scope: Scope,
  onChange: (state: Followed) => void,
): void {
  const path = resourcePath({ group: '', version: 'v1', resource: 'events', namespace });
  const { signal } = scope;
  const backoff = new Backoff();
  let state: Followed = { phase: 'reading' };
  let version = '';
  const tell = (next: Followed): void => {
    state = next;
    if (!signal.aborted) onChange(next);
  };

  const list = async (): Promise<void> => {
    const seen = new Set<string>();
    let next: string | undefined;
    do {
      const answer: {
        items?: CoreEvent[] | null;
        metadata?: { continue?: string; resourceVersion?: string };
      } = await api.json({ path, query: { limit: PAGE, continue: next } }, signal);
      for (const event of answer.items ?? []) {
        history.put(event);
        if (event.metadata?.uid) seen.add(event.metadata.uid);
      }
      next = answer.metadata?.continue || undefined;
      version = answer.metadata?.resourceVersion ?? '';
      tell(next === undefined ? { phase: 'live' } : state);
    } while (next !== undefined);
    history.retain(seen, namespace);
  };

  const watch = async (): Promise<void> => {
    const query = {
      watch: true,
      allowWatchBookmarks: true,
      resourceVersion: version,
      timeoutSeconds: 300 + Math.floor(Math.random() * 300),
    };
    const response = await api.open({ path, query, long: true }, signal);
    for await (const line of jsonLines(response.body)) {
      const { type, object } = line as {
        type?: string;
        object?: CoreEvent & { code?: number; message?: string };
      };
      if (type === 'ERROR')
        throw fail(object?.code === 410 ? 'gone' : 'server', object?.message ?? 'The watch failed.');
      if (!object?.metadata) continue;
      version = object.metadata.resourceVersion || version;
      backoff.reset();
      if (type === 'DELETED') history.forget(object.metadata.uid);
      else if ((type !== 'ADDED' && type !== 'MODIFIED') || !history.put(object)) continue;
      tell({ phase: 'live' });
    }
  };

  const run = async (): Promise<void> => {
    while (!signal.aborted) {
      try {
        if (version === '') await list();
        const began = Date.now();
        await watch();
        if (Date.now() - began < 1000) await sleep(backoff.delay(), signal);
      } catch (thrown) {
        if (signal.aborted) return;
        const error = toAppError(thrown);
        if (error.code === 'gone') {
          version = '';
          await sleep(backoff.delay(), signal).catch(() => undefined);
          continue;
        }
        tell({ phase: error.code === 'forbidden' ? 'denied' : 'stale', error });
        const wait = error.code === 'forbidden' ? DENIED_MS : backoff.delay((error.retryAfter ?? 0) * 1000);
        await sleep(wait, signal).catch(() => undefined);
      }
    }
  };
  void run();
}
