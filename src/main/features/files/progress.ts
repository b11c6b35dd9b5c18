/** The state of one transfer, as it is told. */
import type { TransferState } from '#shared/contract/files';

const MOST_TOLD = 200;

export class Progress {
  private state: TransferState = { phase: 'preparing', files: 0, bytes: 0, skipped: [], skippedCount: 0 };

  constructor(private readonly onChange: () => void) {}

  get value(): TransferState {
    return this.state;
  }

  set(change: Partial<TransferState>): void {
    this.state = { ...this.state, ...change };
    this.onChange();
  }

  add(bytes: number): void {
    this.set({ bytes: this.state.bytes + bytes });
  }

  fileDone(): void {
    this.set({ files: this.state.files + 1 });
  }

  skip(name: string, why: string): void {
    const { skipped, skippedCount } = this.state;
    const told = skipped.length < MOST_TOLD ? [...skipped, { name, why }] : skipped;
    this.set({ skipped: told, skippedCount: skippedCount + 1 });
  }
}
