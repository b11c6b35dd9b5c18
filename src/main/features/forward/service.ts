/**
 * Serves the `forward` slice: the forwards of one cluster.
 * Guarantees: several ports of one `start` share what they watch; they end one by one, on `stop`,
 * and all with the session.
 */
import {
  forward,
  type ForwardOptions,
  type ForwardRow,
  type ForwardStarted,
  type ForwardTarget,
} from '#shared/contract/forward';
import type { Scope } from '#shared/rpc/scope';
import { coalesce, implement, type Served } from '#shared/rpc/server';
import { AppFailure, toAppError } from '#shared/util/app-error';
import type { Api } from '../../k8s/api';
import type { Dialler } from '../../k8s/channel-socket';
import { choose, portsOf } from './choose';
import { Forward } from './forward';
import { nextFree } from './listener';
import { portHolder } from './port-holder';
import { TargetWatch, type TargetState } from './target-watch';

export interface ForwardServiceDeps {
  readonly api: Api & Dialler;
  readonly scope: Scope;
}

interface Running {
  readonly forward: Forward;
  readonly scope: Scope;
}

interface StartInput {
  readonly target: ForwardTarget;
  readonly address: '127.0.0.1' | '0.0.0.0';
  readonly ports: readonly { readonly remote: string; readonly local: number }[];
}

const EVERY_MS = 200;

export function forwardService({ api, scope }: ForwardServiceDeps): Served {
  const running = new Map<string, Running>();
  const readers = new Set<() => void>();
  let nextId = 1;
  const changed = (): void => {
    for (const mark of readers) mark();
  };
  const rows = (): readonly ForwardRow[] => [...running.values()].map((one) => one.forward.row);

  const startOne = async (
    watch: TargetWatch,
    { target, address }: StartInput,
    wish: StartInput['ports'][number],
    parent: Scope,
  ): Promise<ForwardStarted> => {
    const own = parent.child('port');
    const made = new Forward(String(nextId++), wish.remote, {
      api,
      watch,
      target,
      scope: own,
      onChange: changed,
    });
    try {
      await made.listen(address, wish.local);
    } catch (thrown) {
      own.dispose();
      const error = toAppError(thrown);
      if (error.reason !== 'EADDRINUSE') return { error };
      return { error, ...(await whoAndNext(address, wish.local, running)) };
    }
    running.set(made.id, { forward: made, scope: own });
    own.add(() => {
      running.delete(made.id);
      changed();
    });
    changed();
    return { row: made.row };
  };

  const start = async (input: StartInput): Promise<readonly ForwardStarted[]> => {
    const group = scope.child('forward');
    const watch = new TargetWatch(api, input.target, group);
    const results: ForwardStarted[] = [];
    for (const wish of input.ports) results.push(await startOne(watch, input, wish, group));
    let left = results.filter((result) => 'row' in result).length;
    if (left === 0) group.dispose();
    for (const result of results) {
      if (!('row' in result)) continue;
      running.get(result.row.id)?.scope.add(() => {
        left -= 1;
        if (left === 0) group.dispose();
      });
    }
    return results;
  };

  return implement(forward, {
    options: ({ target }, signal) => readOptions(api, target, scope, signal),
    start,
    stop: ({ id }) => running.get(id)?.scope.dispose(),
    list: (_input, sink) => {
      const out = coalesce(sink, rows, EVERY_MS);
      const mark = (): void => out.mark();
      readers.add(mark);
      sink.scope.add(() => readers.delete(mark));
      const tick = (): void => {
        for (const { forward: one } of running.values()) one.tick();
        if (running.size > 0) mark();
        sink.scope.timeout(tick, 1_000);
      };
      sink.scope.timeout(tick, 1_000);
      mark();
    },
  });
}

async function whoAndNext(
  address: string,
  port: number,
  running: ReadonlyMap<string, Running>,
): Promise<Pick<Extract<ForwardStarted, { error: unknown }>, 'holder' | 'nextFree'>> {
  const own = [...running.values()].find((one) => one.forward.row.localPort === port);
  const [holder, next] = await Promise.all([portHolder(port), nextFree(address, port)]);
  const name = own ? `another forward of this cluster (${own.forward.row.target.name})` : undefined;
  return {
    ...(name ? { holder: { name } } : holder ? { holder } : {}),
    ...(next === undefined ? {} : { nextFree: next }),
  };
}

/** Looks once, until the pods are known. */
async function look<T>(
  api: Api & Dialler,
  target: ForwardTarget,
  parent: Scope,
  signal: AbortSignal,
  read: (state: TargetState, watch: TargetWatch) => T,
): Promise<T> {
  const scope = parent.child('forward-look');
  const onAbort = (): void => scope.dispose();
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    const watch = new TargetWatch(api, target, scope);
    return read(await settled(watch, scope), watch);
  } finally {
    signal.removeEventListener('abort', onAbort);
    scope.dispose();
  }
}

/** The pod and port a connection would reach now; AppFailure says why there is none. */
export function reach(
  api: Api & Dialler,
  parent: Scope,
): (target: ForwardTarget, remote: string, signal: AbortSignal) => Promise<{ pod: string; port: number }> {
  return (target, remote, signal) =>
    look(api, target, parent, signal, (state) => {
      if (state.phase === 'failed' && state.error) throw new AppFailure(state.error);
      const chosen = choose(state.candidates, remote, undefined);
      if ('why' in chosen) throw new AppFailure(chosen.why);
      return chosen;
    });
}

function readOptions(
  api: Api & Dialler,
  target: ForwardTarget,
  parent: Scope,
  signal: AbortSignal,
): Promise<ForwardOptions> {
  return look(api, target, parent, signal, (state, watch) => {
    const ports = portsOf(state.candidates);
    // A pod without named ports still has a pod: any number will do to see whether it is there.
    const chosen =
      state.phase === 'failed' ? undefined : choose(state.candidates, ports[0]?.remote ?? '1', undefined);
    const problem = state.error ?? (chosen && 'why' in chosen ? chosen.why : undefined);
    return {
      ports,
      pod: chosen && 'pod' in chosen ? chosen.pod : null,
      ...(problem && { problem }),
      heals:
        watch.follows === 'name'
          ? `Follows the pod named ${target.name}; it reconnects when a pod of that name is running again.`
          : 'Follows its pods: when one is replaced, new connections go to the next ready one.',
    };
  });
}

function settled(watch: TargetWatch, scope: Scope): Promise<TargetState> {
  return new Promise((resolve) => {
    const check = (): void => {
      if (watch.state.phase !== 'loading' || scope.disposed) resolve(watch.state);
    };
    scope.add(watch.onChange(check));
    scope.add(check);
    check();
  });
}
