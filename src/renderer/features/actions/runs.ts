/**
 * Actions under way and their results. A run lives here and not in its dialog: closing the
 * dialog, or another tab, does not stop it. Guarantees: one result per object; a host that goes
 * away leaves the rest as `failed`, with the reason.
 */
import { create } from 'zustand';
import { actions, type ItemResult } from '#shared/contract/actions';
import type { VerbId } from '#shared/domain/actions/options';
import type { RpcClient } from '#shared/rpc/client';
import type { SelectedObject } from '../../data/feature';

export interface RunItem extends SelectedObject {
  readonly options?: unknown;
  readonly expect?: string;
}

export interface Run {
  readonly id: number;
  readonly clusterId: string;
  readonly verb: VerbId;
  readonly options: unknown;
  /** `Delete 3 pods` */
  readonly title: string;
  readonly items: readonly RunItem[];
  /** By place in `items`. Grows; `version` tells that it did. */
  readonly results: ReadonlyMap<number, ItemResult>;
  readonly version: number;
  readonly done: number;
  readonly failed: number;
  readonly finished: boolean;
  readonly cancelled: boolean;
  readonly cancel: () => void;
  /** Its dialog is open: nothing else needs to show it. */
  readonly watched: boolean;
}

export type NewRun = Pick<Run, 'clusterId' | 'verb' | 'options' | 'title' | 'items'>;

const MOST_KEPT = 20;

export const useRuns = create<{ readonly runs: readonly Run[] }>()(() => ({ runs: [] }));
let nextId = 1;

export function runById(id: number): Run | undefined {
  return useRuns.getState().runs.find((run) => run.id === id);
}

export function patchRun(id: number, change: Partial<Run>): void {
  useRuns.setState(({ runs }) => ({
    runs: runs.map((run) => (run.id === id ? { ...run, ...change } : run)),
  }));
}

export function forgetRun(id: number): void {
  useRuns.setState(({ runs }) => ({ runs: runs.filter((run) => run.id !== id) }));
}

/** Begins at once; the returned id finds it in the store. */
export function startRun(client: RpcClient, input: NewRun, watched: boolean): number {
  const id = nextId++;
  const results = new Map<number, ItemResult>();
  const stream = client.open(
    actions,
    'run',
    {
      verb: input.verb,
      options: input.options,
      items: input.items.map(({ kind, namespace, name, uid, options, expect }) => ({
        kind,
        namespace,
        name,
        uid,
        ...(options === undefined ? {} : { options }),
        ...(expect === undefined ? {} : { expect }),
      })),
    },
    {
      onData: (batch) => {
        for (const item of batch.items) results.set(item.index, item);
        patchRun(id, {
          version: (runById(id)?.version ?? 0) + 1,
          done: batch.done,
          failed: batch.failed,
          finished: batch.finished,
        });
        if (batch.finished) stream.close();
      },
      onEnd: (error) => {
        const lost = error ?? { code: 'closed' as const, message: 'The process of this cluster ended.' };
        input.items.forEach((_item, index) => {
          const phase = results.get(index)?.phase;
          if (phase === undefined || phase === 'waiting')
            results.set(index, { index, phase: 'cancelled', message: 'Not begun.' });
          else if (phase === 'running') results.set(index, { index, phase: 'failed', error: lost });
        });
        const failed = [...results.values()].filter((item) => item.phase === 'failed').length;
        patchRun(id, {
          version: (runById(id)?.version ?? 0) + 1,
          done: input.items.length,
          failed,
          finished: true,
        });
      },
    },
  );
  const run: Run = {
    ...input,
    id,
    results,
    version: 0,
    done: 0,
    failed: 0,
    finished: false,
    cancelled: false,
    watched,
    cancel: () => {
      patchRun(id, { cancelled: true });
      stream.update({ cancel: true });
    },
  };
  useRuns.setState(({ runs }) => ({ runs: [...runs, run].slice(-MOST_KEPT) }));
  return id;
}

/** The run that takes back what was done, or undefined where nothing can be. */
export function undoOf(run: Run): NewRun | undefined {
  const items: RunItem[] = [];
  let verb: VerbId | undefined;
  for (const [index, result] of run.results) {
    const item = run.items[index];
    if (result.phase !== 'done' || !result.undo || !item) continue;
    verb = result.undo.verb;
    const { kind, namespace, name, uid } = item;
    items.push({ kind, namespace, name, uid, options: result.undo.options });
  }
  if (verb === undefined) return undefined;
  return { clusterId: run.clusterId, verb, options: {}, title: `Undo: ${run.title}`, items };
}

/** The run with what failed, and with what was not begun after a cancel. */
export function retryOf(run: Run): NewRun | undefined {
  const items = run.items.filter((_item, index) => {
    const phase = run.results.get(index)?.phase;
    return phase === 'failed' || phase === 'cancelled';
  });
  const { clusterId, verb, options, title } = run;
  return items.length === 0 ? undefined : { clusterId, verb, options, title, items };
}
