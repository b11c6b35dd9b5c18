/**
 * Terminals of this machine, one per ticket. Guarantees: only what main ordered is run, once;
 * output has back-pressure up to the program; closing ends the program and what it started in
 * its group (SIGHUP, then SIGKILL) and removes its files, whatever happens.
 */
import * as nodePty from 'node-pty';
import { join } from 'node:path';
import { ptyHost } from '#shared/contract/pty';
import type { TerminalBatch, TerminalUpdate } from '#shared/contract/shell';
import { ByteOutbox } from '#shared/rpc/byte-outbox';
import type { Scope } from '#shared/rpc/scope';
import { implement, type Served, type Sink } from '#shared/rpc/server';
import { fail, toAppError } from '#shared/util/app-error';
import { makeFolder, removeFolder } from './folders';
import type { TerminalOrder } from './messages';
import { planTerminal } from './plan';

const KILL_AFTER_MS = 1_000;

export interface PtyHost {
  readonly service: Served;
  order(order: TerminalOrder): void;
}

export interface PtyHostOptions {
  /** Private to this process. */
  readonly folder: string;
  /** Ends all terminals. */
  readonly scope: Scope;
  readonly onCount: (running: number) => void;
}

export function openPtyHost({ folder, scope, onCount }: PtyHostOptions): PtyHost {
  const orders = new Map<string, TerminalOrder>();
  let running = 0;
  const count = (change: number): void => {
    running += change;
    onCount(running);
  };
  return {
    order: (order) => orders.set(order.ticket, order),
    service: implement(ptyHost, {
      open: ({ ticket, size }, sink) => {
        const order = orders.get(ticket);
        orders.delete(ticket);
        if (!order) throw fail('gone', 'This terminal was already opened.');
        return run(order, size, join(folder, ticket), sink, scope, count);
      },
    }),
  };
}

type Size = { readonly columns: number; readonly rows: number };

function run(
  order: TerminalOrder,
  size: Size,
  folder: string,
  sink: Sink<TerminalBatch>,
  parent: Scope,
  count: (change: number) => void,
): (update: TerminalUpdate) => void {
  const scope = parent.child('terminal');
  sink.scope.add(() => scope.dispose());
  scope.add(() => removeFolder(folder));
  let program: nodePty.IPty;
  try {
    const plan = planTerminal(order, folder);
    makeFolder(folder, plan.files);
    program = nodePty.spawn(plan.file, [...plan.args], {
      name: 'xterm-256color',
      cols: size.columns,
      rows: size.rows,
      cwd: plan.cwd,
      env: { ...plan.env },
      encoding: null,
    });
    sinkStarted(plan.shown);
  } catch (thrown) {
    scope.dispose();
    sink.send({ end: { error: toAppError(thrown) } });
    sink.end();
    return () => undefined;
  }

  function sinkStarted(command: readonly string[]): void {
    sink.send({ started: { command } });
  }

  count(1);
  const outbox = new ByteOutbox<TerminalBatch>(sink, {
    pause: () => program.pause(),
    resume: () => program.resume(),
  });
  let over = false;
  program.onData((data: string | Uint8Array) => {
    outbox.push(typeof data === 'string' ? Buffer.from(data, 'utf8') : data);
  });
  program.onExit(({ exitCode, signal }) => {
    over = true;
    count(-1);
    scope.dispose();
    outbox.end({ end: { code: exitCode, ...(signal ? { signal: `signal ${signal}` } : {}) } });
  });
  scope.add(() => {
    if (!over) end(program, () => over);
  });

  let taken = 0;
  return (update) => {
    if (over) return;
    switch (update.type) {
      case 'input':
        program.write(update.data);
        taken += Buffer.byteLength(update.data);
        outbox.note({ taken });
        return;
      case 'ack':
        outbox.acknowledge(update.bytes);
        return;
      case 'resize':
        program.resize(update.columns, update.rows);
        return;
    }
  };
}

/** SIGHUP as a closed window gives it; what stays is killed with its group. */
function end(program: nodePty.IPty, isOver: () => boolean): void {
  program.resume();
  try {
    program.kill();
  } catch {
    // It ended in between.
  }
  setTimeout(() => {
    if (isOver() || process.platform === 'win32') return;
    for (const target of [-program.pid, program.pid]) {
      try {
        process.kill(target, 'SIGKILL');
      } catch {
        // Gone.
      }
    }
  }, KILL_AFTER_MS);
}
