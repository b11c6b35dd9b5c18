/**
 * The search for a Prometheus, told step by step: operator's objects, Services by labels and by
 * name, then each place probed. Ends within LIMIT whatever the cluster does; what had no answer
 * by then says so. Reads only.
 */
import type { DiscoveryStep, MetricsSource } from '#shared/contract/metrics';
import {
  place,
  placeOf,
  placeOfOperated,
  rankPlaces,
  serviceSelectors,
  wellKnown,
  type Place,
  type ServiceLike,
} from '#shared/domain/prom/places';
import { fail, toAppError, type AppError, type AppFailure } from '#shared/util/app-error';
import type { Scope } from '#shared/rpc/scope';
import type { Api } from '../../k8s/api';
import { parseJson } from './decode';
import { proxyReach, type Reach } from './reach';

/** The whole search, ms (issue: 3 s without a Prometheus). */
export const LIMIT = 2_800;
const MOST_PROBED = 12;

export interface Found {
  readonly source: MetricsSource;
  readonly place: Place;
}

export interface SearchResult {
  readonly found: readonly Found[];
  readonly steps: readonly DiscoveryStep[];
  readonly took: number;
}

interface ListOf<T> {
  readonly items?: readonly T[];
}

export async function discover(
  api: Api,
  namespaces: readonly string[],
  scope: Scope,
  onStep: (steps: readonly DiscoveryStep[]) => void,
): Promise<SearchResult> {
  const began = Date.now();
  const limited = scope.child('search');
  limited.timeout(limited.dispose, LIMIT);
  const { signal } = limited;
  const steps: DiscoveryStep[] = [];
  const starts = new Map<string, number>();
  const say = (step: DiscoveryStep): void => {
    const at = steps.findIndex((one) => one.id === step.id);
    if (step.result === 'running') starts.set(step.id, Date.now());
    const took = step.result === 'running' ? {} : { took: Date.now() - (starts.get(step.id) ?? Date.now()) };
    if (at < 0) steps.push({ ...step, ...took });
    else steps[at] = { ...step, ...took };
    onStep([...steps]);
  };
  try {
    const groups = await Promise.all([
      operatorObjects(api, signal, say),
      ...serviceSelectors.map((chosen, i) => labelled(api, chosen, i, namespaces, signal, say)),
    ]);
    const listed = groups.flatMap((group) => group.places);
    const denied = groups.slice(1).some((group) => group.denied);
    const places = rankPlaces([...listed, ...(await named(api, listed, denied, signal, say))]);
    const found = await probeAll(api, places, signal, say);
    return { found, steps, took: Date.now() - began };
  } finally {
    limited.dispose();
  }
}

interface Group {
  readonly places: readonly Place[];
  readonly denied: boolean;
}

type Say = (step: DiscoveryStep) => void;

function failure(error: AppError, signal: AbortSignal): Pick<DiscoveryStep, 'result' | 'detail' | 'error'> {
  if (signal.aborted || error.code === 'cancelled')
    return { result: 'failed', detail: `No answer within ${LIMIT / 1000} s.` };
  if (error.code === 'forbidden') return { result: 'denied', detail: missingRight(error), error };
  return { result: 'failed', detail: error.message, error };
}

async function operatorObjects(api: Api, signal: AbortSignal, say: Say): Promise<Group> {
  const id = 'operator';
  const title = 'Objects of the Prometheus operator';
  say({ id, title, result: 'running', detail: '' });
  try {
    const list = await api.json<ListOf<ServiceLike>>(
      { path: '/apis/monitoring.coreos.com/v1/prometheuses', query: { limit: 50 } },
      signal,
    );
    const places = (list.items ?? []).flatMap((one) => {
      const namespace = one.metadata?.namespace ?? '';
      return (
        placeOfOperated('Prometheus', namespace, `Prometheus ${namespace}/${one.metadata?.name ?? ''}`) ?? []
      );
    });
    const detail =
      places.length === 0
        ? 'Installed, without a Prometheus object.'
        : `${count(places.length, 'Prometheus object')}.`;
    say({ id, title, result: places.length === 0 ? 'nothing' : 'found', detail });
    return { places, denied: false };
  } catch (thrown) {
    const error = toAppError(thrown);
    if (error.code === 'not-found')
      say({ id, title, result: 'nothing', detail: 'The operator is not installed.' });
    else say({ id, title, ...failure(error, signal) });
    return { places: [], denied: error.code === 'forbidden' };
  }
}

const selectorTitles = [
  'Services labelled app.kubernetes.io/name',
  'Services labelled app',
  'Services of the operator (operated-prometheus)',
];

async function labelled(
  api: Api,
  labelSelector: string,
  at: number,
  namespaces: readonly string[],
  signal: AbortSignal,
  say: Say,
): Promise<Group> {
  const id = `labels-${at}`;
  const title = selectorTitles[at] ?? 'Services by label';
  say({ id, title, result: 'running', detail: '' });
  const ask = async (path: string): Promise<readonly Place[]> => {
    const list = await api.json<ListOf<ServiceLike>>({ path, query: { labelSelector, limit: 50 } }, signal);
    return (list.items ?? []).flatMap((service) => placeOf(service, labelSelector.split(' ')[0] ?? '') ?? []);
  };
  const done = (places: readonly Place[], where: string): Group => {
    const detail =
      places.length === 0
        ? `None${where}.`
        : `${places.map((one) => `${one.namespace}/${one.service}`).join(', ')}${where}.`;
    say({ id, title, result: places.length === 0 ? 'nothing' : 'found', detail });
    return { places, denied: false };
  };
  try {
    return done(await ask('/api/v1/services'), '');
  } catch (thrown) {
    const error = toAppError(thrown);
    if (error.code !== 'forbidden' || namespaces.length === 0) {
      say({ id, title, ...failure(error, signal) });
      return { places: [], denied: error.code === 'forbidden' };
    }
    // Whoever may not list the whole cluster may know namespaces of their own.
    const some = await Promise.allSettled(
      namespaces
        .slice(0, 10)
        .map((namespace) => ask(`/api/v1/namespaces/${encodeURIComponent(namespace)}/services`)),
    );
    const places = some.flatMap((one) => (one.status === 'fulfilled' ? one.value : []));
    if (places.length > 0) return done(places, ' (only in the namespaces you may read)');
    say({ id, title, ...failure(error, signal) });
    return { places: [], denied: true };
  }
}

/** Well-known names: where Services may not be listed they are tried blindly, else looked up. */
async function named(
  api: Api,
  listed: readonly Place[],
  denied: boolean,
  signal: AbortSignal,
  say: Say,
): Promise<readonly Place[]> {
  const id = 'names';
  const title = 'Services by well-known names';
  if (listed.length > 0) {
    say({ id, title, result: 'skipped', detail: 'Not needed: labels found some.' });
    return [];
  }
  const known = wellKnown.map(([namespace, service, port]) =>
    place({ namespace, service, port, https: port === '9091', why: 'well-known name' }),
  );
  if (denied) {
    say({
      id,
      title,
      result: 'skipped',
      detail: 'Services may not be listed: the usual names are probed below.',
    });
    return known;
  }
  say({ id, title, result: 'running', detail: '' });
  const answers = await Promise.allSettled(
    known.map(async (one) => {
      const path = `/api/v1/namespaces/${one.namespace}/services/${one.service}`;
      return placeOf(await api.json<ServiceLike>({ path }, signal), 'well-known name');
    }),
  );
  const places = answers.flatMap((answer) => (answer.status === 'fulfilled' ? (answer.value ?? []) : []));
  const late = signal.aborted;
  say({
    id,
    title,
    result: late ? 'failed' : places.length === 0 ? 'nothing' : 'found',
    detail: late
      ? `No answer within ${LIMIT / 1000} s.`
      : places.length === 0
        ? `None of ${known.map((one) => `${one.namespace}/${one.service}`).join(', ')}.`
        : `${places.map((one) => one.id).join(', ')}.`,
  });
  return places;
}

async function probeAll(
  api: Api,
  places: readonly Place[],
  signal: AbortSignal,
  say: Say,
): Promise<readonly Found[]> {
  if (places.length === 0) {
    say({ id: 'probe', title: 'Probe', result: 'skipped', detail: 'There is nothing to probe.' });
    return [];
  }
  const found = await Promise.all(
    places.slice(0, MOST_PROBED).map(async (one): Promise<Found | undefined> => {
      const id = `probe-${one.id}`;
      const title = `Probe of ${one.id}`;
      say({ id, title, result: 'running', detail: '' });
      try {
        const { version, flavour } = await probe(proxyReach(api, one), signal, one.flavour);
        say({
          id,
          title,
          result: 'found',
          detail: `${flavour} ${version} answers through the API server.`.replace('  ', ' '),
        });
        const source: MetricsSource = {
          id: one.id,
          type: 'service',
          title: one.id,
          flavour,
          version,
          why: one.why,
        };
        return { source, place: one };
      } catch (thrown) {
        const error = toAppError(thrown);
        const step = failure(error, signal);
        const detail =
          error.code === 'forbidden'
            ? `The right "get services/proxy" in namespace ${one.namespace} is missing.`
            : error.code === 'not-found'
              ? 'There is no such Service, or it is no Prometheus.'
              : step.detail;
        say({
          id,
          title,
          ...step,
          detail,
          ...(error.code === 'not-found' ? { result: 'nothing' as const } : {}),
        });
        return undefined;
      }
    }),
  );
  return found.filter((one): one is Found => one !== undefined);
}

export interface Probed {
  readonly version: string;
  readonly flavour: MetricsSource['flavour'];
}

/** Asks for the build; what has none is asked for 1. AppFailure where neither is an answer of Prometheus. */
export async function probe(
  reach: Reach,
  signal: AbortSignal,
  guess: MetricsSource['flavour'],
): Promise<Probed> {
  const limits = { maxBytes: 1024 * 1024, timeoutMs: LIMIT };
  try {
    const { body, status } = await reach.get('/api/v1/status/buildinfo', undefined, signal, limits);
    const json = parseJson(body) as {
      status?: unknown;
      data?: { version?: unknown; application?: unknown };
    } | null;
    if (status < 300 && json?.status === 'success') {
      const version = typeof json.data?.version === 'string' ? json.data.version.slice(0, 64) : '';
      const application = json.data?.application;
      const flavour = typeof application === 'string' && /mimir/i.test(application) ? 'Mimir' : guess;
      return { version, flavour };
    }
  } catch (thrown) {
    const { code } = toAppError(thrown);
    if (code !== 'not-found' && code !== 'bad-answer' && code !== 'unsupported') throw thrown;
  }
  const { body } = await reach.get('/api/v1/query', { query: '1' }, signal, limits);
  const json = parseJson(body) as { status?: unknown } | null;
  if (json?.status !== 'success') throw noProm();
  return { version: '', flavour: guess };
}

function noProm(): AppFailure {
  return fail('bad-answer', 'It answers, but not as Prometheus does.');
}

function count(n: number, what: string): string {
  return `${n} ${what}${n === 1 ? '' : 's'}`;
}

/** Verb, resource and scope in place of the server's prose. */
function missingRight({ denied, message }: AppError): string {
  if (!denied) return message;
  const { verb, resource, group, namespace } = denied;
  const what = group === '' ? resource : `${resource}.${group}`;
  const where = namespace === undefined ? 'in the whole cluster' : `in namespace ${namespace}`;
  return `The right "${verb} ${what}" ${where} is missing.`;
}
