import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { Scope } from '#shared/rpc/scope';
import { fail } from '#shared/util/app-error';
import type { Api, ApiRequest, ApiResponse } from '../../k8s/api';
import { Gate } from '../../k8s/gate';
import { ContainerStream } from './container-stream';
import type { StreamOutput } from './stream-parts';
import type { ContainerInfo, PodInfo } from './pod-info';

const info: ContainerInfo = {
  name: 'app',
  type: 'main',
  restarts: 0,
  state: 'running',
  reason: '',
  message: '',
  exitCode: undefined,
  exitReason: '',
  exitedAt: undefined,
};
const done: ContainerInfo = { ...info, state: 'terminated', exitCode: 0, exitReason: 'Completed' };

const podWith = (container: ContainerInfo, phase = 'Running'): PodInfo => ({
  uid: 'u',
  namespace: 'n',
  name: 'p',
  node: 'node-1',
  phase,
  reason: '',
  terminating: false,
  defaultContainer: 'app',
  containers: [container],
});

interface LogLine {
  readonly ns: bigint;
  readonly text: string;
}

/** A kubelet: a file of lines, read from a whole second on, cut where the script says. */
class Server {
  readonly requests: NonNullable<ApiRequest['query']>[] = [];
  fails: (() => Error | undefined)[] = [];

  constructor(
    private readonly lines: LogLine[],
    /** Bytes of each follow after which the connection breaks; then it ends cleanly. */
    private readonly breaks: number[],
    private readonly chunk: number,
    private readonly onEnd: () => void,
  ) {}

  readonly open = async (request: ApiRequest): Promise<ApiResponse> => {
    const query = request.query ?? {};
    this.requests.push(query);
    const failure = this.fails.shift()?.();
    if (failure) throw failure;
    const since =
      typeof query['sinceTime'] === 'string' ? BigInt(Date.parse(query['sinceTime'])) * 1_000_000n : 0n;
    const tail = query['tailLines'];
    // Before following, only the first half has been written.
    const written =
      query['follow'] === true ? this.lines : this.lines.slice(0, Math.floor(this.lines.length / 2));
    let sent = written.filter(({ ns }) => ns >= since);
    if (typeof tail === 'number') sent = tail === 0 ? [] : sent.slice(-tail);
    const bytes = Buffer.from(sent.map(({ ns, text }) => `${stamp(ns)} ${text}\n`).join(''));
    const cut = query['follow'] === true ? this.breaks.shift() : undefined;
    const { chunk, onEnd } = this;
    async function* body(): AsyncGenerator<Uint8Array> {
      const end = cut === undefined ? bytes.length : Math.min(cut, bytes.length);
      for (let at = 0; at < end; at += chunk) {
        await Promise.resolve();
        yield bytes.subarray(at, Math.min(end, at + chunk));
      }
      if (cut !== undefined && cut < bytes.length) throw fail('network', 'The connection broke.');
      if (query['follow'] === true) onEnd();
    }
    return { status: 200, headers: {}, body: body() };
  };
}

function stamp(ns: bigint): string {
  const seconds = new Date(Number(ns / 1_000_000_000n) * 1000).toISOString().slice(0, 19);
  return `${seconds}.${String(ns % 1_000_000_000n).padStart(9, '0')}Z`;
}

const scopes: Scope[] = [];
afterEach(() => scopes.splice(0).forEach((scope) => scope.dispose()));

interface Result {
  readonly lines: string[];
  readonly markers: string[];
  readonly stream: ContainerStream;
  readonly server: Server;
}

async function follow(
  lines: LogLine[],
  breaks: number[],
  chunk: number,
  prepare: (server: Server) => void = () => undefined,
  tail: number | null = null,
  previous: { readonly restarts: number } | null = null,
): Promise<Result> {
  const scope = new Scope('reconnect-test');
  scopes.push(scope);
  const start = previous ? { ...info, restarts: previous.restarts } : info;
  const got: string[] = [];
  const markers: string[] = [];
  const output: StreamOutput = {
    line: (_, bytes, start, end) => void got.push(Buffer.from(bytes.subarray(start, end)).toString('utf8')),
    marker: (_, words) => void markers.push(words),
    changed: (changed) => {
      // Breaks are healed at once: the pod says something new.
      if (changed.phase === 'reconnecting' || (previous && changed.phase === 'waiting'))
        queueMicrotask(() => setImmediate(() => changed.update(podWith(start))));
    },
  };
  const server: Server = new Server(lines, breaks, chunk, () => stream.update(podWith(done, 'Succeeded')));
  prepare(server);
  const api = { open: server.open, clockOffset: 0 } as unknown as Api;
  const stream: ContainerStream = new ContainerStream(0, podWith(start), start, {
    api,
    gate: new Gate(4),
    scope,
    output,
    previous: previous !== null,
    follow: true,
    tail,
    sinceSeconds: null,
    now: Date.now,
  });
  await stream.run();
  return { lines: got, markers, stream, server };
}

const second = 1_000_000_000n;
const begin = BigInt(Date.UTC(2026, 0, 2, 3, 4, 5)) * 1_000_000n;

describe('reconnect', () => {
  it('reads what was, follows, and ends with the exit code', async () => {
    const lines = [1, 2, 3, 4].map((i) => ({ ns: begin + BigInt(i) * second, text: `line ${i}` }));
    const { lines: got, stream, markers } = await follow(lines, [], 1000);
    expect(got).toEqual(['line 1', 'line 2', 'line 3', 'line 4']);
    expect(stream.phase).toBe('ended');
    expect(markers).toEqual(['Exited with code 0.']);
  });

  it('loses and doubles nothing when connections break at any byte, equal lines in one instant included', async () => {
    const line = fc.record({
      gap: fc.constantFrom(0n, 0n, 1n, 999_999n, second / 3n, second, 5n * second),
      text: fc.constantFrom('', 'a', 'a', 'bb', 'x y z', 'é'),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(line, { maxLength: 30 }),
        fc.array(fc.integer({ min: 0, max: 900 }), { maxLength: 4 }),
        fc.integer({ min: 1, max: 70 }),
        async (steps, breaks, chunk) => {
          let ns = begin;
          const lines = steps.map(({ gap, text }) => ({ ns: (ns += gap), text }));
          const { lines: got } = await follow(lines, breaks, chunk);
          expect(got).toEqual(lines.map(({ text }) => text));
        },
      ),
      { numRuns: 60 },
    );
  });

  // The other way round (a jump while nobody reads) the server itself leaves the older stamps out.
  it('survives a clock that jumped back before the connection broke', async () => {
    const offsets = [0n, 100n, 50n, 51n, 52n, 53n, 54n, 101n, 102n];
    const lines = offsets.map((offset, i) => ({ ns: begin + offset * second, text: `line ${i}` }));
    const { lines: got } = await follow(lines, [120, 150], 33);
    expect(got).toEqual(lines.map(({ text }) => text));
  });

  it('says that a connection was lost', async () => {
    const lines = Array.from({ length: 20 }, (_, i) => ({
      ns: begin + BigInt(i) * second,
      text: `line ${i}`,
    }));
    const { markers, lines: got } = await follow(lines, [200], 64);
    expect(got).toHaveLength(20);
    expect(markers[0]).toMatch(/^Connection lost for \d+ s; read on from there\.$/);
  });

  it('ends, in the server’s words, where reading is forbidden', async () => {
    const words =
      'pods "p" is forbidden: User "jane" cannot get resource "pods/log" in API group "" in the namespace "n"';
    const { stream } = await follow([], [], 10, (server) =>
      server.fails.push(() => fail('forbidden', words)),
    );
    expect([stream.phase, stream.words]).toEqual(['denied', words]);
  });

  it('names the node whose kubelet cannot be reached, and goes on', async () => {
    const phrases: string[] = [];
    const refused = fail(
      'server',
      'Get "https://10.0.0.1:10250/containerLogs/n/p/app": dial tcp: connection refused',
      { status: 500 },
    );
    const { lines: got } = await follow(
      [
        { ns: begin, text: 'a' },
        { ns: begin + 1n, text: 'b' },
      ],
      [],
      10,
      (server) =>
        server.fails.push(
          () => refused,
          () => void phrases.push('again'),
        ),
    );
    expect(got).toEqual(['a', 'b']);
    expect(phrases).toEqual(['again']);
  });

  it('asks again for the instance before while a restart is under way, and says so where it is gone', async () => {
    const gone = fail('invalid', 'previous terminated container "app" in pod "p" not found', { status: 400 });
    const lines = ['a', 'b'].map((text, i) => ({ ns: begin + BigInt(i), text }));
    const late = await follow(
      lines,
      [],
      10,
      (server) =>
        server.fails.push(
          () => gone,
          () => gone,
        ),
      null,
      { restarts: 2 },
    );
    expect(late.lines).toEqual(['a']);
    expect(late.server.requests).toHaveLength(3);

    const always = Array.from({ length: 20 }, () => () => gone);
    const never = await follow(lines, [], 10, (server) => server.fails.push(...always), null, {
      restarts: 2,
    });
    expect([never.stream.phase, never.stream.words]).toEqual(['ended', gone.message]);
    expect(never.server.requests).toHaveLength(5);

    const first = await follow(lines, [], 10, (server) => server.fails.push(...always), null, {
      restarts: 0,
    });
    expect(first.server.requests).toHaveLength(1);
  });

  it('asks for stamps always and resumes at a whole second', async () => {
    const lines = Array.from({ length: 4 }, (_, i) => ({
      ns: begin + BigInt(i) * 1_500_000_000n,
      text: `${i}`,
    }));
    const { server } = await follow(lines, [40], 16);
    expect(server.requests.every((query) => query['timestamps'] === true)).toBe(true);
    expect(
      server.requests
        .filter((query) => query['sinceTime'] !== undefined)
        .every((query) => /:\d\dZ$/.test(String(query['sinceTime']))),
    ).toBe(true);
  });
});
