import type { IncomingHttpHeaders } from 'node:http';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AnswerReader } from './answer-reader';

interface Read {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  readonly isWhole: boolean;
}

/** Cut before each of these places; the connection ends after the last byte. */
function read(text: string, cuts: readonly number[] = []): Read {
  const bytes = Buffer.from(text, 'latin1');
  const pieces: Buffer[] = [];
  let status = 0;
  let headers: IncomingHttpHeaders = {};
  const reader = new AnswerReader({
    onHead: (code, fields) => {
      status = code;
      headers = fields;
    },
    onBody: (piece) => {
      expect(piece.length).toBeGreaterThan(0);
      pieces.push(Buffer.from(piece));
    },
  });
  let isWhole = false;
  const at = [...new Set([...cuts].map((cut) => cut % (bytes.length + 1)))].sort((a, b) => a - b);
  for (const [i, from] of [0, ...at].entries()) {
    // The reader's own bytes are used again by whoever reads next.
    const piece = Buffer.from(bytes.subarray(from, at[i] ?? bytes.length));
    if (reader.push(piece)) isWhole = true;
    piece.fill(0x21);
    if (isWhole) break;
  }
  if (reader.end()) isWhole = true;
  return { status, headers, body: Buffer.concat(pieces).toString('latin1'), isWhole };
}

const head = (...lines: string[]): string =>
  `HTTP/1.1 200 OK\r\n${lines.map((one) => `${one}\r\n`).join('')}\r\n`;
const chunked = (...chunks: string[]): string =>
  head('Transfer-Encoding: chunked') +
  [...chunks, ''].map((one) => `${one.length.toString(16)}\r\n${one}\r\n`).join('');

const good: Readonly<Record<string, readonly [string, Partial<Read>]>> = {
  'of a length': [head('Content-Length: 5') + 'hello', { body: 'hello', isWhole: true }],
  'of no length': [head('Content-Length: 0'), { body: '', isWhole: true }],
  'in chunks': [
    chunked('hel', 'lo', 'x'.repeat(70_000)),
    { body: `hello${'x'.repeat(70_000)}`, isWhole: true },
  ],
  'of no chunks': [chunked(), { body: '', isWhole: true }],
  'in chunks with extensions and trailers': [
    head('transfer-encoding: Chunked') + '3;a="b"\r\nhel\r\n002 \r\nlo\r\n0\r\nX-Sum: 1\r\nY: 2\r\n\r\n',
    { body: 'hello', isWhole: true },
  ],
  'until the connection ends': [head() + 'hello', { body: 'hello', isWhole: true }],
  'without a body': ['HTTP/1.1 204 No Content\r\n\r\n', { status: 204, body: '', isWhole: true }],
  'after others that say to go on': [
    `HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early\r\nLink: a\r\n\r\n${chunked('ok')}`,
    { status: 200, body: 'ok', isWhole: true },
  ],
  'with more behind it': [head('Content-Length: 2') + 'okHTTP/1.1 500 No', { body: 'ok', isWhole: true }],
  'cut in its body': [head('Content-Length: 9') + 'hello', { body: 'hello', isWhole: false }],
  'cut in a chunk': [chunked('hello').slice(0, -9), { isWhole: false }],
  'cut before its last chunk': [chunked('hello').slice(0, -5), { body: 'hello', isWhole: false }],
  'cut in its head': ['HTTP/1.1 200 OK\r\nA: b\r\n', { status: 0, isWhole: false }],
  'with headers of all kinds': [
    head('Content-Length: 0', 'A:b', 'a:\t c ', 'Empty:', '__proto__: x', 'Content-Length: 0'),
    {
      headers: Object.assign(Object.create(null) as object, {
        'content-length': '0',
        a: 'b, c',
        empty: '',
        ['__proto__']: 'x',
      }) as IncomingHttpHeaders,
    },
  ],
};

const bad: Readonly<Record<string, string>> = {
  'no HTTP': 'SSH-2.0-OpenSSH_9.2\r\n\r\n',
  'another version': 'HTTP/2 200\r\n\r\n',
  'an upgrade': 'HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n',
  'a status that is none': 'HTTP/1.1 099 x\r\n\r\n',
  'two lengths': head('Content-Length: 1', 'Content-Length: 2') + 'ab',
  'a length and chunks': head('Content-Length: 1', 'Transfer-Encoding: chunked') + '1\r\na\r\n0\r\n\r\n',
  'an unknown coding': head('Transfer-Encoding: gzip, chunked'),
  'a length that is none': head('Content-Length: -1'),
  'a folded header': head('A: b', ' c'),
  'a header with a zero byte': head('A: b\0c'),
  'a space before the colon': head('Content-Length : 1'),
  'a chunk without a length': head('Transfer-Encoding: chunked') + '\r\nabc\r\n',
  'a negative chunk': head('Transfer-Encoding: chunked') + '-1\r\nabc\r\n',
  'an impossible chunk': head('Transfer-Encoding: chunked') + 'fffffffffff\r\n',
  'a chunk longer than it says': head('Transfer-Encoding: chunked') + '2\r\nabc\r\n',
  'an endless extension': `${head('Transfer-Encoding: chunked')}1;${'x'.repeat(5_000)}`,
  'an endless head': `HTTP/1.1 200 OK\r\n${'A: b\r\n'.repeat(20_000)}`,
};

describe('an answer', () => {
  it.each(Object.entries(good))('%s', (_, [text, expected]) => {
    expect(read(text)).toMatchObject(expected);
  });

  it.each(Object.entries(good))('%s, cut anywhere', (_, [text]) => {
    const whole = read(text);
    fc.assert(
      fc.property(fc.array(fc.nat(text.length), { maxLength: 12 }), (cuts) => {
        expect(read(text, cuts)).toEqual(whole);
      }),
      { numRuns: 60 },
    );
    if (text.length < 400)
      expect(
        read(
          text,
          [...text].map((_char, i) => i),
        ),
      ).toEqual(whole);
  });

  it.each(Object.entries(bad))('refuses %s', (_, text) => {
    expect(() => read(text)).toThrow(/not HTTP/);
    if (text.length < 400)
      expect(() =>
        read(
          text,
          [...text].map((_char, i) => i),
        ),
      ).toThrow(/not HTTP/);
  });

  it('never fails in another way, whatever comes', () => {
    const part = fc.constantFrom(
      'HTTP/1.1 200 OK',
      '\r\n',
      '\r\n\r\n',
      'Transfer-Encoding: chunked',
      '0',
      '5',
      'A: b',
      ';',
      '\0',
      'x',
    );
    fc.assert(
      fc.property(
        fc.array(part, { maxLength: 20 }),
        fc.array(fc.nat(200), { maxLength: 5 }),
        (parts, cuts) => {
          try {
            read(parts.join(''), cuts);
          } catch (thrown) {
            expect((thrown as Error).message).toMatch(/not HTTP/);
          }
        },
      ),
    );
  });
});
