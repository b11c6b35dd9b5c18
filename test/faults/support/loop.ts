/** The watch loop on a scripted server and a clock moved by hand: hours in milliseconds. */
import { onTestFinished } from 'vitest';
import type { TableState } from '#shared/contract/resources';
import { Scope } from '#shared/rpc/scope';
import type { AppError } from '#shared/util/app-error';
import { Gate } from '../../../src/main/engine/gate';
import { startReflector } from '../../../src/main/engine/reflector';
import type { Reflector } from '../../../src/main/engine/reflector-types';
import { sampleKind } from '../../../src/main/engine/sample-kind';
import { HandClock, ScriptedApi, settle, type Script } from '../../../src/main/engine/scripted-api';
import { sourceOf } from '../../../src/main/engine/source';
import { Table } from '../../../src/main/engine/table';

export interface Loop {
  readonly api: ScriptedApi;
  readonly clock: HandClock;
  readonly gate: Gate;
  readonly table: Table;
  readonly states: TableState[];
  readonly reflector: Reflector;
  phase(): string;
  names(): string[];
  end(): Promise<void>;
}

/** Ends with the test, also with one that fails. */
export function startLoop(script: Script, watchable = true): Loop {
  const scope = new Scope('loop');
  onTestFinished(() => scope.dispose());
  const clock = new HandClock();
  const gate = new Gate(clock);
  const table = new Table(sampleKind);
  const states: TableState[] = [];
  const api = new ScriptedApi(clock, script);
  const reflector = startReflector(
    {
      api,
      gate,
      clock,
      watchable,
      source: sourceOf({ group: '', version: 'v1', resource: 'samples' }, sampleKind),
      sink: {
        beginReplace: () => table.beginReplace(),
        upsert: (object) => table.upsert(object),
        remove: (uid) => table.remove(uid),
        flush: () => table.flush(),
        skipped: () => void table.skipped++,
        state: (state) => states.push(state),
      },
    },
    scope,
  );
  return {
    api,
    clock,
    gate,
    table,
    states,
    reflector,
    phase: () => states.at(-1)?.phase ?? '',
    names: () => {
      const list: string[] = [];
      for (let row = 0; row < table.top; row++) if (table.alive[row] === 1) list.push(table.name(row));
      return list.sort();
    },
    end: async () => {
      scope.dispose();
      await settle();
    },
  };
}

export function refusal(code: AppError['code'], status?: number, more: Partial<AppError> = {}): AppError {
  return { code, message: `${code}.`, ...(status === undefined ? {} : { status }), ...more };
}

/** A watch line with an ERROR. */
export function errorLine(code: number, reason: string): string {
  return `${JSON.stringify({ type: 'ERROR', object: { kind: 'Status', code, reason, message: reason } })}\n`;
}
