/**
 * The process of the terminals: started with the first one, ended when none is open for a while.
 * Guarantees: the page never says what is run, only which context and what kind; each order is
 * good once; what a terminal wrote is cleared when the process goes, however it goes.
 */
import { randomBytes } from 'node:crypto';
import { homedir, userInfo } from 'node:os';
import type { PtyState, Ticket, TicketKind } from '#shared/contract/pty';
import type { Scope } from '#shared/rpc/scope';
import { fail } from '#shared/util/app-error';
import type { ContextConfig } from '../kubeconfig/types';
import { clearFolder } from '../pty-host/folders';
import type { PtyCommand, PtyEvent } from '../pty-host/messages';
import type { Child } from './host-process';

export interface TerminalsOptions {
  readonly scope: Scope;
  readonly fork: () => Child<PtyCommand, PtyEvent>;
  /** For the terminals' files; cleared now, and whenever the process has gone. */
  readonly folder: string;
  readonly resolve: (contextId: string) => Promise<ContextConfig>;
  readonly environment: () => Promise<Readonly<Record<string, string>>>;
  readonly loginCommand: (contextId: string) => string | undefined;
  readonly log: (text: string) => void;
  readonly idleMs?: number;
}

const IDLE_MS = 60_000;
const START_MS = 10_000;
const STOP_MS = 2_000;

interface Running {
  readonly child: Child<PtyCommand, PtyEvent>;
  readonly generation: number;
  readonly ready: Promise<void>;
  readonly gone: Promise<void>;
}

export class Terminals {
  private current: Running | undefined;
  private generation = 0;
  private stopIdle: (() => void) | undefined;
  private readonly listeners = new Set<() => void>();

  constructor(private readonly options: TerminalsOptions) {
    const left = clearFolder(options.folder);
    if (left > 0) options.log(`removed what ${left} terminals of an earlier run had left`);
    options.scope.add(() => this.current?.child.kill());
  }

  get state(): PtyState {
    return { generation: this.current?.generation ?? null };
  }

  onChange(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  async prepare(contextId: string, kind: TicketKind, namespace: string | undefined): Promise<Ticket> {
    const { resolve, environment, loginCommand } = this.options;
    const [context, env] = await Promise.all([resolve(contextId), environment()]);
    const running = this.running();
    await running.ready;
    const ticket = randomBytes(16).toString('hex');
    const home = env['HOME'] ?? homedir();
    const login = loginCommand(contextId);
    running.child.post({
      type: 'order',
      order: {
        ticket,
        kind,
        context,
        namespace: namespace === undefined || namespace === '' ? context.namespace : namespace,
        environment: env,
        shell: personShell(env),
        home,
        ...(login === undefined ? {} : { loginCommand: login }),
      },
    });
    return { ticket, generation: running.generation };
  }

  /** Hands a page's port to the process; false when there is none. */
  grant(port: unknown): boolean {
    if (!this.current) return false;
    this.current.child.post({ type: 'port' }, [port]);
    return true;
  }

  async stop(): Promise<void> {
    const { current } = this;
    if (!current) return;
    current.child.post({ type: 'stop' });
    const limit = setTimeout(() => current.child.kill(), STOP_MS);
    await current.gone;
    clearTimeout(limit);
  }

  private running(): Running {
    this.stopIdle?.();
    if (this.current) return this.current;
    const { fork, folder, log, scope } = this.options;
    const child = fork();
    this.generation += 1;
    let left: () => void = () => undefined;
    const gone = new Promise<void>((resolve) => (left = resolve));
    const ready = new Promise<void>((resolve, reject) => {
      const limit = scope.timeout(() => {
        child.kill();
        reject(fail('internal', 'The process of the terminals did not start.'));
      }, START_MS);
      child.onEvent((event) => {
        if (event.type === 'ready') {
          limit();
          resolve();
        } else this.counted(event.running);
      });
      child.onExit((reason) => {
        limit();
        reject(fail('internal', `The process of the terminals could not be started. ${reason}`));
        this.current = undefined;
        this.stopIdle?.();
        const rest = clearFolder(folder);
        if (rest > 0) log(`the process of the terminals left files behind; removed. ${reason}`);
        left();
        this.emit();
      });
    });
    ready.catch(() => undefined);
    this.current = { child, generation: this.generation, ready, gone };
    child.post({ type: 'init', folder });
    this.emit();
    return this.current;
  }

  private counted(running: number): void {
    this.stopIdle?.();
    if (running > 0) return;
    this.stopIdle = this.options.scope.timeout(() => void this.stop(), this.options.idleMs ?? IDLE_MS);
  }

  private emit(): void {
    for (const listener of [...this.listeners]) listener();
  }
}

function personShell(env: Readonly<Record<string, string>>): string {
  if (process.platform === 'win32') return env['BINNACLE_SHELL'] ?? 'powershell.exe';
  if (env['SHELL']) return env['SHELL'];
  try {
    const { shell } = userInfo();
    if (shell) return shell;
  } catch {
    // No entry for this user.
  }
  return process.platform === 'darwin' ? '/bin/zsh' : '/bin/sh';
}
