/**
 * Many streams become one, by time. Each stream keeps its own order, whatever its clock does; equal
 * times stay in the order of the streams. A line waits at most `hold` ms for earlier ones of other
 * streams; one that comes later than that is passed on at once and called late.
 * Guarantees: every line that went in comes out, once. Knows nothing of bytes: a line is a number
 * that the stream's queue understands.
 */

export interface MergeQueue {
  /** Smaller first among equal times. */
  readonly order: number;
  readonly length: number;
  /** Of the oldest waiting line: seconds, nanoseconds, and when it arrived (ms). */
  headSec(): number;
  headNano(): number;
  headArrived(): number;
  /** Waiting lines that arrived at or before then. */
  countArrivedBy(time: number): number;
}

export class Merger<Q extends MergeQueue> {
  /** Queues with lines, as a heap by (time, order). */
  private readonly heap: Q[] = [];
  private readonly inHeap = new Set<Q>();
  private lastSec = -1;
  private lastNano = 0;

  /** `take` removes the head of the queue and uses it. */
  constructor(private readonly take: (queue: Q, late: boolean) => void) {}

  get waiting(): boolean {
    return this.heap.length > 0;
  }

  /** Call after lines were put into an empty queue. */
  filled(queue: Q): void {
    if (queue.length === 0 || this.inHeap.has(queue)) return;
    this.inHeap.add(queue);
    this.heap.push(queue);
    this.up(this.heap.length - 1);
  }

  /** Releases whatever arrived `hold` ms before `now`, and all that must come before it. */
  release(now: number, hold: number): void {
    let due = 0;
    for (const queue of this.heap)
      if (queue.headArrived() <= now - hold) due += queue.countArrivedBy(now - hold);
    while (due > 0) {
      const top = this.heap[0];
      if (!top) return;
      if (top.headArrived() <= now - hold) due -= 1;
      this.pop(top);
    }
  }

  /** Everything, in order. */
  flush(): void {
    for (let top = this.heap[0]; top; top = this.heap[0]) this.pop(top);
  }

  /** While every one of `open` streams has a line waiting, the earliest is certain. */
  releaseCertain(open: number): void {
    while (open > 0 && this.heap.length >= open) {
      const top = this.heap[0];
      if (!top) return;
      this.pop(top);
    }
  }

  private pop(top: Q): void {
    const sec = top.headSec();
    const nano = top.headNano();
    const late = sec < this.lastSec || (sec === this.lastSec && nano < this.lastNano);
    if (!late) {
      this.lastSec = sec;
      this.lastNano = nano;
    }
    this.take(top, late);
    if (top.length > 0) this.down(0);
    else {
      this.inHeap.delete(top);
      const last = this.heap.pop();
      if (last && last !== top) {
        this.heap[0] = last;
        this.down(0);
      }
    }
  }

  private up(from: number): void {
    const { heap } = this;
    let at = from;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!before(heap[at] as Q, heap[parent] as Q)) return;
      this.swap(at, parent);
      at = parent;
    }
  }

  private down(from: number): void {
    const { heap } = this;
    let at = from;
    for (;;) {
      const left = at * 2 + 1;
      if (left >= heap.length) return;
      const right = left + 1;
      const least = right < heap.length && before(heap[right] as Q, heap[left] as Q) ? right : left;
      if (!before(heap[least] as Q, heap[at] as Q)) return;
      this.swap(at, least);
      at = least;
    }
  }

  private swap(a: number, b: number): void {
    const held = this.heap[a] as Q;
    this.heap[a] = this.heap[b] as Q;
    this.heap[b] = held;
  }
}

function before(a: MergeQueue, b: MergeQueue): boolean {
  const sec = a.headSec() - b.headSec();
  if (sec !== 0) return sec < 0;
  const nano = a.headNano() - b.headNano();
  return nano !== 0 ? nano < 0 : a.order < b.order;
}
