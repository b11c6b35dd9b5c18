/** One measured process of `logs`: the store, or the baseline of one object per line. Prints JSON. */
import { performance } from 'node:perf_hooks';
import { Grouper } from '../../src/shared/domain/logs/group';
import { detectLevel } from '../../src/shared/domain/logs/level';
import { lineHash, Resume } from '../../src/shared/domain/logs/resume';
import type { LogTerm } from '../../src/shared/contract/logs';
import { ByteStore } from '../../src/main/features/logs/byte-store';
import { LineReader } from '../../src/main/features/logs/line-reader';
import { LogView } from '../../src/main/features/logs/log-view';
import { gc } from './gc';

export type LogsChildResult = Readonly<Record<string, number>>;

/** On a busy machine the processor's time says more than the wall's: `BENCH_CLOCK=cpu`. */
const clock = (): number => {
  if (process.env['BENCH_CLOCK'] !== 'cpu') return performance.now();
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
};

const LINES = 1_000_000;
const CHUNK = 64 * 1024;

/** What a server sends: stamps and lines of about 150 bytes, cut into chunks anywhere. */
function stampedChunks(): { chunks: Buffer[]; bytes: number } {
  const parts: string[] = [];
  const chunks: Buffer[] = [];
  let bytes = 0;
  let seed = 42;
  const random = (): number => {
    seed = (Math.imul(seed, 1103515245) + 12345) >>> 0;
    return seed / 2 ** 32;
  };
  const begin = Date.parse('2026-01-02T03:04:05Z');
  const flush = (): void => {
    const all = Buffer.from(parts.join(''));
    for (let at = 0; at < all.length; at += CHUNK) chunks.push(Buffer.from(all.subarray(at, at + CHUNK)));
    parts.length = 0;
  };
  for (let i = 0; i < LINES; i += 1) {
    const stamp = new Date(begin + i)
      .toISOString()
      .replace('Z', `${String(i % 1_000_000).padStart(6, '0')}Z`);
    const level = random() < 0.02 ? 'ERROR' : random() < 0.1 ? 'WARN' : 'INFO';
    const path = `/api/v1/${['cart', 'orders', 'users', 'search'][Math.floor(random() * 4)] ?? ''}/${Math.floor(random() * 1e6)}`;
    const text = `${level} request ${i} ${path} status=${200 + Math.floor(random() * 300)} took=${Math.floor(random() * 900)}ms trace=${seed.toString(16).padStart(8, '0')}${seed.toString(16).padStart(8, '0')} user=u-${Math.floor(random() * 1e5)} region=eu-central-1 pod=web-${i % 40}`;
    bytes += text.length + 1;
    parts.push(`${stamp} ${text}\n`);
    if (parts.length === 50_000) flush();
  }
  flush();
  return { chunks, bytes };
}

async function memory(): Promise<number> {
  // Freed buffers are given back a turn later.
  for (let i = 0; i < 3; i += 1) await collected();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

async function collected(): Promise<void> {
  gc();
  await new Promise((resolve) => setTimeout(resolve, 20));
}

async function store(): Promise<LogsChildResult> {
  const { chunks, bytes } = stampedChunks();
  const wire = chunks.reduce((sum, chunk) => sum + chunk.length, 0);
  // Once to warm up: a host that follows logs has seen lines before.
  ingest(new ByteStore(100_000), chunks.slice(0, 300));
  const before = await memory();
  const kept = new ByteStore(LINES);
  const began = clock();
  ingest(kept, chunks);
  const ingestMs = clock() - began;
  const memoryRatio = ((await memory()) - before) / bytes;
  const allocatedRatio = kept.allocated / kept.bytes;
  const view = new LogView(kept, () => false);
  const search = (term: LogTerm): { ms: number; slice: number; count: number } => {
    const from = clock();
    let slice = 0;
    view.setSearch(term);
    while (view.busy) {
      const start = clock();
      view.advance(12);
      slice = Math.max(slice, clock() - start);
    }
    return { ms: clock() - from, slice, count: view.searchState()?.count ?? 0 };
  };
  const literal = search({ type: 'text', text: 'status=404', case: true });
  const folded = search({ type: 'text', text: 'STATUS=404' });
  const rare = search({ type: 'text', text: 'request 999999 ', case: true });
  const regex = search({ type: 'regex', text: 'status=5\\d\\d .*took=8\\d\\dms' });
  const classes = search({ type: 'regex', text: '[a-f0-9]{12,}.*u-99\\d{3}' });
  const evil = process.env['NO_EVIL']
    ? literal
    : search({ type: 'regex', text: '(a+)+$|(x|x)*y|([a-z0-9]+)*!' });
  if (rare.count !== 1) throw new Error(`the rare line was found ${rare.count} times`);
  if (literal.count !== folded.count || literal.count === 0) throw new Error('searches disagree');
  view.setSearch(null);

  const jumps: number[] = [];
  for (let i = 0; i < 2000; i += 1) {
    const row = Math.floor(((i * 7919) % 2000) * (LINES / 2000));
    const from = clock();
    const seq = view.rowOf(view.seqOf(row));
    for (let at = seq; at < Math.min(seq + 100, view.end); at += 1)
      kept.text(view.seqOf(at))?.toString('utf8');
    jumps.push(clock() - from);
  }
  // A screen that scrolls while 20,000 lines a second come in, at 60 frames a second.
  const frames: number[] = [];
  view.setSearch({ type: 'text', text: 'status=404' });
  let next = 0;
  for (let frame = 0; frame < 600; frame += 1) {
    const from = clock();
    ingest(kept, chunks.slice(next, next + 1), 334);
    next = (next + 1) % chunks.length;
    view.advance(12);
    const row = view.first + ((frame * 1543) % (LINES - 400));
    for (let at = row; at < row + 100; at += 1) kept.text(view.seqOf(at))?.toString('utf8');
    frames.push(clock() - from);
  }
  return {
    lines: kept.count,
    bytes,
    memoryRatio,
    allocatedRatio,
    ingestMs,
    ingestMBs: wire / 1e6 / (ingestMs / 1000),
    literalMs: literal.ms,
    foldedMs: folded.ms,
    rareMs: rare.ms,
    regexMs: Math.max(regex.ms, classes.ms),
    evilMs: evil.ms,
    longestSliceMs: Math.max(literal.slice, folded.slice, regex.slice, classes.slice, evil.slice),
    jumpP95Ms: p95(jumps),
    scrollP95Ms: p95(frames),
  };
}

/** As a stream does it: stamp, repeat check, group, level, store. */
function ingest(into: ByteStore, chunks: readonly Buffer[], most = Infinity): void {
  const grouper = new Grouper();
  const resume = new Resume();
  let left = most;
  const reader = new LineReader({
    line: (bytes, start, end, sec, nano) => {
      if (left-- <= 0) return;
      const hash = lineHash(bytes, start, end);
      if (resume.isRepeat(sec, nano, hash)) return;
      resume.seen(sec, nano, hash);
      const goesOn = grouper.next(bytes, start, end);
      const flags = goesOn ? 8 : detectLevel(bytes, start, end);
      into.append(bytes, start, end, sec * 1000 + Math.floor(nano / 1e6), 0, flags);
    },
  });
  for (const chunk of chunks) reader.push(chunk);
}

/** What one would write first: an array of objects. */
async function objects(): Promise<LogsChildResult> {
  const { chunks, bytes } = stampedChunks();
  const wire = chunks.reduce((sum, chunk) => sum + chunk.length, 0);
  const before = await memory();
  const began = clock();
  const lines: { time: number; text: string; level: string; pod: string }[] = [];
  let rest = '';
  for (const chunk of chunks) {
    const parts = (rest + chunk.toString('utf8')).split('\n');
    rest = parts.pop() ?? '';
    for (const line of parts) {
      const space = line.indexOf(' ');
      const text = line.slice(space + 1);
      lines.push({
        time: Date.parse(line.slice(0, space)),
        text,
        level: /ERROR|WARN|INFO/.exec(text)?.[0] ?? '',
        pod: 'web',
      });
    }
  }
  const ingestMs = clock() - began;
  const memoryRatio = ((await memory()) - before) / bytes;
  const time = (run: () => unknown): number => {
    const from = clock();
    run();
    return clock() - from;
  };
  return {
    memoryRatio,
    ingestMs,
    ingestMBs: wire / 1e6 / (ingestMs / 1000),
    literalMs: time(() => lines.filter((line) => line.text.includes('status=404')).length),
    foldedMs: time(() => lines.filter((line) => line.text.toLowerCase().includes('status=404')).length),
    regexMs: time(() => lines.filter((line) => /status=5\d\d .*took=8\d\dms/i.test(line.text)).length),
  };
}

function p95(values: number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length * 0.95)] ?? Number.NaN;
}

(process.argv[2] === 'objects' ? objects() : store()).then(
  (result) => process.stdout.write(JSON.stringify(result)),
  (thrown: unknown) => {
    console.error(thrown);
    process.exitCode = 1;
  },
);
