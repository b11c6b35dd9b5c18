/**
 * Rings when objects of a collection come, change or go, without reading any of them: the collection's
 * version by a list of one, then a watch of metadata from there.
 * Guarantees: rings also after a gap in which something may have happened; never storms; where the
 * collection may not be listed or watched it says so once and asks no more.
 */
import type { Scope } from '#shared/rpc/scope';
import { isCancelled, toAppError } from '#shared/util/app-error';
import type { Api } from './api';
import { Backoff, sleep } from './backoff';
import { jsonLines } from './json-lines';

// A server refuses (406) the name of the one form where the other belongs, even beside the right one.
const LIST = 'application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1,application/json;q=0.5';
const EVENTS = 'application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1,application/json;q=0.5';
const HEAD_BYTES = 8 * 1024 * 1024;
/** A watch that ends sooner is a failure. */
const SHORT_MS = 1_000;

export interface Bell {
  readonly api: Api;
  /** Of the collection. */
  readonly path: string;
  readonly scope: Scope;
  onRing(): void;
  /** It may not be asked here, or there is no such collection. */
  onDenied(): void;
}

export function changeBell({ api, path, scope, onRing, onDenied }: Bell): void {
  const { signal } = scope;
  const backoff = new Backoff();
  let known: string | undefined;

  const version = async (): Promise<string> => {
    const head = await api.json<{ metadata?: { resourceVersion?: unknown } | null }>(
      { path, query: { limit: 1 }, accept: LIST },
      signal,
      HEAD_BYTES,
    );
    const found = head.metadata?.resourceVersion;
    return typeof found === 'string' ? found : '';
  };

  const watch = async (resourceVersion: string): Promise<void> => {
    const query = {
      watch: true,
      resourceVersion,
      allowWatchBookmarks: true,
      timeoutSeconds: 300 + Math.floor(Math.random() * 300),
    };
    const response = await api.open({ path, query, accept: EVENTS, long: true }, signal);
    for await (const line of jsonLines(response.body)) {
      const { type } = line as { type?: unknown };
      if (type === 'ERROR') return;
      if (type === 'ADDED' || type === 'MODIFIED' || type === 'DELETED') onRing();
    }
  };

  const run = async (): Promise<void> => {
    while (!signal.aborted) {
      const began = performance.now();
      let wait = 0;
      try {
        const now = await version();
        if (known !== undefined && known !== now) onRing();
        known = now;
        await watch(now);
        if (performance.now() - began < SHORT_MS) wait = backoff.delay();
        else backoff.reset();
      } catch (thrown) {
        if (signal.aborted || isCancelled(thrown)) return;
        const { code, status, retryAfter } = toAppError(thrown);
        if (code === 'forbidden' || code === 'not-found' || status === 405) return onDenied();
        wait = backoff.delay((retryAfter ?? 0) * 1000);
      }
      if (wait > 0) await sleep(wait, signal).catch(() => undefined);
    }
  };
  void run();
}
