/**
 * One reflector over a scripted API, a clock moved by hand and a table of its own, made anew for each
 * test.
 */
import type { TableState } from '#shared/contract/resources';
import { Scope } from '#shared/rpc/scope';
import type { AppError } from '#shared/util/app-error';
import { Gate } from './gate';
import { startReflector } from './reflector';
import type { Reflector } from './reflector-types';
import { sampleKind } from './sample-kind';
import { HandClock, listOf, ScriptedApi, settle, type Asked, type Script } from './scripted-api';
import { sourceOf } from './source';
import { Table } from './table';

export const status = (code: number, reason: string, message = reason): string =>
  `${JSON.stringify({ type: 'ERROR', object: { kind: 'Status', code, reason, message } })}\n`;

export const error = (code: AppError['code'], http?: number, more: Partial<AppError> = {}): AppError => ({
  code,
  message: `${code}.`,
  ...(http === undefined ? {} : { status: http }),
  ...more,
});

export const open = (asked: Asked): void => asked.send('\n');

export const since = (asked: Asked): string => String(asked.request.query?.['resourceVersion']);

export class Harness {
  readonly scope = new Scope('test');
  readonly clock = new HandClock();
  readonly gate = new Gate(this.clock);
  readonly table = new Table(sampleKind);
  readonly states: TableState[] = [];
  /** How often the table had no rows after it had some. */
  blanks = 0;
  api!: ScriptedApi;

  run(script: Script, watchable = true): Reflector {
    const { clock, gate, table, states } = this;
    this.api = new ScriptedApi(clock, script);
    let filled = false;
    return startReflector(
      {
        api: this.api,
        gate,
        clock,
        watchable,
        source: sourceOf({ group: '', version: 'v1', resource: 'samples' }, sampleKind),
        sink: {
          beginReplace: () => table.beginReplace(),
          upsert: (object) => table.upsert(object),
          remove: (uid) => table.remove(uid),
          flush: () => {
            table.flush();
            if (table.size > 0) filled = true;
            else if (filled) this.blanks++;
          },
          skipped: () => void table.skipped++,
          state: (state) => states.push(state),
        },
      },
      this.scope,
    );
  }

  /** Lists `names` at version 10 and leaves watches to `watch`. */
  listing(names: readonly string[], watch: (asked: Asked, nth: number) => void): Script {
    return (asked) => {
      if (asked.watch) watch(asked, this.api.watches.length);
      else {
        asked.send(listOf(names, '10'));
        asked.end();
      }
    };
  }

  phase(): string {
    return this.states.at(-1)!.phase;
  }

  rows(): string[] {
    const { table } = this;
    const list: string[] = [];
    for (let row = 0; row < table.top; row++) if (table.alive[row] === 1) list.push(table.name(row));
    return list.sort();
  }

  /** Ends the reflector; answers how many timers it left behind. */
  async end(): Promise<number> {
    this.scope.dispose();
    await settle();
    return this.clock.pending;
  }
}
