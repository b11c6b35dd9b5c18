import { expect, it } from 'vitest';
import { cleanPaste, needsGuard, pastedLines } from './paste';

it('never lets a paste press Escape or Ctrl+C, or end a bracketed paste', () => {
  expect(cleanPaste('a\x1b[201~rm -rf /\x03\x04\x9b1mb\tc\r\n')).toBe('a[201~rm -rf /1mb\tc\r\n');
});

it('asks before several lines, and before a line that would run at once', () => {
  expect(needsGuard('one', false)).toBe(false);
  expect(needsGuard('one\n', false)).toBe(true);
  expect(needsGuard('one\rtwo', false)).toBe(true);
  expect(needsGuard('one\ntwo', true)).toBe(false);
  expect(pastedLines('a\r\nb\rc\nd')).toEqual(['a', 'b', 'c', 'd']);
});
