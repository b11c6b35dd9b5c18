/**
 * One GET on a TLS connection of its own whose bytes are read into one buffer that is used again and
 * again: for answers of many megabytes and watches of thousands of objects. Node's streams and its HTTP
 * parser make a new buffer of each piece and pass it through four queues, which costs two to five times
 * as much as the decryption (docs/performance.md, "Readers").
 * Guarantees: undefined where no connection comes about, and the caller goes another way; same trust and
 * identity as every other connection; ends with its signal and with its answer.
 */
import { validateHeaderValue, type IncomingHttpHeaders, type OutgoingHttpHeaders } from 'node:http';
import { Readable } from 'node:stream';
import type * as tls from 'node:tls';
import { fail, type AppFailure } from '#shared/util/app-error';
import { AnswerReader } from './answer-reader';
import { DirectSocket, lost } from './direct-socket';
import { badRequest } from './http-parts';
import { cancelled, networkFailure, type Peer } from './network-errors';

/** A connection that takes longer is left to the dialling that can say why. */
const CONNECT_MS = 5_000;
/** Who gets so much in one turn is busy enough without a pause: what waits would fill the socket. */
const BUSY_BYTES = 512 * 1024;

export interface DirectRequest {
  /** Address, port, trust and identity. */
  readonly to: tls.ConnectionOptions;
  /** A connection to there that was made ahead. */
  readonly ready?: DirectSocket | undefined;
  readonly path: string;
  readonly headers: OutgoingHttpHeaders;
  readonly signal: AbortSignal;
  /** Aborted when no connection made so far may go on. */
  readonly drop: AbortSignal;
  /** ms until the head. */
  readonly limit: number;
  readonly peer: Peer;
  /** What to say when it does not come. */
  silence(): AppFailure;
}

export interface DirectExchange {
  readonly message?: DirectAnswer;
  readonly failure?: AppFailure;
  /** Over a connection that was made ahead: the server may have closed it just then. */
  readonly waited?: boolean;
}

/** How an answer is read past its stream. */
export interface Flow {
  /** Every piece as it comes, in bytes that are valid during the call only. */
  onBytes(chunk: Buffer): void;
  /** After the last of the pieces that came at once. */
  onTurn(): void;
  /** ms of rest after a turn in which little came. An event that is read alone costs three times as much as one of ten. */
  readonly pace?: (() => number) | undefined;
}

/** An answer whose head has come: a stream like any other, and a faster way past it (`flow`). */
export class DirectAnswer extends Readable {
  private reader: Flow | undefined;
  private turnBytes = 0;
  private resting: NodeJS.Timeout | undefined;

  constructor(
    private readonly socket: tls.TLSSocket,
    readonly statusCode: number,
    readonly headers: IncomingHttpHeaders,
  ) {
    super();
  }

  /** From now on what comes goes to the reader; first what is here already. */
  flow(reader: Flow): void {
    for (let chunk = this.read() as Buffer | null; chunk !== null; chunk = this.read() as Buffer | null) {
      reader.onBytes(chunk);
      this.turnBytes += chunk.length;
    }
    this.reader = reader;
    this.resume();
    this.socket.resume();
    if (this.turnBytes > 0) setImmediate(() => this.endTurn());
  }

  /** False: no more before `_read`. */
  feed(chunk: Buffer): boolean {
    if (!this.reader) return this.push(Buffer.from(chunk));
    this.turnBytes += chunk.length;
    this.reader.onBytes(chunk);
    return true;
  }

  /** What came at once has been fed. In the same turn of the loop: another one would wake the process again. */
  endTurn(): void {
    const bytes = this.turnBytes;
    if (!this.reader || bytes === 0) return;
    this.turnBytes = 0;
    this.reader.onTurn();
    const ms = bytes < BUSY_BYTES && !this.destroyed ? (this.reader.pace?.() ?? 0) : 0;
    if (ms <= 0) return;
    this.socket.pause();
    this.resting = setTimeout(() => this.socket.resume(), ms);
  }

  override _read(): void {
    this.socket.resume();
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    clearTimeout(this.resting);
    this.socket.destroy();
    done(error);
  }
}

/** The bytes of a request; throws what Node's own client would. */
export function requestHead(path: string, headers: OutgoingHttpHeaders): string {
  if (!/^\/[\x21-\x7e]*$/.test(path)) throw fail('invalid-input', 'This name cannot be used in a request.');
  let head = `GET ${path} HTTP/1.1\r\n`;
  for (const [name, value] of Object.entries(headers)) {
    for (const one of Array.isArray(value) ? value : [value]) {
      if (one === undefined) continue;
      validateHeaderValue(name, String(one));
      head += `${name}: ${one}\r\n`;
    }
  }
  return `${head}\r\n`;
}

export function directExchange(of: DirectRequest): Promise<DirectExchange | undefined> {
  const { to, path, headers, signal, drop, limit, peer, silence } = of;
  return new Promise((resolve) => {
    if (signal.aborted) return resolve({ failure: cancelled() });
    if (drop.aborted) return resolve(undefined);
    let head: string;
    try {
      head = requestHead(path, headers);
    } catch (thrown) {
      return resolve({ failure: badRequest(thrown) });
    }
    let answer: DirectAnswer | undefined;
    let isOver = false;
    const line = of.ready ?? new DirectSocket(to, drop);
    const { socket } = line;
    const reader = new AnswerReader({
      onHead: (status, fields) => {
        answer = new DirectAnswer(socket, status, fields);
        clearTimeout(timer);
        answer.once('close', forget);
        resolve({ message: answer, waited: line.waited });
      },
      onBody: (chunk) => {
        if (answer && !answer.feed(chunk)) socket.pause();
      },
    });
    const whole = (): void => {
      isOver = true;
      answer?.push(null);
      socket.destroy();
    };
    const broken = (thrown: unknown): void => {
      if (isOver) return;
      isOver = true;
      clearTimeout(timer);
      clearTimeout(dialling);
      if (answer) answer.destroy(thrown as Error);
      else {
        forget();
        resolve(line.isReady ? { failure: networkFailure(thrown, peer), waited: line.waited } : undefined);
      }
      socket.destroy();
    };
    const forget = (): void => signal.removeEventListener('abort', onAbort);
    const onAbort = (): void => {
      // After the head this ends the body: its reader sees the signal and says "cancelled".
      if (!answer) resolve({ failure: cancelled() });
      broken(lost());
    };
    const timer = setTimeout(() => {
      resolve({ failure: silence() });
      broken(lost());
    }, limit);
    const dialling = setTimeout(() => broken(lost()), Math.min(limit, CONNECT_MS));
    signal.addEventListener('abort', onAbort, { once: true });
    line.use({
      onReady: () => {
        clearTimeout(dialling);
        socket.write(head);
      },
      onBytes: (bytes) => {
        if (isOver || answer?.destroyed) return;
        try {
          if (reader.push(bytes)) whole();
        } catch (thrown) {
          broken(thrown);
        }
      },
      onTurn: () => answer?.endTurn(),
      onEnd: () => {
        if (!isOver && reader.end()) whole();
      },
      onLost: broken,
    });
  });
}
