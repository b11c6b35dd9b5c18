/**
 * Bodies of answers: unzipped as they come, errors in our words, caps counted after unzipping
 * (a zip bomb costs no more than the cap). Leaving an iteration destroys the socket's stream.
 */
import type { IncomingHttpHeaders } from 'node:http';
import type { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { AppFailure, fail } from '#shared/util/app-error';
import { DirectAnswer } from './direct-line';
import { cancelled, networkFailure, type Peer } from './network-errors';

/** The body with its content encoding undone; AppFailure `bad-answer` for one we did not ask for. */
export function decodedStream(message: Readable & { readonly headers: IncomingHttpHeaders }): Readable {
  const encoding = (message.headers['content-encoding'] ?? 'identity').toLowerCase();
  if (encoding === 'identity' || encoding === '') return message;
  if (encoding !== 'gzip') {
    message.destroy();
    throw fail('bad-answer', 'The server sent an encoding that was not asked for.');
  }
  const gunzip = createGunzip();
  message.on('error', (error) => gunzip.destroy(error));
  message.on('aborted', () => gunzip.destroy(Object.assign(new Error('aborted'), { code: 'ECONNRESET' })));
  gunzip.on('close', () => message.destroy());
  return message.pipe(gunzip);
}

/** The bytes of an answer; errors are AppFailures, `signal` tells a cancel from a lost connection. */
export function bytesOf(stream: Readable, peer: Peer, signal: AbortSignal): Bytes {
  return new Bytes(stream, peer, signal);
}

class Bytes implements AsyncIterable<Uint8Array> {
  constructor(
    private readonly stream: Readable,
    private readonly peer: Peer,
    private readonly signal: AbortSignal,
  ) {}

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array> {
    try {
      for await (const chunk of this.stream) yield chunk as Uint8Array;
    } catch (thrown) {
      throw this.failure(thrown);
    }
  }

  /** See `eachChunk`. */
  each(onChunk: OnChunk, { onTurn, pace }: Reading): Promise<void> {
    const { stream } = this;
    return new Promise((resolve, reject) => {
      let open = true;
      const direct = stream instanceof DirectAnswer ? stream : undefined;
      let inTurn = false;
      const endTurn = (): void => {
        if (!inTurn) return;
        inTurn = false;
        try {
          onTurn?.();
        } catch (thrown) {
          end(() => reject(thrown as Error));
        }
      };
      const end = (settle: () => void): void => {
        if (!open) return;
        endTurn();
        open = false;
        // An error that comes after this has nobody to tell.
        stream.on('error', () => undefined);
        stream.destroy();
        settle();
      };
      const lost = (thrown: unknown): void => end(() => reject(this.failure(thrown) as Error));
      stream.once('end', () => end(resolve));
      stream.once('error', lost);
      stream.once('close', () => lost(Object.assign(new Error('closed early'), { code: 'ECONNRESET' })));
      if (stream.errored) return lost(stream.errored);
      if (stream.readableEnded) return end(resolve);
      if (stream.destroyed) return lost(Object.assign(new Error('closed early'), { code: 'ECONNRESET' }));
      const take = (chunk: Uint8Array): void => {
        if (!open) return;
        if (onTurn && !inTurn && !direct) setImmediate(endTurn);
        inTurn = true;
        try {
          if (onChunk(chunk) === false) end(resolve);
        } catch (thrown) {
          end(() => reject(thrown as Error));
        }
      };
      if (direct) direct.flow({ onBytes: take, onTurn: endTurn, pace });
      else stream.on('data', take);
    });
  }

  private failure(thrown: unknown): unknown {
    if (this.signal.aborted) return cancelled();
    if (thrown instanceof AppFailure) return thrown;
    const code = (thrown as NodeJS.ErrnoException).code ?? '';
    if (code.startsWith('Z_')) return fail('bad-answer', `${this.peer.address} sent a damaged gzip body.`);
    return networkFailure(thrown, this.peer);
  }
}

/**
 * Gets bytes that are valid during the call only. Answers false to leave the rest; what it throws ends
 * the reading and comes back.
 */
export type OnChunk = (chunk: Uint8Array) => boolean | void;

export interface Reading {
  /** After the last chunk of those that came at once. */
  readonly onTurn?: () => void;
  /** ms to leave what comes in the socket after a turn, so that more is read at once; 0: not. */
  readonly pace?: () => number;
}

/**
 * Hands over each chunk as it comes, without a turn of the loop between them: large answers cost
 * half as much as by iteration. Frees the socket however it ends.
 */
export async function eachChunk(
  body: AsyncIterable<Uint8Array>,
  onChunk: OnChunk,
  reading: Reading = {},
): Promise<void> {
  if (body instanceof Bytes) return body.each(onChunk, reading);
  for await (const chunk of body) {
    const more = onChunk(chunk);
    reading.onTurn?.();
    if (more === false) return;
  }
}

/** The whole body; `too-large` beyond `maxBytes`. */
export async function collect(body: AsyncIterable<Uint8Array>, maxBytes: number): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of body) {
    length += chunk.length;
    if (length > maxBytes)
      throw fail('too-large', `The answer is larger than ${Math.round(maxBytes / 1024 / 1024)} MiB.`);
    chunks.push(chunk);
  }
  return chunks.length === 1 && chunks[0] ? asBuffer(chunks[0]) : Buffer.concat(chunks, length);
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** The first `limit` bytes as text, within `ms`; for the bodies of errors. Never throws. */
export async function firstText(stream: Readable, limit: number, ms: number): Promise<string> {
  const timer = setTimeout(() => stream.destroy(new Error('slow')), ms);
  const chunks: Buffer[] = [];
  let length = 0;
  try {
    for await (const chunk of stream) {
      const bytes = chunk as Buffer;
      chunks.push(bytes);
      length += bytes.length;
      if (length >= limit) break;
    }
  } catch {
    // What came is what there is.
  } finally {
    clearTimeout(timer);
  }
  return Buffer.concat(chunks).subarray(0, limit).toString('utf8');
}

/** HTML with a good status is a login page of something in between (fault 28). */
export function refuseHtml(contentType: string | undefined, accept: string, host: string): void {
  if (!/^\s*text\/html\b/i.test(contentType ?? '')) return;
  if (/text\/html|\*\/\*/i.test(accept)) return;
  throw fail('bad-answer', `${host} answered with a web page: it is not a Kubernetes API (proxy login?).`, {
    hint: 'Open the server address in a browser: a login page or captive portal may stand before it.',
  });
}
