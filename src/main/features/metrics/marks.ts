/** Gathers what happened to an object for its charts; each source that is denied or absent is left out and told. */
import type { MarksAnswer, MarksInput } from '#shared/contract/metrics';
import {
  arrangeMarks,
  markOfReplicaSet,
  markOfRevision,
  markOfScaling,
  marksOfAlerts,
  marksOfPod,
  ownerOf,
  type Mark,
} from '#shared/domain/prom/marks';
import { podPattern, selector, type Matcher } from '#shared/domain/prom/promql-text';
import { rangeFor } from '#shared/domain/prom/range';
import { toAppError } from '#shared/util/app-error';
import type { Api, ApiRequest } from '../../k8s/api';
import type { Sources } from './source';

const MOST = 60;
const LIST = 500;

interface ListOf {
  readonly items?: readonly unknown[];
}

export async function gatherMarks(
  api: Api,
  sources: Sources,
  { target, from, to }: MarksInput,
  signal: AbortSignal,
): Promise<MarksAnswer> {
  const notes: string[] = [];
  const attempt = async (what: string, ask: () => Promise<readonly Mark[]>): Promise<readonly Mark[]> => {
    try {
      return await ask();
    } catch (thrown) {
      const error = toAppError(thrown);
      if (error.code !== 'not-found' && error.code !== 'cancelled') notes.push(`${what}: ${error.message}`);
      return [];
    }
  };
  const items = async (path: string, query: ApiRequest['query'] = {}): Promise<readonly unknown[]> =>
    (await api.json<ListOf>({ path, query: { limit: LIST, ...query } }, signal)).items ?? [];
  const parts: Promise<readonly Mark[]>[] = [
    attempt('Alerts', () => alerts(sources, { target, from, to }, signal)),
  ];
  const { kind, name } = target;
  const space = kind === 'namespace' ? name : target.namespace;
  const inside = (group: string, resource: string): string =>
    `${group}/namespaces/${encodeURIComponent(space)}/${resource}`;

  if (kind === 'pod')
    parts.push(
      attempt('Restarts', async () =>
        marksOfPod(
          await api.json<unknown>(
            { path: `${inside('/api/v1', 'pods')}/${encodeURIComponent(name)}` },
            signal,
          ),
        ),
      ),
    );
  if (kind === 'workload' || kind === 'namespace') {
    const controller = target.controller ?? '';
    const isNamespace = kind === 'namespace';
    if (controller === 'Deployment' || isNamespace)
      parts.push(
        attempt('Deploys', async () =>
          (await items(inside('/apis/apps/v1', 'replicasets'))).flatMap((one) =>
            isNamespace || ownerOf(one, 'Deployment') === name
              ? (markOfReplicaSet(one, isNamespace) ?? [])
              : [],
          ),
        ),
      );
    if (controller === 'StatefulSet' || controller === 'DaemonSet')
      parts.push(
        attempt('Deploys', async () =>
          (await items(inside('/apis/apps/v1', 'controllerrevisions'))).flatMap((one) =>
            ownerOf(one, controller) === name ? (markOfRevision(one, controller) ?? []) : [],
          ),
        ),
      );
    parts.push(
      attempt('Scaling', async () =>
        (
          await items(
            inside('/api/v1', 'events'),
            isNamespace
              ? { fieldSelector: 'reason=ScalingReplicaSet' }
              : { fieldSelector: `involvedObject.name=${name},involvedObject.kind=${controller}` },
          )
        ).flatMap((one) => markOfScaling(one) ?? []),
      ),
      attempt('Restarts', async () => {
        const isMine =
          isNamespace || target.controller === undefined
            ? undefined
            : new RegExp(`^(?:${podPattern(target.controller, name)})$`);
        return (await items(inside('/api/v1', 'pods'))).flatMap((one) => {
          const pod = (one as { metadata?: { name?: unknown } } | null)?.metadata?.name;
          return isMine && !(typeof pod === 'string' && isMine.test(pod)) ? [] : marksOfPod(one);
        });
      }),
    );
  }
  const found = (await Promise.all(parts)).flat();
  // Objects tell times of the cluster; `from` and `to` are of its clock too.
  return { marks: arrangeMarks(found, from * 1000, to * 1000, MOST), notes };
}

async function alerts(
  sources: Sources,
  { target, from, to }: MarksInput,
  signal: AbortSignal,
): Promise<readonly Mark[]> {
  if (sources.state.phase !== 'ready') return [];
  const matchers: Matcher[] = [
    ['alertstate', '=', 'firing'],
    ['severity', '!=', 'none'],
  ];
  const { kind, namespace, name, controller } = target;
  if (kind === 'pod') matchers.push(['namespace', '=', namespace], ['pod', '=', name]);
  else if (kind === 'namespace') matchers.push(['namespace', '=', name]);
  else if (kind === 'node') matchers.push(['node', '=', name]);
  else if (kind === 'workload' && controller !== undefined)
    matchers.push(['namespace', '=', namespace], ['pod', '=~', podPattern(controller, name)]);
  const client = await sources.client();
  const range = rangeFor(from, to, 900, sources.state.schema?.scrape ?? 30);
  const answer = await client.range(`count by (alertname) (${selector('ALERTS', matchers)})`, range, signal);
  return marksOfAlerts(answer.series, range.start, range.step);
}
