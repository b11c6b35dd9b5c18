/**
 * CPU and memory in use, from metrics-server, into the tables of pods and nodes. Polled only while
 * somebody sees such a table: a hidden tab and a sleeping computer ask for nothing. An absent or forbidden
 * metrics-server is told, asked again now and then, and leaves the cells empty. What was measured long
 * ago is never shown as of now (fault 65).
 */
import type { UsageOfState, UsageState } from '#shared/contract/metrics';
import { toAppError } from '#shared/util/app-error';
import type { Scope } from '#shared/rpc/scope';
import type { LiveTable } from '../../engine/view';
import type { Api } from '../../k8s/api';
import { UsageHistory } from './usage-history';
import { readUsage, readUsageOf, totalOf, usageProblem, type UsageKind } from './usage-read';

/** metrics-server measures every 15 s. */
export const USAGE_EVERY = 15_000;
/** For what is absent or forbidden. */
const SELDOM = 120_000;
/** A metrics-server that stopped answering is asked on so long before its last numbers go (fault 65). */
const GRACE = 60_000;

const columns: Readonly<Record<UsageKind, readonly [cpu: string, memory: string]>> = {
  pods: ['cpu', 'memory'],
  nodes: ['cpu-use', 'memory-use'],
};

interface Fed {
  readonly what: UsageKind;
  readonly live: LiveTable;
  readonly namespaces: readonly string[];
  /** Those who have it open. */
  users: number;
  /** Epoch ms of the last answer; undefined: its cells are empty. */
  answeredAt: number | undefined;
  /** Of these, those who see it now. */
  seen: number;
  /** No poll runs and none is planned: it begins when somebody looks again. */
  asleep: boolean;
  /** Epoch ms before which nothing is asked again. */
  notBefore: number;
  scope: Scope;
}

/** One who holds a table open tells whether it can be seen. */
export interface UsageUser {
  show(seen: boolean): void;
}

export class UsagePolls {
  state: UsageState = { phase: 'unknown' };
  readonly history = new UsageHistory();
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

  /**
   * Feeds the table until `held` ends, while one of its holders sees it; several holders share one poll.
   * `namespaces`: null is all. Nothing is asked before the first `show(true)`.
   */
  feed(what: UsageKind, live: LiveTable, namespaces: readonly string[] | null, held: Scope): UsageUser {
    if (held.disposed) return { show: () => undefined };
    let fed = this.fed.get(live.table);
    if (!fed) {
      fed = {
        what,
        live,
        namespaces: namespaces ?? [],
        users: 0,
        answeredAt: undefined,
        seen: 0,
        asleep: true,
        notBefore: 0,
        scope: this.scope.child(`usage of ${what}`),
      };
      this.fed.set(live.table, fed);
    }
    const mine = fed;
    let sees = false;
    const show = (seen: boolean): void => {
      if (seen === sees || (seen && held.disposed)) return;
      sees = seen;
      mine.seen += seen ? 1 : -1;
      if (seen) this.wake(mine);
    };
    mine.users += 1;
    held.add(() => {
      show(false);
      mine.users -= 1;
      if (mine.users > 0) return;
      this.fed.delete(live.table);
      mine.scope.dispose();
    });
    return { show };
  }

  /** One pod or node, asked each 15 s until the scope ends; what tables saw of it before comes first. */
  watchOne(
    what: UsageKind,
    namespace: string,
    name: string,
    held: Scope,
    tell: (state: UsageOfState) => void,
  ): void {
    const key = `${what === 'pods' ? namespace : ''}/${name}`;
    const turn = async (): Promise<void> => {
      let wait = USAGE_EVERY;
      if (!this.suspended)
        try {
          const used = totalOf(await readUsageOf(this.api, what, namespace, name, held.signal));
          this.history.add(what, Date.now(), new Map([[key, used]]));
          if (!held.disposed) tell({ samples: this.history.of(what, key) });
        } catch (thrown) {
          if (held.disposed) return;
          const { error } = usageProblem(toAppError(thrown));
          tell({ samples: this.history.of(what, key), ...(error ? { error } : {}) });
          wait = SELDOM;
        }
      if (!held.disposed) held.timeout(() => void turn(), wait);
    };
    void turn();
  }

  /** The computer sleeps or has no network: nothing is asked until `resume`. */
  suspend(): void {
    this.suspended = true;
  }

  resume(): void {
    this.suspended = false;
    for (const fed of this.fed.values()) {
      fed.notBefore = 0;
      this.wake(fed);
    }
  }

  private wake(fed: Fed): void {
    if (!fed.asleep || fed.seen === 0 || this.suspended || fed.scope.disposed) return;
    fed.asleep = false;
    // Tabs that are switched to and fro must not ask more often than there is something new.
    const wait = fed.notBefore - Date.now();
    if (wait <= 0) void this.poll(fed);
    else fed.scope.timeout(() => void this.poll(fed), wait);
  }

  private async poll(fed: Fed): Promise<void> {
    const { what, live, scope } = fed;
    if (this.suspended || fed.seen === 0) {
      fed.asleep = true;
      return;
    }
    let wait = USAGE_EVERY;
    try {
      const used = await readUsage(this.api, what, fed.namespaces, scope.signal);
      if (scope.disposed) return;
      this.history.add(what, Date.now(), used);
      const { table } = live;
      const of = (key: 'cpu' | 'memory') => (row: number) =>
        used.get(`${what === 'pods' ? table.namespace(row) : ''}/${table.name(row)}`)?.[key] ?? null;
      const [cpu, memory] = columns[what];
      table.setUse({ [cpu]: of('cpu'), [memory]: of('memory') });
      fed.answeredAt = Date.now();
      this.set({ phase: 'live' });
      // The first list may still be coming: its rows are filled soon.
      if (live.state.phase === 'listing') wait = 1_500;
    } catch (thrown) {
      if (scope.disposed) return;
      const error = toAppError(thrown);
      this.set(usageProblem(error));
      const isRecent = fed.answeredAt !== undefined && Date.now() - fed.answeredAt < GRACE;
      if (!isRecent || error.code === 'forbidden') {
        if (fed.answeredAt !== undefined) {
          const [cpu, memory] = columns[what];
          live.table.setUse({ [cpu]: () => null, [memory]: () => null });
        }
        fed.answeredAt = undefined;
        wait = SELDOM;
      }
    }
    fed.notBefore = Date.now() + wait;
    scope.timeout(() => void this.poll(fed), wait);
  }

  private set(state: UsageState): void {
    this.state = state;
    for (const listener of [...this.listeners]) listener();
  }
}
