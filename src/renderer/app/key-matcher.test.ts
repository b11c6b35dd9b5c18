import { expect, test } from 'vitest';
import type { Command } from '../data/feature';
import { pressName } from '../ui/keys';
import { KeyMatcher } from './key-matcher';

const command = (id: string, ...keys: string[]): Command => ({
  id,
  title: id,
  group: 'App',
  keys,
  run: () => undefined,
});
const commands = [
  command('palette', 'mod+k'),
  command('pods', 'g p'),
  command('delete', 'x'),
  command('help', '?'),
  command('pipe', 'p'),
];

function type(matcher: KeyMatcher, keys: readonly (readonly [string, number])[], typing = false): string[] {
  return keys.map(([key, at]) => {
    const result = matcher.press(key, commands, at, typing);
    return result.type === 'match' ? result.commands.map((each) => each.id).join() : result.type;
  });
}

test('a sequence needs its second key in time', () => {
  expect(type(new KeyMatcher(), [['g', 0], ['p', 300]])).toEqual(['pending', 'pods']); // prettier-ignore
  expect(type(new KeyMatcher(), [['g', 0], ['p', 4000]])).toEqual(['pending', 'pipe']); // prettier-ignore
});

test('a broken sequence starts again with its last key', () => {
  expect(type(new KeyMatcher(), [['g', 0], ['x', 10], ['p', 20]])).toEqual(['pending', 'delete', 'pipe']); // prettier-ignore
});

test('single keys do not fire while typing, keys with mod do', () => {
  expect(type(new KeyMatcher(), [['x', 0], ['g', 1], ['p', 2], ['mod+k', 3]], true)).toEqual(['none', 'none', 'none', 'palette']); // prettier-ignore
});

const press = (
  key: string,
  held: Partial<Record<'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey', boolean>> = {},
) => ({
  key,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  shiftKey: false,
  ...held,
});

test.each([
  [press('?', { shiftKey: true }), '?'],
  [press(':', { shiftKey: true }), ':'],
  [press('J', { shiftKey: true }), 'shift+j'],
  [press('k', { ctrlKey: true }), 'mod+k'],
  [press('ArrowDown', { shiftKey: true }), 'shift+arrowdown'],
  [press(' '), 'space'],
  [press('Shift', { shiftKey: true }), undefined],
])('%j is named %s', (event, name) => {
  expect(pressName(event, false)).toBe(name);
});
