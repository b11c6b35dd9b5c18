/**
 * Lives of the cluster hosts: one process per connected context.
 * Guarantees: a host that dies, or misses 3 pings of 5 s, is started again after a growing
 * delay, at most 5 times until it has run well for 10 minutes; a context that was removed
 * or points to another server is never silently followed (fault 34); no host gets a context
 * whose program the person has not agreed to (fault 40); every host is gone when the scope ends. Knows processes only through `Fork`, so tests need no Electron.
 */
import type { HostState } from '#shared/contract/app';
import type { KeptSources, SourceChange } from '#shared/domain/prom/kept';
import type { Scope } from '#shared/rpc/scope';
import { fail, toAppError } from '#shared/util/app-error';
import type { HostCommand, HostEvent } from '../cluster-host/messages';
import type { AuthProvider, ContextConfig, Rotation } from '../kubeconfig/types';

/** A running host process. */
export interface HostProcess {
  post(command: HostCommand, ports?: readonly unknown[]): void;
  onEvent(listener: (event: HostEvent) => void): void;
  /** Once; with what is known about the end. */
  onExit(listener: (reason: string) => void): void;
  /** At once, also when the process does not react. */
  kill(): void;
}

export interface SupervisorOptions {
  readonly scope: Scope;
  /** A process that knows no context yet. */
  readonly fork: () => HostProcess;
  /** Throws AppFailure when the context is gone or unusable. */
  readonly resolve: (contextId: string) => Promise<ContextConfig>;
  readonly environment: () => Promise<Readonly<Record<string, string>>>;
  readonly environmentFrom?: () => Promise<'terminal' | 'shell' | 'guess'>;
  /** Whether the person made this context read-only. */
  readonly readOnly?: (contextId: string) => boolean;
  /** Where hosts may keep rows of tables; undefined: nowhere. */
  readonly rows?: () => { readonly folder: string; readonly key: string } | undefined;
  /** Metrics sources given by URL that are kept for a context, and their changes (kept-sources.ts). */
  readonly sources?: (contextId: string) => KeptSources;
  readonly keepSource?: (contextId: string, change: SourceChange) => void;
  /** Why the context's program may not be run yet (plugin-consent.ts); undefined: it may. */
  readonly consent?: (config: ContextConfig) => Promise<string | undefined>;
  /** A host got new tokens for the user of its context. */
  readonly onRotated?: (config: ContextConfig, tokens: Rotation) => void;
  readonly log: (text: string) => void;
  readonly times?: Partial<SupervisorTimes>;
}

export interface SupervisorTimes {
  readonly pingMs: number;
  readonly missed: number;
  readonly delaysMs: readonly number[];
  readonly healthyMs: number;
  readonly stopMs: number;
}

const defaults: SupervisorTimes = {
  pingMs: 5_000,
  missed: 3,
  delaysMs: [500, 1_000, 2_000, 4_000, 8_000],
  healthyMs: 600_000,
  stopMs: 1_500,
};

interface Host {
  state: HostState;
  /** Ends timers and listeners of one generation. */
  scope: Scope;
  process: HostProcess | undefined;
  config: ContextConfig | undefined;
  /** What the process was told last. */
  readOnly: boolean;
  /** Who waits for the process to be gone. */
  gone: (() => void)[];
}

type Change = Partial<Pick<HostState, 'phase' | 'restarts' | 'reason' | 'generation' | 'ask'>>;

export class Supervisor {
  private readonly options: SupervisorOptions;
  private readonly times: SupervisorTimes;
  private readonly hosts = new Map<string, Host>();
  private readonly listeners = new Set<(changed: HostState) => void>();
  /** Never reused, also when a context is disconnected and connected again. */
  private generation = 0;
  private pingId = 0;
  private asleep = false;

  constructor(options: SupervisorOptions) {
    this.options = options;
    this.times = { ...defaults, ...options.times };
    options.scope.add(() => this.killAll());
  }

  states(): HostState[] {
    return [...this.hosts.values()].map((host) => host.state);
  }

  /** Called after every change of a state; returns how to stop. */
  onChange(listener: (changed: HostState) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Finds the host, or starts one. A failed or stopped one starts afresh. */
  async connect(contextId: string): Promise<HostState> {
    const before = this.hosts.get(contextId);
    if (before && before.state.phase !== 'failed' && before.state.phase !== 'stopped') return before.state;
    // Said before anything is awaited, so that two calls make one host.
    const host = this.newHost(contextId);
    try {
      const config = await this.options.resolve(contextId);
      if (!host.scope.disposed) await this.launch(host, config);
    } catch (thrown) {
      const { message } = toAppError(thrown);
      if (!host.scope.disposed) this.set(host, { phase: 'failed', reason: message });
      throw thrown;
    }
    return host.state;
  }

  /** Asks the host to end, kills it after 1.5 s; settles when it is gone. */
  async disconnect(contextId: string, reason?: string): Promise<void> {
    const host = this.hosts.get(contextId);
    if (!host || host.state.phase === 'stopped') return;
    host.scope.dispose();
    this.set(host, { phase: 'stopped', reason });
    await this.end(host);
  }

  async stopAll(): Promise<void> {
    await Promise.all([...this.hosts.keys()].map((id) => this.disconnect(id)));
  }

  /** Hands ports to the running host; false when there is none. */
  grant(contextId: string, generation: number, port: unknown): boolean {
    const host = this.hosts.get(contextId);
    if (!host?.process || host.state.phase !== 'running' || host.state.generation !== generation)
      return false;
    host.process.post({ type: 'port' }, [port]);
    return true;
  }

  /** A command for the running host of a context; false when there is none. */
  tell(contextId: string, command: HostCommand): boolean {
    const host = this.hosts.get(contextId);
    if (!host?.process || host.state.phase !== 'running') return false;
    host.process.post(command);
    return true;
  }

  suspend(): void {
    this.asleep = true;
    for (const host of this.hosts.values()) host.process?.post({ type: 'suspend' });
  }

  resume(): void {
    this.asleep = false;
    for (const host of this.hosts.values()) host.process?.post({ type: 'resume' });
  }

  /** Tells each host whose context became read-only, or is so no longer. */
  applyReadOnly(): void {
    for (const [contextId, host] of this.hosts) {
      const on = this.options.readOnly?.(contextId) ?? false;
      if (on === host.readOnly) continue;
      host.readOnly = on;
      host.process?.post({ type: 'read-only', on });
    }
  }

  /**
   * After a change of kubeconfigs: same server and new credentials or names start the host
   * anew; another server or no context freezes it, and only the person connects again.
   */
  async refresh(): Promise<void> {
    for (const [contextId, host] of [...this.hosts]) {
      const { config } = host;
      if (!config || host.state.phase === 'failed' || host.state.phase === 'stopped') continue;
      const problem = await this.follow(host, config, contextId);
      if (problem !== undefined) await this.freeze(host, problem);
    }
  }

  private async follow(host: Host, config: ContextConfig, contextId: string): Promise<string | undefined> {
    let next: ContextConfig;
    try {
      next = await this.options.resolve(contextId);
    } catch (thrown) {
      return toAppError(thrown).message;
    }
    if (host.scope.disposed || host.config !== config) return undefined;
    if (next.cluster.server !== config.cluster.server) return serverChanged(config, next);
    const provider = newTokens(config, next);
    if (provider && host.process) {
      host.config = next;
      host.process.post({ type: 'auth-provider', provider });
    } else if (JSON.stringify(next) !== JSON.stringify(config)) {
      this.options.log(`the kubeconfig entry of ${config.name} changed; its host starts anew`);
      host.scope.dispose();
      host.scope = this.options.scope.child('host');
      this.set(host, { phase: 'restarting', reason: 'The kubeconfig entry changed.' });
      const ended = this.end(host);
      await ended;
      if (!host.scope.disposed) await this.launch(host, next);
    }
    return undefined;
  }

  private async freeze(host: Host, reason: string): Promise<void> {
    host.scope.dispose();
    this.set(host, { phase: 'failed', reason });
    await this.end(host);
  }

  private newHost(contextId: string): Host {
    const host: Host = {
      state: { contextId, phase: 'starting', generation: this.generation, restarts: 0 },
      scope: this.options.scope.child('host'),
      process: undefined,
      config: undefined,
      readOnly: false,
      gone: [],
    };
    this.hosts.set(contextId, host);
    this.set(host, {});
    return host;
  }

  private async launch(host: Host, config: ContextConfig): Promise<void> {
    const { scope } = host;
    const environment = await this.options.environment();
    const environmentFrom = await this.options.environmentFrom?.();
    const refusal = await this.options.consent?.(config);
    if (scope.disposed) return;
    if (refusal !== undefined) {
      scope.dispose();
      this.set(host, { phase: 'failed', reason: refusal, ask: 'plugin' });
      return;
    }
    host.config = config;
    const child = this.options.fork();
    host.process = child;
    this.generation += 1;
    const { generation } = this;
    let said: string | undefined;
    let unanswered = 0;
    this.set(host, { generation });

    child.onEvent((event) => {
      if (host.process !== child || scope.disposed) return;
      unanswered = 0;
      if (event.type === 'ready') this.set(host, { phase: 'running', reason: undefined });
      if (event.type === 'rotated') this.options.onRotated?.(host.config ?? config, event.tokens);
      if (event.type === 'fatal') said = event.message;
      if (event.type === 'source') this.options.keepSource?.(host.state.contextId, event.change);
    });
    child.onExit((reason) => {
      if (host.process !== child) return;
      host.process = undefined;
      for (const waiting of host.gone.splice(0)) waiting();
      if (!scope.disposed) this.restart(host, said ?? reason);
    });
    host.readOnly = this.options.readOnly?.(host.state.contextId) ?? false;
    const rows = this.options.rows?.();
    const sources = this.options.sources?.(host.state.contextId);
    child.post({
      type: 'init',
      context: config,
      environment,
      ...(environmentFrom && { environmentFrom }),
      readOnly: host.readOnly,
      ...(rows && { rows }),
      ...(sources && { sources }),
    });
    if (this.asleep) child.post({ type: 'suspend' });

    const beat = (): void => {
      scope.timeout(beat, this.times.pingMs);
      if (this.asleep) {
        unanswered = 0;
        return;
      }
      if (unanswered >= this.times.missed) {
        said = `It did not answer for ${Math.round((unanswered * this.times.pingMs) / 1000)} s.`;
        child.kill();
        return;
      }
      unanswered += 1;
      this.pingId += 1;
      child.post({ type: 'ping', id: this.pingId });
    };
    scope.timeout(beat, this.times.pingMs);
    scope.timeout(() => {
      if (host.process === child && host.state.restarts > 0) this.set(host, { restarts: 0 });
    }, this.times.healthyMs);
  }

  private restart(host: Host, reason: string): void {
    host.scope.dispose();
    const { restarts, contextId } = host.state;
    this.options.log(`host of ${host.config?.name ?? contextId} ended: ${reason}`);
    const delay = this.times.delaysMs[restarts];
    if (delay === undefined) {
      this.set(host, { phase: 'failed', reason: `It ended ${restarts + 1} times. Last: ${reason}` });
      return;
    }
    const scope = this.options.scope.child('host');
    host.scope = scope;
    this.set(host, { phase: 'restarting', restarts: restarts + 1, reason });
    scope.timeout(() => void this.relaunch(host), delay);
  }

  private async relaunch(host: Host): Promise<void> {
    const { scope, config } = host;
    try {
      const next = await this.options.resolve(host.state.contextId);
      if (scope.disposed) return;
      if (config && next.cluster.server !== config.cluster.server)
        throw fail('gone', serverChanged(config, next));
      await this.launch(host, next);
    } catch (thrown) {
      if (scope.disposed) return;
      scope.dispose();
      this.set(host, { phase: 'failed', reason: toAppError(thrown).message });
    }
  }

  private end(host: Host): Promise<void> {
    const child = host.process;
    if (!child) return Promise.resolve();
    return new Promise((done) => {
      const limit = setTimeout(() => child.kill(), this.times.stopMs);
      host.gone.push(() => {
        clearTimeout(limit);
        done();
      });
      child.post({ type: 'stop' });
    });
  }

  private killAll(): void {
    for (const host of this.hosts.values()) host.process?.kill();
  }

  private set(host: Host, change: Change): void {
    host.state = { ...host.state, ...change };
    for (const listener of [...this.listeners]) listener(host.state);
  }
}

/** Of two configs that differ in nothing but what an identity provider gives anew. */
function newTokens(before: ContextConfig, after: ContextConfig): AuthProvider | undefined {
  const plain = ({ user, ...rest }: ContextConfig): string => {
    const { authProvider, ...others } = user;
    const config = { ...authProvider?.config, 'id-token': '', 'refresh-token': '' };
    return JSON.stringify([rest, others, authProvider?.name, authProvider?.file, config]);
  };
  const [old, provider] = [before.user.authProvider, after.user.authProvider];
  if (!old || provider?.name !== 'oidc' || JSON.stringify(old) === JSON.stringify(provider)) return undefined;
  return plain(before) === plain(after) ? provider : undefined;
}

function serverChanged(before: ContextConfig, after: ContextConfig): string {
  return (
    `The context ${before.name} now points to ${after.cluster.server}, ` +
    `before it was ${before.cluster.server}. Connect again to go there.`
  );
}
