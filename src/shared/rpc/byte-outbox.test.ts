/** Output reaches a slow reader whole, in order and with bounded memory. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ByteOutbox, PAUSE_AT, RESUME_BELOW } from './byte-outbox';
import { Scope } from './scope';
import type { Sink } from './server';

interface Batch {
  readonly data?: Uint8Array;
  readonly taken?: number;
  readonly end?: { readonly code: number };
}

function setUp() {
  const scope = new Scope('test');
  const sent: Batch[] = [];
  let credit = 2;
  let onCredit = (): void => undefined;
  let ended = 0;
  const sink: Sink<Batch> = {
    get credit() {
      return credit;
    },
    send: (batch) => {
      if (credit <= 0) throw new Error('without credit');
      credit -= 1;
      sent.push(batch);
    },
    onCredit: (listener) => (onCredit = listener),
    end: () => {
      ended += 1;
      scope.dispose();
    },
    signal: scope.signal,
    scope,
    portGone: false,
  };
  const calls: string[] = [];
  const outbox = new ByteOutbox<Batch>(sink, {
    pause: () => calls.push('pause'),
    resume: () => calls.push('resume'),
  });
  return {
    outbox,
    sent,
    calls,
    scope,
    ended: () => ended,
    grant: (n = 1) => {
      const before = credit;
      credit += n;
      if (before <= 0) onCredit();
    },
    all: () => Buffer.concat(sent.map((batch) => batch.data ?? new Uint8Array())),
  };
}

describe('byte outbox', () => {
  it('sends at once while there is credit, and joins what waited', () => {
    const { outbox, sent, grant, scope } = setUp();
    for (const text of ['a', 'b', 'c', 'd']) outbox.push(Buffer.from(text));
    expect(sent.map((batch) => Buffer.from(batch.data ?? []).toString())).toEqual(['a', 'b']);
    grant();
    expect(Buffer.from(sent[2]?.data ?? []).toString()).toBe('cd');
    scope.dispose();
  });

  it('copies what it is given', () => {
    const { outbox, all, scope } = setUp();
    const bytes = Buffer.from('once');
    outbox.push(bytes);
    bytes.fill(0);
    expect(all().toString()).toBe('once');
    scope.dispose();
  });

  it('pauses the source at 100,000 unacknowledged bytes and goes on below 5,000', () => {
    const { outbox, calls, scope } = setUp();
    outbox.push(Buffer.alloc(PAUSE_AT - 1));
    expect(calls).toEqual([]);
    outbox.push(Buffer.alloc(1));
    expect(calls).toEqual(['pause']);
    outbox.acknowledge(PAUSE_AT - RESUME_BELOW);
    expect(calls).toEqual(['pause']);
    outbox.acknowledge(1);
    expect(calls).toEqual(['pause', 'resume']);
    scope.dispose();
  });

  it('never lets a reader acknowledge what it has not got', () => {
    const { outbox, calls, scope } = setUp();
    for (let n = 0; n < 4; n += 1) outbox.push(Buffer.alloc(60_000));
    expect(calls).toEqual(['pause']);
    outbox.acknowledge(1e9);
    expect(calls).toEqual(['pause']);
    expect(outbox.unacknowledged).toBe(120_000);
    scope.dispose();
  });

  it('sends notes without data, the newest only, and the end last', () => {
    const { outbox, sent, grant, ended } = setUp();
    outbox.push(Buffer.from('x'));
    outbox.note({ taken: 1 });
    outbox.note({ taken: 2 });
    outbox.note({ taken: 3 });
    outbox.push(Buffer.from('y'));
    outbox.end({ end: { code: 3 } });
    outbox.end({ end: { code: 4 } });
    outbox.push(Buffer.from('z'));
    expect(ended()).toBe(0);
    grant();
    expect(sent.slice(2)).toEqual([{ taken: 3, data: new Uint8Array([121]), end: { code: 3 } }]);
    expect(ended()).toBe(1);
  });

  it('loses, doubles and reorders nothing, whatever the sizes and the pace', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: 0, max: 150_000 }), fc.integer({ min: 0, max: 3 })), {
          maxLength: 20,
        }),
        (steps) => {
          const { outbox, all, grant, ended } = setUp();
          const expected: Buffer[] = [];
          let n = 0;
          for (const [size, credits] of steps) {
            const bytes = Buffer.alloc(size, (n += 1));
            expected.push(bytes);
            outbox.push(bytes);
            for (let i = 0; i < credits; i += 1) grant();
          }
          outbox.end({ end: { code: 0 } });
          for (let i = 0; i < 100 && ended() === 0; i += 1) grant();
          expect(ended()).toBe(1);
          expect(all().equals(Buffer.concat(expected))).toBe(true);
        },
      ),
      { numRuns: 50 },
    );
  });
});
