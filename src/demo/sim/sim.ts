/**
 * Time and order of the simulation: a clock that only moves by `advance`, timers, and a
 * queue of things to reconcile after changes. The same seed, start time and steps give
 * the same cluster. Controllers are plain functions that hang themselves in here.
 */
import type { Registry } from '../store/kinds';
import type { Store } from '../store/store';
import { clone, iso, type KObject, type OwnerReference } from '../model';
import type { Random } from '../random';

interface Timer {
  readonly at: number;
  readonly order: number;
  readonly run: () => void;
}

/** A mistake in a controller must not spin for ever. */
const maxRounds = 1_000_000;

export class Sim {
  readonly store: Store;
  readonly registry: Registry;
  readonly random: Random;
  /** Cluster time, epoch ms. */
  time: number;
  /** Building the past: old pods start in one step and events older than an hour are not written. */
  past: number | undefined;
  private readonly heap: Timer[] = [];
  private order = 0;
  private readonly dirty = new Map<string, () => void>();
  private readonly ticks = new Set<() => void>();

  constructor(store: Store, registry: Registry, random: Random, time: number) {
    this.store = store;
    this.registry = registry;
    this.random = random;
    this.time = time;
  }

  get now(): string {
    return iso(this.time);
  }

  /** True while the past is built and this moment would be forgotten anyway. */
  get longAgo(): boolean {
    return this.past !== undefined && this.past - this.time > 3_600_000;
  }

  after(ms: number, run: () => void): void {
    const timer = { at: this.time + Math.max(0, ms), order: this.order++, run };
    const { heap } = this;
    heap.push(timer);
    for (let i = heap.length - 1; i > 0;) {
      const parent = (i - 1) >> 1;
      if (before(heap[parent] as Timer, timer)) break;
      heap[i] = heap[parent] as Timer;
      heap[parent] = timer;
      i = parent;
    }
  }

  every(ms: number, run: () => void, first = ms): void {
    this.after(first, () => {
      run();
      this.every(ms, run);
    });
  }

  /** Runs once, soon, however often it was asked for under the same key. */
  soon(key: string, run: () => void): void {
    this.dirty.set(key, run);
  }

  /** Calls back whenever time has moved. */
  onTick(callback: () => void): () => void {
    this.ticks.add(callback);
    return () => this.ticks.delete(callback);
  }

  /** Moves the clock, running everything due on the way in its order. */
  advance(to: number): void {
    this.settle();
    for (let next = this.heap[0]; next !== undefined && next.at <= to; next = this.heap[0]) {
      this.pop();
      this.time = Math.max(this.time, next.at);
      next.run();
      this.settle();
    }
    this.time = Math.max(this.time, to);
    for (const tick of [...this.ticks]) tick();
  }

  settle(): void {
    for (let round = 0; this.dirty.size > 0; round++) {
      if (round > maxRounds) throw new Error('the simulation does not settle');
      const [key, run] = this.dirty.entries().next().value as [string, () => void];
      this.dirty.delete(key);
      run();
    }
  }

  private pop(): void {
    const { heap } = this;
    const last = heap.pop() as Timer;
    if (heap.length === 0) return;
    let i = 0;
    for (;;) {
      let child = 2 * i + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && before(heap[child + 1] as Timer, heap[child] as Timer)) child++;
      if (before(last, heap[child] as Timer)) break;
      heap[i] = heap[child] as Timer;
      i = child;
    }
    heap[i] = last;
  }

  /** Changes a copy of an object and stores it; `false` from the callback leaves it as it is. */
  change<T extends KObject>(
    storage: string,
    namespace: string | undefined,
    name: string,
    edit: (draft: T) => boolean | void,
  ): T | undefined {
    const current = this.store.get<T>(storage, namespace, name);
    if (!current) return undefined;
    const draft = clone(current);
    return edit(draft) === false ? current : this.store.replace(storage, draft);
  }

  ownerOf(owner: KObject): OwnerReference {
    return {
      apiVersion: owner.apiVersion,
      kind: owner.kind,
      name: owner.metadata.name,
      uid: owner.metadata.uid,
      controller: true,
      blockOwnerDeletion: true,
    };
  }
}

const before = (a: Timer, b: Timer): boolean => a.at < b.at || (a.at === b.at && a.order < b.order);
