/** Odd names come through as they are; lists that do not belong together are refused. */
import { describe, expect, it } from 'vitest';
import { parseLists, parseLs } from './listing';

const facts = (lines: readonly string[]): string => lines.map((line) => `${line}\n`).join('');

describe('listing by find and stat', () => {
  it('keeps line breaks, spaces and quotes in names', () => {
    const output = `./a\nb\0./ x "'\\\0\0${facts(['81a4 5 100 root root', '41ed 4096 0 app app'])}\0./ x "'\\\0`;
    expect(
      parseLists(output)?.entries.map(({ name, type, size, mode }) => ({ name, type, size, mode })),
    ).toEqual([
      { name: 'a\nb', type: 'file', size: 5, mode: 0o644 },
      { name: ' x "\'\\', type: 'directory', size: 4096, mode: 0o755 },
    ]);
  });

  it('tells links that lead to folders', () => {
    const output = `./up\0./gone\0\0${facts(['a1ff 2 1 r r', 'a1ff 2 1 r r'])}\0./up\0`;
    expect(parseLists(output)?.entries.map(({ type, opens }) => [type, opens])).toEqual([
      ['link', true],
      ['link', false],
    ]);
  });

  it('reads an empty folder and refuses lists of different length', () => {
    expect(parseLists('\0\0')?.entries).toEqual([]);
    expect(parseLists(`./a\0./b\0\0${facts(['81a4 5 100 r r'])}\0`)).toBeUndefined();
    expect(parseLists('nonsense')).toBeUndefined();
  });
});

describe('listing by ls', () => {
  it('reads what GNU and busybox print and counts what nobody can read', () => {
    const { entries, unread } = parseLs(
      [
        'total 8',
        '-rw-r--r--    1 0        0               38 Nov 21 07:43 index.html',
        'drwxr-xr-x 2 0 0 4096 2026-11-21 07:43:53.000000000 +0000 two words',
        'lrwxrwxrwx    1 0        0                7 Nov 21  2025 bin -> usr/bin',
        'crw-rw-rw-    1 0        0           1,   3 Nov 21 07:43 null',
        'second half of a name',
      ].join('\n'),
    );
    expect(entries.map(({ name, type }) => [name, type])).toEqual([
      ['index.html', 'file'],
      ['two words', 'directory'],
      ['bin', 'link'],
      ['null', 'device'],
    ]);
    expect(unread).toBe(1);
  });
});
