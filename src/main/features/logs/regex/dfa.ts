/**
 * Tells whether a line holds a pattern, one table look-up per byte. States are made when they are first
 * met and forgotten together when they are too many, so memory is bounded and time is linear in the
 * bytes, whatever the pattern. Finds lines, not places.
 */
import type { Node } from './parse';

const MOST_NODES = 4_000;
const MOST_STATES = 3_000;
const UNKNOWN = -1;
const FOUND = -2;

const NEWLINE = 0x0a;
/** What stood before: nothing, a word character, another one. */
const AT_START = 0;
const AFTER_WORD = 1;
const AFTER_OTHER = 2;

interface Program {
  /** By node: what it does. */
  readonly kind: number[];
  readonly a: number[];
  readonly b: number[];
  readonly sets: (Uint8Array | undefined)[];
}

const MATCH = 0;
const BYTES = 1;
const SPLIT = 2;
const ASSERT = 3;
const asserts = ['start', 'end', 'word', 'not-word'] as const;

/** Undefined for a pattern that is too large. */
export function buildDfa(tree: Node): Dfa | undefined {
  const program: Program = { kind: [], a: [], b: [], sets: [] };
  const add = (kind: number, a: number, b = 0, set?: Uint8Array): number => {
    if (program.kind.length >= MOST_NODES) throw new TooLarge();
    program.sets.push(set);
    program.a.push(a);
    program.b.push(b);
    return program.kind.push(kind) - 1;
  };
  // Built from the end: each part knows what follows it.
  const compile = (node: Node, next: number): number => {
    switch (node.type) {
      case 'empty':
        return next;
      case 'bytes':
        return add(BYTES, next, 0, node.set);
      case 'assert':
        return add(ASSERT, next, asserts.indexOf(node.kind));
      case 'sequence':
        return node.parts.reduceRight((after, part) => compile(part, after), next);
      case 'choice':
        return node.parts
          .map((part) => compile(part, next))
          .reduceRight((rest, one) => add(SPLIT, one, rest));
      case 'repeat': {
        let after = next;
        if (node.most === Infinity) {
          const loop = add(SPLIT, 0, next);
          program.a[loop] = compile(node.part, loop);
          after = loop;
        } else {
          for (let i = node.least; i < node.most; i += 1) after = add(SPLIT, compile(node.part, after), next);
        }
        for (let i = 0; i < node.least; i += 1) after = compile(node.part, after);
        return after;
      }
    }
  };
  try {
    const match = add(MATCH, 0);
    return new Dfa(program, compile(tree, match));
  } catch (thrown) {
    if (thrown instanceof TooLarge) return undefined;
    throw thrown;
  }
}

class TooLarge extends Error {}

export class Dfa {
  /** Class of each byte: bytes that no set tells apart are one. */
  private readonly classOf = new Uint8Array(256);
  private readonly samples: number[] = [];
  private readonly stride: number;
  private table: Int32Array;
  private kernels: Int32Array[] = [];
  private befores: number[] = [];
  private known = new Map<string, number>();
  private readonly marks: Int32Array;
  private generation = 0;

  constructor(
    private readonly program: Program,
    private readonly start: number,
  ) {
    this.makeClasses();
    // One more: the end of the line.
    this.stride = this.samples.length + 1;
    this.table = new Int32Array(64 * this.stride);
    this.marks = new Int32Array(program.kind.length);
    this.reset();
  }

  test(bytes: Uint8Array, from: number, to: number): boolean {
    const { classOf, stride } = this;
    let state = 0;
    for (let at = from; at < to; at += 1) {
      const byteClass = classOf[bytes[at] as number] as number;
      let next = this.table[state * stride + byteClass] as number;
      if (next === UNKNOWN) next = this.step(state, byteClass);
      if (next === FOUND) return true;
      state = next;
    }
    return this.ends(state);
  }

  /** All lines from `from` to before `to`, each ended by a newline; `hit` gets how many newlines came before. */
  scan(bytes: Uint8Array, from: number, to: number, hit: (line: number) => void): void {
    const { classOf, stride } = this;
    let line = 0;
    let state = 0;
    let { table } = this;
    for (let at = from; at < to; at += 1) {
      const byte = bytes[at] as number;
      if (byte === NEWLINE) {
        if (this.ends(state)) hit(line);
        ({ table } = this);
        line += 1;
        state = 0;
        continue;
      }
      const byteClass = classOf[byte] as number;
      let next = table[state * stride + byteClass] as number;
      if (next === UNKNOWN) {
        next = this.step(state, byteClass);
        ({ table } = this);
      }
      if (next === FOUND) {
        hit(line);
        at = bytes.indexOf(NEWLINE, at);
        if (at < 0) return;
        line += 1;
        state = 0;
        continue;
      }
      state = next;
    }
  }

  private ends(state: number): boolean {
    const end = this.stride - 1;
    const next = this.table[state * this.stride + end] as number;
    return (next === UNKNOWN ? this.step(state, end) : next) === FOUND;
  }

  private reset(): void {
    this.kernels = [];
    this.befores = [];
    this.known.clear();
    this.table.fill(UNKNOWN);
    this.stateOf(Int32Array.of(this.start), AT_START);
  }

  /** The state after this byte. May forget all states: then the returned number is of the new ones. */
  private step(from: number, byteClass: number): number {
    const { program, samples } = this;
    const isEnd = byteClass === this.stride - 1;
    const byte = samples[byteClass] ?? -1;
    const before = this.befores[from] as number;
    const open = this.closure(this.kernels[from] as Int32Array, before, isEnd, isWord(byte));
    if (open === undefined) return this.remember(from, byteClass, FOUND);
    // The end without a match leads nowhere: any number but FOUND and UNKNOWN says so.
    if (isEnd) return this.remember(from, byteClass, 0);
    const kernel = new Set<number>();
    for (const node of open) if (program.sets[node]?.[byte] === 1) kernel.add(program.a[node] as number);
    // A match may begin anywhere.
    kernel.add(this.start);
    const sorted = Int32Array.from(kernel).sort();
    if (this.kernels.length >= MOST_STATES) {
      this.reset();
      return this.stateOf(sorted, isWord(byte) ? AFTER_WORD : AFTER_OTHER);
    }
    return this.remember(from, byteClass, this.stateOf(sorted, isWord(byte) ? AFTER_WORD : AFTER_OTHER));
  }

  private remember(from: number, byteClass: number, to: number): number {
    this.table[from * this.stride + byteClass] = to;
    return to;
  }

  private stateOf(kernel: Int32Array, before: number): number {
    const key = `${before}:${kernel.join(',')}`;
    const known = this.known.get(key);
    if (known !== undefined) return known;
    const state = this.kernels.length;
    this.kernels.push(kernel);
    this.befores.push(before);
    this.known.set(key, state);
    if ((state + 1) * this.stride > this.table.length) {
      const table = new Int32Array(this.table.length * 2).fill(UNKNOWN);
      table.set(this.table);
      this.table = table;
    }
    return state;
  }

  /** Nodes that wait for a byte, given what stands before and after; undefined when it matches here. */
  private closure(
    kernel: Int32Array,
    before: number,
    isEnd: boolean,
    nextIsWord: boolean,
  ): number[] | undefined {
    const { program, marks } = this;
    const mark = (this.generation += 1);
    const stack = [...kernel];
    const open: number[] = [];
    const boundary = (before === AFTER_WORD) !== (!isEnd && nextIsWord);
    const holds = [before === AT_START, isEnd, boundary, !boundary];
    for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
      if (marks[node] === mark) continue;
      marks[node] = mark;
      const kind = program.kind[node];
      if (kind === MATCH) return undefined;
      if (kind === BYTES) open.push(node);
      else if (kind === SPLIT) stack.push(program.a[node] as number, program.b[node] as number);
      else if (holds[program.b[node] as number] === true) stack.push(program.a[node] as number);
    }
    return open;
  }

  private makeClasses(): void {
    const keys = new Map<string, number>();
    const sets = this.program.sets.filter((set) => set !== undefined);
    for (let byte = 0; byte < 256; byte += 1) {
      const key = `${isWord(byte) ? 1 : 0}${sets.map((set) => set[byte]).join('')}`;
      let at = keys.get(key);
      if (at === undefined) {
        at = keys.size;
        keys.set(key, at);
        this.samples.push(byte);
      }
      this.classOf[byte] = at;
    }
  }
}

function isWord(byte: number): boolean {
  const lower = byte | 0x20;
  return (byte >= 0x30 && byte <= 0x39) || byte === 0x5f || (byte < 0x80 && lower >= 0x61 && lower <= 0x7a);
}
