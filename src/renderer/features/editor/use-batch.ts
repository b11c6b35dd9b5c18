/**
 * Many objects of one text to the server, one after the other in a sane order: first all dry,
 * then, when that was seen, for real. One that fails stops no other; what failed can be tried
 * again. A cancel leaves what is done as it is, and says so.
 */
import { useRef, useState } from 'react';
import { objects, type Checked, type CheckedObject } from '#shared/contract/objects';
import type { RpcClient } from '#shared/rpc/client';
import { isCancelled, toAppError } from '#shared/util/app-error';
import type { Good, No } from './use-edit';

export type Step = 'dry' | 'real';

export interface BatchRow {
  readonly id: string;
  readonly object: CheckedObject;
  readonly namespace: string;
  readonly state: 'waiting' | 'running' | 'ok' | 'refused' | 'skipped' | 'cancelled';
  readonly result?: Good | No;
  /** Why it was not checked. */
  readonly words?: string;
}

export interface Batch {
  readonly rows: readonly BatchRow[];
  readonly step: Step | undefined;
  readonly running: boolean;
  run(step: Step, input: BatchInput, only?: ReadonlySet<string>): Promise<void>;
  cancel(): void;
  clear(): void;
}

export interface BatchInput {
  readonly text: string;
  readonly checked: Checked;
  /** For those that name none. */
  readonly namespace: string;
  readonly how: 'apply' | 'create';
  /** Rows (by id) whose fields are taken over from their owners. Only after somebody said so. */
  readonly forced: ReadonlySet<string>;
}

/** Ms between two looks whether a kind of this batch is served now, and how many. */
const KIND_PAUSE = 1_000;
const KIND_LOOKS = 20;

export function useBatch(client: RpcClient | undefined): Batch {
  const [rows, setRows] = useState<readonly BatchRow[]>([]);
  const [step, setStep] = useState<Step>();
  const [running, setRunning] = useState(false);
  const stop = useRef<AbortController | undefined>(undefined);

  const run = async (next: Step, input: BatchInput, only?: ReadonlySet<string>): Promise<void> => {
    if (!client) return;
    const control = new AbortController();
    stop.current?.abort();
    stop.current = control;
    const plan = planOf(input);
    const made = new Set(plan.filter((row) => row.object.kind === 'Namespace').map((row) => row.object.name));
    const crds = plan.some((row) => row.object.kind === 'CustomResourceDefinition');
    let list =
      only && rows.length === plan.length ? rows.map((row) => (only.has(row.id) ? fresh(row) : row)) : plan;
    const put = (id: string, change: Partial<BatchRow>): void => {
      list = list.map((row) => (row.id === id ? { ...row, ...change } : row));
      setRows(list);
    };
    setRows(list);
    setStep(next);
    setRunning(true);
    for (const row of list) {
      if (only && !only.has(row.id)) continue;
      if (control.signal.aborted) {
        put(row.id, { state: 'cancelled' });
        continue;
      }
      put(row.id, { state: 'running' });
      const { from, to, item, kindId } = row.object;
      try {
        if (kindId === undefined && crds && next === 'dry') {
          put(row.id, { state: 'skipped', words: 'Not checked: its kind comes with this text.' });
          continue;
        }
        const write = (): Promise<Good | No> =>
          client.call(
            objects,
            'write',
            {
              text: input.text.slice(from, to),
              how: input.how,
              dryRun: next === 'dry',
              force: input.how === 'apply' && input.forced.has(row.id),
              reveal: false,
              ...(item === undefined ? {} : { item }),
              ...(row.namespace === '' ? {} : { namespace: row.namespace }),
            },
            control.signal,
          );
        let result = await write();
        for (let look = 0; look < KIND_LOOKS && kindId === undefined && crds && !result.ok; look += 1) {
          await pause(KIND_PAUSE, control.signal);
          result = await write();
        }
        if (!result.ok && result.refusal === 'no-namespace' && next === 'dry' && made.has(row.namespace)) {
          put(row.id, { state: 'skipped', words: 'Not checked: its namespace comes with this text.' });
        } else put(row.id, { state: result.ok ? 'ok' : 'refused', result });
      } catch (thrown) {
        if (isCancelled(thrown)) put(row.id, { state: 'cancelled' });
        else {
          const error = toAppError(thrown);
          put(row.id, { state: 'refused', result: { ok: false, refusal: 'other', error, warnings: [] } });
        }
      }
    }
    if (stop.current === control) setRunning(false);
  };

  return {
    rows,
    step,
    running,
    run,
    cancel: () => stop.current?.abort(),
    clear: () => {
      stop.current?.abort();
      setRows([]);
      setStep(undefined);
      setRunning(false);
    },
  };
}

function fresh({ id, object, namespace }: BatchRow): BatchRow {
  return { id, object, namespace, state: 'waiting' };
}

/** Sane order; within one rank as written. */
function planOf({ checked, namespace }: BatchInput): readonly BatchRow[] {
  return checked.objects
    .map((object, index): BatchRow => ({
      id: String(index),
      object,
      namespace: object.namespaced ? object.namespace || namespace : '',
      state: 'waiting',
    }))
    .sort((a, b) => a.object.order - b.object.order || Number(a.id) - Number(b.id));
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((done) => {
    const end = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      done();
    };
    const timer = setTimeout(end, ms);
    signal.addEventListener('abort', end);
  });
}
