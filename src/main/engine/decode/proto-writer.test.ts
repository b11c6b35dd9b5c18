import fc from 'fast-check';
import { expect, it } from 'vitest';
import { protoListDecoder } from './protobuf';
import { encode, listOf } from './proto-writer';
import { protoKinds } from './proto-kinds';

const pods = protoKinds.get('/v1/pods')!;
const word = fc.string({ minLength: 1, maxLength: 300 }).filter((text) => !/[\ud800-\udfff]/.test(text));
const pod = fc.record({
  metadata: fc.record({
    name: word,
    uid: fc.uuid(),
    resourceVersion: fc.nat().map(String),
    creationTimestamp: fc
      .date({ min: new Date('2000-01-01'), max: new Date('2100-01-01'), noInvalidDate: true })
      .map((date) => date.toISOString().replace(/\.\d+/, '')),
    labels: fc.dictionary(fc.stringMatching(/^[a-z]{1,9}$/), word, { minKeys: 1, maxKeys: 5 }),
  }),
  status: fc.record({
    phase: word,
    conditions: fc.array(fc.record({ type: word, status: word }), { minLength: 1 }),
  }),
});
const mask = {
  metadata: { name: true, uid: true, resourceVersion: true, creationTimestamp: true, labels: true },
  status: { phase: true, conditions: { type: true, status: true } },
} as const;

it('writes what the decoder reads back', () => {
  fc.assert(
    fc.property(fc.array(pod, { maxLength: 5 }), (items) => {
      const read: unknown[] = [];
      const decoder = protoListDecoder({ schema: pods, mask, onItem: (object) => read.push(object) });
      decoder.push(
        listOf(
          'PodList',
          items.map((item) => encode(pods, item)),
        ),
      );
      expect(decoder.end()).toMatchObject({ resourceVersion: '42', kind: 'PodList' });
      expect(JSON.parse(JSON.stringify(read))).toEqual(items);
    }),
  );
});
