/**
 * `npm run -s bench -- rbac`: 2,000 roles, 10,000 bindings and 5,000 subjects; time to index
 * them and to answer. In one process, off any window; medians of several rounds.
 */
import { can } from '../../src/shared/domain/rbac/can';
import { serviceAccountUser } from '../../src/shared/domain/rbac/identity';
import { riskFindings } from '../../src/shared/domain/rbac/risks/findings';
import { hygieneFindings } from '../../src/shared/domain/rbac/risks/hygiene';
import { RbacIndex } from '../../src/shared/domain/rbac/rbac-index';
import type { Binding, PolicyRule, RbacSnapshot, Role } from '../../src/shared/domain/rbac/types';
import { whoCan } from '../../src/shared/domain/rbac/who-can';
import { figure, median, round, type BenchOptions, type BenchResult } from './bench';

const ROLES = 2_000;
const BINDINGS = 10_000;
const SUBJECTS = 5_000;
const QUESTIONS = 2_000;
const NAMESPACES = 200;

export function run(options: BenchOptions): Promise<BenchResult> {
  const rounds = options.runs ?? 7;
  const random = seeded(42);
  const snapshot = cluster(random);
  const times = { index: [] as number[], can: [] as number[], who: [] as number[], risks: [] as number[] };
  let found = 0;
  let allowed = 0;
  for (let n = 0; n < rounds; n += 1) {
    let began = performance.now();
    const index = new RbacIndex(snapshot);
    times.index.push(performance.now() - began);
    began = performance.now();
    for (let q = 0; q < QUESTIONS; q += 1) allowed += can(index, question(random)).allowed ? 1 : 0;
    times.can.push((performance.now() - began) / QUESTIONS);
    began = performance.now();
    for (let q = 0; q < 20; q += 1) whoCan(index, question(random));
    times.who.push((performance.now() - began) / 20);
    began = performance.now();
    const risks = riskFindings(index);
    found = risks.length + hygieneFindings(index, risks, { accounts: [], pods: [] }).length;
    times.risks.push(performance.now() - began);
  }
  const ms = {
    index: median(times.index),
    can: median(times.can),
    whoCan: median(times.who),
    risks: median(times.risks),
  };
  return Promise.resolve({
    values: {
      indexMs: round(ms.index, 1),
      canMs: round(ms.can, 4),
      whoCanMs: round(ms.whoCan, 2),
      risksMs: round(ms.risks, 1),
    },
    bars: [
      { name: 'index (ms)', value: ms.index, atMost: 300 },
      { name: 'can (ms)', value: ms.can, atMost: 1 },
      { name: 'who-can (ms)', value: ms.whoCan, atMost: 20 },
      { name: 'risks (ms)', value: ms.risks, atMost: 1_500 },
    ],
    figures: [
      figure('index', round(ms.index, 1), 'ms', { atMost: 300 }),
      figure('can', round(ms.can, 4), 'ms', { atMost: 1 }),
      figure('who-can', round(ms.whoCan, 2), 'ms', { atMost: 20 }),
      figure('risks of the whole cluster', round(ms.risks, 1), 'ms', { atMost: 1_500 }),
    ],
    detail: {
      roles: ROLES,
      bindings: BINDINGS,
      subjects: SUBJECTS,
      findings: found,
      rounds,
      allowedShare: allowed / (rounds * QUESTIONS),
    },
  });
}

const resources = ['pods', 'secrets', 'configmaps', 'deployments', 'services', 'jobs', 'ingresses', 'nodes'];
const verbs = ['get', 'list', 'watch', 'create', 'update', 'patch', 'delete'];

type Random = (below: number) => number;

/** A small deterministic generator: the same cluster in every run. */
function seeded(seed: number): Random {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

function pick<T>(random: Random, list: readonly T[]): T {
  return list[random(list.length)] as T;
}

function cluster(random: Random): RbacSnapshot {
  const roles: Role[] = [];
  for (let n = 0; n < ROLES; n += 1) {
    const wide = n % 4 === 0;
    roles.push({
      kind: wide ? 'ClusterRole' : 'Role',
      namespace: wide ? '' : `ns-${n % NAMESPACES}`,
      name: `role-${n}`,
      labels: {},
      rules: Array.from({ length: 1 + random(6) }, (): PolicyRule => ({
        verbs: [pick(random, verbs), pick(random, verbs)],
        apiGroups: [pick(random, ['', 'apps', 'batch'])],
        resources: [pick(random, resources), pick(random, resources)],
        resourceNames: random(5) === 0 ? [`name-${random(20)}`] : [],
      })),
    });
  }
  const bindings: Binding[] = [];
  for (let n = 0; n < BINDINGS; n += 1) {
    const role = pick(random, roles);
    const wide = role.kind === 'ClusterRole' && random(5) === 0;
    bindings.push({
      kind: wide ? 'ClusterRoleBinding' : 'RoleBinding',
      namespace: wide ? '' : role.namespace || `ns-${random(NAMESPACES)}`,
      name: `binding-${n}`,
      roleRef: { kind: role.kind, name: role.name },
      subjects: Array.from({ length: 1 + random(3) }, () => subject(random)),
    });
  }
  return { roles, bindings, serviceAccounts: [], computeAggregation: true };
}

function subject(random: Random): Binding['subjects'][number] {
  const n = random(SUBJECTS);
  if (n % 3 === 0) return { kind: 'User', name: `user-${n}` };
  if (n % 3 === 1) return { kind: 'Group', name: `group-${n % 100}` };
  return { kind: 'ServiceAccount', name: `sa-${n}`, namespace: `ns-${n % NAMESPACES}` };
}

function question(random: Random) {
  const n = random(SUBJECTS);
  const namespace = `ns-${n % NAMESPACES}`;
  return {
    user: n % 3 === 2 ? serviceAccountUser(namespace, `sa-${n}`) : `user-${n}`,
    groups: ['system:authenticated', `group-${random(100)}`, `group-${random(100)}`],
    verb: pick(random, verbs),
    apiGroup: pick(random, ['', 'apps', 'batch']),
    resource: pick(random, resources),
    name: `name-${random(20)}`,
    namespace,
  };
}
