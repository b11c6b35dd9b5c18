/**
 * The demo cluster's process. Starts on the first call of `start`, again on the next call
 * after it died; ends with the scope. Main never waits for it.
 */
import type { Scope } from '#shared/rpc/scope';
import { fail } from '#shared/util/app-error';
import type { ContextConfig } from '../kubeconfig/types';
import type { DemoCommand, DemoEvent } from './demo-messages';
import type { Child } from './host-process';

export const DEMO_ID = 'demo';
const START_LIMIT_MS = 30_000;
const STOP_LIMIT_MS = 1_500;

export type DemoFork = () => Child<DemoCommand, DemoEvent>;

export class Demo {
  /** Someone asked for it; it stays listed from then on. */
  wanted = false;
  server: string | undefined;
  private readonly scope: Scope;
  private readonly fork: DemoFork;
  private running: Promise<ContextConfig> | undefined;
  private child: Child<DemoCommand, DemoEvent> | undefined;
  private readonly listeners = new Set<() => void>();
  private gone: (() => void)[] = [];

  constructor(scope: Scope, fork: DemoFork) {
    this.scope = scope;
    this.fork = fork;
    scope.add(() => this.child?.kill());
  }

  onChange(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** The context to connect with, once the cluster answers. */
  start(): Promise<ContextConfig> {
    this.running ??= this.launch();
    if (!this.wanted) {
      this.wanted = true;
      this.emit();
    }
    return this.running;
  }

  async stop(): Promise<void> {
    const { child } = this;
    if (!child) return;
    await new Promise<void>((done) => {
      const limit = setTimeout(() => child.kill(), STOP_LIMIT_MS);
      this.gone.push(() => {
        clearTimeout(limit);
        done();
      });
      child.post({ type: 'stop' });
    });
  }

  private launch(): Promise<ContextConfig> {
    const child = this.fork();
    this.child = child;
    return new Promise((resolve, reject) => {
      const stopClock = this.scope.timeout(() => {
        child.kill();
        reject(fail('timeout', `The demo cluster did not start within ${START_LIMIT_MS / 1000} s.`));
      }, START_LIMIT_MS);
      child.onEvent((event) => {
        if (event.type === 'failed') {
          reject(fail('internal', `The demo cluster could not be started: ${event.message}`));
          return;
        }
        stopClock();
        this.server = event.config.cluster.server;
        this.emit();
        resolve(event.config);
      });
      child.onExit((reason) => {
        stopClock();
        if (this.child === child) {
          this.child = undefined;
          this.running = undefined;
        }
        reject(fail('closed', `The demo cluster ended. ${reason}`));
        for (const waiting of this.gone.splice(0)) waiting();
      });
    });
  }

  private emit(): void {
    for (const listener of [...this.listeners]) listener();
  }
}
