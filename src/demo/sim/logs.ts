/**
 * What containers say: lines follow from the pod, the container and the time alone, so any
 * range can be asked for again. Apps log JSON, infrastructure logs in klog or plain style;
 * a container that fails says its last words.
 */
import type { LogLine } from '../api/workings';
import { isoMicro, type ContainerStatus, type Pod } from '../model';
import { hash, Random } from '../random';
import { behaviourOf } from './behaviour';

/** Like a log file that is rotated: older lines are gone. */
const keptLines = 5000;

interface Run {
  readonly start: number;
  readonly end: number | undefined;
}

function runOf(pod: Pod, container: string, previous: boolean): Run | undefined {
  const { containerStatuses = [], initContainerStatuses = [], ephemeralContainerStatuses = [] } = pod.status;
  const entry: ContainerStatus | undefined = [
    ...containerStatuses,
    ...initContainerStatuses,
    ...ephemeralContainerStatuses,
  ].find((status) => status.name === container);
  const running = entry?.state.running;
  const ended = entry?.state.terminated ?? (previous ? undefined : entry?.lastState.terminated);
  if (previous) {
    const last = entry?.lastState.terminated;
    return last && { start: Date.parse(last.startedAt), end: Date.parse(last.finishedAt) };
  }
  if (running) return { start: Date.parse(running.startedAt), end: undefined };
  return ended && { start: Date.parse(ended.startedAt), end: Date.parse(ended.finishedAt) };
}

export function logStart(pod: Pod, container: string, previous: boolean): number | undefined {
  return runOf(pod, container, previous)?.start;
}

export function logLines(
  pod: Pod,
  container: string,
  previous: boolean,
  from: number,
  to: number,
): LogLine[] {
  const run = runOf(pod, container, previous);
  if (!run) return [];
  const spec = [
    ...pod.spec.containers,
    ...(pod.spec.initContainers ?? []),
    ...(pod.spec.ephemeralContainers ?? []),
  ].find((entry) => entry.name === container);
  if (!spec) return [];
  const seed = hash(pod.metadata.uid + container);
  const every = 400 + (seed % 4600);
  const end = Math.min(to, run.end ?? Infinity);
  const lines: LogLine[] = [];
  const behaviour = behaviourOf(pod, spec);
  const put = (at: number, text: string): void => {
    if (at >= from && at < to) lines.push({ at, text });
  };
  const version = spec.image.slice(spec.image.lastIndexOf(':') + 1);
  const name = pod.metadata.labels?.['app.kubernetes.io/name'] ?? container;
  put(run.start + 5, `starting ${container === 'app' ? name : container} ${version}`);
  const last = Math.floor((end - run.start) / every);
  const oldest = Math.max(1, last - keptLines, Math.floor((from - run.start) / every));
  for (let index = oldest; index <= last; index++) {
    const at = run.start + index * every + ((seed * index) % 300);
    if (at < end) put(at, line(styleOf(spec.image), new Random(seed + index), at));
  }
  if (run.end !== undefined && behaviour.does === 'crash') put(run.end - 40, behaviour.lastWords);
  if (run.end !== undefined && behaviour.does === 'complete') put(run.end - 20, 'done');
  return lines;
}

type Style = 'json' | 'klog' | 'plain';

const styleOf = (image: string): Style =>
  image.includes('registry.example.com') ? 'json' : /k8s\.io|eks\.amazonaws/.test(image) ? 'klog' : 'plain';

const routes = [
  '/cart',
  '/cart/items',
  '/checkout',
  '/products/4711',
  '/search?q=lamp',
  '/healthz',
  '/orders',
  '/quote',
];

function line(style: Style, random: Random, at: number): string {
  const roll = random.next();
  const level = roll > 0.985 ? 'error' : roll > 0.95 ? 'warn' : 'info';
  const latency = Math.round(4 + random.next() ** 3 * 900);
  if (style === 'json') {
    const message =
      level === 'error'
        ? 'upstream did not answer in time'
        : level === 'warn'
          ? 'slow answer'
          : 'request handled';
    return JSON.stringify({
      time: isoMicro(at),
      level,
      msg: message,
      path: random.pick(routes),
      status: level === 'error' ? 504 : 200,
      latency_ms: level === 'info' ? latency : 1200 + latency,
      trace_id: random.hex(16),
    });
  }
  const clock = new Date(at).toISOString();
  if (style === 'klog') {
    const letter = level[0]?.toUpperCase() ?? 'I';
    const stamp = `${clock.slice(5, 7)}${clock.slice(8, 10)} ${clock.slice(11, 23)}000`;
    const words =
      level === 'info'
        ? `"Synced" key="${random.pick(['shop/cart', 'payments/payment-api', 'ingest/parser'])}" duration="${latency}ms"`
        : '"Retrying" err="context deadline exceeded"';
    return `${letter}${stamp}       1 controller.go:${random.int(90, 480)}] ${words}`;
  }
  const word =
    level === 'info'
      ? `\u001b[32mINFO\u001b[0m`
      : level === 'warn'
        ? `\u001b[33mWARN\u001b[0m`
        : `\u001b[31mERROR\u001b[0m`;
  return `${clock} ${word} ${level === 'info' ? `checkpoint written in ${latency} ms` : 'replica lags behind by 3 segments'}`;
}
