/**
 * The answer of one request, as whole chunks (a document, a batch of list items, one watch
 * event). Respects back-pressure, ends quietly when the client has gone, and is where
 * injected faults bend the bytes.
 */
import type { ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { createGzip, type Gzip } from 'node:zlib';
import type { Fields } from '../model';
import type { StreamFault } from './faults';

export class Output {
  private readonly response: ServerResponse;
  private readonly signal: AbortSignal;
  private readonly now: () => number;
  private fault: StreamFault | undefined;
  private chunks = 0;
  private gzip: Gzip | undefined;

  constructor(response: ServerResponse, signal: AbortSignal, now: () => number) {
    this.response = response;
    this.signal = signal;
    this.now = now;
  }

  /** The bytes after the head obey this fault. */
  bend(fault: StreamFault): void {
    this.fault = fault;
  }

  /** Small chunks make `after` of a fault countable. */
  get bent(): boolean {
    return this.fault !== undefined;
  }

  get closed(): boolean {
    return this.signal.aborted || this.response.writableEnded || this.response.destroyed;
  }

  get started(): boolean {
    return this.response.headersSent;
  }

  /** Bytes the client has not taken yet. */
  get pending(): number {
    return this.response.writableLength;
  }

  head(status: number, headers: Readonly<Record<string, string>> = {}): void {
    const fault = this.fault;
    const skew = fault?.type === 'skew' ? fault.ms : 0;
    this.response.sendDate = false;
    if (fault?.type === 'gzip') {
      this.gzip = createGzip();
      this.gzip.pipe(this.response);
    }
    this.response.writeHead(status, {
      date: new Date(this.now() + skew).toUTCString(),
      'cache-control': 'no-cache, private',
      ...headers,
      ...(this.gzip ? { 'content-encoding': 'gzip' } : {}),
    });
  }

  /** One chunk; resolves when the client can take more. False: the stream is over. */
  async write(chunk: string): Promise<boolean> {
    if (this.closed) return false;
    const fault = this.fault;
    const reached =
      fault !== undefined &&
      fault.type !== 'slow' &&
      fault.type !== 'skew' &&
      fault.type !== 'gzip' &&
      this.chunks++ >= (fault.after ?? 0);
    if (reached && fault.type === 'cut') {
      this.response.write(Buffer.from(chunk).subarray(0, Math.ceil(chunk.length / 2)), () => this.destroy());
      return false;
    }
    if (reached && fault.type === 'hang') return new Promise((resolve) => this.onClose(() => resolve(false)));
    if (reached && (fault.type === 'malformed' || fault.type === 'huge-line')) {
      this.fault = undefined;
      const line = fault.type === 'malformed' ? '{"type":"ADDED","object":{"metadata":{"na\n' : undefined;
      if (line !== undefined) return this.push(line + chunk);
      for (let left = fault.type === 'huge-line' ? fault.bytes : 0; left > 0; left -= 65_536)
        if (!(await this.push('x'.repeat(Math.min(left, 65_536))))) return false;
      return this.push(`\n${chunk}`);
    }
    if (fault?.type === 'slow') {
      const bytes = Buffer.from(chunk);
      const step = Math.max(1, Math.floor(fault.bytesPerSecond / 20));
      for (let from = 0; from < bytes.length; from += step) {
        if (!(await this.push(bytes.subarray(from, from + step)))) return false;
        await delay(50, undefined, { signal: this.signal }).catch(() => undefined);
      }
      return !this.closed;
    }
    return this.push(chunk);
  }

  private push(chunk: string | Buffer): Promise<boolean> {
    if (this.closed) return Promise.resolve(false);
    const stream = this.gzip ?? this.response;
    if (stream.write(chunk)) {
      this.gzip?.flush();
      return Promise.resolve(true);
    }
    this.gzip?.flush();
    return new Promise((resolve) => {
      const done = (): void => {
        stream.off('drain', done);
        this.signal.removeEventListener('abort', done);
        resolve(!this.closed);
      };
      stream.on('drain', done);
      this.signal.addEventListener('abort', done);
    });
  }

  private onClose(callback: () => void): void {
    if (this.signal.aborted) callback();
    else this.signal.addEventListener('abort', callback, { once: true });
  }

  end(): void {
    if (this.closed) return;
    if (this.gzip) this.gzip.end();
    else this.response.end();
  }

  /** Cuts the connection without an end. */
  destroy(): void {
    this.response.destroy();
  }

  async json(status: number, body: Fields, headers: Readonly<Record<string, string>> = {}): Promise<void> {
    const document = `${JSON.stringify(body)}\n`;
    this.head(status, {
      'content-type': 'application/json',
      ...(this.fault ? {} : { 'content-length': String(Buffer.byteLength(document)) }),
      ...headers,
    });
    if (await this.write(document)) this.end();
  }

  async text(status: number, body: string, type = 'text/plain; charset=utf-8'): Promise<void> {
    this.head(status, { 'content-type': type });
    if (await this.write(body)) this.end();
  }
}
