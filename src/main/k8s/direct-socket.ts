/**
 * A TLS connection that is read into one buffer, used again and again, and carries one exchange
 * (direct-line.ts). It may be made ahead: dialling costs two round trips, and a list that turns out to be
 * large wants its bytes at once.
 * Guarantees: a connection nobody has taken is gone after 10 s, at once when it is lost or the server
 * speaks without being asked, and when `drop` is aborted; nothing is sent before the peer is verified.
 */
import * as tls from 'node:tls';

/** What is gathered before it is looked at: TLS gives pieces of 4 KiB. */
const BLOCK_BYTES = 64 * 1024;
/** Room for one more piece. */
const PIECE_BYTES = 16 * 1024;
/** Servers hang up on who says nothing for half a minute. */
const UNUSED_MS = 10_000;

export interface SocketUser {
  /** Verified, may be written to. Perhaps at once. */
  onReady(): void;
  /** Bytes that are valid during the call only. */
  onBytes(bytes: Buffer): void;
  /** After the last of the bytes that came at once. */
  onTurn(): void;
  /** The peer says no more. */
  onEnd(): void;
  /** Closed or broken; perhaps more than once. */
  onLost(thrown: unknown): void;
}

export function lost(): Error {
  return Object.assign(new Error('closed early'), { code: 'ECONNRESET' });
}

export class DirectSocket {
  readonly socket: tls.TLSSocket;
  /** It waited for its exchange: the server may be closing it just now. */
  waited = false;
  isReady = false;
  private isGone = false;
  private user: SocketUser | undefined;
  private readonly block = Buffer.allocUnsafeSlow(BLOCK_BYTES);
  // What is read next goes behind `used`, what was read and not looked at begins at `from`.
  private from = 0;
  private used = 0;
  private turn: NodeJS.Immediate | undefined;
  private unused: NodeJS.Timeout | undefined;

  constructor(
    to: tls.ConnectionOptions,
    private readonly drop: AbortSignal,
  ) {
    const onread = {
      buffer: () => this.block.subarray(this.used),
      callback: (length: number): boolean => {
        this.used += length;
        if (BLOCK_BYTES - this.used < PIECE_BYTES) {
          this.drain();
          // Only here: the place of the next piece is asked for right after this, and kept.
          this.from = this.used = 0;
        }
        this.turn ??= setImmediate(this.endTurn);
        return true;
      },
    };
    const socket = (this.socket = tls.connect({ ...to, onread } as tls.ConnectionOptions));
    drop.addEventListener('abort', this.onDrop, { once: true });
    socket.once('secureConnect', () => {
      this.isReady = true;
      socket.setNoDelay(true);
      socket.setKeepAlive(true, 15_000);
      this.user?.onReady();
    });
    socket.on('error', (error) => this.onLost(error));
    socket.once('end', () => {
      this.drain();
      this.user?.onEnd();
    });
    socket.once('close', () => {
      this.drain();
      drop.removeEventListener('abort', this.onDrop);
      this.onLost(lost());
    });
  }

  /** Waits for an exchange to come. */
  keep(): this {
    this.unused = setTimeout(() => this.close(), UNUSED_MS);
    return this;
  }

  get isUsable(): boolean {
    return !this.isGone && this.user === undefined;
  }

  /** The one exchange of this connection. */
  use(user: SocketUser): void {
    this.waited = this.unused !== undefined;
    clearTimeout(this.unused);
    this.user = user;
    if (this.isReady) user.onReady();
  }

  close(): void {
    this.isGone = true;
    clearTimeout(this.unused);
    this.socket.destroy();
  }

  private readonly onDrop = (): void => this.onLost(lost());

  private onLost(thrown: unknown): void {
    this.isGone = true;
    if (this.user) this.user.onLost(thrown);
    else this.close();
  }

  private drain(): void {
    const bytes = this.block.subarray(this.from, this.used);
    this.from = this.used;
    if (bytes.length === 0) return;
    if (this.user) this.user.onBytes(bytes);
    else this.close();
  }

  private readonly endTurn = (): void => {
    this.turn = undefined;
    this.drain();
    this.user?.onTurn();
  };
}
