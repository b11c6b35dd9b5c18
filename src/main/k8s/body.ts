/**
 * Bodies of answers: unzipped as they come, errors in our words, caps counted after unzipping
 * (a zip bomb costs no more than the cap). Leaving an iteration destroys the socket's stream.
 */
import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { AppFailure, fail } from '#shared/util/app-error';
import { cancelled, networkFailure, type Peer } from './network-errors';

/** The body with its content encoding undone; AppFailure `bad-answer` for one we did not ask for. */
export function decodedStream(message: IncomingMessage): Readable {
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

/** Iterates with errors as AppFailures; `signal` tells a cancel from a lost connection. */
export async function* bytesOf(
  stream: Readable,
  peer: Peer,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  try {
    for await (const chunk of stream) yield chunk as Uint8Array;
  } catch (thrown) {
    if (signal.aborted) throw cancelled();
    if (thrown instanceof AppFailure) throw thrown;
    const code = (thrown as NodeJS.ErrnoException).code ?? '';
    if (code.startsWith('Z_')) throw fail('bad-answer', `${peer.address} sent a damaged gzip body.`);
    throw networkFailure(thrown, peer);
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
