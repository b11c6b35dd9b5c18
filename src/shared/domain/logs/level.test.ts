import { describe, expect, it } from 'vitest';
import { Grouper } from './group';
import { detectLevel, levels } from './level';
import { StampReader } from './timestamp';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const levelOf = (text: string): string => {
  const line = bytes(text);
  return levels[detectLevel(line, 0, line.length)] ?? '';
};

describe('level', () => {
  it.each([
    ['', 'none'],
    ['hello world', 'none'],
    ['ERROR something broke', 'error'],
    ['2026-01-02 03:04:05 WARN disk is full', 'warn'],
    ['[info] started', 'info'],
    ['error: cannot open', 'error'],
    ['there was no error in this', 'none'],
    ['no errors found', 'none'],
    ['level=warn msg=slow', 'warn'],
    ['ts=1 level=debug msg="error is a word here"', 'debug'],
    ['time="x" level="error" msg=y', 'error'],
    ['I0102 15:04:05.000000       1 main.go:1] hello', 'info'],
    ['E0102 15:04:05.000000       1 main.go:1] hello', 'error'],
    ['W0102 15:04:05.000000       1 main.go:1] hello', 'warn'],
    ['F0102 15:04:05.000000       1 main.go:1] hello', 'fatal'],
    ['\u001b[32mI\u001b[0m1121 10:35:29.000000       1 cart.go:4] hello', 'info'],
    ['\u001b[31mE\u001b[m1121 10:35:29.000000       1 cart.go:4] hello', 'error'],
    ['I\u001b[0m am not klog', 'none'],
    ['IPv4 is on', 'none'],
    ['{"level":"info","msg":"x"}', 'info'],
    ['{"msg":"x","severity":"ERROR"}', 'error'],
    ['{"time":1,"level":30,"msg":"pino"}', 'info'],
    ['{"level":50,"msg":"pino"}', 'error'],
    ['{"msg":"level of water"}', 'none'],
    ['{"lvl": "warning"}', 'warn'],
    ['{"levels":"error"}', 'none'],
    ['\u001b[31mERROR\u001b[0m red', 'error'],
    ['\u001b[1;32mINFO\u001b[0m green', 'info'],
    ['panic: runtime error', 'fatal'],
    ['<warn> nginx', 'warn'],
    ['2026/01/02 03:04:05 [error] 7#7: *1 open() failed', 'error'],
    ['DEBUG', 'debug'],
    ['TRACE x', 'trace'],
    ['INFORMATIONAL is no level', 'none'],
    ['notice: a', 'info'],
    ['CRITICAL: x', 'fatal'],
  ])('of %j is %s', (text, level) => expect(levelOf(text)).toBe(level));
});

describe('groups', () => {
  const marks = (text: string): string => {
    const grouper = new Grouper();
    return text
      .split('\n')
      .map((line) => {
        const own = bytes(line);
        return grouper.next(own, 0, own.length) ? '+' : '.';
      })
      .join('');
  };
  it.each([
    ['one\ntwo\nthree', '...'],
    ['java.lang.X: bad\n\tat a.b(C.java:1)\n\tat c.d(E.java:2)\nCaused by: y\n\t... 2 more\nnext', '.++++.'],
    [
      'ERROR failed\nTraceback (most recent call last):\n  File "a.py", line 1\n    raise\nValueError: x\nnext',
      '.++++.',
    ],
    ['panic: oh\n\ngoroutine 1 [running]:\nmain.main()\n\t/app/main.go:3 +0x1\nnext', '.++++.'],
    ['Error: x\n    at f (a.js:1:2)\n    at g (b.js:3:4)\nnext', '.++.'],
    ['  indented first', '.'],
    ['at the beginning', '.'],
  ])('%j', (text, expected) => expect(marks(text)).toBe(expected));
});

describe('stamps', () => {
  it.each([
    ['2026-01-02T03:04:05.123456789Z text', Date.UTC(2026, 0, 2, 3, 4, 5) / 1000, 123456789, 'text'],
    ['2026-01-02T03:04:05Z text', Date.UTC(2026, 0, 2, 3, 4, 5) / 1000, 0, 'text'],
    ['2026-01-02T03:04:05.5+02:00 text', Date.UTC(2026, 0, 2, 1, 4, 5) / 1000, 500000000, 'text'],
    ['2026-01-02T03:04:05.000000001-01:30 a b', Date.UTC(2026, 0, 2, 4, 34, 5) / 1000, 1, 'a b'],
    ['2026-01-02T03:04:05.1Z', Date.UTC(2026, 0, 2, 3, 4, 5) / 1000, 100000000, ''],
    ['2026-01-02T03:04:05.1Z  two spaces', Date.UTC(2026, 0, 2, 3, 4, 5) / 1000, 100000000, ' two spaces'],
  ])('reads %j', (text, sec, nano, rest) => {
    const reader = new StampReader();
    const line = bytes(text);
    for (let round = 0; round < 2; round += 1) {
      const at = reader.read(line, 0, line.length);
      expect([reader.sec, reader.nano, text.slice(at)]).toEqual([sec, nano, rest]);
    }
  });
  it.each([
    '',
    'hello',
    '2026-01-02 03:04:05Z x',
    '2026-13-02T03:04:05Z x',
    '2026-01-02T03:04:05.1Q x',
    '2026-01-02T03:04:05Zx',
    '9999-01-02T03:04:05Z x',
  ])('leaves %j alone', (text) => expect(new StampReader().read(bytes(text), 0, text.length)).toBe(-1));
});
