import { describe, expect, it } from 'vitest';
import { isNamespaceName } from './NamespacePicker';

describe('a typed namespace', () => {
  it.each([
    ['shop', true],
    ['team-1', true],
    ['a'.repeat(63), true],
    ['a'.repeat(64), false],
    ['', false],
    ['-shop', false],
    ['shop-', false],
    ['shop/web', false],
    ['shop web', false],
  ])('%j: %s', (text, good) => {
    expect(isNamespaceName(text)).toBe(good);
  });
});
