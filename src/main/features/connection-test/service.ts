/**
 * The connection test: DNS, TCP, TLS, credentials, who am I, version, latency, health, one
 * after the other. Guarantees: a failed step names cause and hint and skips the later ones;
 * closing the stream stops it; nothing of the cluster is changed.
 */
import { connectionTest, type TestStep, type TestStepId } from '#shared/contract/connection-test';
import { isCancelled, toAppError } from '#shared/util/app-error';
import { visible } from '#shared/util/text';
import { coalesce, implement, type Served } from '#shared/rpc/server';
import type { ContextConfig } from '../../kubeconfig/types';
import { Access } from '../../k8s/access';
import { collect } from '../../k8s/body';
import type { ClusterApi } from '../../k8s/open-api';
import type { CertificatePair } from '../../k8s/tls';
import { connectOnce, resolveNames, routeOf, type Dialled } from './network';
import { signIn, type EnvironmentFrom } from './sign-in';
import { StepFailure, type Found } from './steps';

export interface ConnectionTestDeps {
  readonly context: ContextConfig;
  readonly environment: Readonly<Record<string, string>>;
  readonly api: ClusterApi;
  /** Where `environment` comes from. */
  readonly environmentFrom?: EnvironmentFrom | undefined;
}

const titles: Readonly<Record<TestStepId, string>> = {
  dns: 'DNS',
  tcp: 'TCP',
  tls: 'TLS',
  credentials: 'Credentials',
  auth: 'Who am I',
  version: 'Version',
  latency: 'Latency',
  health: 'Health',
};
/** Their failure leaves the later steps meaningful. */
const harmless = new Set<TestStepId>(['version', 'latency', 'health']);

export function connectionTestService(deps: ConnectionTestDeps): Served {
  return implement(connectionTest, {
    run: (input, sink) => {
      const steps: TestStep[] = [];
      let done = false;
      const out = coalesce(sink, () => ({ steps: [...steps], done }), 30);
      if (input.signIn === true) deps.api.credentials.retry();
      const add = (step: TestStep): void => {
        steps.push(step);
        out.mark();
      };
      out.mark();
      void runTest(deps, sink.signal, add)
        .catch(() => undefined)
        .then(() => {
          done = true;
          if (!sink.signal.aborted) out.mark();
        });
    },
  });
}

/** Rejects only when cancelled. */
export async function runTest(
  { context, environment, api, environmentFrom }: ConnectionTestDeps,
  signal: AbortSignal,
  add: (step: TestStep) => void,
): Promise<void> {
  let broken: string | undefined;
  const step = async (id: TestStepId, work: () => Promise<Found>, took?: number): Promise<void> => {
    const title = titles[id];
    if (broken !== undefined) {
      add({ id, title, state: 'skipped', ms: 0, words: `Not tried: ${broken} failed.`, details: [] });
      return;
    }
    const began = performance.now();
    const ms = (): number => Math.round(took ?? performance.now() - began);
    try {
      const { words, state = 'ok', details = [], hint } = await work();
      signal.throwIfAborted();
      const again = id === 'credentials' && state === 'warn' ? { signIn: true } : {};
      add({ id, title, state, ms: ms(), words, details, ...(hint === undefined ? {} : { hint }), ...again });
    } catch (thrown) {
      if (signal.aborted || isCancelled(thrown)) throw thrown;
      const error = toAppError(thrown);
      const details = thrown instanceof StepFailure ? thrown.details : [];
      const state = harmless.has(id) ? 'warn' : 'failed';
      if (state === 'failed') broken = title;
      const hint = error.hint === undefined ? {} : { hint: error.hint };
      // Not against DNS or TLS, nor for a plugin that is not there.
      const helps = (id === 'credentials' || id === 'auth') && error.reason !== 'PluginMissing';
      const again = helps ? { signIn: true } : {};
      add({ id, title, state, ms: ms(), words: error.message, details, ...hint, ...again });
    }
  };

  await step('dns', () => resolveNames(routeOf(context, environment), signal));
  const once = (pair?: CertificatePair): Promise<Dialled> =>
    connectOnce(context, environment, routeOf(context, environment), signal, pair);
  let dialled = broken === undefined ? await once() : undefined;
  // A server that insists on a client certificate meets the one the plugin gives.
  if (context.user.exec && dialled?.thrown !== undefined && dialled.tcpMs !== undefined) {
    const pair = await pluginPair(api, signal);
    if (pair) dialled = await once(pair);
  }
  const passOrThrow = (found: Found | undefined): Promise<Found> =>
    found === undefined ? Promise.reject(dialled?.thrown) : Promise.resolve(found);
  const early = dialled?.thrown !== undefined && dialled.tcpMs === undefined;
  await step('tcp', () => passOrThrow(early ? undefined : dialled?.tcp), dialled?.tcpMs);
  await step('tls', () => passOrThrow(dialled?.tls));
  await step('credentials', () =>
    signIn(context, environment, api.credentials, signal, environmentFrom, once),
  );
  await step('auth', () => whoAmI(api, signal));
  await step('version', () => version(api, signal));
  await step('latency', () => latency(api, signal));
  await step('health', () => health(api, signal));
}

/** What a plugin that gives a certificate gave; undefined also where it fails: its own step tells. */
async function pluginPair(api: ClusterApi, signal: AbortSignal): Promise<CertificatePair | undefined> {
  try {
    return (await api.credentials.current(signal)).pair;
  } catch (thrown) {
    if (signal.aborted) throw thrown;
    return undefined;
  }
}

async function whoAmI(api: ClusterApi, signal: AbortSignal): Promise<Found> {
  const who = await new Access(api).whoAmI(signal);
  if (!who) return { words: 'The server does not tell who you are.', state: 'warn' };
  return { words: visible(who.name), details: who.groups.map((group) => `Group ${visible(group)}`) };
}

async function version(api: ClusterApi, signal: AbortSignal): Promise<Found> {
  const found = await api.json<{ gitVersion?: unknown; platform?: unknown }>(
    { path: '/version' },
    signal,
    65_536,
  );
  const word = (value: unknown): string =>
    typeof value === 'string' ? visible(value).slice(0, 100) : 'not told';
  return { words: word(found.gitVersion), details: [`Platform ${word(found.platform)}`] };
}

async function latency(api: ClusterApi, signal: AbortSignal): Promise<Found> {
  const times: number[] = [];
  for (let round = 0; round < 5; round += 1) {
    const began = performance.now();
    await api.json({ path: '/version' }, signal, 65_536);
    times.push(performance.now() - began);
  }
  times.sort((a, b) => a - b);
  const median = times[2] ?? 0;
  const details = [`Fastest ${(times[0] ?? 0).toFixed(1)} ms, slowest ${(times[4] ?? 0).toFixed(1)} ms`];
  return { words: `${median.toFixed(1)} ms, median of 5`, details, state: median > 1_000 ? 'warn' : 'ok' };
}

async function health(api: ClusterApi, signal: AbortSignal): Promise<Found> {
  const details: string[] = [];
  let state: TestStep['state'] = 'ok';
  for (const path of ['/livez', '/readyz']) {
    try {
      const answer = await api.open({ path, query: { verbose: '' }, accept: 'text/plain, */*' }, signal);
      const text = (await collect(answer.body, 65_536)).toString('utf8');
      const failing = text.split('\n').filter((line) => line.startsWith('[-]'));
      if (failing.length > 0) state = 'warn';
      details.push(`${path}: ok`, ...failing.map((line) => visible(line).slice(0, 200)));
    } catch (thrown) {
      if (signal.aborted) throw thrown;
      state = 'warn';
      details.push(`${path}: ${visible(toAppError(thrown).message).slice(0, 1000)}`);
    }
  }
  return {
    words: state === 'ok' ? 'Alive and ready' : 'Not all is well, or it may not be asked',
    details,
    state,
  };
}
