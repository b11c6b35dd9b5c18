/**
 * Opens terminals of this machine: asks main for a ticket, then the process of the terminals.
 * Guarantees: ends when that process goes; closing before it has started starts nothing.
 */
import { pty, ptyHost, type TicketKind } from '#shared/contract/pty';
import type { TerminalBatch, TerminalUpdate } from '#shared/contract/shell';
import type { OpenStream, RpcClient } from '#shared/rpc/client';
import { fail, toAppError } from '#shared/util/app-error';
import type { Connections } from './connections';
import type { OpenTerminal } from './terminal-link';

const PORT_MS = 10_000;

export interface LocalTerminal {
  readonly contextId: string;
  readonly kind: TicketKind;
  readonly namespace?: string;
}

export function localTerminal(connections: Connections, app: RpcClient, what: LocalTerminal): OpenTerminal {
  return (size, listener) => {
    const stop = new AbortController();
    let inner: OpenStream<TerminalUpdate> | undefined;
    let life: OpenStream<never> | undefined;
    const early: TerminalUpdate[] = [];
    const end = (thrown: unknown): void => {
      if (stop.signal.aborted) return;
      stop.abort();
      life?.close();
      inner?.close();
      listener.onEnd(thrown === undefined ? undefined : toAppError(thrown));
    };
    const start = async (): Promise<void> => {
      const { ticket, generation } = await app.call(pty, 'prepare', { ...what }, stop.signal);
      const client = await clientOf(connections, generation, stop.signal);
      inner = client.open(
        ptyHost,
        'open',
        { ticket, size },
        {
          onData: (batch: TerminalBatch) => listener.onData(batch),
          onEnd: (error) => {
            if (stop.signal.aborted) return;
            stop.abort();
            life?.close();
            listener.onEnd(error);
          },
        },
      );
      for (const update of early.splice(0)) inner.update(update);
      // The page is not told when a port's far end dies: main is asked.
      life = app.open(pty, 'state', undefined, {
        onData: (state) => {
          if (state.generation === generation) return;
          end(
            fail('closed', 'The process of the terminals ended.', {
              hint: 'What ran in this terminal has ended with it.',
            }),
          );
        },
        onEnd: () => undefined,
      });
    };
    start().catch(end);
    return {
      update: (update) => {
        if (inner) inner.update(update);
        else early.push(update);
      },
      close: () => {
        stop.abort();
        life?.close();
        inner?.close();
      },
    };
  };
}

/** The ticket and the port come by different ways: whichever is later. */
function clientOf(connections: Connections, generation: number, signal: AbortSignal): Promise<RpcClient> {
  return new Promise((resolve, reject) => {
    let stop: () => void = () => undefined;
    const look = (): boolean => {
      const client = connections.pty(generation);
      if (!client) return false;
      stop();
      resolve(client);
      return true;
    };
    if (look()) return;
    const timer = setTimeout(() => {
      stop();
      reject(fail('timeout', 'The process of the terminals does not answer.'));
    }, PORT_MS);
    const leave = connections.subscribe(() => void look());
    const onAbort = (): void => {
      stop();
      reject(fail('cancelled', 'Cancelled.'));
    };
    signal.addEventListener('abort', onAbort, { once: true });
    stop = () => {
      clearTimeout(timer);
      leave();
      signal.removeEventListener('abort', onAbort);
    };
  });
}
