/**
 * Answers calls and feeds streams on one port.
 * Guarantees: input is parsed before a handler sees it; every call is answered once
 * (result or AppError); a cancel or a closed port aborts the handler's signal; a
 * stream never has more unhandled batches in flight than its reader granted.
 */
import type { Port } from './port';
import type {
  AnyCall,
  AnyStream,
  ItemOf,
  Members,
  OutputOf,
  ParsedOf,
  ParsedUpdateOf,
  Slice,
} from './define';
import { isClientMessage, type ClientMessage, type ServerMessage } from './protocol';
import { Scope } from './scope';
import { fail, toAppError, type AppError } from '../util/app-error';

/** The writing end of a stream. */
export interface Sink<T> {
  /** Batches that may be sent now; `send` beyond it throws. */
  readonly credit: number;
  send(batch: T): void;
  /** Called whenever credit goes from 0 to more. One listener. */
  onCredit(listener: () => void): void;
  /** Ends the stream, with an error or without. */
  end(error?: AppError): void;
  readonly signal: AbortSignal;
  /** Ends when the stream ends, whoever ended it. */
  readonly scope: Scope;
  /** True once the port itself went: the reader did not close the stream, its page is gone (fault 67). */
  readonly portGone: boolean;
}

export type CallHandler<D> = (input: ParsedOf<D>, signal: AbortSignal) => Promise<OutputOf<D>> | OutputOf<D>;
export type StreamHandler<D> = (
  input: ParsedOf<D>,
  sink: Sink<ItemOf<D>>,
) => void | ((update: ParsedUpdateOf<D>) => void);

export type Implementation<M extends Members> = {
  readonly [K in keyof M]: M[K] extends AnyStream
    ? StreamHandler<M[K]>
    : M[K] extends AnyCall
      ? CallHandler<M[K]>
      : never;
};

interface Route {
  readonly def: AnyCall | AnyStream;
  readonly handler: unknown;
}

export interface Served {
  readonly slice: Slice<Members>;
  readonly implementation: Record<string, unknown>;
}

/** Pairs a slice with its handlers, checked against each other by type. */
export function implement<M extends Members>(slice: Slice<M>, implementation: Implementation<M>): Served {
  return { slice, implementation };
}

/** Serves until the port closes or `parent` ends. */
export function serve(port: Port, services: readonly Served[], parent?: Scope): Scope {
  const scope = new Scope('rpc-server', parent);
  const routes = new Map<string, Route>();
  for (const { slice, implementation } of services) {
    for (const [member, def] of Object.entries(slice.members)) {
      routes.set(`${slice.name}.${member}`, { def, handler: implementation[member] });
    }
  }
  const open = new Map<number, Running>();
  const post = (message: ServerMessage): void => port.post(message);

  port.onMessage((message) => {
    if (!scope.disposed && isClientMessage(message)) handle(message);
  });
  const line = { gone: false };
  port.onClose(() => {
    line.gone = true;
    scope.dispose();
  });
  scope.add(() => port.close());

  function handle(message: ClientMessage): void {
    switch (message.t) {
      // A number in use would make two answers indistinguishable: the second one is dropped.
      case 'call':
        if (!open.has(message.id)) void runCall(message);
        return;
      case 'open':
        if (!open.has(message.id)) openStream(message);
        return;
      case 'update':
        open.get(message.id)?.update(message.i);
        return;
      case 'credit':
        open.get(message.id)?.grant(message.n);
        return;
      case 'cancel':
        open.get(message.id)?.scope.dispose();
        return;
    }
  }

  async function runCall(message: Extract<ClientMessage, { t: 'call' }>): Promise<void> {
    const { id, m } = message;
    const callScope = scope.child(m);
    open.set(id, { scope: callScope, update: () => undefined, grant: () => undefined });
    callScope.add(() => open.delete(id));
    try {
      const route = routeOf(m, 'call');
      const input = parse(route.def.input, message.i, m);
      const handler = route.handler as (input: unknown, signal: AbortSignal) => unknown;
      const value = await handler(input, callScope.signal);
      if (!callScope.disposed) post({ t: 'ok', id, v: value });
      else post({ t: 'error', id, e: { code: 'cancelled', message: 'Cancelled.' } });
    } catch (thrown) {
      post({ t: 'error', id, e: toAppError(thrown) });
    } finally {
      callScope.dispose();
    }
  }

  function openStream(message: Extract<ClientMessage, { t: 'open' }>): void {
    const { id, m } = message;
    const streamScope = scope.child(m);
    const sink = new CreditedSink(id, message.credit, streamScope, post, line);
    const running: Running = { scope: streamScope, update: () => undefined, grant: (n) => sink.grant(n) };
    open.set(id, running);
    streamScope.add(() => open.delete(id));
    try {
      const route = routeOf(m, 'stream');
      const def = route.def as AnyStream;
      const input = parse(def.input, message.i, m);
      const handler = route.handler as (
        input: unknown,
        sink: Sink<unknown>,
      ) => void | ((update: unknown) => void);
      const update = handler(input, sink);
      if (update) {
        running.update = (raw) => {
          try {
            update(parse(def.update, raw, m));
          } catch (thrown) {
            sink.end(toAppError(thrown));
          }
        };
      }
    } catch (thrown) {
      sink.end(toAppError(thrown));
    }
  }

  function routeOf(name: string, type: 'call' | 'stream'): Route {
    const route = routes.get(name);
    if (!route || route.def.type !== type) throw fail('unsupported', `There is no ${type} ${name}.`);
    return route;
  }

  return scope;
}

interface Running {
  readonly scope: Scope;
  update: (input: unknown) => void;
  grant: (n: number) => void;
}

function parse(schema: AnyCall['input'], value: unknown, name: string): unknown {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const first = result.error.issues[0];
  const where = first && first.path.length > 0 ? ` at ${first.path.join('.')}` : '';
  throw fail('invalid-input', `${name}${where}: ${first?.message ?? 'wrong input'}`);
}

class CreditedSink implements Sink<unknown> {
  credit: number;
  readonly scope: Scope;
  private readonly id: number;
  private readonly post: (message: ServerMessage) => void;
  private readonly line: { readonly gone: boolean };
  private listener: (() => void) | undefined;

  constructor(
    id: number,
    credit: number,
    scope: Scope,
    post: (message: ServerMessage) => void,
    line: { readonly gone: boolean },
  ) {
    this.line = line;
    this.id = id;
    this.credit = Math.max(1, Math.min(16, credit));
    this.scope = scope;
    this.post = post;
  }

  get signal(): AbortSignal {
    return this.scope.signal;
  }

  get portGone(): boolean {
    return this.line.gone;
  }

  send(batch: unknown): void {
    if (this.scope.disposed) return;
    if (this.credit <= 0) throw new Error('stream written without credit');
    this.post({ t: 'data', id: this.id, v: batch });
    this.credit -= 1;
  }

  onCredit(listener: () => void): void {
    this.listener = listener;
  }

  grant(n: number): void {
    const before = this.credit;
    this.credit = Math.min(64, this.credit + Math.max(0, n));
    if (before > 0 || this.credit <= 0) return;
    try {
      this.listener?.();
    } catch (thrown) {
      this.end(toAppError(thrown));
    }
  }

  end(error?: AppError): void {
    if (this.scope.disposed) return;
    this.post(error ? { t: 'end', id: this.id, e: error } : { t: 'end', id: this.id });
    this.scope.dispose();
  }
}

/**
 * Feeds a state stream: `mark` says that something changed, `take` makes the newest
 * batch (or undefined when there is nothing to say). However often `mark` is called,
 * at most one batch per credit and per `everyMs` leaves, so memory stays bounded and
 * the last state wins. A `take` that throws ends the stream with its error.
 */
export function coalesce<T>(sink: Sink<T>, take: () => T | undefined, everyMs = 0): { mark(): void } {
  let dirty = false;
  let waiting = false;
  const flush = (): void => {
    if (!dirty || waiting || sink.signal.aborted || sink.credit <= 0) return;
    dirty = false;
    try {
      const batch = take();
      if (batch === undefined) return;
      sink.send(batch);
    } catch (thrown) {
      sink.end(toAppError(thrown));
      return;
    }
    if (everyMs > 0) {
      waiting = true;
      sink.scope.timeout(() => {
        waiting = false;
        flush();
      }, everyMs);
    }
  };
  sink.onCredit(flush);
  return {
    mark: () => {
      dirty = true;
      flush();
    },
  };
}
