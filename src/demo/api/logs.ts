/** The log subresource: previous, tailLines, since, timestamps, limitBytes, and follow. */
import { isoMicro, type Pod } from '../model';
import type { ResourceCall } from './context';
import { stored } from './read';
import { badRequest, methodNotAllowed } from './status';
import type { LogLine } from './workings';

export async function logs(call: ResourceCall): Promise<void> {
  if (call.method !== 'GET') throw methodNotAllowed();
  const { query, context, output, scope } = call;
  const pod = stored(call) as Pod;
  const container = containerOf(pod, query.get('container'));
  const previous = flag(query, 'previous');
  const follow = flag(query, 'follow');
  const { workings } = context;
  const start = workings.logStart(pod, container, previous);
  if (start === undefined) {
    const label = `container "${container}" in pod "${pod.metadata.name}"`;
    throw badRequest(
      previous
        ? `previous terminated ${label} not found`
        : `${label} is waiting to start: ${waitingReason(pod, container)}`,
    );
  }
  const sinceTime = query.get('sinceTime');
  const sinceSeconds = query.get('sinceSeconds');
  const since = sinceTime
    ? Date.parse(sinceTime)
    : sinceSeconds
      ? context.now() - Number(sinceSeconds) * 1000
      : 0;
  if (Number.isNaN(since)) throw badRequest('sinceTime is no time');
  const timestamps = flag(query, 'timestamps');
  const show = ({ at, text }: LogLine): string =>
    `${timestamps ? `${isoMicro(at).replace(/000Z$/, '000000Z')} ` : ''}${text}\n`;
  const now = context.now();
  let lines = workings.logLines(pod, container, previous, since, now);
  const tail = query.get('tailLines');
  if (tail !== null) lines = Number(tail) === 0 ? [] : lines.slice(-Number(tail));
  let left = Number(query.get('limitBytes') ?? Infinity);
  const send = async (text: string): Promise<boolean> => {
    const bytes = Buffer.from(text);
    const part = bytes.length > left ? bytes.subarray(0, left).toString('utf8') : text;
    left -= bytes.length;
    return (part === '' || (await output.write(part))) && left > 0;
  };
  output.head(200, { 'content-type': 'text/plain' });
  call.response.flushHeaders();
  for (let from = 0; from < lines.length; from += 200)
    if (
      !(await send(
        lines
          .slice(from, from + 200)
          .map(show)
          .join(''),
      ))
    )
      return output.end();
  if (!follow || previous) return output.end();
  let from = now;
  let queue = Promise.resolve(true);
  scope.add(
    workings.onTick(() => {
      const to = context.now();
      const { namespace, name, uid } = pod.metadata;
      const current = context.store.get<Pod>('pods', namespace, name);
      const same = current?.metadata.uid === uid ? current : undefined;
      const fresh = same ? workings.logLines(same, container, false, from, to) : [];
      const ended = !same || workings.logStart(same, container, false) !== start || !runs(same, container);
      from = to;
      queue = queue.then(
        async (open) => open && (fresh.length === 0 || (await send(fresh.map(show).join('')))),
      );
      if (ended) queue = queue.then(() => (output.end(), scope.dispose(), false));
    }),
  );
  await new Promise<void>((resolve) => scope.add(resolve));
}

const flag = (query: URLSearchParams, name: string): boolean =>
  query.get(name) === 'true' || query.get(name) === '1';

function statuses(pod: Pod) {
  const { containerStatuses = [], initContainerStatuses = [], ephemeralContainerStatuses = [] } = pod.status;
  return [...containerStatuses, ...initContainerStatuses, ...ephemeralContainerStatuses];
}

const runs = (pod: Pod, container: string): boolean =>
  statuses(pod).some((entry) => entry.name === container && entry.state.running);

const waitingReason = (pod: Pod, container: string): string =>
  statuses(pod).find((entry) => entry.name === container)?.state.waiting?.reason ?? 'ContainerCreating';

/** The asked container, or the only one; otherwise the words of the real server. */
export function containerOf(pod: Pod, asked: string | null): string {
  const { containers, initContainers = [], ephemeralContainers = [] } = pod.spec;
  const names = containers.map((entry) => entry.name);
  const { name } = pod.metadata;
  if (asked) {
    if ([...containers, ...initContainers, ...ephemeralContainers].some((entry) => entry.name === asked))
      return asked;
    throw badRequest(`container ${asked} is not valid for pod ${name}`);
  }
  if (names.length === 1 && names[0] !== undefined) return names[0];
  throw badRequest(`a container name must be specified for pod ${name}, choose one of: [${names.join(' ')}]`);
}
