import { describe, expect, it } from 'vitest';
import { copyName, nameProblem, randomSuffix, readVariables, splitWords } from './command-line';

describe('splitWords', () => {
  it.each([
    ['', []],
    ['  ', []],
    ['sh', ['sh']],
    ['sh -c "echo a  b"', ['sh', '-c', 'echo a  b']],
    [`sh -c 'echo "$HOME"'`, ['sh', '-c', 'echo "$HOME"']],
    ['a\\ b c', ['a b', 'c']],
    [`a"b c"d`, ['ab cd']],
    ['"" x', ['', 'x']],
    [`'a\\b'`, ['a\\b']],
    ['"a\\"b"', ['a"b']],
  ])('%j', (line, words) => expect(splitWords(line)).toEqual(words));

  it('tells an open quote', () => expect(splitWords('sh -c "echo')).toBeUndefined());
});

describe('readVariables', () => {
  it('keeps what follows the first =', () =>
    expect(readVariables('A=b=c\n\n B =  x ')).toEqual([
      { name: 'A', value: 'b=c' },
      { name: 'B', value: '  x ' },
    ]));
  it.each(['A', '=x', '1A=x', 'A B=x'])('refuses %j', (line) =>
    expect(readVariables(`OK=1\n${line}`)).toBe(line),
  );
});

describe('names', () => {
  it('are valid however long the pod is called', () => {
    const suffix = randomSuffix();
    expect(suffix).toMatch(/^[a-z0-9]{5}$/);
    for (const pod of ['web-0', 'x'.repeat(253)])
      expect(nameProblem(copyName(pod, suffix), 253)).toBeUndefined();
  });
  it.each([
    ['debugger', 63, true],
    ['a.b', 253, true],
    ['a.b', 63, false],
    ['-a', 63, false],
    ['A', 63, false],
    ['x'.repeat(64), 63, false],
  ])('%s up to %d: %s', (name, most, fits) => expect(nameProblem(name, most) === undefined).toBe(fits));
});
