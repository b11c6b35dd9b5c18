/**
 * A log of a node: a file below the kubelet's `/logs`, read on from where it was, or a service of the
 * journal (kubelet log query), asked again from the last second on. Guarantees: a line once, in its order; a
 * file that became shorter begins anew and says so; a last line without its newline waits for it.
 * Neither can be followed by the server: it is asked every two seconds.
 */
import { lineTime } from '#shared/domain/logs/line-time';
import { lineHash, Resume } from '#shared/domain/logs/resume';
import type { StreamPhase } from '#shared/contract/logs';
import type { Scope } from '#shared/rpc/scope';
import { fail, isCancelled, toAppError, type AppError } from '#shared/util/app-error';
import type { ApiResponse } from '../../k8s/api';
import { Backoff, sleep } from '../../k8s/backoff';
import { LineReader, MOST_LINE } from './line-reader';
import { nodeLogPath } from './node-files';
import type { ContainerInfo, PodInfo } from './pod-info';
import { rfc3339, seconds, type LogStream, type StreamOptions } from './stream-parts';

const EVERY = 2_000;
/** Read of a file to begin with, where not all of it is wanted. */
const BEGIN_BYTES = 1024 * 1024;

const noContainer: ContainerInfo = {
  name: '',
  type: 'main',
  restarts: 0,
  state: 'running',
  reason: '',
  message: '',
  exitCode: undefined,
  exitReason: '',
  exitedAt: undefined,
};

export interface NodeLog {
  readonly node: string;
  readonly path: string;
  readonly query: boolean;
}

export class NodeLogStream implements LogStream {
  phase: StreamPhase = 'opening';
  words = '';
  lines = 0;
  readonly restarts = 0;
  readonly throttled = false;
  readonly type = 'node';
  readonly pod: PodInfo;
  readonly info: ContainerInfo;
  private readonly backoff = new Backoff();
  private resume = new Resume();
  /** Bytes of the file that have become lines. */
  private position = 0;
  private begun = false;
  private time = 0;
  private brokeAt: number | undefined;

  constructor(
    readonly id: number,
    private readonly log: NodeLog,
    private readonly options: StreamOptions,
  ) {
    this.info = { ...noContainer, name: log.path };
    this.pod = {
      uid: 'node',
      namespace: '',
      name: log.node,
      node: log.node,
      phase: '',
      reason: '',
      terminating: false,
      defaultContainer: undefined,
      containers: [this.info],
    };
  }

  update(): void {
    // Nothing is known of it but what it answers.
  }

  nudge(): void {
    // It is asked again soon anyway.
  }

  async run(): Promise<void> {
    const { scope, follow } = this.options;
    while (!scope.disposed) {
      const own = scope.child('node-log');
      try {
        if (this.log.query) await this.ask(own);
        else await this.readOn(own);
        this.back();
        this.backoff.reset();
        if (!follow) return this.set('ended', 'Read to its end.');
        await sleep(EVERY, scope.signal);
      } catch (thrown) {
        if (scope.disposed || isCancelled(thrown)) return;
        const error = toAppError(thrown);
        if (!this.mayComeBack(error)) return;
        await sleep(this.backoff.delay((error.retryAfter ?? 0) * 1000), scope.signal).catch(() => undefined);
      } finally {
        own.dispose();
      }
    }
  }

  private mayComeBack(error: AppError): boolean {
    if (error.code === 'forbidden' || error.code === 'unauthorized') {
      this.set('denied', error.message);
      return false;
    }
    if (error.code === 'not-found') {
      this.set('ended', `The kubelet of ${this.log.node} has no log ${this.log.path}.`);
      return false;
    }
    if (error.code === 'unsupported' || error.code === 'invalid') {
      this.set('failed', error.message);
      return false;
    }
    this.brokeAt ??= Date.now();
    this.set(
      'reconnecting',
      `The kubelet of ${this.log.node} cannot be reached: ${error.message.slice(0, 300)}`,
    );
    return true;
  }

  private back(): void {
    if (this.brokeAt !== undefined)
      this.options.output.marker(
        this,
        `Connection lost for ${seconds(Date.now() - this.brokeAt)}; read on from there.`,
      );
    this.brokeAt = undefined;
    this.set('live', '');
  }

  /** What the file holds behind the last whole line. */
  private async readOn(own: Scope): Promise<void> {
    const { api, tail } = this.options;
    const range = this.begun
      ? `bytes=${this.position}-`
      : tail === 0
        ? 'bytes=-1'
        : tail === null
          ? 'bytes=0-'
          : `bytes=-${BEGIN_BYTES}`;
    if (!this.begun) this.set('reading', '');
    const answer = await api.open(
      {
        path: nodeLogPath(this.log.node, this.log.path),
        accept: '*/*',
        headers: { Range: range },
        pass: [416],
        long: true,
      },
      own.signal,
    );
    if (answer.status === 416) {
      await drain(answer);
      const size = Number(/\*\/(\d+)/.exec(answer.headers['content-range'] ?? '')?.[1] ?? this.position);
      if (size < this.position) this.again();
      this.begun = true;
      return;
    }
    let skip = 0;
    if (answer.status === 206) {
      const from = /bytes (\d+)-/.exec(answer.headers['content-range'] ?? '');
      if (!this.begun) this.position = Number(from?.[1] ?? 0);
    } else if (this.begun) {
      // The whole file: the server knows no ranges.
      skip = this.position;
      const size = Number(answer.headers['content-length'] ?? Number.NaN);
      if (size < this.position) {
        this.again();
        skip = 0;
      }
    }
    // A beginning in the middle of the file is hardly ever the beginning of a line.
    let torn = !this.begun && this.position > 0;
    this.begun = true;
    let taken = 0;
    const reader = new LineReader(
      {
        line: (bytes, start, end) => {
          if (torn) torn = false;
          else this.take(bytes, start, end);
        },
      },
      false,
    );
    for await (const chunk of answer.body) {
      const part = skip > 0 ? chunk.subarray(Math.min(skip, chunk.length)) : chunk;
      skip -= chunk.length - part.length;
      reader.push(part);
      const newline = part.lastIndexOf(0x0a);
      if (newline >= 0) {
        this.position += taken + newline + 1;
        taken = part.length - newline - 1;
      } else taken += part.length;
      // A line of that length has been passed on in pieces.
      if (taken >= MOST_LINE) {
        this.position += taken;
        taken = 0;
      }
    }
    reader.drop();
  }

  private again(): void {
    this.position = 0;
    this.options.output.marker(this, 'The file was rotated or cut; it is read from its beginning.');
  }

  /** The journal from the last known second on; lines of that second come again and are known. */
  private async ask(own: Scope): Promise<void> {
    const { api, tail, sinceSeconds, now } = this.options;
    if (!this.begun) this.set('reading', '');
    const { second } = this.resume;
    const from =
      second >= 0
        ? { sinceTime: rfc3339(second * 1000) }
        : {
            tailLines: tail ?? undefined,
            sinceTime: sinceSeconds === null ? undefined : rfc3339(now() - sinceSeconds * 1000),
          };
    const answer = await api.open(
      {
        path: nodeLogPath(this.log.node, ''),
        query: { query: this.log.path, ...from },
        accept: '*/*',
        long: true,
      },
      own.signal,
    );
    if (/html/i.test(answer.headers['content-type'] ?? '')) {
      await drain(answer);
      throw fail(
        'unsupported',
        `The kubelet of ${this.log.node} answers no log queries: NodeLogQuery and enableSystemLogQuery are off.`,
      );
    }
    this.begun = true;
    this.resume.begin();
    const reader = new LineReader(
      {
        line: (bytes, start, end) => {
          const time = this.timeOf(bytes, start, end);
          const sec = Math.floor(time / 1000);
          const nano = (time % 1000) * 1e6;
          const hash = lineHash(bytes, start, end);
          if (this.resume.isRepeat(sec, nano, hash)) return;
          this.resume.seen(sec, nano, hash);
          this.pass(bytes, start, end, time);
        },
      },
      false,
    );
    for await (const chunk of answer.body) reader.push(chunk);
    reader.finish();
  }

  private take(bytes: Uint8Array, start: number, end: number): void {
    this.pass(bytes, start, end, this.timeOf(bytes, start, end));
  }

  private pass(bytes: Uint8Array, start: number, end: number, time: number): void {
    this.lines += 1;
    const sec = Math.floor(time / 1000);
    this.options.output.line(this, bytes, start, end, sec, Math.round((time - sec * 1000) * 1e6), false);
  }

  private timeOf(bytes: Uint8Array, start: number, end: number): number {
    const head = Buffer.from(bytes.buffer, bytes.byteOffset + start, Math.min(96, end - start));
    const now = this.options.now();
    this.time = lineTime(head.toString('latin1'), now) ?? (this.time === 0 ? now : this.time);
    return this.time;
  }

  private set(phase: StreamPhase, words: string): void {
    if (this.phase === phase && this.words === words) return;
    this.phase = phase;
    this.words = words;
    this.options.output.changed(this);
  }
}

async function drain({ body }: ApiResponse): Promise<void> {
  for await (const chunk of body) void chunk;
}
