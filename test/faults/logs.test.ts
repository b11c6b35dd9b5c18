/** Faults 49 to 51: what containers write, and streams that break, end and flood. */
import type { ServerResponse } from 'node:http';
import { beforeEach, expect } from 'vitest';
import { logs, noFilter, type LogBatch, type LogRows } from '#shared/contract/logs';
import { MARKER, PIECE } from '#shared/domain/logs/flags';
import { ask } from '../../src/demo/test-client';
import { textPieces } from '../../src/renderer/features/logs/row-text';
import type { Front } from './support/front';
import { fault } from './support/row';
import { until, type Page } from './support/sessions';
import { stage } from './support/stage';

const s = stage();

interface Pod {
  metadata: { name: string; namespace: string; resourceVersion?: string };
  spec: { containers: { name: string }[] };
  status: { containerStatuses: { name: string; restartCount: number; state: object; lastState?: object }[] };
}
let server: Front;
let page: Page;
let pod: Pod;

/** One container that runs, with a log of ours. */
beforeEach(async () => {
  const answer = await ask(s.demo, '/api/v1/namespaces/shop/pods?fieldSelector=status.phase%3DRunning');
  const all = (answer.body as { items: Pod[] }).items;
  const found = all.find((one) => one.spec.containers.length === 1);
  if (!found) throw new Error('the demo has no such pod');
  pod = found;
  server = await s.before();
  page = s.page(server);
});

const path = (): string => `/api/v1/namespaces/shop/pods/${pod.metadata.name}`;
const stamp = (second: number, nano = 0): string =>
  `2026-03-01T10:00:${String(second).padStart(2, '0')}.${String(nano).padStart(9, '0')}Z`;

interface Asked {
  readonly follow: boolean;
  readonly query: URLSearchParams;
}
/** Answers each question for the log in turn; the last answer stands for all later ones. */
function answerLogs(...answers: ((response: ServerResponse, asked: Asked) => void)[]): Asked[] {
  const asked: Asked[] = [];
  server.rules.push((request, response) => {
    const url = new URL(request.url ?? '', server.url);
    if (url.pathname !== `${path()}/log`) return false;
    const one = { follow: url.searchParams.get('follow') === 'true', query: url.searchParams };
    asked.push(one);
    response.writeHead(200, { 'content-type': 'text/plain' });
    response.flushHeaders();
    answers[Math.min(asked.length, answers.length) - 1]?.(response, one);
    return true;
  });
  return asked;
}
const quiet = (): void => undefined;

class Log {
  last: LogBatch | undefined;
  rows: LogRows | undefined;
  streams: LogBatch['streams'];
  readonly update: (change: object) => void;

  constructor(keep = 100_000) {
    const stream = page.client.open(
      logs,
      'follow',
      {
        source: { type: 'pods', pods: [{ namespace: 'shop', name: pod.metadata.name }] },
        previous: false,
        tail: 1_000,
        sinceSeconds: null,
        follow: true,
        keep,
        limit: 400,
        filter: noFilter,
        request: 1,
      },
      {
        onData: (batch) => {
          this.last = batch;
          if (batch.rows) this.rows = batch.rows;
          if (batch.streams) this.streams = batch.streams;
        },
        onEnd: () => undefined,
      },
    );
    this.update = (change) => stream.update({ request: 2, ...change });
  }

  get texts(): readonly string[] {
    return this.rows?.text ?? [];
  }
  get markers(): string[] {
    return this.texts.filter((_, at) => ((this.rows?.flags[at] ?? 0) & MARKER) !== 0);
  }
  get written(): string[] {
    return this.texts.filter((_, at) => ((this.rows?.flags[at] ?? 0) & MARKER) === 0);
  }
  get stream() {
    return this.streams?.[0];
  }
}

fault(
  49,
  async () => {
    const lines = [
      'plain\r',
      '\u001b[31mred\u001b[0m and \u001b]52;c;cm0gLXJmIC8=\u0007clipboard',
      'progress 10%\rprogress 20%\rprogress 100%',
      'turned \u202egnp.exe',
      'nul\u0000 bell\u0007',
    ];
    const binary = Buffer.from([0xff, 0xfe, 0x00, 0x80, 0xc3, 0x28]);
    answerLogs((response) => {
      lines.forEach((line, at) => response.write(`${stamp(at)} ${line}\n`));
      response.write(Buffer.concat([Buffer.from(`${stamp(9)} `), binary, Buffer.from('\n')]));
      response.end(`${stamp(10)} no newline at the end`);
    }, quiet);
    const log = new Log();
    await until(() => log.written.length === 7);
    expect(log.written[0]).toBe('plain');
    expect(log.written[6]).toBe('no newline at the end');
    // What reaches the screen: letters, colours, and codes for all that is neither.
    const drawn = log.written.map((text) =>
      textPieces(text)
        .map((piece) => piece.code ?? piece.text)
        .join(''),
    );
    expect(drawn[1]).toBe('red and clipboard');
    expect(drawn[2]).toBe('progress 10%CRprogress 20%CRprogress 100%');
    expect(drawn[3]).toBe('turned U+202Egnp.exe');
    expect(drawn[4]).toBe('nulNUL bellBEL');
    for (const text of drawn) expect(text).not.toMatch(/[\u0000-\u0008\u000a-\u001f\u202a-\u202e]/);
  },
  'what hides and colours',
);

fault(
  49,
  async () => {
    const part = Buffer.alloc(1024 * 1024, 'x');
    answerLogs((response) => {
      response.write(`${stamp(1)} `);
      let left = 100;
      const more = (): void => {
        while (left > 0) {
          left -= 1;
          if (!response.write(part)) return void response.once('drain', more);
        }
        response.end(`\n${stamp(2)} after\n`);
      };
      more();
    }, quiet);
    const before = process.memoryUsage.rss();
    const log = new Log(1_000);
    await until(() => log.written.at(-1) === 'after', 50_000);
    expect((process.memoryUsage.rss() - before) / 2 ** 20).toBeLessThan(400);
    // It came in pieces, each of which is cut for the screen.
    const pieces = log.rows?.flags.filter((flags) => (flags & PIECE) !== 0).length ?? 0;
    expect(pieces).toBeGreaterThan(5);
    for (const text of log.texts) expect(text.length).toBeLessThanOrEqual(16 * 1024);
    // The rest is there on demand.
    const { last, rows } = log;
    const whole = await page.client.call(logs, 'line', {
      session: last?.session ?? 0,
      seq: rows?.seq[0] ?? 0,
    });
    expect(whole.text.length).toBeGreaterThan(1024 * 1024);
  },
  'a line of 100 MB',
);

fault(
  50,
  async () => {
    const asked = answerLogs(
      (response) => response.end(`${stamp(1)} one\n${stamp(2)} two\n`),
      (response) => {
        response.write(`${stamp(2)} two\n${stamp(3)} three\n${stamp(3, 5)} fo`);
        s.scope.timeout(() => response.destroy(), 200);
      },
      (response) => response.write(`${stamp(3)} three\n${stamp(3, 5)} four\n`),
    );
    const log = new Log();
    await until(() => log.written.at(-1) === 'four', 30_000);
    expect(log.written).toEqual(['one', 'two', 'three', 'four']);
    expect(asked.map((one) => one.query.get('sinceTime')?.slice(17, 19) ?? null)).toEqual([null, '02', '03']);
    expect(log.markers.join()).toMatch(/Connection lost for .*read on from there/);
    expect(log.stream?.phase).toBe('live');
  },
  'cut: no line twice, none lost',
);

fault(
  50,
  async () => {
    answerLogs(
      (response) => response.end(`${stamp(1)} one\n`),
      (response) => {
        response.write(`${stamp(1)} one\n`);
        s.scope.timeout(() => response.destroy(), 200);
      },
      // What was read last is not there any more.
      (response) => response.write(`${stamp(40)} much later\n`),
    );
    const log = new Log();
    await until(() => log.written.at(-1) === 'much later', 30_000);
    expect(log.markers.join()).toMatch(/39 seconds unknown: the log was rotated/);
  },
  'rotated meanwhile: a gap marker',
);

fault(
  50,
  async () => {
    const held: ServerResponse[] = [];
    answerLogs(
      (response) => response.end(`${stamp(1)} before\n`),
      (response) => void held.push(response),
      (response) => void response.write(`${stamp(5)} after\n`),
    );
    const log = new Log();
    await until(() => held.length === 1);
    const { body } = await ask(s.demo, path());
    const now = body as unknown as Pod;
    for (const status of now.status.containerStatuses) {
      status.restartCount += 1;
      status.lastState = { terminated: { exitCode: 137, reason: 'OOMKilled', finishedAt: stamp(4) } };
    }
    await ask(s.demo, `${path()}/status`, { method: 'PUT', body: now });
    held[0]?.end();
    await until(() => log.written.at(-1) === 'after', 30_000);
    expect(log.markers.join()).toMatch(/exit(ed)? .*137|OOMKilled/);
    expect(log.markers.join()).toMatch(/Restarted/);
  },
  'the container restarts',
);

fault(
  50,
  async () => {
    const held: ServerResponse[] = [];
    answerLogs(
      (response) => response.end(`${stamp(1)} before\n`),
      (response) => void held.push(response),
    );
    const log = new Log();
    await until(() => held.length === 1);
    // Quiet: nothing comes for a while and it stays open.
    await until(() => log.stream?.phase === 'live');
    await ask(s.demo, `${path()}?gracePeriodSeconds=0`, { method: 'DELETE' });
    held[0]?.end();
    await until(() => log.stream?.phase === 'ended', 30_000);
    expect(log.stream?.words).toBe('The pod was deleted.');
    expect(log.written).toEqual(['before']);
  },
  'the pod is deleted: it ends with a reason',
);

fault(
  51,
  async () => {
    const line = `${'flood '.repeat(20)}\n`;
    const old = new Date(Date.now() - 600_000).toISOString().replace('Z', '000000Z');
    const chunk = Buffer.from(`${old} ${line}`.repeat(8_000));
    let sent = 0;
    let flooded = 0;
    const asked = answerLogs(
      (response) => response.end(),
      (response) => {
        flooded += 1;
        const more = (): void => {
          while (!response.destroyed) {
            sent += chunk.length;
            if (!response.write(chunk)) return void response.once('drain', more);
          }
        };
        more();
      },
      (response) => void response.write(`${new Date().toISOString().replace('Z', '000000Z')} now\n`),
    );
    const before = process.memoryUsage.rss();
    const log = new Log(20_000);
    await until(() => log.markers.some((text) => text.startsWith('skipped')), 50_000);
    expect(log.markers.join()).toMatch(
      /skipped \d+ seconds: this container writes faster than 6 MB a second/,
    );
    await until(() => log.written.at(-1) === 'now', 20_000);
    expect(flooded).toBe(1);
    expect(asked.at(-1)?.query.get('tailLines')).toBe('0');
    // The socket waits: what the server could send is bounded by what was taken.
    expect(sent / 2 ** 20).toBeLessThan(200);
    expect(log.last?.lines).toBeLessThanOrEqual(20_000);
    expect(log.last?.dropped).toBeGreaterThan(0);
    expect((process.memoryUsage.rss() - before) / 2 ** 20).toBeLessThan(400);
    // The host answers meanwhile.
    const began = performance.now();
    await page.client.call(logs, 'rowAt', { session: log.last?.session ?? 0, time: 0 });
    expect(performance.now() - began).toBeLessThan(1_000);
  },
  undefined,
  120_000,
);
