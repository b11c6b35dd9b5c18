/** The watch loop on a scripted server and a clock moved by hand: hours in milliseconds. */
import { onTestFinished } from 'vitest';
import type { TableState } from '#shared/contract/resources';
import type { Gate } from '../../../src/main/engine/gate';
import { error, Harness, status } from '../../../src/main/engine/reflector-test-help';
import type { Reflector } from '../../../src/main/engine/reflector-types';
import type { HandClock, ScriptedApi, Script } from '../../../src/main/engine/scripted-api';
import type { Table } from '../../../src/main/engine/table';

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
  const harness = new Harness();
  onTestFinished(() => harness.scope.dispose());
  const reflector = harness.run(script, watchable);
  const { api, clock, gate, table, states } = harness;
  return {
    api,
    clock,
    gate,
    table,
    states,
    reflector,
    phase: () => states.at(-1)?.phase ?? '',
    names: () => harness.rows(),
    end: async () => void (await harness.end()),
  };
}

export const refusal = error;

/** A watch line with an ERROR. */
export const errorLine = (code: number, reason: string): string => status(code, reason);
