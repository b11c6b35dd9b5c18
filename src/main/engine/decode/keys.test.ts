/** The mask `'keys'`: Secret and ConfigMap lists carry names of entries and never a value. */
import { describe, expect, it } from 'vitest';
import { compileMask, prune } from './mask';
import { Scanner } from './scanner';

function decode(value: unknown): unknown {
  const bytes = new TextEncoder().encode(`${JSON.stringify(value)} `);
  const scanner = new Scanner(bytes.length);
  scanner.append(bytes);
  return scanner.value(compileMask({ data: 'keys', type: true }));
}

describe("the mask 'keys'", () => {
  it.each([
    { data: { password: 'aHVudGVyMg==', __proto__x: { deep: [1, '}'] }, '': 0 }, type: 'Opaque' },
    { data: {}, type: 'Opaque' },
    { data: null },
    { data: 'hunter2' },
    { data: ['hunter2', { a: 'hunter2' }] },
    { type: 'Opaque' },
  ])('gives keys and no value of %j', (value) => {
    const decoded = decode(value);
    expect(JSON.parse(JSON.stringify(decoded))).toEqual(
      JSON.parse(JSON.stringify(prune(value, { data: 'keys', type: true }))),
    );
    expect(JSON.stringify(decoded)).not.toMatch(/hunter2|aHVudGVyMg/);
  });

  it('names every key', () => {
    expect(decode({ data: { a: 'x', b: 'y' } })).toEqual({ data: { a: null, b: null } });
  });
});
