/**
 * Growing arrays that take no more bytes a row than their values need: codes in 1, 2 or
 * 4 bytes, numbers not at all while there are none, then in 1, 4 or 8 bytes. A value
 * that does not fit widens the whole array. Rows beyond `capacity` must not be touched.
 */

type CodeArray = Uint8Array | Uint16Array | Uint32Array;

/** Non-negative integers; 0 where nothing was set. */
export class Codes {
  private data: CodeArray = new Uint8Array(0);

  get footprint(): number {
    return this.data.byteLength;
  }

  at(row: number): number {
    return this.data[row]!;
  }

  set(row: number, code: number): void {
    const { data } = this;
    if (data.BYTES_PER_ELEMENT < 4 && code > (data.BYTES_PER_ELEMENT === 1 ? 0xff : 0xffff)) {
      const wider = code > 0xffff ? new Uint32Array(data.length) : new Uint16Array(data.length);
      wider.set(data);
      this.data = wider;
    }
    this.data[row] = code;
  }

  resize(capacity: number): void {
    const { data } = this;
    const next =
      data.BYTES_PER_ELEMENT === 1
        ? new Uint8Array(capacity)
        : data.BYTES_PER_ELEMENT === 2
          ? new Uint16Array(capacity)
          : new Uint32Array(capacity);
    next.set(data.subarray(0, capacity));
    this.data = next;
  }

  /** Rows move down: row map[i] becomes i; what is left is 0. */
  gather(map: Uint32Array): void {
    const { data } = this;
    for (let i = 0; i < map.length; i++) data[i] = data[map[i]!]!;
    data.fill(0, map.length);
  }

  /** Each code becomes map[code], for `top` rows. */
  recode(map: Uint32Array, top: number): void {
    const { data } = this;
    for (let row = 0; row < top; row++) data[row] = map[data[row]!]!;
  }
}

type NumberArray = Uint8Array | Uint32Array | Float64Array;

const NOTHING_8 = 0xff;
const NOTHING_32 = 0xffffffff;

/** Finite numbers, NaN for nothing. */
export class Numbers {
  private data: NumberArray | undefined;
  private capacity = 0;
  /** What a 4-byte value counts: 1, or 1000 for times in whole seconds. */
  private readonly unit: number;

  constructor(unit = 1) {
    this.unit = unit;
  }

  get footprint(): number {
    return this.data?.byteLength ?? 0;
  }

  at(row: number): number {
    const { data } = this;
    if (data === undefined) return NaN;
    const raw = data[row]!;
    if (data.BYTES_PER_ELEMENT === 8) return raw;
    if (data.BYTES_PER_ELEMENT === 4) return raw === NOTHING_32 ? NaN : raw * this.unit;
    return raw === NOTHING_8 ? NaN : raw;
  }

  /** True when the row holds another value than before. Anything but a finite number is nothing. */
  set(row: number, value: unknown): boolean {
    // Adding 0 makes -0 a 0: nobody can tell them apart on screen.
    const next = typeof value === 'number' && Number.isFinite(value) ? value + 0 : NaN;
    if (this.data === undefined) {
      if (next !== next) return false;
      this.widen(next);
    }
    const before = this.at(row);
    if (same(before, next)) return false;
    if (!this.fits(next)) this.widen(next);
    this.write(row, next);
    return true;
  }

  resize(capacity: number): void {
    this.capacity = capacity;
    if (this.data === undefined) return;
    const old = this.data;
    const next = this.make(old.BYTES_PER_ELEMENT);
    next.set(old.subarray(0, capacity));
    this.data = next;
  }

  gather(map: Uint32Array): void {
    if (this.data === undefined) return;
    const { data } = this;
    for (let i = 0; i < map.length; i++) data[i] = data[map[i]!]!;
    for (let row = map.length; row < data.length; row++) this.write(row, NaN);
  }

  private fits(value: number): boolean {
    const bytes = this.data!.BYTES_PER_ELEMENT;
    return bytes === 8 || value !== value || bytesFor(value, this.unit) <= bytes;
  }

  private write(row: number, value: number): void {
    const data = this.data!;
    if (data.BYTES_PER_ELEMENT === 8) data[row] = value;
    else if (value !== value) data[row] = data.BYTES_PER_ELEMENT === 4 ? NOTHING_32 : NOTHING_8;
    else data[row] = data.BYTES_PER_ELEMENT === 4 ? value / this.unit : value;
  }

  private widen(value: number): void {
    const current = this.data?.BYTES_PER_ELEMENT ?? 0;
    const bytes = Math.max(current, value === value ? bytesFor(value, this.unit) : 1);
    const values = new Float64Array(this.capacity);
    for (let row = 0; row < this.capacity; row++) values[row] = this.at(row);
    this.data = this.make(bytes);
    for (let row = 0; row < this.capacity; row++) this.write(row, values[row]!);
  }

  private make(bytes: number): NumberArray {
    if (bytes === 8) return new Float64Array(this.capacity).fill(NaN);
    if (bytes === 4) return new Uint32Array(this.capacity).fill(NOTHING_32);
    return new Uint8Array(this.capacity).fill(NOTHING_8);
  }
}

function same(a: number, b: number): boolean {
  return a === b || (a !== a && b !== b);
}

function bytesFor(value: number, unit: number): number {
  if (Number.isInteger(value) && value >= 0 && value < NOTHING_8 && (unit === 1 || value === 0)) return 1;
  const counted = value / unit;
  return Number.isInteger(value) && Number.isInteger(counted) && counted >= 0 && counted < NOTHING_32 ? 4 : 8;
}
