/**
 * Rows near the window by place and by id, with listeners per place.
 * Guarantees: an id stands at one place only; places behind the last row are empty; a
 * listener hears of its place once per batch and only when its row changed.
 */
import type { WireRow } from '#shared/contract/resources';

/** Places kept on each side of the newest window. */
const KEEP = 1_000;
const FRESH_MS = 1_000;

export class RowCache {
  private readonly ids = new Map<number, string>();
  private readonly places = new Map<string, number>();
  private readonly rows = new Map<string, WireRow>();
  private readonly listeners = new Map<number, Set<() => void>>();
  /** The window as the host last told it: a batch without an order means this one still holds. */
  private newest: { readonly ids: readonly string[]; readonly offset: number } | undefined;
  private forget = false;
  /** Rows that came into being while the window stood still -> when they arrived, ms. */
  private readonly fresh = new Map<string, number>();

  get size(): number {
    return this.ids.size;
  }

  at(index: number): WireRow | undefined {
    const id = this.ids.get(index);
    return id === undefined ? undefined : this.rows.get(id);
  }

  indexOf(id: string): number | undefined {
    return this.places.get(id);
  }

  /** The row appeared within the last second, and not by scrolling or another question. */
  isFresh(id: string): boolean {
    const at = this.fresh.get(id);
    return at !== undefined && performance.now() - at < FRESH_MS;
  }

  subscribe(index: number, listener: () => void): () => void {
    let set = this.listeners.get(index);
    if (!set) this.listeners.set(index, (set = new Set()));
    set.add(listener);
    return () => {
      set.delete(listener);
      if (set.size === 0 && this.listeners.get(index) === set) this.listeners.delete(index);
    };
  }

  /** The next batch answers another question: no place of before counts. Rows stay until then. */
  forgetPlaces(): void {
    this.forget = true;
  }

  /**
   * `hold`: take the rows in but show the places of before. `isYoung` says of a row not seen before
   * whether it has only just been created.
   */
  apply(
    rows: readonly WireRow[],
    order: readonly string[] | undefined,
    offset: number,
    matched: number,
    hold: boolean,
    isYoung?: (row: WireRow) => boolean,
  ): void {
    const before = this.watched();
    this.noteFresh(rows, order, offset, hold, isYoung);
    for (const row of rows) this.rows.set(row.id, row);
    if (order) this.newest = { ids: order, offset };
    const { newest } = this;
    if (!hold) {
      if (this.forget) this.clearPlaces();
      this.forget = false;
      if (newest) this.place(newest.ids, newest.offset);
      this.cut(matched);
      if (newest) this.evict(newest.offset, newest.ids.length);
    }
    for (const [index, row] of before) {
      if (this.at(index) === row) continue;
      for (const listener of [...(this.listeners.get(index) ?? [])]) listener();
    }
  }

  private noteFresh(
    rows: readonly WireRow[],
    order: readonly string[] | undefined,
    offset: number,
    hold: boolean,
    isYoung: ((row: WireRow) => boolean) | undefined,
  ): void {
    const now = performance.now();
    for (const [id, at] of this.fresh) if (now - at >= FRESH_MS) this.fresh.delete(id);
    if (!order || hold || this.forget || !isYoung || this.newest?.offset !== offset) return;
    for (const row of rows) if (!this.rows.has(row.id) && isYoung(row)) this.fresh.set(row.id, now);
  }

  private watched(): (readonly [number, WireRow | undefined])[] {
    return [...this.listeners.keys()].map((index) => [index, this.at(index)] as const);
  }

  private clearPlaces(): void {
    this.ids.clear();
    this.places.clear();
  }

  private place(order: readonly string[], offset: number): void {
    order.forEach((id, step) => {
      const index = offset + step;
      const old = this.ids.get(index);
      if (old === id) return;
      if (old !== undefined && this.places.get(old) === index) this.places.delete(old);
      const elsewhere = this.places.get(id);
      if (elsewhere !== undefined) this.ids.delete(elsewhere);
      this.ids.set(index, id);
      this.places.set(id, index);
    });
  }

  private cut(matched: number): void {
    for (const [index, id] of this.ids) {
      if (index < matched) continue;
      this.ids.delete(index);
      if (this.places.get(id) === index) this.places.delete(id);
    }
  }

  private evict(offset: number, length: number): void {
    for (const [index, id] of this.ids) {
      if (index >= offset - KEEP && index < offset + length + KEEP) continue;
      this.ids.delete(index);
      this.places.delete(id);
    }
    if (this.rows.size <= this.ids.size + KEEP) return;
    for (const id of this.rows.keys()) if (!this.places.has(id)) this.rows.delete(id);
  }
}
