/**
 * A token in a file that somebody rotates: read again after 60 s (less 10 s of leeway) or after a
 * 401. A file that is empty or gone keeps the token read before until the server refuses
 * it (fault 41). The kubeconfig's own token stands in while the file was never readable.
 */
import { readSmallFile, type FileProblem } from '../kubeconfig/read-file';
import { fail } from '#shared/util/app-error';
import { checkedToken, jwtExpiry } from './token';

const REREAD_MS = 50_000;
const MAX_TOKEN = 1024 * 1024;

export class FileToken {
  readonly busy = false;
  private token: string | undefined;
  private readAt = -Infinity;
  private generation = 0;
  private refused: string | undefined;
  private reading: Promise<void> | undefined;

  constructor(
    private readonly path: string,
    private readonly fallback: string | undefined,
    private readonly now: () => number = () => performance.now(),
  ) {}

  async current(): Promise<{ token: string; generation: number }> {
    if (this.now() - this.readAt > REREAD_MS) await this.read();
    const token = this.token ?? this.fallback;
    if (token === undefined) throw fail('credentials', `The token file ${this.path} is empty.`);
    return { token: checkedToken(token), generation: this.generation };
  }

  rejected(generation: number): boolean {
    if (generation !== this.generation) return true;
    // Once per token: the same token again would be refused again.
    if (this.refused === this.token && this.token !== undefined) return false;
    this.refused = this.token;
    this.readAt = -Infinity;
    return true;
  }

  retry(): void {
    this.refused = undefined;
    this.readAt = -Infinity;
  }

  get expires(): number | undefined {
    return this.token === undefined ? undefined : jwtExpiry(this.token);
  }

  private read(): Promise<void> {
    this.reading ??= this.readNow().finally(() => {
      this.reading = undefined;
    });
    return this.reading;
  }

  private async readNow(): Promise<void> {
    try {
      const text = (await readSmallFile(this.path, MAX_TOKEN)).toString('utf8').trim();
      this.readAt = this.now();
      if (text === '' || text === this.token) return;
      this.token = text;
      this.generation += 1;
    } catch (thrown) {
      this.readAt = this.now();
      if (this.token !== undefined || this.fallback !== undefined) return;
      this.readAt = -Infinity;
      throw fail('credentials', `The token file cannot be read: ${(thrown as FileProblem).message}`);
    }
  }
}
