/**
 * The network policy evaluator on a made cluster: 10,000 pods of 500 workloads in 50 namespaces,
 * 1,000 policies. Measures building, the full matrix, one question, one pod change with the
 * matrix brought up to date, and the memory of snapshot, model and matrix together (heap and
 * buffers after a collection); then what the views take in all, and their longest step.
 */
import { ask } from '#shared/domain/netpol/ask';
import { coverageSteps } from '#shared/domain/netpol/coverage';
import { diffSteps } from '#shared/domain/netpol/diff';
import { dnsServers } from '#shared/domain/netpol/dns';
import { flowSteps } from '#shared/domain/netpol/flow-graph';
import { buildMatrix, matrixSteps, updateMatrix } from '#shared/domain/netpol/matrix';
import type { Steps } from '#shared/domain/netpol/steps';
import { policySteps } from '../../src/main/features/netpol/views';
import { NetpolModel } from '#shared/domain/netpol/model';
import type { NetPod, NetpolSnapshot, PolicyObject } from '#shared/domain/netpol/types';
import { median, round, type BenchOptions, type BenchResult } from './bench';
import { gc } from './gc';

const NAMESPACES = 50;
const WORKLOADS = 500;
const PODS = 10_000;
const POLICIES = 1_000;
const RUNS = 5;

/** Steady pseudo-random numbers, the same on every run. */
function random(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

function pod(i: number): NetPod {
  const w = i % WORKLOADS;
  const replica = Math.floor(i / WORKLOADS);
  const namespace = `team-${w % NAMESPACES}`;
  return {
    namespace,
    name: `app-${w}-${replica}`,
    labels: {
      app: `app-${w}`,
      tier: ['web', 'api', 'data'][w % 3] ?? '',
      'pod-template-hash': `h${w}`,
      'statefulset.kubernetes.io/pod-name': `app-${w}-${replica}`,
    },
    ips: [`10.${(i >> 16) & 255}.${(i >> 8) & 255}.${i & 255}`],
    ports: [
      { name: 'http', port: 8080 + (w % 7) },
      { name: 'metrics', port: 9090 },
    ],
    nodeName: `node-${i % 100}`,
    phase: 'Running',
    workload: `${namespace}/app-${w}[Deployment]`,
  };
}

function policy(i: number, below: (n: number) => number): PolicyObject {
  const own = i % NAMESPACES;
  // Workloads of a namespace are those with w % 50 alike.
  const app = (namespace: number): string => `app-${namespace + NAMESPACES * below(WORKLOADS / NAMESPACES)}`;
  const spec: Record<string, unknown> = { podSelector: { matchLabels: { app: app(own) } } };
  const other = below(NAMESPACES);
  const shape = Math.floor(i / NAMESPACES) % 5;
  if (shape === 0) {
    Object.assign(spec, {
      podSelector: {},
      policyTypes: own % 4 === 0 ? ['Ingress', 'Egress'] : ['Ingress'],
    });
    if (own % 4 === 0) spec['egress'] = [{ ports: [{ port: 53, protocol: 'UDP' }, { port: 53 }] }];
  } else if (shape === 1) {
    spec['ingress'] = [
      { from: [{ podSelector: { matchLabels: { app: app(own) } } }], ports: [{ port: 'http' }] },
    ];
  } else if (shape === 2) {
    const namespaceSelector = { matchLabels: { 'kubernetes.io/metadata.name': `team-${other}` } };
    spec['ingress'] = [{ from: [{ namespaceSelector, podSelector: { matchLabels: { app: app(other) } } }] }];
  } else if (shape === 3) {
    const cidr = `${100 + below(100)}.${below(256)}.0.0/16`;
    spec['egress'] = [
      {
        to: [{ ipBlock: { cidr, except: [`${cidr.split('.').slice(0, 2).join('.')}.${below(256)}.0/24`] } }],
        ports: [{ port: 443 }],
      },
      {
        to: [{ namespaceSelector: {}, podSelector: { matchLabels: { tier: 'api' } } }],
        ports: [{ port: 'http' }],
      },
    ];
    spec['policyTypes'] = ['Egress'];
  } else {
    const values = ['web', 'data'];
    spec['ingress'] = [
      {
        from: [
          {
            namespaceSelector: { matchLabels: { zone: `z${below(3)}` } },
            podSelector: { matchExpressions: [{ key: 'tier', operator: 'In', values }] },
          },
        ],
        ports: [{ port: 8000 + below(100), endPort: 8200 }],
      },
    ];
  }
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name: `p-${i}`, namespace: `team-${own}` },
    spec,
  };
}

function cluster(): NetpolSnapshot {
  const below = random(7);
  return {
    namespaces: Array.from({ length: NAMESPACES }, (_, i) => ({
      name: `team-${i}`,
      labels: { zone: `z${i % 3}` },
    })),
    pods: Array.from({ length: PODS }, (_, i) => pod(i)),
    policies: Array.from({ length: POLICIES }, (_, i) => policy(i, below)),
  };
}

function collector(): () => number {
  return () => {
    gc();
    gc();
    const { heapUsed, arrayBuffers } = process.memoryUsage();
    return heapUsed + arrayBuffers;
  };
}

function timed<T>(act: () => T): { value: T; ms: number } {
  const start = performance.now();
  const value = act();
  return { value, ms: performance.now() - start };
}

/** The host works between the steps: what counts is the longest one. */
function longestStep<T>(steps: Steps<T>): { total: number; longest: number } {
  let [total, longest] = [0, 0];
  for (let done = false; !done;) {
    const { value, ms } = timed(() => steps.next());
    done = value.done === true;
    total += ms;
    longest = Math.max(longest, ms);
  }
  return { total, longest };
}

export async function run({ runs = RUNS, say }: BenchOptions): Promise<BenchResult> {
  const memory = collector();
  const buildMs: number[] = [];
  const matrixMs: number[] = [];
  let usedMb = 0;
  let groups = 0;
  let cells = 0;
  const questions: number[] = [];
  const changes: number[] = [];
  for (let i = 0; i < runs; i += 1) {
    const base = memory();
    const built = timed(() => new NetpolModel(cluster()));
    const model = built.value;
    // First matrix of a new model: nothing is remembered from the run before.
    const full = timed(() => buildMatrix(model));
    buildMs.push(built.ms);
    matrixMs.push(full.ms);
    let matrix = full.value;
    groups = model.groups.size;
    cells = matrix.cells.filter((cell) => cell !== 0).length;
    usedMb = Math.max(usedMb, (memory() - base) / 2 ** 20);
    const below = random(11 + i);
    const name = (): string => {
      const { namespace, name: text } = pod(below(PODS));
      return `${namespace}/${text}`;
    };
    for (let q = 0; q < 400; q += 1) {
      const from = q % 8 === 7 ? '120.1.2.3' : name();
      const to = q % 8 === 6 ? '120.1.2.3' : name();
      questions.push(timed(() => ask(model, { from, to, port: 8080 })).ms);
    }
    for (let c = 0; c < 40; c += 1) {
      const old = pod(below(PODS));
      // Half of them leave their group for one that no pod had before.
      const labels =
        c % 2 === 0 ? { ...old.labels, tier: `new-${c}` } : { ...old.labels, 'pod-template-hash': `n${c}` };
      const change = timed(() => {
        model.setPod({ ...old, labels });
        matrix = updateMatrix(model, matrix, new Set([old.workload ?? '']));
      });
      changes.push(change.ms);
    }
    say(
      `netpol ${i + 1}/${runs}: build ${round(built.ms)} ms, matrix ${round(full.ms)} ms, ${groups} groups`,
    );
  }
  const model = new NetpolModel(cluster());
  const other = new NetpolModel({ ...cluster(), policies: cluster().policies.slice(1) });
  const dns = dnsServers(model, new Map(), undefined);
  const views = {
    matrix: longestStep(matrixSteps(model)),
    policies: longestStep(policySteps(model, dns, new Set())),
    coverage: longestStep(coverageSteps(model, dns, [])),
    graph: longestStep(flowSteps(model, buildMatrix(model), ['team-0', 'team-1'])),
    whatIf: longestStep(diffSteps(model, other)),
  };
  const stepMs = Math.max(...Object.values(views).map(({ longest }) => longest));
  const values = {
    longestStepMs: round(stepMs, 1),
    policiesViewMs: round(views.policies.total, 0),
    coverageViewMs: round(views.coverage.total, 0),
    graphViewMs: round(views.graph.total, 0),
    whatIfMs: round(views.whatIf.total, 0),
    buildMs: round(median(buildMs), 1),
    matrixMs: round(median(matrixMs), 1),
    buildAndMatrixMs: round(Math.max(...matrixMs.map((ms, i) => ms + (buildMs[i] ?? 0))), 1),
    questionMs: round(median(questions), 4),
    questionWorstMs: round(Math.max(...questions), 3),
    podChangeMs: round(median(changes), 2),
    podChangeWorstMs: round(Math.max(...changes), 2),
    memoryMb: round(usedMb, 1),
    groups,
    connectedCells: cells,
  };
  return Promise.resolve({
    values,
    bars: [
      { name: 'full matrix with building, worst run (ms)', value: values.buildAndMatrixMs, atMost: 2_000 },
      { name: 'one question, median (ms)', value: values.questionMs, atMost: 2 },
      { name: 'one pod change with the matrix, median (ms)', value: values.podChangeMs, atMost: 20 },
      { name: 'longest step of any view, the host breathes after it (ms)', value: stepMs, atMost: 50 },
      { name: 'memory with the snapshot (MB)', value: values.memoryMb, atMost: 100 },
    ],
    detail: { namespaces: NAMESPACES, workloads: WORKLOADS, pods: PODS, policies: POLICIES, runs },
  });
}
