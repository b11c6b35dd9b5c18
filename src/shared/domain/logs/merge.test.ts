import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Merger, type MergeQueue } from './merge';

interface Line {
  readonly sec: number;
  readonly nano: number;
  readonly arrived: number;
  readonly name: string;
}

class Queue implements MergeQueue {
  readonly lines: Line[] = [];
  private last = { sec: 0, nano: 0 };
  constructor(readonly order: number) {}
  get length(): number {
    return this.lines.length;
  }
  headSec = (): number => this.lines[0]?.sec ?? 0;
  headNano = (): number => this.lines[0]?.nano ?? 0;
  headArrived = (): number => this.lines[0]?.arrived ?? 0;
  countArrivedBy = (time: number): number => this.lines.filter((line) => line.arrived <= time).length;
  push(line: Line): void {
    if (line.sec > this.last.sec || (line.sec === this.last.sec && line.nano > this.last.nano))
      this.last = line;
    this.lines.push({ ...line, sec: this.last.sec, nano: this.last.nano });
  }
}

function setup(count: number): { queues: Queue[]; out: string[]; late: string[]; merger: Merger<Queue> } {
  const out: string[] = [];
  const late: string[] = [];
  const queues = Array.from({ length: count }, (_, order) => new Queue(order));
  const merger = new Merger<Queue>((queue, isLate) => {
    const line = queue.lines.shift();
    if (!line) throw new Error('an empty queue was taken from');
    out.push(line.name);
    if (isLate) late.push(line.name);
  });
  return { queues, out, late, merger };
}

function put(merger: Merger<Queue>, queue: Queue | undefined, line: Line): void {
  if (!queue) throw new Error('no such queue');
  const wasEmpty = queue.length === 0;
  queue.push(line);
  if (wasEmpty) merger.filled(queue);
}

const at = (name: string, sec: number, nano: number, arrived: number): Line => ({ name, sec, nano, arrived });

describe('merge', () => {
  it('orders by time, and equal times by stream', () => {
    const { queues, out, merger } = setup(3);
    put(merger, queues[2], at('c1', 1, 5, 0));
    put(merger, queues[0], at('a1', 1, 5, 0));
    put(merger, queues[1], at('b1', 1, 4, 0));
    merger.flush();
    expect(out).toEqual(['b1', 'a1', 'c1']);
  });

  it('keeps a line back until its patience is over, with all that come before it', () => {
    const { queues, out, merger } = setup(2);
    put(merger, queues[0], at('a1', 10, 0, 100));
    merger.release(200, 350);
    expect(out).toEqual([]);
    put(merger, queues[1], at('b1', 9, 0, 440));
    merger.release(450, 350);
    expect(out).toEqual(['b1', 'a1']);
  });

  it('calls a line late that comes after its patience, and does not lose it', () => {
    const { queues, out, late, merger } = setup(2);
    put(merger, queues[0], at('a1', 10, 0, 0));
    merger.release(1000, 350);
    put(merger, queues[1], at('b1', 9, 0, 1000));
    merger.release(2000, 350);
    expect(out).toEqual(['a1', 'b1']);
    expect(late).toEqual(['b1']);
  });

  it('does not let a stream that lags behind hold up the others', () => {
    const { queues, out, merger } = setup(2);
    put(merger, queues[0], at('a1', 100, 0, 0));
    for (let i = 0; i < 50; i += 1) put(merger, queues[1], at(`b${i}`, i, 0, i * 10));
    merger.release(360, 350);
    expect(out).toContain('a1');
  });

  it('keeps the order of a stream whose clock jumps back', () => {
    const { queues, out, merger } = setup(1);
    put(merger, queues[0], at('a1', 10, 0, 0));
    put(merger, queues[0], at('a2', 3, 0, 0));
    put(merger, queues[0], at('a3', 11, 0, 0));
    merger.flush();
    expect(out).toEqual(['a1', 'a2', 'a3']);
  });

  it('gives every line once, in the true order, where delays stay below the patience', () => {
    const stream = fc.array(
      fc.record({ gap: fc.integer({ min: 0, max: 400 }), delay: fc.integer({ min: 0, max: 300 }) }),
      { maxLength: 40 },
    );
    fc.assert(
      fc.property(fc.array(stream, { minLength: 1, maxLength: 6 }), (streams) => {
        const { queues, out, late, merger } = setup(streams.length);
        const events: { arrived: number; order: number; line: Line; time: number; index: number }[] = [];
        streams.forEach((lines, order) => {
          let time = 0;
          let arrived = 0;
          lines.forEach(({ gap, delay }, index) => {
            time += gap;
            // A connection delivers in order.
            arrived = Math.max(arrived, time + delay);
            const line = at(`${order}.${index}`, Math.floor(time / 1000), (time % 1000) * 1e6, arrived);
            events.push({ arrived, order, line, time, index });
          });
        });
        events.sort((a, b) => a.arrived - b.arrived || a.order - b.order || a.index - b.index);
        let clock = 0;
        for (const { arrived, order, line } of events) {
          for (; clock < arrived; clock += 50) merger.release(clock, 700);
          put(merger, queues[order], line);
        }
        merger.flush();
        const truth = [...events].sort((a, b) => a.time - b.time || a.order - b.order || a.index - b.index);
        expect(out).toEqual(truth.map(({ line }) => line.name));
        expect(late).toEqual([]);
      }),
      { numRuns: 200 },
    );
  });

  it('loses and doubles nothing, whatever arrives when', () => {
    const event = fc.record({
      queue: fc.integer({ min: 0, max: 4 }),
      sec: fc.integer({ min: 0, max: 30 }),
      wait: fc.integer({ min: 0, max: 900 }),
    });
    fc.assert(
      fc.property(fc.array(event, { maxLength: 120 }), (events) => {
        const { queues, out, merger } = setup(5);
        let now = 0;
        const own: string[][] = [[], [], [], [], []];
        events.forEach(({ queue, sec, wait }, index) => {
          now += wait;
          merger.release(now, 350);
          put(merger, queues[queue], at(`${queue}:${index}`, sec, 0, now));
          own[queue]?.push(`${queue}:${index}`);
        });
        merger.flush();
        expect([...out].sort()).toEqual(own.flat().sort());
        own.forEach((names, queue) =>
          expect(out.filter((name) => name.startsWith(`${queue}:`))).toEqual(names),
        );
      }),
      { numRuns: 200 },
    );
  });
});
