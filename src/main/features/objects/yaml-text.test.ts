import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { objectText, parseText } from './yaml-text';

const remarksOf = (text: string): string[] =>
  parseText(text).remarks.map((one) => `${one.severity} ${text.slice(one.from, one.to)}: ${one.message}`);

describe('parseText', () => {
  it.each([
    ['a: on', 'warning on: kubectl and the server read on as true. For the text write "on".'],
    ['a: No', 'warning No: kubectl and the server read No as false. For the text write "No".'],
    ['a: 0777', 'warning 0777: 0777 is an octal number: it is read as 511.'],
    ['a: 1_000', 'warning 1_000: 1_000 is read as the number 1000. For the text write "1_000".'],
  ])('warns of %s', (text, remark) => expect(remarksOf(text)).toEqual([remark]));

  it.each(['a: "on"', 'a: 0', 'a: 10', 'a: true', 'a: online', "a: '0777'", 'a: |\n  on\n'])(
    'is quiet: %s',
    (text) => expect(remarksOf(text)).toEqual([]),
  );

  it('places errors', () => {
    const text = 'a: 1\nb:\n\t- x\n';
    const [first] = parseText(text).remarks;
    expect(first?.severity).toBe('error');
    expect(text.slice(0, first?.from).split('\n').length).toBe(3);
  });

  it('refuses a key that stands twice', () => expect(remarksOf('a: 1\na: 2')[0]).toMatch(/stands twice/));

  it('refuses an alias bomb fast', () => {
    const lines = ['a0: &a0 [x, x, x, x, x, x, x, x, x]'];
    for (let i = 1; i < 12; i += 1)
      lines.push(
        `a${i}: &a${i} [${Array(9)
          .fill(`*a${i - 1}`)
          .join(', ')}]`,
      );
    const began = performance.now();
    const { documents, remarks } = parseText(lines.join('\n'));
    expect(performance.now() - began).toBeLessThan(1_000);
    expect(documents[0]?.value).toBeUndefined();
    expect(remarks[0]?.message).toMatch(/Aliases repeat too much/);
  });

  it('reads a plain alias', () =>
    expect(parseText('a: &x {b: 1}\nc: *x').documents[0]?.value).toEqual({ a: { b: 1 }, c: { b: 1 } }));

  it('finds documents by their places', () => {
    const text = '# first\nkind: A\n---\n# nothing\n---\nkind: B\n...\n';
    const { documents } = parseText(text);
    expect(documents.map((one) => one.value)).toEqual([{ kind: 'A' }, { kind: 'B' }]);
    for (const { from, to, value } of documents)
      expect(parseText(text.slice(from, to)).documents.map((one) => one.value)).toEqual([value]);
  });
});

describe('objectText', () => {
  // `<<` is the merge key of YAML 1.1, for kubectl too: no name in Kubernetes may hold it.
  const plain = fc.jsonValue().filter((value) => !/__proto__|<</.test(JSON.stringify(value)));
  it('reads back as what was written', () => {
    fc.assert(
      fc.property(
        fc.dictionary(
          fc.string({ maxLength: 12 }).filter((key) => key !== '<<'),
          plain,
        ),
        (object) => {
          const value = JSON.parse(JSON.stringify(object)) as Record<string, unknown>;
          const { documents, remarks } = parseText(objectText(value));
          expect(remarks.filter((one) => one.severity === 'error')).toEqual([]);
          expect(documents[0]?.value ?? {}).toEqual(value);
        },
      ),
      { numRuns: 200 },
    );
  });
});
