/** Every kind: expected cells of samples, no throw on hostile objects, no read outside the mask. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { metadataMask, type AnyColumn, type FieldMask, type KindDescriptor, type KubeObject } from './define';
import real from './fixtures/real.json';
import { samples } from './fixtures/samples';
import { kindByAlias, kindById, knownKinds } from './registry';

type Json = Record<string, unknown>;

function kindOf(word: string): KindDescriptor {
  const kind = kindById.get(word) ?? kindByAlias(word);
  if (!kind) throw new Error(`no kind ${word}`);
  return kind;
}

const objects: [KindDescriptor, Json][] = [
  ...samples.map(([kind, object]): [KindDescriptor, Json] => [kindOf(kind), object as Json]),
  ...Object.entries(real).flatMap(([kind, list]) =>
    (list as Json[]).map((object): [KindDescriptor, Json] => [kindOf(kind), object]),
  ),
];

function read(column: AnyColumn<KubeObject>, object: unknown): unknown {
  return column.get(object as KubeObject);
}

function cells(kind: KindDescriptor, object: unknown): Record<string, unknown> {
  return Object.fromEntries(kind.columns.map((column) => [column.id, read(column, object)]));
}

/** Written apart from the decoder's: what is left of an object when only its mask is read. */
function prune(value: unknown, mask: FieldMask | true | 'keys'): unknown {
  if (mask === 'keys') {
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.keys(value).map((key) => [key, null]))
      : null;
  }
  if (mask === true || typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((element) => prune(element, mask));
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, child]) => {
      const sub = mask[key];
      return sub === undefined ? [] : [[key, prune(child, sub)]];
    }),
  );
}

function fullMask(kind: KindDescriptor): FieldMask {
  const own = kind.mask['metadata'];
  return { ...kind.mask, metadata: { ...metadataMask, ...(typeof own === 'object' ? own : {}) } };
}

describe('cells', () => {
  it.each(samples.map(([kind, object, expected], index) => [index, kind, object, expected] as const))(
    'sample %i of %s',
    (_index, kind, object, expected) => {
      const all = cells(kindOf(kind), object);
      for (const [column, value] of Object.entries(expected)) {
        const cell = all[column];
        const status = column === 'status' ? (cell as { tone: string; text: string }) : null;
        expect(status ? `${status.tone}: ${status.text}` : cell).toEqual(value);
      }
    },
  );

  it('has objects of every kind', () => {
    const seen = new Set(objects.map(([kind]) => kind));
    expect(knownKinds.filter((kind) => !seen.has(kind)).map((kind) => kind.kind)).toEqual([]);
  });
});

/** Any path of the object, so that junk lands where columns look. */
function paths(value: unknown, at: readonly string[] = []): string[][] {
  if (typeof value !== 'object' || value === null) return [[...at]];
  return [[...at], ...Object.entries(value).flatMap(([key, child]) => paths(child, [...at, key]))];
}

function replaced(value: unknown, path: readonly string[], junk: unknown): unknown {
  const [key, ...rest] = path;
  if (key === undefined) return junk;
  if (typeof value !== 'object' || value === null) throw new Error('the path is gone');
  if (Array.isArray(value) && !/^\d+$/.test(key)) throw new Error('JSON arrays have no names');
  const copy = (Array.isArray(value) ? [...(value as unknown[])] : { ...(value as Json) }) as Json;
  // JSON has no holes: an element that goes makes the list shorter.
  if (junk === undefined && rest.length === 0 && Array.isArray(copy)) copy.splice(Number(key), 1);
  else if (junk === undefined && rest.length === 0) delete copy[key];
  else copy[key] = replaced((value as Json)[key], rest, junk);
  return copy;
}

const junk = fc.oneof(
  fc.constantFrom<unknown>(
    undefined,
    null,
    '',
    'x',
    0,
    -1,
    1e300,
    true,
    [],
    {},
    [null],
    [[]],
    ['x', 3, {}],
    { a: null },
    '\u202e',
    { length: 3 },
    [{ name: [], state: 'x', status: {} }],
  ),
  fc.jsonValue(),
);

const types: Record<string, (cell: unknown) => boolean> = {
  text: (cell) => typeof cell === 'string' && cell !== '' && cell.length <= 1024,
  status: (cell) => typeof (cell as Json)['text'] === 'string' && typeof (cell as Json)['tone'] === 'string',
  ratio: (cell) => Array.isArray(cell) && cell.length === 2 && cell.every(Number.isFinite),
  restarts: (cell) =>
    Array.isArray(cell) && Number.isFinite(cell[0]) && (cell[1] === null || Number.isFinite(cell[1])),
};

describe('hostile objects', () => {
  const withPaths = objects.map(([kind, object]) => {
    const { metadata, ...rest } = object;
    const inside = paths(metadata, ['metadata']).filter((path) => path.length > 1);
    return { kind, object, paths: [...paths(rest).filter((path) => path.length > 0), ...inside] };
  });

  it('throw nowhere, fill only cells of the right type, and read nothing outside the mask', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...withPaths),
        fc.array(fc.tuple(fc.nat(), junk), { maxLength: 4 }),
        ({ kind, object, paths: all }, changes) => {
          let hostile: unknown = object;
          for (const [at, value] of changes) {
            const path = all[at % all.length] ?? [];
            // A path may be gone by an earlier change.
            try {
              hostile = replaced(hostile, path, value);
            } catch {
              continue;
            }
          }
          const found = cells(kind, hostile);
          expect(cells(kind, prune(hostile, fullMask(kind)))).toEqual(found);
          for (const column of kind.columns) {
            const cell = found[column.id];
            const check = types[column.type === 'mono' ? 'text' : column.type] ?? Number.isFinite;
            if (cell !== null && cell !== undefined && !check(cell)) {
              throw new Error(`${kind.kind}.${column.id}: ${JSON.stringify(cell)}`);
            }
          }
        },
      ),
      { numRuns: 4000 },
    );
  });

  it.each(objects.map(([kind, object], index) => [index, kind.kind, kind, object] as const))(
    'object %i, %s: cells come from the mask alone',
    (_index, _kind, kind, object) => {
      expect(cells(kind, prune(object, fullMask(kind)))).toEqual(cells(kind, object));
    },
  );
});

it('no mask of a Secret holds a value', () => {
  const kind = kindOf('secrets');
  expect(
    JSON.stringify(prune({ metadata: {}, data: { a: 'v4lue' }, stringData: { a: 'v4lue' } }, fullMask(kind))),
  ).not.toContain('v4lue');
});
