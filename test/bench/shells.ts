/**
 * Shells against kubectl in the same run: from the wish to the first prompt of a container, and
 * 100 MB of output. Both through a terminal, both with the same credentials, in turns.
 * `--kubeconfig FILE` names a cluster with the sample namespace `shop`; the development cluster else.
 */
import { spawn as spawnProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { spawn as spawnPty } from 'node-pty';
import { openSession } from '../../src/main/cluster-host/session';
import { openApi } from '../../src/main/k8s/open-api';
import { Kubeconfigs } from '../../src/main/kubeconfig/source';
import { shell } from '../../src/shared/contract/shell';
import { RpcClient } from '../../src/shared/rpc/client';
import { portPair } from '../../src/shared/rpc/port';
import { Scope } from '../../src/shared/rpc/scope';
import { serve } from '../../src/shared/rpc/server';
import { forwardRates } from './forward-rate';
import { figure, median, round, type BenchOptions, type BenchResult } from './bench';

const MEGABYTES = 100;
/** A shell may ask for the cursor right after its prompt. */
const PROMPT = /[#$] /;
const usual = '/tmp/binnacle-cluster/real/kubeconfigs/admin.yaml';
const kubectls = ['/var/cache/binnacle-cluster/bin/kubectl', '/usr/local/bin/kubectl', '/usr/bin/kubectl'];
const flood = `yes 'binnacle 0123456789 0123456789 0123456789' | head -c ${MEGABYTES * 1_000_000}`;

interface Target {
  readonly namespace: string;
  readonly pod: string;
}

export async function run({ runs = 15, flags, say }: BenchOptions): Promise<BenchResult> {
  const kubeconfig = flags['kubeconfig'] ?? process.env['BINNACLE_TEST_KUBECONFIG'] ?? usual;
  const kubectl = kubectls.find(existsSync);
  if (!existsSync(kubeconfig))
    throw new Error(`No cluster to measure: there is no ${kubeconfig} (--kubeconfig FILE).`);
  if (kubectl === undefined) throw new Error('No kubectl to compare with.');
  const scope = new Scope('bench');
  try {
    const environment = ownEnvironment();
    const source = new Kubeconfigs({ scope, environment: { KUBECONFIG: kubeconfig } });
    const context = source.resolve((await source.start()).current ?? '');
    const target = await frontend(openApi(context, environment, scope), scope.signal);
    const session = openSession({ context, environment, scope });
    const [left, right] = portPair();
    serve(left, session.services, scope);
    const client = new RpcClient(right);
    scope.add(() => client.close());

    const ours: number[] = [];
    const theirs: number[] = [];
    const first = await ourPrompt(client, target);
    await kubectlPrompt(kubectl, kubeconfig, target);
    for (let round = 0; round < runs; round += 1) {
      theirs.push(await kubectlPrompt(kubectl, kubeconfig, target));
      ours.push(await ourPrompt(client, target));
    }
    say(`prompt: ours ${round(median(ours))} ms, kubectl ${round(median(theirs))} ms`);

    const pauses: Pauses[] = [];
    const idle: Pauses[] = [];
    const ourFlood: number[] = [];
    const theirFlood: number[] = [];
    for (let round = 0; round < 3; round += 1) {
      // This process has nothing to do then: what it waits for the processor all the same.
      const quiet = watchPauses();
      theirFlood.push(await kubectlFlood(kubectl, kubeconfig, target));
      idle.push(quiet());
      const busy = watchPauses();
      ourFlood.push(await ourFloodMs(client, target));
      pauses.push(busy());
    }
    say(`${MEGABYTES} MB: ours ${round(median(ourFlood))} ms, kubectl ${round(median(theirFlood))} ms`);
    const forwards = await forwardRates(client, kubectl, kubeconfig);
    say(
      `forward: ours ${forwards.ours} MB/s, kubectl ${forwards.theirs} MB/s, 100 at once ${forwards.answered} answered`,
    );
    const ratio = round(median(ours) / median(theirs), 2);
    const floodRatio = round(median(ourFlood) / median(theirFlood), 2);
    const longest = round(Math.max(...pauses.map((one) => one.own)));
    const wall = round(Math.max(...pauses.map((one) => one.wall)));
    const idleWall = round(Math.max(...idle.map((one) => one.wall)));
    say(`longest turn: ${longest} ms of work; late by ${wall} ms, an idle process by ${idleWall} ms`);
    const base = `kubectl exec: ${round(median(theirs))} ms`;
    return {
      values: {
        promptMs: round(median(ours)),
        firstPromptMs: round(first),
        kubectlPromptMs: round(median(theirs)),
        outputMs: round(median(ourFlood)),
        kubectlOutputMs: round(median(theirFlood)),
        forwardMegabytesPerSecond: forwards.ours,
        kubectlForwardMegabytesPerSecond: forwards.theirs,
        parallelForwardsMs: forwards.parallelMs,
        kubectlParallelForwardsMs: forwards.theirParallelMs,
      },
      bars: [
        { name: 'exec open to first prompt, ratio to kubectl exec', value: ratio, atMost: 1.1 },
        { name: `${MEGABYTES} MB of output, ratio to kubectl exec`, value: floodRatio, atMost: 1.5 },
        { name: 'forward throughput, ratio to kubectl port-forward', value: forwards.ratio, atLeast: 0.8 },
        { name: 'of 100 connections at once answered', value: forwards.answered, atLeast: 100 },
        {
          name: 'longest turn of the host during the output, ms of its own work',
          value: longest,
          atMost: 200,
        },
      ],
      figures: [
        figure('exec open to first prompt, ratio', ratio, '', { atMost: 1.1 }, base),
        figure(
          'forward throughput, ratio',
          forwards.ratio,
          '',
          { atLeast: 0.8 },
          `kubectl port-forward: ${forwards.theirs} MB/s`,
        ),
        figure('first prompt in an image not seen before', round(first), 'ms'),
        figure(
          'longest turn of the host during the output',
          longest,
          'ms of its own work',
          { atMost: 200 },
          `by the clock ${wall} ms; an idle process beside kubectl: ${idleWall} ms`,
        ),
        figure(
          `${MEGABYTES} MB of output`,
          round(median(ourFlood) / 1000, 2),
          's',
          {},
          `kubectl exec: ${round(median(theirFlood) / 1000, 2)} s`,
        ),
      ],
      detail: { ours, theirs, ourFlood, theirFlood, pauses, idle },
    };
  } finally {
    scope.dispose();
  }
}

interface Pauses {
  /** Longest time between two turns of the loop, by the clock: a full machine counts too. */
  readonly wall: number;
  /** Most processor time of this process, all its threads, between two turns. */
  readonly own: number;
}

const TURN_MS = 10;

/** Watches how long this process' loop is kept from its next turn, until the returned call. */
function watchPauses(): () => Pauses {
  let last = performance.now();
  let cpu = process.cpuUsage();
  let wall = 0;
  let own = 0;
  const look = (): void => {
    const now = performance.now();
    const used = process.cpuUsage(cpu);
    const late = now - last - TURN_MS;
    wall = Math.max(wall, late);
    own = Math.max(own, Math.min(late, (used.user + used.system) / 1_000));
    last = now;
    cpu = process.cpuUsage();
  };
  const timer = setInterval(look, TURN_MS);
  return () => {
    clearInterval(timer);
    look();
    return { wall, own };
  };
}

function ownEnvironment(): Record<string, string> {
  return Object.fromEntries(
    Object.entries(process.env).flatMap(([key, value]) => (value === undefined ? [] : [[key, value]])),
  );
}

async function frontend(api: ReturnType<typeof openApi>, signal: AbortSignal): Promise<Target> {
  const list = await api.json<{ items: { metadata: { name: string }; status: { phase: string } }[] }>(
    { path: '/api/v1/namespaces/shop/pods' },
    signal,
  );
  const found = list.items.find(
    ({ metadata, status }) => metadata.name.startsWith('frontend') && status.phase === 'Running',
  );
  if (!found) throw new Error('no running pod frontend-* in the namespace shop');
  return { namespace: 'shop', pod: found.metadata.name };
}

/** ms until the prompt of a shell opened as the app does. */
function ourPrompt(client: RpcClient, target: Target): Promise<number> {
  return new Promise((resolve, reject) => {
    const began = performance.now();
    let text = '';
    const stream = client.open(
      shell,
      'open',
      { ...target, size: { columns: 100, rows: 30 } },
      {
        onData: (batch) => {
          if (batch.end) return reject(new Error(JSON.stringify(batch.end)));
          text += Buffer.from(batch.data ?? []).toString();
          if (!PROMPT.test(text)) return;
          resolve(performance.now() - began);
          stream.close();
        },
        onEnd: (error) => reject(new Error(error?.message ?? 'ended')),
      },
    );
  });
}

function kubectlPrompt(kubectl: string, kubeconfig: string, { namespace, pod }: Target): Promise<number> {
  return new Promise((resolve, reject) => {
    const began = performance.now();
    let text = '';
    let done = false;
    const child = spawnPty(
      kubectl,
      ['--kubeconfig', kubeconfig, 'exec', '-it', '-n', namespace, pod, '--', 'sh'],
      { name: 'xterm-256color', cols: 100, rows: 30, cwd: '/', env: ownEnvironment(), encoding: null },
    );
    child.onData((data) => {
      text += typeof data === 'string' ? data : Buffer.from(data).toString();
      if (done || !PROMPT.test(text)) return;
      done = true;
      const took = performance.now() - began;
      child.onExit(() => resolve(took));
      child.write('exit\r');
    });
    child.onExit(() => {
      if (!done) reject(new Error(`kubectl: ${text}`));
    });
  });
}

/** ms until all output has come, acknowledged as it comes. */
function ourFloodMs(client: RpcClient, target: Target): Promise<number> {
  return new Promise((resolve, reject) => {
    const began = performance.now();
    let bytes = 0;
    const stream = client.open(
      shell,
      'open',
      { ...target, command: ['sh', '-c', flood], size: { columns: 100, rows: 30 } },
      {
        onData: ({ data, end }) => {
          if (data) {
            bytes += data.length;
            stream.update({ type: 'ack', bytes: data.length });
          }
          if (!end) return;
          if ('code' in end && end.code === 0 && bytes >= MEGABYTES * 1_000_000)
            resolve(performance.now() - began);
          else reject(new Error(`${bytes} bytes, ${JSON.stringify(end)}`));
        },
        onEnd: (error) => error && reject(new Error(error.message)),
      },
    );
  });
}

/** With a terminal on both sides, as a person would. */
function kubectlFlood(kubectl: string, kubeconfig: string, { namespace, pod }: Target): Promise<number> {
  return new Promise((resolve, reject) => {
    const began = performance.now();
    // `-t` needs a terminal: script(1)'s is thrown away, so that no reader of ours slows it.
    const child = spawnProcess(
      'script',
      [
        '-qfec',
        `${kubectl} --kubeconfig ${kubeconfig} exec -it -n ${namespace} ${pod} -- sh -c "${flood}"`,
        '/dev/null',
      ],
      { stdio: ['ignore', 'ignore', 'inherit'] },
    );
    child.on('error', reject);
    child.on('exit', (code) =>
      code === 0 ? resolve(performance.now() - began) : reject(new Error(`kubectl: ${code}`)),
    );
  });
}
