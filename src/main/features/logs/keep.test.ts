import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { noFilter, type LogFilter } from '#shared/contract/logs';
import { CONTINUES } from '#shared/domain/logs/flags';
import { ByteStore } from './byte-store';
import { LogView } from './log-view';
import { readListing } from './node-files';
import { SpillFile } from './spill-file';

const fill = (store: ByteStore, count: number, from = 0): void => {
  for (let i = from; i < from + count; i += 1) {
    const bytes = Buffer.from(`line ${i} ${'x'.repeat(900)}`);
    store.append(bytes, 0, bytes.length, 1_000 + i, 0, 0);
  }
};

describe('a store that spills', () => {
  it('gives back every line, holds little in memory, uses its places again and leaves no file', () => {
    const folder = mkdtempSync(join(tmpdir(), 'logs-spill-'));
    const file = new SpillFile(folder);
    try {
      const store = new ByteStore(120_000);
      fill(store, 60_000);
      store.spillTo(file);
      fill(store, 90_000, 60_000);
      expect(readdirSync(folder)).toEqual([]);
      expect(store.end).toBe(150_000);
      expect(store.disk).toBeGreaterThan(30 * 1024 * 1024);
      expect(store.allocated - store.count * 11).toBeLessThan(75 * 1024 * 1024);
      for (let seq = store.first; seq < store.end; seq += 37)
        expect(store.text(seq)?.toString().split(' ')[1]).toBe(String(seq));
      expect(store.allocated - store.count * 11).toBeLessThan(85 * 1024 * 1024);
      const view = new LogView(store, () => false);
      view.setSearch({ type: 'regex', text: 'line \\d*77 ' });
      while (view.busy) view.advance(20);
      let truth = 0;
      for (let seq = store.first; seq < store.end; seq += 1) if (seq % 100 === 77) truth += 1;
      expect(view.searchState()?.count).toBe(truth);
      // Without it the newest go on in memory, and what is on disk is still there.
      store.spillTo(undefined);
      fill(store, 10, 150_000);
      expect(store.text(store.first)?.toString()).toContain(`line ${store.first} `);
    } finally {
      file.close();
      rmSync(folder, { recursive: true });
    }
  });

  it('keeps everything in memory, and says why, where the folder cannot be written', () => {
    const file = new SpillFile('/proc/no-such-folder');
    const store = new ByteStore();
    store.spillTo(file);
    fill(store, 80_000);
    expect(file.problem).toMatch(/cannot be written/);
    expect([store.disk, store.count]).toEqual([0, 80_000]);
    expect(store.text(0)?.toString()).toContain('line 0 ');
  });
});

describe('lines around a hit', () => {
  const rowsOf = (view: LogView): { seq: number; around: boolean }[] => {
    while (view.busy) view.advance(5);
    return Array.from({ length: view.end - view.first }, (_, i) => ({
      seq: view.seqOf(view.first + i),
      around: view.isContext(view.first + i),
    }));
  };

  it('are those within the distance, each once and in order, also while lines arrive', () => {
    fc.assert(
      fc.property(
        fc.array(fc.boolean(), { maxLength: 60 }),
        fc.integer({ min: 0, max: 5 }),
        fc.integer({ min: 1, max: 20 }),
        (hits, context, step) => {
          const store = new ByteStore();
          const view = new LogView(store, () => false);
          const filter: LogFilter = { ...noFilter, include: [{ type: 'text', text: 'hit' }], context };
          view.setFilter(filter);
          hits.forEach((hit, i) => {
            const bytes = Buffer.from(hit ? 'hit' : 'other');
            store.append(bytes, 0, bytes.length, i, 0, 0);
            if (i % step === 0) view.advance(1);
          });
          const truth = hits.flatMap((hit, seq) => {
            const near = hits.some((other, at) => other && Math.abs(at - seq) <= context);
            return hit || near ? [{ seq, around: !hit }] : [];
          });
          expect(rowsOf(view)).toEqual(truth);
        },
      ),
    );
  });

  it('are never of a stream that is hidden', () => {
    const store = new ByteStore();
    ['a', 'b', 'hit', 'b', 'a'].forEach((text, i) =>
      store.append(Buffer.from(text), 0, text.length, i, text === 'b' ? 1 : 0, 0),
    );
    const view = new LogView(store, (stream) => stream === 1);
    view.setFilter({ ...noFilter, include: [{ type: 'text', text: 'hit' }], hidden: ['//b'], context: 1 });
    expect(rowsOf(view).map(({ seq }) => seq)).toEqual([0, 2, 4]);
  });

  it('folded lines are counted at their head', () => {
    const store = new ByteStore();
    ['head', ' at a', ' at b', 'next'].forEach((text, i) =>
      store.append(Buffer.from(text), 0, text.length, i, 0, text.startsWith(' ') ? CONTINUES : 0),
    );
    const view = new LogView(store, () => false);
    view.setFilter({ ...noFilter, fold: true });
    expect(rowsOf(view).map(({ seq }) => seq)).toEqual([0, 3]);
    const [chunk] = store.chunks;
    expect(chunk && [view.folded(chunk, 0, 0), view.folded(chunk, 3, 3)]).toEqual([2, 0]);
    view.setUnfolded(new Set([0]));
    expect(rowsOf(view).map(({ seq }) => seq)).toEqual([0, 1, 2, 3]);
  });
});

describe('the listing of a node', () => {
  it('takes names, and none that could leave its folder', () => {
    const html = `<pre>
<a href="kubelet.log">kubelet.log</a>
<a href="pods/">pods/</a>
<a href="with%20space&amp;more.log">x</a>
<a href="../secret">x</a>
<a href="..%2f..%2fetc">x</a>
<a href="/etc/passwd">x</a>
<a href="%ZZ">x</a>
<a href="">x</a>
<script>alert(1)</script>
</pre>`;
    expect(readListing(html)).toEqual({
      entries: [
        { name: 'kubelet.log', folder: false },
        { name: 'pods', folder: true },
        { name: 'with space&more.log', folder: false },
      ],
      truncated: false,
    });
  });
});
