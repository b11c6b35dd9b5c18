/**
 * An embedded Kubernetes cluster that is only a model: an API over HTTPS on 127.0.0.1 and
 * a seeded simulation behind it. For people without a cluster, and for tests that need
 * faults on demand. It runs no containers and stores nothing outside this process.
 */
import { randomBytes } from 'node:crypto';
import { Scope } from '#shared/rpc/scope';
import { everything, type AccessRule, type User } from './api/access';
import type { ApiContext } from './api/context';
import { Faults } from './api/faults';
import { RequestLog, type LoggedRequest } from './api/request-log';
import { startApiServer } from './api/server';
import { Snapshots } from './api/snapshots';
import { makeCertificate } from './certificate';
import { kubeconfigText } from './kubeconfig';
import { Random } from './random';
import { buildCluster } from './seed/build';
import { startControllers } from './sim/controllers';
import { Sim } from './sim/sim';
import { Registry } from './store/kinds';
import { Store } from './store/store';

export interface DemoOptions {
  /** 0 (default): any free port. */
  readonly port?: number;
  /** The same seed and start time make the same cluster. */
  readonly seed?: number;
  /** About how many pods; default and least about 130. */
  readonly pods?: number;
  /** Cluster seconds per real second; 0 freezes the cluster until `step`. Default 1. */
  readonly pace?: number;
  /** Cluster time at the start, epoch ms; default now. */
  readonly startTime?: number;
  /** Changes remembered per kind before watches from older versions get 410. */
  readonly historyLength?: number;
  /** Real ms between the bookmarks of a watch; default 60,000. */
  readonly bookmarkMs?: number;
  /** Further users by token, with rules like RBAC's. */
  readonly users?: Readonly<
    Record<string, { name: string; groups?: readonly string[]; rules: readonly AccessRule[] }>
  >;
}

export interface Demo {
  /** `https://127.0.0.1:PORT` */
  readonly url: string;
  readonly port: number;
  /** The administrator's token of this start. */
  readonly token: string;
  readonly caPem: string;
  readonly faults: Faults;
  /** What was asked so far, oldest first, at most 10,000 entries. */
  readonly requests: readonly LoggedRequest[];
  readonly store: Store;
  readonly sim: Sim;
  /** A kubeconfig with the context `demo`; of the administrator, or of one of `users`. */
  kubeconfig(token?: string): string;
  /** Moves the cluster's clock by so many ms and runs everything due. */
  step(ms: number): void;
  /** Forgets change history and continue tokens: older versions are 410 from now on. */
  compact(): void;
  /** Ends open watches: `cut` drops the connections, `expire` sends an ERROR 410 first. */
  disconnect(): void;
  /** Server down: refuses and drops connections until `up`. State is kept. */
  down(): Promise<void>;
  up(): Promise<void>;
  close(): Promise<void>;
}

export async function startDemo(options: DemoOptions = {}): Promise<Demo> {
  const scope = new Scope('demo');
  try {
    return await build(options, scope);
  } catch (error) {
    scope.dispose();
    throw error;
  }
}

async function build(options: DemoOptions, scope: Scope): Promise<Demo> {
  const seed = options.seed ?? 7;
  const pace = options.pace ?? 1;
  const startTime = options.startTime ?? Date.now();
  const random = new Random(seed);
  const registry = new Registry();
  const store: Store = new Store({
    historyLength: options.historyLength ?? 2000,
    random,
    now: () => sim.time,
  });
  const sim: Sim = new Sim(store, registry, random, startTime);
  const workings = startControllers(sim);
  buildCluster(sim, options.pods ?? 0, startTime);
  store.compact();

  const realStart = Date.now();
  const clusterTime = (): number => (pace === 0 ? sim.time : startTime + (Date.now() - realStart) * pace);
  if (pace > 0) {
    const timer = setInterval(() => sim.advance(clusterTime()), 100);
    scope.add(() => clearInterval(timer));
  }

  const token = randomBytes(24).toString('base64url');
  const users = new Map<string, User>(Object.entries(options.users ?? {}));
  users.set(token, { name: 'demo-admin', groups: ['system:masters'], rules: everything });
  const faults = new Faults();
  const snapshots = new Snapshots();
  const log = new RequestLog(10_000);
  const context: ApiContext = {
    store,
    registry,
    faults,
    snapshots,
    now: clusterTime,
    bookmarkMs: options.bookmarkMs ?? 60_000,
    users,
    workings,
    uid: () => random.uuid(),
    suffix: () => random.suffix(5),
  };
  const certificate = makeCertificate(Date.now());
  const server = await startApiServer(context, log, certificate, options.port ?? 0, scope);
  return {
    url: server.url,
    port: server.port,
    token,
    caPem: certificate.caPem,
    faults,
    requests: log.entries,
    store,
    sim,
    kubeconfig: (of = token) =>
      kubeconfigText({ server: server.url, caPem: certificate.caPem, token: of, user: users.get(of)?.name }),
    step: (ms) => sim.advance(sim.time + ms),
    compact: () => {
      store.compact();
      snapshots.forget();
    },
    disconnect: () => server.dropConnections(),
    down: () => server.close(),
    up: () => server.listen(),
    close: async () => {
      await server.close();
      scope.dispose();
    },
  };
}
