/** So many bytes a second, with a reserve that fills while nothing is taken. */
export class TokenBucket {
  private left: number;
  private last: number;

  constructor(
    private readonly perSecond: number,
    private readonly reserve: number,
    private readonly now: () => number = Date.now,
  ) {
    this.left = reserve;
    this.last = now();
  }

  /** Takes them in any case; returns how long to wait (ms) before taking more. */
  take(bytes: number): number {
    const now = this.now();
    this.left = Math.min(this.reserve, this.left + ((now - this.last) / 1000) * this.perSecond) - bytes;
    this.last = now;
    return this.left >= 0 ? 0 : (-this.left / this.perSecond) * 1000;
  }
}
