/**
 * Credentials from an exec plugin, the riskiest thing a kubeconfig can ask for.
 * Guarantees: no shell; standard input closed; 60 s, then the whole process group is killed
 * (fault 35); at most 1 MiB of output is kept; one run at a time however many wait (fault 37);
 * cached until 60 s before expiry; one refresh after a 401; after a failure no run until
 * `retry()`. The consent to run it at all is asked before a host gets the kubeconfig.
 */
import { spawn } from 'node:child_process';
import { AppFailure, fail } from '#shared/util/app-error';
import type { Scope } from '#shared/rpc/scope';
import type { ClusterConfig, ExecConfig } from '../kubeconfig/types';
import { cancelled } from './network-errors';
import { execEnvironment, execInfo, findCommand } from './exec-environment';
import {
  parseExecOutput,
  redact,
  shortName,
  stderrTail,
  stripEscapes,
  type ExecCredential,
} from './exec-output';

const MARGIN_MS = 60_000;
const OUTPUT_BYTES = 1024 * 1024;
const STDERR_BYTES = 64 * 1024;

export interface ExecTimes {
  readonly timeoutMs: number;
}

/** For the doctor of the connection page. No output but the end of stderr, redacted. */
export interface PluginRuns {
  readonly runs: number;
  readonly last?: {
    /** Epoch ms. */
    readonly at: number;
    readonly ms: number;
    /** `exit code 1`, or how else it ended. */
    readonly end: string;
    readonly stderr: string;
  };
}

export class ExecCredentials {
  private cached: ExecCredential | undefined;
  private generation = 0;
  private running: Promise<ExecCredential> | undefined;
  private failed: AppFailure | undefined;
  /** Generation that came of a refresh after a 401 and must prove itself. */
  private onTrial = -1;
  private told: PluginRuns = { runs: 0 };

  constructor(
    private readonly exec: ExecConfig,
    private readonly cluster: ClusterConfig,
    private readonly environment: Readonly<Record<string, string>>,
    private readonly scope: Scope,
    private readonly times: ExecTimes = { timeoutMs: 60_000 },
    /** Epoch ms by the server's clock; undefined while no answer has told it (fault 24). */
    private readonly serverNow: () => number | undefined = () => Date.now(),
  ) {}

  get busy(): boolean {
    return this.running !== undefined;
  }

  get plugin(): PluginRuns {
    return this.told;
  }

  get expires(): number | undefined {
    return this.cached?.expires;
  }

  async current(signal: AbortSignal): Promise<ExecCredential & { generation: number }> {
    const { cached } = this;
    if (cached && !this.isStale(cached)) return { ...cached, generation: this.generation };
    if (this.failed) throw this.failed;
    this.running ??= this.renew().finally(() => {
      this.running = undefined;
    });
    const fresh = await abortable(this.running, signal);
    return { ...fresh, generation: this.generation };
  }

  rejected(generation: number): boolean {
    if (generation !== this.generation || this.running) return true;
    if (!this.cached) return this.failed === undefined;
    this.cached = undefined;
    if (this.onTrial === generation) {
      // It was made only because of a 401, and is refused as well: no third run.
      this.failed = fail('unauthorized', `The server refuses the credential that ${this.name} gives.`, {
        status: 401,
        hint: 'The session of the plugin may belong to another account, or access was withdrawn. Sign in again.',
      });
      return false;
    }
    this.onTrial = generation + 1;
    return true;
  }

  retry(): void {
    this.failed = undefined;
    this.onTrial = -1;
    this.cached = undefined;
  }

  /** The server took the credential: it is no longer on trial. */
  accepted(generation: number): void {
    if (this.onTrial === generation) this.onTrial = -1;
  }

  private get name(): string {
    return shortName(this.exec.command);
  }

  /** Inside the margin, but never sooner than half of a short life: a 30 s token is used too. */
  private isStale(credential: ExecCredential): boolean {
    const now = this.serverNow();
    if (credential.expires === undefined || now === undefined) return false;
    return now >= credential.expires - Math.min(MARGIN_MS, this.margin);
  }

  /** By the server's clock, not ours; while that is unknown the server itself decides. */
  private isOver({ expires }: ExecCredential): boolean {
    const now = this.serverNow();
    return expires !== undefined && now !== undefined && expires <= now;
  }

  private margin = MARGIN_MS;

  private async renew(): Promise<ExecCredential> {
    try {
      let credential = await this.run();
      if (this.isOver(credential)) {
        // One more try in all: a run after a 401 has been it.
        if (this.onTrial < 0) credential = await this.run();
        if (this.isOver(credential))
          throw fail('credentials', `${this.name} gives a credential that has already expired.`, {
            hint: 'Sign in again with its own tool; also check the clock of this machine.',
          });
      }
      if (credential.expires !== undefined)
        this.margin = Math.max(0, credential.expires - (this.serverNow() ?? Date.now())) / 2;
      this.cached = credential;
      this.generation += 1;
      return credential;
    } catch (thrown) {
      const failure =
        thrown instanceof AppFailure ? thrown : fail('credentials', `${this.name} could not be run.`);
      if (failure.error.code !== 'cancelled') this.failed = failure;
      throw failure;
    }
  }

  private run(): Promise<ExecCredential> {
    const { exec, scope } = this;
    if (exec.interactiveMode === 'Always')
      return Promise.reject(
        fail('credentials', `${this.name} must be run in a terminal (interactiveMode: Always).`, {
          hint: 'Sign in from a terminal tab.',
        }),
      );
    const environment = execEnvironment(this.environment, exec, execInfo(exec, this.cluster, false));
    const found = findCommand(exec.command, environment);
    if (!found.path) return Promise.reject(this.notFound(found.searched, found.notExecutable));
    const { path } = found;
    return new Promise((resolve, reject) => {
      const group = process.platform !== 'win32';
      const at = Date.now();
      let end = 'ended with this cluster';
      this.told = { ...this.told, runs: this.told.runs + 1 };
      const child = spawn(path, [...exec.args], {
        env: environment,
        stdio: ['ignore', 'pipe', 'pipe'],
        shell: false,
        detached: group,
        windowsHide: true,
      });
      const out = new Capped(OUTPUT_BYTES, 'head');
      const err = new Capped(STDERR_BYTES, 'tail');
      let done = false;
      const kill = (): void => {
        try {
          if (group && child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
          else child.kill('SIGKILL');
        } catch {
          // It has ended already.
        }
      };
      const finish = (result: AppFailure | ExecCredential): void => {
        if (done) return;
        done = true;
        forget();
        const last = { at, ms: Date.now() - at, end, stderr: stderrTail(err.text()) };
        this.told = { ...this.told, last };
        if (result instanceof AppFailure) reject(result);
        else resolve(result);
      };
      const forgetTimer = scope.timeout(() => {
        kill();
        end = `stopped after ${this.times.timeoutMs / 1000} s`;
        finish(
          this.failure(`did not end within ${this.times.timeoutMs / 1000} s and was stopped.`, err.text()),
        );
      }, this.times.timeoutMs);
      const forgetScope = scope.add(() => {
        if (done) return;
        kill();
        finish(cancelled());
      });
      const forget = (): void => {
        forgetTimer();
        forgetScope();
        // What it left running behind it goes as well.
        kill();
        child.stdout.destroy();
        child.stderr.destroy();
      };
      child.stdout.on('data', (chunk: Buffer) => {
        out.add(chunk);
        if (!out.full) return;
        end = 'stopped: over 1 MiB of output';
        finish(this.failure('prints more than 1 MiB and was stopped.', err.text()));
      });
      child.stderr.on('data', (chunk: Buffer) => err.add(chunk));
      child.on('error', (error: NodeJS.ErrnoException) => {
        end = `not started (${error.code ?? 'unknown'})`;
        finish(this.failure(`could not be started (${error.code ?? 'unknown'}).`, '', path));
      });
      child.on('close', (code, killed) => ended(code, killed));
      // Descendants may hold the pipes open: the credential is there once the plugin ended.
      child.on('exit', (code, killed) => scope.timeout(() => ended(code, killed), 500));
      const ended = (code: number | null, killed: string | null): void => {
        if (done) return;
        end = code === null ? `ended by ${killed ?? 'a signal'}` : `exit code ${code}`;
        if (code !== 0) {
          const how =
            code === null ? `was ended by ${killed ?? 'a signal'}.` : `failed with exit code ${code}.`;
          finish(this.failure(how, err.text(), path));
          return;
        }
        try {
          finish(parseExecOutput(out.text(), exec.apiVersion, exec.command));
        } catch (thrown) {
          const failure = thrown as AppFailure;
          finish(this.withStderr(failure, err.text()));
        }
      };
    });
  }

  private failure(what: string, stderr: string, path?: string): AppFailure {
    const where = path !== undefined && path !== this.name ? ` (${path})` : '';
    return this.withStderr(
      fail('credentials', `The credential plugin ${this.name}${where} ${what}`, {
        hint: 'Sign in again with the plugin’s own tool, then try again.',
      }),
      stderr,
    );
  }

  private withStderr(failure: AppFailure, stderr: string): AppFailure {
    const tail = stderrTail(stderr);
    if (tail === '') return failure;
    return new AppFailure({ ...failure.error, message: `${failure.error.message} It says: ${tail}` });
  }

  private notFound(searched: readonly string[], notExecutable: string | undefined): AppFailure {
    const hint =
      this.exec.installHint === undefined
        ? undefined
        : redact(stripEscapes(this.exec.installHint)).slice(0, 2000);
    const message =
      notExecutable === undefined
        ? `The credential plugin ${this.name} is not installed, or not on the PATH: ${searched.join(', ') || 'empty'}.`
        : `The credential plugin ${notExecutable} is not executable.`;
    return fail('credentials', message, {
      hint: hint ?? `Install ${this.name}, or put its full path into exec.command.`,
      reason: 'PluginMissing',
    });
  }
}

/** Keeps the first or the last bytes of a stream. */
class Capped {
  full = false;
  private bytes = Buffer.alloc(0);

  constructor(
    private readonly limit: number,
    private readonly keep: 'head' | 'tail',
  ) {}

  add(chunk: Buffer): void {
    if (this.full && this.keep === 'head') return;
    const all = Buffer.concat([this.bytes, chunk]);
    this.full = all.length > this.limit;
    this.bytes = this.keep === 'head' ? all.subarray(0, this.limit) : all.subarray(-this.limit);
  }

  text(): string {
    return this.bytes.toString('utf8');
  }
}

function abortable<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  if (signal.aborted) return Promise.reject(cancelled());
  return new Promise((resolve, reject) => {
    const onAbort = (): void => reject(cancelled());
    signal.addEventListener('abort', onAbort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });
}
