/**
 * Lists and watches a query that is expected to match few objects, as whole objects:
 * one object by name, the events of one object, namespaces.
 * Guarantees: `onChange` gets the whole state after every change; items survive while
 * the stream is interrupted (phase `stale`); 410 lists again without a blank; a user
 * without `watch` is polled; 403 is asked again after 5 minutes only.
 * No mask, no paging: tables use the engine.
 */
import type { Scope } from '#shared/rpc/scope';
import { fail, isCancelled, toAppError, type AppError } from '#shared/util/app-error';
import type { Api, ApiRequest } from './api';
import { Backoff, sleep } from './backoff';
import { jsonLines } from './json-lines';

export interface WholeObject {
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly metadata?: {
    readonly name?: string;
    readonly namespace?: string;
    readonly uid?: string;
    readonly resourceVersion?: string;
    readonly [field: string]: unknown;
  };
  readonly [field: string]: unknown;
}

export interface FewState {
  readonly phase: 'loading' | 'live' | 'stale' | 'denied' | 'gone' | 'failed';
  /** By uid. The map is the same one each time; read it, do not keep it. */
  readonly items: ReadonlyMap<string, WholeObject>;
  readonly error?: AppError;
}

export interface FewOptions {
  readonly api: Api;
  readonly path: string;
  readonly query: NonNullable<ApiRequest['query']>;
  readonly scope: Scope;
  readonly onChange: (state: FewState) => void;
  /** Interval where the user may list but not watch; default 5 s. */
  readonly pollMs?: number;
}

interface ListAnswer {
  readonly metadata?: { readonly resourceVersion?: string };
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly items?: readonly WholeObject[] | null;
}

const DENIED_PAUSE = 5 * 60_000;

/** Starts at once and runs until the scope ends. */
export function watchFew(options: FewOptions): void {
  void new FewWatcher(options).run();
}

class FewWatcher {
  private readonly items = new Map<string, WholeObject>();
  private readonly options: FewOptions;
  private readonly backoff = new Backoff();
  private version: string | undefined;
  private canWatch = true;
  /** Expired watches since the last event. */
  private expired = 0;

  constructor(options: FewOptions) {
    this.options = options;
  }

  async run(): Promise<void> {
    const { signal } = this.options.scope;
    while (!signal.aborted) {
      try {
        if (this.version === undefined) await this.list();
        if (this.canWatch) await this.watch();
        else await this.pause(this.options.pollMs ?? 5_000);
      } catch (thrown) {
        if (signal.aborted || isCancelled(thrown)) return;
        if (!(await this.recover(toAppError(thrown)))) return;
      }
    }
  }

  /** Returns false when the scope ended meanwhile. */
  private async recover(error: AppError): Promise<boolean> {
    let wait = this.backoff.delay((error.retryAfter ?? 0) * 1000);
    if (error.code === 'gone') {
      this.version = undefined;
      // The first time is usual (a quiet stream grew old); again without an event between is not.
      this.expired += 1;
      if (this.expired === 1) wait = 0;
    } else if (error.code === 'forbidden') {
      this.version = undefined;
      this.emit('denied', error);
      wait = DENIED_PAUSE;
    } else if (error.code === 'not-found') {
      this.version = undefined;
      this.emit('gone', error);
    } else {
      this.emit(this.items.size > 0 || this.version !== undefined ? 'stale' : 'failed', error);
    }
    try {
      if (wait > 0) await sleep(wait, this.options.scope.signal);
      return true;
    } catch {
      return false;
    }
  }

  private async pause(ms: number): Promise<void> {
    await sleep(ms, this.options.scope.signal);
    this.version = undefined;
  }

  private async list(): Promise<void> {
    const { api, path, query, scope } = this.options;
    const answer = await api.json<ListAnswer>({ path, query }, scope.signal);
    const kind = answer.kind?.replace(/List$/, '');
    this.items.clear();
    for (const item of answer.items ?? []) this.keep({ apiVersion: answer.apiVersion, kind, ...item });
    this.version = answer.metadata?.resourceVersion ?? '';
    this.emit('live');
  }

  private async watch(): Promise<void> {
    const { api, path, query, scope } = this.options;
    const seconds = 300 + Math.floor(Math.random() * 300);
    let response;
    try {
      response = await api.open(
        {
          path,
          query: {
            ...query,
            watch: true,
            allowWatchBookmarks: true,
            resourceVersion: this.version,
            timeoutSeconds: seconds,
          },
          long: true,
        },
        scope.signal,
      );
    } catch (thrown) {
      const error = toAppError(thrown);
      if (error.code !== 'forbidden' && error.status !== 405) throw thrown;
      this.canWatch = false;
      return;
    }
    const began = Date.now();
    let events = 0;
    this.emit('live');
    for await (const line of jsonLines(response.body)) {
      events += 1;
      this.event(line as { type?: string; object?: WholeObject & { code?: number; message?: string } });
    }
    if (events === 0 && Date.now() - began < 1000)
      throw fail('network', 'The server ended the watch at once.');
  }

  private event(event: { type?: string; object?: WholeObject & { code?: number; message?: string } }): void {
    const { type, object } = event;
    if (!object) return;
    if (type === 'ERROR') {
      const message = object.message ?? 'The watch failed.';
      throw fail(object.code === 410 ? 'gone' : 'server', message, { status: object.code });
    }
    const version = object.metadata?.resourceVersion;
    if (version) this.version = version;
    this.expired = 0;
    this.backoff.reset();
    if (type === 'DELETED') this.items.delete(object.metadata?.uid ?? '');
    else if (type === 'ADDED' || type === 'MODIFIED') this.keep(object);
    else return;
    this.emit('live');
  }

  private keep(object: WholeObject): void {
    const uid = object.metadata?.uid;
    if (uid && object.metadata?.name) this.items.set(uid, object);
  }

  private emit(phase: FewState['phase'], error?: AppError): void {
    if (!this.options.scope.disposed) this.options.onChange({ phase, items: this.items, error });
  }
}
