/**
 * What the person types on its way to the program: kept until there is one, then written in order
 * and no faster than the connection takes it. Bounded: a reader that floods loses the stream.
 */
import { fail } from '#shared/util/app-error';
import type { ExecStream } from '../../k8s/exec-stream';

const MAX_HELD = 4 * 1024 * 1024;

export class Input {
  private held: Buffer[] = [];
  private heldBytes = 0;
  private taken = 0;
  private stream: Pick<ExecStream, 'write' | 'drained'> | undefined;
  private busy = false;

  constructor(private readonly onTaken: (total: number) => void) {}

  /** Throws `too-large` beyond 4 MiB that nothing has taken. */
  push(text: string): void {
    const bytes = Buffer.from(text, 'utf8');
    this.heldBytes += bytes.length;
    if (this.heldBytes > MAX_HELD) throw fail('too-large', 'The program takes no more input.');
    this.held.push(bytes);
    void this.pump();
  }

  attach(stream: Pick<ExecStream, 'write' | 'drained'>): void {
    this.stream = stream;
    void this.pump();
  }

  private async pump(): Promise<void> {
    const { stream } = this;
    if (!stream || this.busy) return;
    this.busy = true;
    for (let next = this.held.shift(); next; next = this.held.shift()) {
      this.heldBytes -= next.length;
      this.taken += next.length;
      if (!stream.write(next)) await stream.drained();
      this.onTaken(this.taken);
    }
    this.busy = false;
  }
}
