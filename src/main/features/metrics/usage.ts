/**
 * CPU and memory in use, from metrics-server, into the tables of pods and nodes. Polled only while
 * somebody shows such a table; an absent or forbidden metrics-server is told, asked again now and
 * then, and leaves the cells empty.
 */
import type { UsageState } from '#shared/contract/metrics';
import { toAppError } from '#shared/util/app-error';
import { parseQuantity } from '#shared/util/quantity';
import type { Scope } from '#shared/rpc/scope';
import type { LiveTable } from '../../engine/view';
import type { Api } from '../../k8s/api';

/** metrics-server measures every 15 s. */
const EVERY = 15_000;
/** For what is absent or forbidden. */
const SELDOM = 120_000;
const MOST_BYTES = 64 * 1024 * 1024;

interface Usage {
  readonly cpu?: unknown;
  readonly memory?: unknown;
}

interface MetricsItem {
  readonly metadata?: { readonly name?: unknown; readonly namespace?: unknown };
  readonly usage?: Usage;
  readonly containers?: readonly { readonly usage?: Usage }[];
}

interface Used {
  readonly cpu: number;
  readonly memory: number;
}

type What = 'pods' | 'nodes';
const columns: Readonly<Record<What, readonly [cpu: string, memory: string]>> = {
  pods: ['cpu', 'memory'],
  nodes: ['cpu-use', 'memory-use'],
};

interface Fed {
  readonly what: What;
  readonly live: LiveTable;
  readonly namespaces: readonly string[];
  users: number;
  /** Its poll waits for `resume`. */
  asleep: boolean;
  scope: Scope;
}

export class UsagePolls {
  state: UsageState = { phase: 'unknown' };
  private readonly fed = new Map<LiveTable['table'], Fed>();
  private suspended = false;
  private readonly listeners = new Set<() => void>();

  constructor(
    private readonly api: Api,
    private readonly scope: Scope,
  ) {}

  follow(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Feeds the table until `held` ends; several holders share one poll. `namespaces`: null is all. */
  feed(what: What, live: LiveTable, namespaces: readonly string[] | null, held: Scope): void {
    if (held.disposed) return;
    let fed = this.fed.get(live.table);
    if (!fed) {
      fed = {
        what,
        live,
        namespaces: namespaces ?? [],
        users: 0,
        asleep: false,
        scope: this.scope.child(`usage of ${what}`),
      };
      this.fed.set(live.table, fed);
      void this.poll(fed);
    }
    const mine = fed;
    mine.users += 1;
    held.add(() => {
      mine.users -= 1;
      if (mine.users > 0) return;
      this.fed.delete(live.table);
      mine.scope.dispose();
    });
  }

  /** The computer sleeps or has no network: nothing is asked until `resume`. */
  suspend(): void {
    this.suspended = true;
  }

  resume(): void {
    this.suspended = false;
    for (const fed of this.fed.values()) {
      if (!fed.asleep) continue;
      fed.asleep = false;
      void this.poll(fed);
    }
  }

  private async poll(fed: Fed): Promise<void> {
    const { what, live, scope } = fed;
    if (this.suspended) {
      fed.asleep = true;
      return;
    }
    let wait = EVERY;
    try {
      const used = await this.read(what, fed.namespaces, scope.signal);
      if (scope.disposed) return;
      const { table } = live;
      const of = (key: keyof Used) => (row: number) =>
        used.get(`${what === 'pods' ? table.namespace(row) : ''}/${table.name(row)}`)?.[key] ?? null;
      const [cpu, memory] = columns[what];
      table.setUse({ [cpu]: of('cpu'), [memory]: of('memory') });
      this.set({ phase: 'live' });
      // The first list may still be coming: its rows are filled soon.
      if (live.state.phase === 'listing') wait = 1_500;
    } catch (thrown) {
      if (scope.disposed) return;
      const error = toAppError(thrown);
      const absent = error.code === 'not-found' || (error.code === 'server' && error.status === 503);
      this.set({
        phase: absent ? 'absent' : error.code === 'forbidden' ? 'denied' : 'failed',
        error: absent
          ? {
              ...error,
              message:
                error.status === 503
                  ? 'metrics-server is installed but does not answer.'
                  : 'metrics-server is not installed in this cluster.',
              hint: 'It serves the API metrics.k8s.io, from which CPU and memory columns come. Whoever runs the cluster can install it.',
            }
          : error,
      });
      wait = SELDOM;
    }
    scope.timeout(() => void this.poll(fed), wait);
  }

  private async read(
    what: What,
    namespaces: readonly string[],
    signal: AbortSignal,
  ): Promise<ReadonlyMap<string, Used>> {
    const base = '/apis/metrics.k8s.io/v1beta1';
    const paths =
      what === 'nodes' || namespaces.length === 0
        ? [`${base}/${what}`]
        : namespaces.slice(0, 50).map((one) => `${base}/namespaces/${encodeURIComponent(one)}/pods`);
    const lists = await Promise.all(
      paths.map((path) => this.api.json<{ items?: readonly MetricsItem[] }>({ path }, signal, MOST_BYTES)),
    );
    const out = new Map<string, Used>();
    for (const list of lists)
      for (const item of list.items ?? []) {
        const name = item.metadata?.name;
        if (typeof name !== 'string') continue;
        const namespace = typeof item.metadata?.namespace === 'string' ? item.metadata.namespace : '';
        const parts = item.usage ? [item.usage] : (item.containers ?? []).map((one) => one.usage ?? {});
        out.set(`${namespace}/${name}`, {
          cpu: parts.reduce((sum, part) => sum + (parseQuantity(part.cpu) ?? 0), 0),
          memory: parts.reduce((sum, part) => sum + (parseQuantity(part.memory) ?? 0), 0),
        });
      }
    return out;
  }

  private set(state: UsageState): void {
    this.state = state;
    for (const listener of [...this.listeners]) listener();
  }
}
