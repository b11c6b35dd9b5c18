/**
 * Reads one HTTP/1.1 answer out of bytes that are cut anywhere.
 * Guarantees: what it hands over lies in the bytes it was given (valid during the call only), chunks
 * moved together so that a call gives one piece; the head is at most 64 KiB, any line of the framing 4 KiB; two ways to say where the body ends, or an
 * unknown one, are refused, not guessed at. Throws AppFailure `bad-answer`.
 * Does not: unzip, read trailers, take more than one answer.
 */
import type { IncomingHttpHeaders } from 'node:http';
import { fail } from '#shared/util/app-error';

const HEAD_BYTES = 64 * 1024;
const LINE_BYTES = 4 * 1024;
const MOST_CHUNK = 2 ** 40;
const LF = 0x0a;
const CR = 0x0d;
const END_OF_HEAD = Buffer.from('\r\n\r\n');

export interface AnswerHandlers {
  onHead(status: number, headers: IncomingHttpHeaders): void;
  /** Never empty; at most once for each call of `push`. */
  onBody(bytes: Buffer): void;
}

const enum At {
  Head,
  /** The line with the length of a chunk. */
  Size,
  Chunk,
  /** The line end after a chunk. */
  AfterChunk,
  Trailer,
  Fixed,
  /** The body ends with the connection. */
  ToEnd,
  Over,
}

const bad = (what: string): Error => fail('bad-answer', `The server's answer is not HTTP: ${what}.`);

export class AnswerReader {
  private at = At.Head;
  private head: Buffer = Buffer.alloc(0);
  /** Bytes of the chunk, or of the whole body, still to come. */
  private left = 0;
  private digits = 0;
  private inExtension = false;
  private lineLength = 0;

  constructor(private readonly handlers: AnswerHandlers) {}

  /** True once the answer is whole; what follows it is not looked at. Changes the bytes. */
  push(bytes: Buffer): boolean {
    let pos = this.at === At.Head ? this.readHead(bytes) : 0;
    const from = pos;
    let to = from;
    while (pos < bytes.length && this.at !== At.Over) {
      if (this.at === At.Chunk || this.at === At.Fixed) {
        const end = Math.min(bytes.length, pos + this.left);
        this.left -= end - pos;
        if (to !== pos) bytes.copyWithin(to, pos, end);
        to += end - pos;
        pos = end;
        if (this.left === 0) this.at = this.at === At.Chunk ? At.AfterChunk : At.Over;
      } else if (this.at === At.ToEnd) {
        to = pos = bytes.length;
      } else this.framing(bytes[pos++]!);
    }
    if (to > from) this.handlers.onBody(bytes.subarray(from, to));
    return this.at === At.Over;
  }

  /** The connection ended: true when the answer is whole. */
  end(): boolean {
    if (this.at === At.ToEnd) this.at = At.Over;
    return this.at === At.Over;
  }

  /** One byte between the pieces of the body. */
  private framing(byte: number): void {
    if (++this.lineLength > LINE_BYTES) throw bad('a line without end');
    if (this.at === At.Size) this.size(byte);
    else if (byte === LF) {
      if (this.at === At.AfterChunk) this.nextLine(At.Size);
      else if (this.lineLength <= 2) this.at = At.Over;
      else this.nextLine(At.Trailer);
    } else if (this.at === At.AfterChunk && (byte !== CR || this.lineLength > 1)) {
      throw bad('a chunk longer than it says');
    }
  }

  private nextLine(at: At): void {
    this.at = at;
    this.lineLength = 0;
    this.digits = 0;
    this.left = 0;
    this.inExtension = false;
  }

  private size(byte: number): void {
    if (byte === LF) {
      if (this.digits === 0) throw bad('a chunk without a length');
      const { left } = this;
      this.nextLine(left === 0 ? At.Trailer : At.Chunk);
      this.left = left;
      return;
    }
    if (byte === CR || this.inExtension) return;
    const digit = digitOf(byte);
    if (digit >= 0) {
      this.left = this.left * 16 + digit;
      this.digits++;
      if (this.left > MOST_CHUNK) throw bad('a chunk of impossible length');
    } else if (byte === 0x3b || byte === 0x20 || byte === 0x09) this.inExtension = true;
    else throw bad('a chunk without a length');
  }

  /** Where the body begins in these bytes. */
  private readHead(bytes: Buffer): number {
    for (let used = 0; ;) {
      const known = this.head.length;
      const all = known === 0 ? bytes.subarray(used) : Buffer.concat([this.head, bytes.subarray(used)]);
      const end = all.indexOf(END_OF_HEAD, Math.max(0, known - 3));
      if (end < 0 ? all.length > HEAD_BYTES : end > HEAD_BYTES) throw bad('a head without end');
      if (end < 0) {
        this.head = Buffer.from(all);
        return bytes.length;
      }
      used += end + END_OF_HEAD.length - known;
      this.head = Buffer.alloc(0);
      const { status, headers } = parseHead(all.toString('latin1', 0, end));
      if (status === 101) throw bad('it switched protocols without being asked');
      if (status < 200) continue;
      this.beginBody(status, headers);
      this.handlers.onHead(status, headers);
      return used;
    }
  }

  private beginBody(status: number, headers: IncomingHttpHeaders): void {
    const coding = headers['transfer-encoding'];
    const length = headers['content-length'];
    if (coding !== undefined && (coding.toLowerCase() !== 'chunked' || length !== undefined))
      throw bad('its end cannot be told');
    if (length !== undefined && !/^\d{1,15}$/.test(length)) throw bad('its length is no number');
    this.nextLine(At.Size);
    if (status === 204 || status === 304 || (length !== undefined && Number(length) === 0)) {
      this.at = At.Over;
    } else if (length !== undefined) {
      this.at = At.Fixed;
      this.left = Number(length);
    } else if (coding === undefined) this.at = At.ToEnd;
  }
}

/** -1 for no digit of a hexadecimal number. */
function digitOf(byte: number): number {
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  const letter = byte | 0x20;
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : -1;
}

function parseHead(text: string): { status: number; headers: IncomingHttpHeaders } {
  const [first = '', ...lines] = text.split('\r\n');
  const status = Number(/^HTTP\/1\.[01] ([1-9]\d\d)(?: |$)/.exec(first)?.[1]);
  if (Number.isNaN(status)) throw bad('it has no status line');
  const headers = Object.create(null) as Record<string, string>;
  for (const line of lines) {
    const [, name, value = ''] = /^([!#$%&'*+.^_`|~\w-]+):[ \t]*([^\0\r\n]*?)[ \t]*$/.exec(line) ?? [];
    if (name === undefined) throw bad('a header that is none');
    const key = name.toLowerCase();
    const before = headers[key];
    if (before === undefined) headers[key] = value;
    else if (key === 'content-length' || key === 'transfer-encoding') {
      if (before !== value) throw bad('its end cannot be told');
    } else headers[key] = `${before}, ${value}`;
  }
  return { status, headers: headers as IncomingHttpHeaders };
}
