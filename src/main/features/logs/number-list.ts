/** A growing list of rising numbers that loses its oldest; positions count on and never change. */
export class NumberList {
  private items = new Float64Array(1024);
  private head = 0;
  private tail = 0;
  private gone = 0;

  /** Position of the oldest number still here. */
  get first(): number {
    return this.gone;
  }

  /** One behind the newest. */
  get end(): number {
    return this.gone + this.tail - this.head;
  }

  get count(): number {
    return this.tail - this.head;
  }

  push(value: number): void {
    if (this.tail === this.items.length) this.makeRoom();
    this.items[this.tail] = value;
    this.tail += 1;
  }

  at(position: number): number {
    return this.items[this.head + position - this.gone] ?? -1;
  }

  /** Position of the first number at or above the value; `end` when there is none. */
  search(value: number): number {
    let low = this.head;
    let high = this.tail;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.items[middle] as number) < value) low = middle + 1;
      else high = middle;
    }
    return this.gone + low - this.head;
  }

  /** Forgets numbers below the value. */
  dropBelow(value: number): void {
    const count = this.search(value) - this.gone;
    this.head += count;
    this.gone += count;
  }

  clear(): void {
    this.head = 0;
    this.tail = 0;
    this.gone = 0;
  }

  private makeRoom(): void {
    const count = this.tail - this.head;
    const items = new Float64Array(count * 2 > this.items.length ? this.items.length * 2 : this.items.length);
    items.set(this.items.subarray(this.head, this.tail));
    this.items = items;
    this.head = 0;
    this.tail = count;
  }
}
