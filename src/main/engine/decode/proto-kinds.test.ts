/** Every kind read as protobuf: bytes written by the schema give the cells of their JSON form. */
import { describe, expect, it } from 'vitest';
import type { KubeObject } from '#shared/kinds/define';
import { kindByAlias, kindById, knownKinds } from '#shared/kinds/registry';
import { samples } from '#shared/kinds/fixtures/samples';
import real from '../../../shared/kinds/fixtures/real.json';
import { sourceOf } from '../source';
import { objectMask } from './mask';
import { encode, listOf } from './proto-test-help';
import { protoListDecoder } from './protobuf';

type Json = Record<string, unknown>;

const objects = [
  ...samples.map(([word, object]) => [word, object as Json] as const),
  ...Object.entries(real as Record<string, Json[]>).flatMap(([word, list]) =>
    list.map((object) => [word, object] as const),
  ),
];

const kinds = knownKinds.flatMap((kind) => {
  const { proto } = sourceOf(
    { group: kind.group, version: kind.versions[0] ?? '', resource: kind.resource },
    kind,
  );
  return proto ? [[kind.kind, kind, proto] as const] : [];
});

describe('kinds as protobuf', () => {
  it('are the main ones', () => {
    expect(kinds.length).toBeGreaterThanOrEqual(20);
  });

  it.each(kinds)('%s', (_name, kind, schema) => {
    const own = objects.flatMap(([word, object]) =>
      (kindById.get(word) ?? kindByAlias(word)) === kind ? [object] : [],
    );
    expect(own.length).toBeGreaterThan(0);
    const mask = objectMask(kind);
    const items: KubeObject[] = [];
    const decoder = protoListDecoder({ schema, mask, onItem: (item) => items.push(item) });
    decoder.push(
      listOf(
        `${kind.kind}List`,
        own.map((object) => encode(schema, object, true)),
      ),
    );
    decoder.end();
    const cells = (object: unknown): unknown[] =>
      kind.columns.map((column) => column.get(object as KubeObject));
    expect(items.map(cells)).toEqual(own.map(cells));
  });
});
