/**
 * Ties a terminal on screen to a program's stream, wherever it runs (contract/shell.ts).
 * Guarantees: output is acknowledged when it was shown; large input goes out in parts and waits
 * for the program; how it ended is told once. Does not reconnect by itself.
 */
import type { TerminalBatch, TerminalEnd, TerminalStarted, TerminalUpdate } from '#shared/contract/shell';
import type { OpenStream, StreamListener } from '#shared/rpc/client';

/** Opens a program's stream for a terminal of this size. */
export type OpenTerminal = (
  size: { readonly columns: number; readonly rows: number },
  listener: StreamListener<TerminalBatch>,
) => OpenStream<TerminalUpdate>;

export interface LinkState {
  readonly phase: 'opening' | 'running' | 'ended';
  readonly started?: TerminalStarted;
  readonly end?: TerminalEnd;
}

/** What is needed of the terminal on screen. */
export interface Screen {
  write(bytes: Uint8Array | string, shown?: () => void): void;
}

const PART = 8_192;
/** Input on its way to the program. */
const MOST_OPEN = 128 * 1024;

export class TerminalLink {
  state: LinkState = { phase: 'opening' };
  private readonly stream: OpenStream<TerminalUpdate>;
  private waiting: string[] = [];
  private sent = 0;
  private taken = 0;
  private closed = false;
  private readonly encoder = new TextEncoder();

  constructor(
    open: OpenTerminal,
    size: { readonly columns: number; readonly rows: number },
    screen: Screen,
    private readonly onChange: (state: LinkState) => void,
    /** Hears all output, e.g. to keep a log. */
    private readonly onOutput: (bytes: Uint8Array) => void = () => undefined,
  ) {
    this.stream = open(size, {
      onData: (batch) => {
        if (batch.started) this.set({ phase: 'running', started: batch.started });
        if (batch.taken !== undefined) {
          this.taken = batch.taken;
          this.pump();
        }
        const { data } = batch;
        if (data) {
          this.onOutput(data);
          screen.write(data, () => this.update({ type: 'ack', bytes: data.length }));
        }
        if (batch.end) this.set({ ...this.state, phase: 'ended', end: batch.end });
      },
      onEnd: (error) => {
        if (this.state.phase === 'ended') return;
        const lost = error ?? { code: 'closed' as const, message: 'The program ended without saying how.' };
        this.set({ ...this.state, phase: 'ended', end: { error: lost } });
      },
    });
  }

  input(data: string): void {
    if (this.closed || this.state.phase === 'ended') return;
    for (let at = 0; at < data.length;) {
      let end = Math.min(data.length, at + PART);
      // Never between the halves of one character.
      const last = data.charCodeAt(end - 1);
      if (end < data.length && last >= 0xd800 && last < 0xdc00) end -= 1;
      this.waiting.push(data.slice(at, end));
      at = end;
    }
    this.pump();
  }

  resize(size: { readonly columns: number; readonly rows: number }): void {
    this.update({ type: 'resize', columns: size.columns, rows: size.rows });
  }

  /** Ends the program's terminal; nothing is told after this. */
  close(): void {
    if (this.closed) return;
    this.closed = true;
    this.stream.close();
  }

  private pump(): void {
    while (this.sent - this.taken < MOST_OPEN) {
      const next = this.waiting.shift();
      if (next === undefined) return;
      this.sent += this.encoder.encode(next).length;
      this.update({ type: 'input', data: next });
    }
  }

  private update(update: TerminalUpdate): void {
    if (!this.closed) this.stream.update(update);
  }

  private set(state: LinkState): void {
    if (this.closed) return;
    this.state = state;
    this.onChange(state);
  }
}

/** `exit code 3`, or why there is no number. */
export function endWords(end: TerminalEnd): string {
  if ('error' in end) return end.error.message;
  return end.signal === undefined ? `exit code ${end.code}` : `ended by ${end.signal}`;
}
