import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sample, sampleKind, uuid, type Sample } from './sample-kind';
import type { Changes } from './changes';
import { Table } from './table';

function watched(): { table: Table; changes: Changes[]; last(): Changes | undefined } {
  const table = new Table(sampleKind);
  const changes: Changes[] = [];
  table.subscribe((change) => changes.push(change));
  return { table, changes, last: () => changes.at(-1) };
}

const names = (table: Table): string[] => {
  const list: string[] = [];
  for (let row = 0; row < table.top; row++) {
    if (table.alive[row] === 1) list.push(`${table.namespace(row)}/${table.name(row)}`);
  }
  return list.sort();
};

describe('cells', () => {
  it('come back as they went in, by column type', () => {
    const table = new Table(sampleKind);
    table.upsert(
      sample('web-0', {
        state: { tone: 'warn', text: 'CrashLoopBackOff', at: 5000 },
        ready: [1, 2],
        restarts: [3, 1_700_000_000_000],
        node: 'node-1',
        count: 0,
        memory: 2 ** 40,
        born: 1_700_000_000_500,
      }),
    );
    table.upsert(sample('web-1'));
    expect(table.cells(table.findNamed('default', 'web-0'))).toEqual([
      'web-0',
      'default',
      ['warn', 'CrashLoopBackOff', 5000],
      [1, 2],
      [3, 1_700_000_000_000],
      'node-1',
      null,
      0,
      2 ** 40,
      1_700_000_000_500,
    ]);
    expect(table.cells(table.findNamed('default', 'web-1'))).toEqual([
      'web-1',
      'default',
      null,
      null,
      null,
      null,
      null,
      null,
      null,
      null,
    ]);
  });

  it('hold any number a column can have, whatever came before', () => {
    const value = fc.oneof(
      fc.integer({ min: 0, max: 300 }),
      fc.integer(),
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      fc.constantFrom(
        null,
        254,
        255,
        256,
        4294967294,
        4294967295,
        4294967296,
        1_700_000_000_000,
        -1,
        0.5,
        1e300,
      ),
    );
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(20), value, value), { maxLength: 60 }), (steps) => {
        const table = new Table(sampleKind);
        const model = new Map<string, [number | null, number | null]>();
        steps.forEach(([i, count, born], step) => {
          const name = `n${i}`;
          table.upsert(sample(name, { count, ...(born === null ? {} : { born }), rv: String(step) }));
          model.set(name, [count, born]);
        });
        for (const [name, [count, born]] of model) {
          const row = table.findNamed('default', name);
          const cells = table.cells(row);
          expect([cells[7], cells[9]]).toEqual([count, born].map((n) => (Object.is(n, -0) ? 0 : n)));
        }
      }),
    );
  });

  it('survive a column that throws', () => {
    const kind = {
      ...sampleKind,
      columns: sampleKind.columns.map((column) =>
        column.id === 'node'
          ? {
              ...column,
              get: (): string => {
                throw new Error('no');
              },
            }
          : column,
      ),
    } as typeof sampleKind;
    const table = new Table(kind);
    table.upsert(sample('a', { ip: '1.2.3.4' }));
    expect(table.failedCells).toBe(1);
    expect(table.cells(0)[6]).toBe('1.2.3.4');
  });

  it('cut words of a hostile length', () => {
    const table = new Table(sampleKind);
    table.upsert(sample('a', { node: 'x'.repeat(5_000_000), ip: 'é'.repeat(2000) }));
    expect((table.cells(0)[5] as string).length).toBe(1024);
    expect((table.cells(0)[6] as string).length).toBe(1024);
  });
});

describe('changes', () => {
  it('names what was added, changed and removed, and which columns', () => {
    const { table, last } = watched();
    table.upsert(sample('a', { node: 'n1' }));
    table.flush();
    expect(last()).toMatchObject({ added: [0], changed: [], removed: [], reset: false });
    table.upsert(sample('a', { node: 'n2', rv: '2' }));
    table.flush();
    expect(last()).toMatchObject({ added: [], changed: [0], removed: [] });
    expect([...last()!.columns]).toEqual([0, 0, 0, 0, 0, 1, 0, 0, 0, 0]);
    table.remove(uuid('default/a'));
    table.flush();
    expect(last()).toMatchObject({ added: [], changed: [], removed: [0] });
    expect(table.size).toBe(0);
  });

  it('drops what is already known and what shows nothing new (fault 20)', () => {
    const { table, changes } = watched();
    table.upsert(sample('a', { node: 'n1', rv: '10' }));
    table.flush();
    table.upsert(sample('a', { node: 'other', rv: '10' }));
    table.upsert(sample('a', { node: 'n1', rv: '11' }));
    table.flush();
    expect(changes).toHaveLength(1);
    table.upsert(sample('a', { node: 'n2', rv: '9' }));
    table.flush();
    expect(table.cells(0)[5]).toBe('n2');
  });

  it('compares versions as words: 007 is not 7, huge ones and none at all work', () => {
    const table = new Table(sampleKind);
    for (const [i, rv] of ['7', '007', '9007199254740993', '9007199254740992', 'abc', '1e3', ''].entries()) {
      table.upsert(sample('a', { count: i, rv }));
      expect(table.cells(0)[7]).toBe(i);
      table.upsert(sample('a', { count: 99, rv }));
      expect(table.cells(0)[7]).toBe(rv === '' ? 99 : i);
      table.upsert(sample('a', { count: i, rv: `x${i}` }));
    }
  });

  it('labels, owner and the deletion mark count as changes', () => {
    const { table, last } = watched();
    table.upsert(sample('a'));
    table.flush();
    table.upsert(sample('a', { rv: '2', labels: { app: 'web' } }));
    table.flush();
    expect(last()).toMatchObject({ changed: [0], meta: true });
    expect([...table.rowLabels(0)]).toEqual([['app', 'web']]);
    table.upsert(sample('a', { rv: '3', labels: { app: 'web' }, deleting: true }));
    table.flush();
    expect(table.deleting[0]).toBe(1);
    expect(last()).toMatchObject({ changed: [0], meta: true });
  });

  it('takes the same name with a new uid as delete and add (fault 19)', () => {
    const { table, last } = watched();
    table.upsert(sample('a', { uid: uuid('old') }));
    table.flush();
    table.upsert(sample('a', { uid: uuid('new') }));
    table.flush();
    expect(table.size).toBe(1);
    expect(last()!.removed).toHaveLength(1);
    expect(last()!.added).toHaveLength(1);
    table.remove(uuid('old'));
    expect(table.size).toBe(1);
  });

  it('skips and counts objects without name or uid (fault 18)', () => {
    const table = new Table(sampleKind);
    for (const object of [
      {},
      { metadata: null },
      { metadata: { name: 'a' } },
      { metadata: { uid: 'u', name: '' } },
    ]) {
      table.upsert(object as unknown as Sample);
    }
    expect([table.size, table.skipped]).toEqual([0, 4]);
  });

  it('finds odd uids as well', () => {
    const table = new Table(sampleKind);
    const odd = [
      'x',
      'ABCDEF00-0000-0000-0000-000000000000',
      '00000000-0000-0000-0000-000000000000',
      '__proto__',
    ];
    odd.forEach((uid, i) => table.upsert(sample(`n${i}`, { uid })));
    expect(odd.map((uid) => table.uid(table.find(uid)))).toEqual(odd);
    odd.forEach((uid) => table.remove(uid));
    expect(table.size).toBe(0);
  });
});

describe('replace', () => {
  it('is a diff: rows that stay keep their number, missing ones go, nothing blanks', () => {
    const { table, last } = watched();
    for (const name of ['a', 'b', 'c']) table.upsert(sample(name));
    table.flush();
    const row = table.findNamed('default', 'b');
    const replace = table.beginReplace();
    replace.add(sample('b'));
    replace.add(sample('c', { rv: '2', node: 'n' }));
    replace.add(sample('d'));
    table.flush();
    expect(table.size).toBe(4);
    replace.commit();
    table.flush();
    expect(names(table)).toEqual(['default/b', 'default/c', 'default/d']);
    expect(table.findNamed('default', 'b')).toBe(row);
    expect(last()!.removed).toHaveLength(1);
  });

  it('keeps to its namespace', () => {
    const table = new Table(sampleKind);
    table.upsert(sample('a', { namespace: 'one' }));
    table.upsert(sample('a', { namespace: 'two' }));
    const replace = table.beginReplace('two');
    replace.commit();
    expect(names(table)).toEqual(['one/a']);
  });

  it('forgets a list that was begun again', () => {
    const table = new Table(sampleKind);
    table.upsert(sample('gone'));
    const replace = table.beginReplace();
    replace.add(sample('gone'));
    replace.restart();
    replace.add(sample('kept'));
    replace.commit();
    expect(names(table)).toEqual(['default/kept']);
  });
});

describe('against a plain model', () => {
  it('holds the same objects after any history, through compaction', () => {
    const step = fc.record({
      op: fc.constantFrom('upsert', 'upsert', 'upsert', 'remove', 'renew', 'relist'),
      id: fc.nat(30),
      value: fc.nat(5),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 120 }), (steps) => {
        const table = new Table(sampleKind);
        const model = new Map<string, { uid: string; count: number }>();
        steps.forEach(({ op, id, value }, i) => {
          const name = `n${id}`;
          if (op === 'upsert') {
            const uid = model.get(name)?.uid ?? uuid(`${name} ${i}`);
            table.upsert(sample(name, { uid, count: value, rv: String(i) }));
            model.set(name, { uid, count: value });
          } else if (op === 'renew') {
            const uid = uuid(`${name} ${i}`);
            table.upsert(sample(name, { uid, count: value, rv: String(i) }));
            model.set(name, { uid, count: value });
          } else if (op === 'remove') {
            const known = model.get(name);
            if (known) table.remove(known.uid);
            model.delete(name);
          } else {
            const replace = table.beginReplace();
            for (const [key, known] of [...model]) {
              if (Number(key.slice(1)) % 2 === value % 2) model.delete(key);
              else replace.add(sample(key, { uid: known.uid, count: known.count, rv: String(i) }));
            }
            replace.commit();
          }
          if (i % 7 === 0) table.flush();
        });
        expect(table.size).toBe(model.size);
        for (const [name, { uid, count }] of model) {
          const row = table.findNamed('default', name);
          expect([table.uid(row), table.cells(row)[7], table.find(uid)]).toEqual([uid, count, row]);
        }
      }),
    );
  });

  it('gives rows and words back when most of them are gone', () => {
    const { table, changes } = watched();
    const many = 12_000;
    for (let i = 0; i < many; i++) {
      table.upsert(
        sample(`pod-${i}`, { ip: `10.0.${i >> 8}.${i & 255}`, node: `n${i % 10}`, labels: { i: String(i) } }),
      );
    }
    table.flush();
    const full = table.footprint;
    for (let i = 0; i < many; i++) if (i % 20 !== 0) table.remove(uuid(`default/pod-${i}`));
    table.flush();
    expect(changes.some((change) => change.reset)).toBe(true);
    expect(table.footprint).toBeLessThan(full / 3);
    expect(table.top).toBe(table.size);
    for (let i = 0; i < many; i += 20) {
      const row = table.findNamed('default', `pod-${i}`);
      expect([table.uid(row), table.cells(row)[6], table.rowLabels(row).get('i')]).toEqual([
        uuid(`default/pod-${i}`),
        `10.0.${i >> 8}.${i & 255}`,
        String(i),
      ]);
    }
    table.upsert(sample('new'));
    expect(table.cells(table.findNamed('default', 'new'))[6]).toBeNull();
  });
});
