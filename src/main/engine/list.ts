/**
 * Reads one list, page by page, with one page of look-ahead: the next page is asked for
 * as soon as the continue token is known, while this one is still being decoded.
 * A server that ignores `limit` is read as one page; an expired token (410) leads to one
 * full list without paging. Never retries anything else.
 */
import { toAppError } from '#shared/util/app-error';
import type { KubeObject } from '#shared/kinds/define';
import type { Api, ApiResponse } from '../k8s/api';
import { linked } from './clock';
import { LARGE_LIST, type Gate } from './gate';
import { asked, listDecoder, type Source } from './source';
import type { ListMeta } from './decode/types';

export const PAGE_SIZE = 500;

export interface ListHandlers {
  onItem(object: KubeObject): void;
  /** After each piece of the answer; `expected` is null while the server does not say. */
  onProgress(expected: number | null): void;
  /** What came so far does not count: a full list follows. */
  onRestart(): void;
}

interface Page {
  readonly response: Promise<ApiResponse>;
}

/** Answers the resourceVersion to watch from and the number of items. */
export async function readList(
  api: Api,
  gate: Gate,
  source: Source,
  handlers: ListHandlers,
  signal: AbortSignal,
): Promise<{ resourceVersion: string; count: number }> {
  const release = { slot: await gate.list(signal) };
  // Each try has its own signal: a look-ahead left behind must free its socket.
  const attempt = async (limit: number): Promise<{ resourceVersion: string; count: number }> => {
    const { controller, done } = linked(signal);
    try {
      return await readPages(api, gate, source, handlers, release, limit, controller.signal);
    } finally {
      done();
      controller.abort();
    }
  };
  try {
    return await attempt(PAGE_SIZE);
  } catch (thrown) {
    if (toAppError(thrown).code !== 'gone') throw thrown;
    handlers.onRestart();
    return await attempt(0);
  } finally {
    release.slot();
  }
}

async function readPages(
  api: Api,
  gate: Gate,
  source: Source,
  handlers: ListHandlers,
  release: { slot: () => void },
  limit: number,
  signal: AbortSignal,
): Promise<{ resourceVersion: string; count: number }> {
  const request = (token: string): Page => {
    const { accept, query } = asked(source);
    const page = {
      response: api.open(
        {
          path: source.path,
          accept,
          query: {
            ...query,
            ...(limit > 0 ? { limit } : {}),
            ...(token === '' ? {} : { continue: token }),
          },
          timeoutMs: 60_000,
        },
        signal,
      ),
    };
    // A look-ahead that nobody comes to read must not count as an unhandled rejection.
    page.response.catch(() => undefined);
    return page;
  };

  let count = 0;
  let version = '';
  let isLarge = false;
  let page: Page | undefined = request('');
  while (page) {
    const response: ApiResponse = await page.response;
    let next: Page | undefined;
    let expected: number | null = null;
    const onMeta = (meta: ListMeta): void => {
      if (version === '') version = meta.resourceVersion;
      if (meta.remaining !== null) expected = count + limit + meta.remaining;
      const waits = !isLarge && (meta.remaining ?? 0) > LARGE_LIST;
      if (meta.continueToken !== '' && !waits) next = request(meta.continueToken);
    };
    const decoder = listDecoder(source, response, {
      onItem: (object) => {
        count++;
        handlers.onItem(object);
      },
      onMeta,
    });
    for await (const chunk of response.body) {
      decoder.push(chunk);
      handlers.onProgress(expected);
    }
    const end = decoder.end();
    handlers.onProgress(expected);
    if (end.continueToken !== '' && next === undefined) {
      if (!isLarge) {
        // Others may list meanwhile; at most two long ones go on.
        isLarge = true;
        release.slot();
        release.slot = await gate.largeList(signal);
      }
      next = request(end.continueToken);
    }
    page = next;
  }
  return { resourceVersion: version, count };
}
