/** How far a list has come: rows are flushed and told at most every 100 ms, a first screen of them sooner. */
import type { Clock } from './clock';
import type { RawRow } from './decode/raw-row';
import { FIRST_ROWS } from './list';
import type { ReflectorSink } from './reflector-types';

const PROGRESS_MS = 100;
/** While a first screen of rows is not full, whoever looks waits for the next. */
export const FILL_INTERVAL_MS = 20;

export class Progress {
  loaded = 0;
  private lastFlush: number;
  private flushed = 0;

  constructor(
    private readonly clock: Clock,
    private readonly sink: Pick<ReflectorSink, 'flush'>,
    private readonly told: (loaded: number, expected: number | null) => void,
  ) {
    this.lastFlush = clock.now() - PROGRESS_MS;
  }

  /** After each piece of the answer. */
  tell(expected: number | null): void {
    const now = this.clock.now();
    const pause = this.flushed < FIRST_ROWS ? FILL_INTERVAL_MS : PROGRESS_MS;
    if (now - this.lastFlush < pause || this.loaded === 0) return;
    this.lastFlush = now;
    this.flushed = this.loaded;
    this.sink.flush();
    this.told(this.loaded, expected);
  }

  /** The same, counting what goes through it. */
  counted(add: ((row: RawRow) => void) | undefined): ((row: RawRow) => void) | undefined {
    return (
      add &&
      ((row) => {
        this.loaded++;
        add(row);
      })
    );
  }
}
