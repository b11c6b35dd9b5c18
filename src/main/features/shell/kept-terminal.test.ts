import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { TerminalBatch } from '#shared/contract/shell';
import type { Sink } from '#shared/rpc/server';
import { Scope } from '#shared/rpc/scope';
import { KeptTerminal, SCROLLBACK_BYTES } from './kept-terminal';

let scope: Scope;
beforeEach(() => {
  scope = new Scope('kept');
});
afterEach(() => scope.dispose());

function reader(): { sink: Sink<TerminalBatch>; text(): string; batches: TerminalBatch[] } {
  const batches: TerminalBatch[] = [];
  const own = scope.child('reader');
  const sink: Sink<TerminalBatch> = {
    credit: 1_000,
    send: (batch) => void batches.push(batch),
    onCredit: () => undefined,
    end: () => own.dispose(),
    signal: own.signal,
    scope: own,
    portGone: false,
  };
  return {
    sink,
    batches,
    text: () => batches.map((one) => Buffer.from(one.data ?? []).toString()).join(''),
  };
}

const source = { pause: () => undefined, resume: () => undefined };

describe('a terminal that outlives its page', () => {
  test('gives the next reader what was printed, and counts its input from zero', () => {
    const kept = new KeptTerminal(source, true);
    const first = reader();
    kept.show(first.sink);
    kept.started({ command: ['sh'] });
    kept.push(Buffer.from('$ ls\n'));
    kept.took(3);
    kept.hide();
    kept.push(Buffer.from('a b c\n'));
    const second = reader();
    kept.show(second.sink);
    kept.push(Buffer.from('$ '));
    kept.took(5);
    expect(first.text()).toBe('$ ls\n');
    expect(second.text()).toBe('$ ls\na b c\n$ ');
    expect(second.batches[0]?.started).toEqual({ command: ['sh'] });
    expect(second.batches.at(-1)?.taken).toBe(2);
  });

  test('keeps a bounded end of it, from the beginning of a line', () => {
    const kept = new KeptTerminal(source, true);
    for (let line = 0; line < 20_000; line += 1) kept.push(Buffer.from(`line ${line} ${'x'.repeat(20)}\n`));
    const { sink, text } = reader();
    kept.show(sink);
    expect(text().length).toBeLessThanOrEqual(SCROLLBACK_BYTES);
    expect(text().length).toBeGreaterThan(SCROLLBACK_BYTES / 2);
    expect(text()).toMatch(/^line \d+ x+\n/);
    expect(text()).toMatch(/line 19999 x+\n$/);
  });

  test('tells its end to whoever comes, once', () => {
    const kept = new KeptTerminal(source, true);
    kept.push(Buffer.from('bye\n'));
    kept.over({ code: 3 });
    kept.over({ code: 4 });
    const { sink, text, batches } = reader();
    kept.show(sink);
    expect(text()).toBe('bye\n');
    expect(batches.at(-1)?.end).toEqual({ code: 3 });
    expect(sink.scope.disposed).toBe(true);
  });
});
