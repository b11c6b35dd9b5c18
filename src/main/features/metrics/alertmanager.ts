/**
 * Finds the cluster's Alertmanager by labels and well-known names, reads it through the API server's
 * proxy and makes and ends silences there. Writes go through the session's `api`: a read-only context refuses
 * them. Says which right is missing.
 */
import { alertmanager, type AlertmanagerAnswer } from '#shared/contract/alertmanager';
import { readGroups, readSilences } from '#shared/domain/prom/alertmanager';
import { proxyPath, type Place, type ServiceLike } from '#shared/domain/prom/places';
import { AppFailure, fail, toAppError, type AppError } from '#shared/util/app-error';
import { implement, type Served } from '#shared/rpc/server';
import type { Api, ApiRequest } from '../../k8s/api';
import { collect } from '../../k8s/body';
import { parseJson } from './decode';

const SELECTORS = [
  'app.kubernetes.io/name=alertmanager',
  'operated-alertmanager=true',
  'app in (alertmanager,kube-prometheus-stack-alertmanager)',
];
const NAMED: readonly (readonly [string, string, string])[] = [
  ['monitoring', 'alertmanager-operated', '9093'],
  ['monitoring', 'alertmanager-main', '9093'],
  ['monitoring', 'kube-prometheus-stack-alertmanager', '9093'],
  ['monitoring', 'prometheus-alertmanager', '9093'],
  ['monitoring', 'alertmanager', '9093'],
];
const MOST_BYTES = 16 * 1024 * 1024;
/** The search gives up on each place after this, ms. */
const PATIENCE = 3000;

interface Found {
  readonly place: Place;
  readonly version: string;
}

type Where = NonNullable<AlertmanagerAnswer['place']>;

export function alertmanagerService(api: Api): Served {
  let found: Found | undefined;
  let looked: readonly string[] = [];

  const here = async (again: boolean, signal: AbortSignal): Promise<Found | undefined> => {
    if (found && !again) return found;
    const result = await find(api, signal);
    ({ looked } = result);
    found = result.found;
    return found;
  };
  const need = async (signal: AbortSignal): Promise<Found> => {
    const one = await here(false, signal);
    if (!one) throw fail('not-found', 'No Alertmanager was found in this cluster.');
    return one;
  };

  return implement(alertmanager, {
    read: async ({ again }, signal): Promise<AlertmanagerAnswer> => {
      const one = await here(again, signal);
      if (!one) return { looked, groups: [], silences: [] };
      const { place, version } = one;
      const where: Where = { namespace: place.namespace, service: place.service, title: place.id, version };
      try {
        const [groups, silences] = await Promise.all(
          ['/api/v2/alerts/groups', '/api/v2/silences'].map((path) => ask(api, place, { path }, signal)),
        );
        return { place: where, looked, groups: readGroups(groups), silences: readSilences(silences) };
      } catch (thrown) {
        const error = toAppError(thrown);
        // It may have moved: the next time it is searched anew.
        if (error.code === 'not-found' || error.code === 'server') found = undefined;
        return { place: where, looked, groups: [], silences: [], error };
      }
    },
    silence: async ({ matchers, lasts, by, comment }, signal) => {
      const { place } = await need(signal);
      const now = Date.now() + api.clockOffset;
      const answer = await ask(
        api,
        place,
        {
          method: 'POST',
          path: '/api/v2/silences',
          body: JSON.stringify({
            matchers,
            startsAt: new Date(now).toISOString(),
            endsAt: new Date(now + lasts * 1000).toISOString(),
            createdBy: by,
            comment,
          }),
        },
        signal,
      );
      const id = (answer as { silenceID?: unknown } | null)?.silenceID;
      if (typeof id !== 'string') throw fail('bad-answer', 'Alertmanager did not name the new silence.');
      return id;
    },
    expire: async ({ id }, signal) => {
      const { place } = await need(signal);
      await ask(api, place, { method: 'DELETE', path: `/api/v2/silence/${encodeURIComponent(id)}` }, signal);
    },
  });
}

/** AppFailure with Alertmanager's own words where it refuses. */
async function ask(api: Api, place: Place, request: ApiRequest, signal: AbortSignal): Promise<unknown> {
  const path = `${proxyPath(place)}${request.path}`;
  const response = await api
    .open({ ...request, path, timeoutMs: 20_000, pass: [400, 404, 422, 500] }, signal)
    .catch((thrown: unknown) => {
      throw explained(toAppError(thrown), place, request.method ?? 'GET');
    });
  const body = await collect(response.body, MOST_BYTES);
  const { status } = response;
  if (status < 300) return body.length === 0 ? null : parseJson(body);
  const text = body.toString('utf8', 0, 2000);
  const words = /^\s*[<{]/.test(text)
    ? (/"message"\s*:\s*"([^"]{1,500})"/.exec(text)?.[1] ?? '')
    : text.trim();
  throw fail(
    status === 404 ? 'not-found' : status < 500 ? 'invalid' : 'server',
    words.slice(0, 500) || `Alertmanager answers ${status}.`,
    {
      status,
    },
  );
}

const verbs: Readonly<Record<string, string>> = { GET: 'get', POST: 'create', DELETE: 'delete' };

function explained(error: AppError, place: Place, method: string): AppFailure {
  if (error.code !== 'forbidden') return new AppFailure(error);
  const verb = verbs[method] ?? 'get';
  return new AppFailure({
    ...error,
    message: `The right "${verb} services/proxy" in namespace ${place.namespace} is missing.`,
    hint: 'Alertmanager is reached through the API server, which asks for that right.',
    denied: { verb, resource: 'services/proxy', group: '', namespace: place.namespace, name: place.service },
  });
}

function placeAt(namespace: string, service: string, port: string, https: boolean, why: string): Place {
  const id = `${namespace}/${https ? 'https:' : ''}${service}:${port}`;
  return { id, namespace, service, port, https, prefix: '', flavour: 'Prometheus', why };
}

function placeOf(service: ServiceLike, why: string): Place | undefined {
  const { name = '', namespace = '' } = service.metadata ?? {};
  if (name === '' || namespace === '') return undefined;
  const ports = service.spec?.ports ?? [];
  const port =
    ports.find((one) => one.name === 'web' || one.name === 'http-web' || one.name === 'http') ??
    ports.find((one) => one.port === 9093) ??
    ports[0];
  if (port?.port === undefined) return undefined;
  return placeAt(namespace, name, String(port.port), port.name === 'https', why);
}

async function find(api: Api, signal: AbortSignal): Promise<{ found?: Found; looked: readonly string[] }> {
  const looked: string[] = [];
  const lists = await Promise.all(
    SELECTORS.map(async (labelSelector): Promise<readonly Place[]> => {
      try {
        const query = { labelSelector, limit: 50 };
        const path = '/api/v1/services';
        const { items } = await api.json<{ items?: readonly ServiceLike[] }>(
          { path, query, timeoutMs: PATIENCE },
          signal,
        );
        const places = (items ?? []).flatMap((one) => placeOf(one, labelSelector) ?? []);
        looked.push(`Services ${labelSelector}: ${places.map((one) => one.id).join(', ') || 'none'}.`);
        return places;
      } catch (thrown) {
        looked.push(`Services ${labelSelector}: ${toAppError(thrown).message}`);
        return [];
      }
    }),
  );
  const byLabel = lists.flat();
  const places = [
    ...byLabel,
    ...NAMED.map(([namespace, name, port]) => placeAt(namespace, name, port, false, 'well-known name')),
  ];
  const unique = [...new Map(places.map((one) => [one.id, one])).values()].slice(0, 10);
  const tried = await Promise.all(
    unique.map(async (place): Promise<Found | undefined> => {
      try {
        const path = `${proxyPath(place)}/api/v2/status`;
        const answer = await api.json<{ versionInfo?: { version?: unknown } }>(
          { path, timeoutMs: PATIENCE },
          signal,
          1024 * 1024,
        );
        const version = answer?.versionInfo?.version;
        looked.push(`${place.id}: answers.`);
        return { place, version: typeof version === 'string' ? version.slice(0, 64) : '' };
      } catch (thrown) {
        const error = toAppError(thrown);
        if (error.code !== 'not-found' || place.why !== 'well-known name')
          looked.push(
            `${place.id}: ${error.code === 'forbidden' ? `the right "get services/proxy" in namespace ${place.namespace} is missing.` : error.message}`,
          );
        return undefined;
      }
    }),
  );
  const first = tried.find((one) => one !== undefined);
  return { looked: [...new Set(looked)], ...(first ? { found: first } : {}) };
}
