/** Keeps a terminal's output in a file that the person chose; the main process writes it. */
import { pty } from '#shared/contract/pty';
import type { OpenStream, RpcClient } from '#shared/rpc/client';

export class SessionLog {
  private readonly stream: OpenStream<{ readonly data: Uint8Array }>;

  /** `tell` hears where it goes, or why it does not; undefined when the person chose no file. */
  constructor(client: RpcClient, suggested: string, tell: (text: string | undefined) => void) {
    this.stream = client.open(
      pty,
      'log',
      { suggested: suggested.replace(/[^\w.-]+/g, '-').slice(0, 120) },
      {
        onData: ({ path }) => tell(`Logging to ${path}`),
        onEnd: (error) => tell(error && error.code !== 'cancelled' ? error.message : 'No log is kept.'),
      },
    );
  }

  write(bytes: Uint8Array): void {
    this.stream.update({ data: bytes });
  }

  close(): void {
    this.stream.close();
  }
}
