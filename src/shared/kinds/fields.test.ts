/** `field` and `fieldsApart` are promises that decoders build on: here they are held to them. */
import { describe, expect, it } from 'vitest';
import type { AnyColumn, KindDescriptor, KubeObject } from './define';
import real from './fixtures/real.json';
import { samples } from './fixtures/samples';
import { kindByAlias, kindById, knownKinds } from './registry';
import { parseTime } from '../util/age';

type Json = Record<string, unknown>;

function objectsOf(kind: KindDescriptor): Json[] {
  const is = (word: string): boolean => (kindById.get(word) ?? kindByAlias(word)) === kind;
  return [
    ...samples.flatMap(([word, object]) => (is(word) ? [object as Json] : [])),
    ...Object.entries(real as Record<string, Json[]>).flatMap(([word, list]) => (is(word) ? list : [])),
  ];
}

function at(object: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>((value, key) => (value as Json | undefined)?.[key], object);
}

function withField(object: Json, [key = '', ...rest]: readonly string[], value: unknown): Json {
  return {
    ...object,
    [key]: rest.length === 0 ? value : withField((object[key] ?? {}) as Json, rest, value),
  };
}

const whole = new Set(['metadata.labels', 'metadata.ownerReferences']);
const withFields = knownKinds.flatMap((kind) =>
  (kind.columns as readonly AnyColumn<KubeObject>[]).flatMap((column) =>
    column.field === undefined ? [] : [[kind.kind, column.id, kind, column, column.field] as const],
  ),
);

describe('field', () => {
  it.each(withFields.filter(([, , , , field]) => !whole.has(field)))(
    '%s %s shows it as it is',
    (_kind, _id, kind, column, field) => {
      for (const object of objectsOf(kind)) {
        const path = field.split('.');
        const raw = at(object, path);
        const value = column.type === 'time' ? parseTime(raw) : raw;
        const cell = column.get(object as unknown as KubeObject);
        expect(cell ?? null).toEqual(value === '' ? null : (value ?? null));
      }
    },
  );

  it.each(withFields.filter(([, , kind]) => kind.fieldsApart === true))(
    '%s %s is read by no other column',
    (_kind, id, kind, _column, field) => {
      for (const object of objectsOf(kind)) {
        const path = field.split('.');
        const raw = at(object, path);
        // Only whether it is there may count.
        if (raw === undefined || raw === null || raw === '') continue;
        const others = [
          ...(typeof raw === 'string' ? ['other', '2020-02-02T02:02:02Z'] : []),
          ...(typeof raw === 'number' ? [raw + 1] : []),
          ...(field === 'metadata.labels' ? [{ other: 'label' }, {}] : []),
          ...(field === 'metadata.ownerReferences' ? [[]] : []),
        ];
        expect(others).not.toEqual([]);
        for (const other of others) {
          const changed = withField(object, path, other) as unknown as KubeObject;
          for (const column of kind.columns as readonly AnyColumn<KubeObject>[]) {
            if (column.id === id) continue;
            expect(column.get(changed)).toEqual(column.get(object as unknown as KubeObject));
          }
        }
      }
    },
  );
});
