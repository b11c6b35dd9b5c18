/**
 * Lines as bytes: 1 MiB chunks, and per line 4 bytes of place, 4 of time, 2 of stream, 1 of flags.
 * Guarantees: at most `limit` lines, the oldest leave a chunk at a time; a line keeps its number
 * (`seq`) for good; nothing is allocated per line. Times are ms. With a spill file only the newest
 * chunks and the few looked at last keep their bytes in memory.
 */
import type { SpillFile } from './spill-file';

const CHUNK_BYTES = 1024 * 1024;
const FIRST_LINES = 2048;
const MOST_DELTA = 2 ** 31 - 1;
/** A chunk never holds more than this part of all lines, so that little leaves at once. */
const SHARE = 64;
/** Newest chunks that stay in memory when older ones go to disk, and older ones read back at a time. */
const STAY = 64;
const READ_BACK = 8;
/** Chunks written for each one that is begun: a store that begins to spill does not stop for it. */
const SPILL_STEP = 4;

export class Chunk {
  used = 0;
  count = 0;
  starts = new Uint32Array(FIRST_LINES);
  /** ms after `base`; wide in the few chunks whose clocks jump further than 24 days. */
  deltas: Int32Array | Float64Array = new Int32Array(FIRST_LINES);
  streams = new Uint16Array(FIRST_LINES);
  flags = new Uint8Array(FIRST_LINES);
  readonly size: number;
  private held: Buffer | undefined;
  /** Where it stands in the spill file. */
  private place: number | undefined;

  constructor(
    readonly first: number,
    readonly base: number,
    bytes: number,
    private readonly store: ByteStore,
  ) {
    this.held = Buffer.allocUnsafeSlow(bytes);
    this.size = bytes;
  }

  /** Bytes of the text, wherever they are now. */
  get data(): Buffer {
    return this.held ?? this.readBack();
  }

  get inMemory(): boolean {
    return this.held !== undefined;
  }

  get onDisk(): boolean {
    return this.place !== undefined;
  }

  /** False when it could not be written. */
  spill(file: SpillFile): boolean {
    if (!this.held) return true;
    this.place ??= file.write(this.held);
    if (this.place === undefined) return false;
    this.held = undefined;
    return true;
  }

  /** Leaves memory again; what is on disk stays there. */
  letGo(): void {
    if (this.place !== undefined) this.held = undefined;
  }

  forget(file: SpillFile | undefined): void {
    if (this.place !== undefined) file?.release(this.place, this.size);
    this.place = undefined;
  }

  grow(): void {
    this.resize(this.starts.length * 2);
  }

  /** Gives back what the index does not need. */
  seal(): void {
    this.resize(this.count);
  }

  widen(): void {
    if (this.deltas instanceof Int32Array) this.deltas = Float64Array.from(this.deltas);
  }

  /** Index of the line that holds this byte. */
  lineAt(offset: number): number {
    let low = 0;
    let high = this.count - 1;
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      if ((this.starts[middle] as number) <= offset) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  /** Where the line's text ends; behind it stands a newline. */
  endOf(index: number): number {
    return (index + 1 < this.count ? (this.starts[index + 1] as number) : this.used) - 1;
  }

  private readBack(): Buffer {
    this.held = this.store.fromDisk(this, this.place ?? 0, this.size);
    return this.held;
  }

  private resize(length: number): void {
    const starts = new Uint32Array(length);
    const deltas = this.deltas instanceof Int32Array ? new Int32Array(length) : new Float64Array(length);
    const streams = new Uint16Array(length);
    const flags = new Uint8Array(length);
    starts.set(this.starts.subarray(0, this.count));
    deltas.set(this.deltas.subarray(0, this.count));
    streams.set(this.streams.subarray(0, this.count));
    flags.set(this.flags.subarray(0, this.count));
    this.starts = starts;
    this.deltas = deltas;
    this.streams = streams;
    this.flags = flags;
  }
}

export interface LinePlace {
  readonly chunk: Chunk;
  readonly index: number;
}

export class ByteStore {
  private readonly list: Chunk[] = [];
  private current: Chunk | undefined;
  private lines = 0;
  private textBytes = 0;
  private dropped = 0;
  private most: number;
  private file: SpillFile | undefined;
  private spilling = false;
  /** Chunks before this one are on disk. */
  private spilled = 0;
  /** Chunks on disk that are in memory too, the one looked at last at the end. */
  private readonly back: Chunk[] = [];

  constructor(limit = 1_000_000) {
    this.most = limit;
  }

  /** Oldest line still here. */
  get first(): number {
    return this.dropped;
  }

  /** One behind the newest line. */
  get end(): number {
    return this.dropped + this.lines;
  }

  get count(): number {
    return this.lines;
  }

  /** Bytes of all lines with their newlines. */
  get bytes(): number {
    return this.textBytes;
  }

  get limit(): number {
    return this.most;
  }

  get chunks(): readonly Chunk[] {
    return this.list;
  }

  /** What is really allocated for lines and their index. */
  get allocated(): number {
    let sum = 0;
    for (const chunk of this.list) sum += (chunk.inMemory ? chunk.size : 0) + chunk.starts.length * 11;
    return sum;
  }

  /** Bytes of text that are on disk. */
  get disk(): number {
    let sum = 0;
    for (const chunk of this.list) if (chunk.onDisk) sum += chunk.used;
    return sum;
  }

  /** From now on older chunks go there; what is there already stays readable when it is taken away. */
  spillTo(file: SpillFile | undefined): void {
    this.file = file ?? this.file;
    this.spilling = file !== undefined;
    if (this.spilling) this.spillSome();
  }

  /** Only for `Chunk.data`. */
  fromDisk(chunk: Chunk, place: number, size: number): Buffer {
    this.back.push(chunk);
    if (this.back.length > READ_BACK) this.back.shift()?.letGo();
    return this.file?.read(place, size) ?? Buffer.alloc(size);
  }

  setLimit(limit: number): void {
    this.most = limit;
    this.evict();
  }

  append(bytes: Uint8Array, start: number, end: number, time: number, stream: number, flags: number): void {
    const size = end - start + 1;
    let chunk = this.current;
    if (!chunk || chunk.used + size > chunk.size || chunk.count >= this.most / SHARE + 64)
      chunk = this.open(size, time);
    const delta = time - chunk.base;
    if (delta > MOST_DELTA || delta < -MOST_DELTA) chunk.widen();
    const index = chunk.count;
    if (index === chunk.starts.length) chunk.grow();
    const at = chunk.used;
    // A call into the engine's copy costs more than a short line does.
    const { data } = chunk;
    if (size <= 48)
      for (let from = start, to = at; from < end; from += 1, to += 1) data[to] = bytes[from] as number;
    else data.set(start === 0 && end === bytes.length ? bytes : bytes.subarray(start, end), at);
    data[at + size - 1] = 0x0a;
    chunk.starts[index] = at;
    chunk.deltas[index] = delta;
    chunk.streams[index] = stream;
    chunk.flags[index] = flags;
    chunk.count = index + 1;
    chunk.used = at + size;
    this.lines += 1;
    this.textBytes += size;
    if (this.lines > this.most) this.evict();
  }

  /** Undefined for a line that left or never came. */
  place(seq: number): LinePlace | undefined {
    if (seq < this.dropped || seq >= this.end) return undefined;
    const chunk = this.list[this.chunkIndex(seq)];
    return chunk && { chunk, index: seq - chunk.first };
  }

  /** Position in `chunks` of the chunk that holds this line. */
  chunkIndex(seq: number): number {
    let low = 0;
    let high = this.list.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      if ((this.list[middle] as Chunk).first <= seq) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  text(seq: number): Buffer | undefined {
    const place = this.place(seq);
    if (!place) return undefined;
    const { chunk, index } = place;
    return chunk.data.subarray(chunk.starts[index], chunk.endOf(index));
  }

  time(seq: number): number {
    const place = this.place(seq);
    return place ? place.chunk.base + (place.chunk.deltas[place.index] as number) : 0;
  }

  clear(): void {
    this.dropped = this.end;
    this.lines = 0;
    this.textBytes = 0;
    for (const chunk of this.list) chunk.forget(this.file);
    this.list.length = 0;
    this.back.length = 0;
    this.spilled = 0;
    this.current = undefined;
  }

  private open(size: number, time: number): Chunk {
    this.current?.seal();
    const chunk = new Chunk(this.end, time, Math.max(CHUNK_BYTES, size), this);
    this.list.push(chunk);
    this.current = chunk;
    if (this.spilling) this.spillSome();
    return chunk;
  }

  private spillSome(): void {
    const { file } = this;
    if (!file) return;
    const until = Math.min(this.list.length - STAY, this.spilled + SPILL_STEP);
    while (this.spilled < until && this.list[this.spilled]?.spill(file) === true) this.spilled += 1;
  }

  private evict(): void {
    while (this.lines > this.most && this.list.length > 1) {
      const gone = this.list.shift();
      if (!gone) return;
      gone.forget(this.file);
      if (this.spilled > 0) this.spilled -= 1;
      this.lines -= gone.count;
      this.dropped += gone.count;
      this.textBytes -= gone.used;
    }
  }
}
