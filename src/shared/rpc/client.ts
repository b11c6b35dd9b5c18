/**
 * The asking end of a port.
 * Guarantees: every call settles (result, AppFailure, cancel, or `closed` when the
 * port goes); a stream ends exactly once; nothing is delivered after its end.
 * Input that cannot be cloned rejects a call and throws from `open` and `update`.
 */
import type { Port } from './port';
import type { AnyCall, AnyStream, InputOf, ItemOf, Members, OutputOf, Slice, UpdateOf } from './define';
import { isServerMessage, STREAM_CREDIT, type ClientMessage } from './protocol';
import { AppFailure, fail, toAppError, type AppError } from '../util/app-error';

type Calls<M> = { [K in keyof M as M[K] extends AnyStream ? never : K]: M[K] };
type Streams<M> = { [K in keyof M as M[K] extends AnyStream ? K : never]: M[K] };

export interface OpenStream<U> {
  /** Tells the writer about a change, e.g. another window. */
  update(input: U): void;
  close(): void;
}

export interface StreamListener<T> {
  /** Credit goes back when the returned promise settles, or at once. */
  onData(batch: T): void | Promise<void>;
  /** Once: undefined for a clean end, an AppError otherwise. Not called after `close`. */
  onEnd(error: AppError | undefined): void;
}

interface PendingCall {
  resolve(value: unknown): void;
  reject(thrown: AppFailure): void;
}

const closedError: AppError = {
  code: 'closed',
  message: 'The connection to this part of the app was closed.',
};

export class RpcClient {
  private readonly port: Port;
  private readonly calls = new Map<number, PendingCall>();
  private readonly streams = new Map<number, StreamListener<unknown>>();
  private nextId = 1;
  private isClosed = false;

  constructor(port: Port) {
    this.port = port;
    port.onMessage((message) => this.receive(message));
    port.onClose(() => this.shut());
  }

  get closed(): boolean {
    return this.isClosed;
  }

  /** Calls `slice.member`; rejects with AppFailure. */
  call<M extends Members, K extends keyof Calls<M> & string>(
    slice: Slice<M>,
    member: K,
    input: InputOf<M[K] & AnyCall>,
    signal?: AbortSignal,
  ): Promise<OutputOf<M[K]>> {
    if (this.isClosed) return Promise.reject(new AppFailure(closedError));
    if (signal?.aborted) return Promise.reject(fail('cancelled', 'Cancelled.'));
    const id = this.nextId++;
    return new Promise<OutputOf<M[K]>>((resolve, reject) => {
      const onAbort = (): void => {
        this.calls.delete(id);
        this.post({ t: 'cancel', id });
        reject(fail('cancelled', 'Cancelled.'));
      };
      const settle = (): void => signal?.removeEventListener('abort', onAbort);
      this.calls.set(id, {
        resolve: (value) => {
          settle();
          resolve(value as OutputOf<M[K]>);
        },
        reject: (thrown) => {
          settle();
          reject(thrown);
        },
      });
      signal?.addEventListener('abort', onAbort, { once: true });
      try {
        this.post({ t: 'call', id, m: `${slice.name}.${member}`, i: input });
      } catch (thrown) {
        this.takeCall(id)?.reject(new AppFailure(toAppError(thrown)));
      }
    });
  }

  /** Opens `slice.member`; the listener hears the end also when the port closes. */
  open<M extends Members, K extends keyof Streams<M> & string>(
    slice: Slice<M>,
    member: K,
    input: InputOf<M[K] & AnyStream>,
    listener: StreamListener<ItemOf<M[K]>>,
  ): OpenStream<UpdateOf<M[K]>> {
    const id = this.nextId++;
    if (this.isClosed) {
      queueMicrotask(() => listener.onEnd(closedError));
      return { update: () => undefined, close: () => undefined };
    }
    this.post({ t: 'open', id, m: `${slice.name}.${member}`, i: input, credit: STREAM_CREDIT });
    this.streams.set(id, listener as StreamListener<unknown>);
    return {
      update: (update) => {
        if (this.streams.has(id)) this.post({ t: 'update', id, i: update });
      },
      close: () => {
        if (this.streams.delete(id)) this.post({ t: 'cancel', id });
      },
    };
  }

  close(): void {
    this.port.close();
    this.shut();
  }

  private post(message: ClientMessage): void {
    if (!this.isClosed) this.port.post(message);
  }

  private receive(message: unknown): void {
    if (!isServerMessage(message)) return;
    const { id } = message;
    switch (message.t) {
      case 'ok':
        this.takeCall(id)?.resolve(message.v);
        return;
      case 'error':
        this.takeCall(id)?.reject(new AppFailure(message.e));
        return;
      case 'data':
        void this.deliver(id, message.v);
        return;
      case 'end': {
        const listener = this.streams.get(id);
        if (this.streams.delete(id)) listener?.onEnd(message.e);
        return;
      }
    }
  }

  private async deliver(id: number, batch: unknown): Promise<void> {
    const listener = this.streams.get(id);
    if (!listener) return;
    try {
      await listener.onData(batch);
    } catch (thrown) {
      if (this.streams.delete(id)) {
        this.post({ t: 'cancel', id });
        listener.onEnd(toAppError(thrown));
      }
      return;
    }
    if (this.streams.has(id)) this.post({ t: 'credit', id, n: 1 });
  }

  private takeCall(id: number): PendingCall | undefined {
    const pending = this.calls.get(id);
    this.calls.delete(id);
    return pending;
  }

  private shut(): void {
    if (this.isClosed) return;
    this.isClosed = true;
    for (const pending of this.calls.values()) pending.reject(new AppFailure(closedError));
    this.calls.clear();
    const listeners = [...this.streams.values()];
    this.streams.clear();
    let first: { thrown: unknown } | undefined;
    for (const listener of listeners) {
      try {
        listener.onEnd(closedError);
      } catch (thrown) {
        first ??= { thrown };
      }
    }
    if (first) throw first.thrown;
  }
}
