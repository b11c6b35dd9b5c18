/** A small contract served over both kinds of port, for the tests of calls and streams. */
import { MessageChannel } from 'node:worker_threads';
import { vi } from 'vitest';
import { z } from 'zod';
import { workerPort } from '../../src/main/cluster-host/ports';
import { RpcClient } from '../../src/shared/rpc/client';
import { call, slice, stream } from '../../src/shared/rpc/define';
import { portPair, type Port } from '../../src/shared/rpc/port';
import type { Scope } from '../../src/shared/rpc/scope';
import { implement, serve, type Implementation, type Sink } from '../../src/shared/rpc/server';

export const tool = slice('tool', {
  double: call(z.object({ n: z.number().int().max(1000) })).returns<number>(),
  hang: call(z.void()).returns<string>(),
  odd: call(z.void()).returns<unknown>(),
  watch: stream(z.object({ from: z.number() }), z.object({ from: z.number() })).of<number>(),
});
export type Tool = Implementation<typeof tool.members>;

export type PairMaker = () => [Port, Port];

/** In one process, and over a real MessageChannel (structured clone, its own event order). */
export const channels: readonly (readonly [string, PairMaker])[] = [
  ['in process', portPair],
  [
    'worker_threads',
    () => {
      const { port1, port2 } = new MessageChannel();
      return [workerPort(port1), workerPort(port2)];
    },
  ],
];

const cleanups: (() => void)[] = [];

/** Ends whatever the tests of a file opened; for `afterEach`. */
export function closeAll(): void {
  for (const cleanup of cleanups.splice(0)) cleanup();
}

export function closeLater(cleanup: () => void): void {
  cleanups.push(cleanup);
}

export interface Connected {
  readonly client: RpcClient;
  readonly server: Scope;
  readonly far: Port;
}

export function connect(pair: PairMaker, parts: Partial<Tool> = {}): Connected {
  const [near, far] = pair();
  const server = serve(far, [implement(tool, { ...idleTool(), ...parts })]);
  const client = new RpcClient(near);
  closeLater(server.dispose);
  closeLater(() => client.close());
  return { client, server, far };
}

export function idleTool(): Tool {
  return {
    double: ({ n }) => n * 2,
    hang: () => new Promise<string>(() => undefined),
    odd: () => undefined,
    watch: () => undefined,
  };
}

/** Streams whose writing ends stay in the test's hands. */
export function connectStream(
  pair: PairMaker,
): Connected & { sinks: Sink<number>[]; opened(): Promise<Sink<number>> } {
  const sinks: Sink<number>[] = [];
  const connected = connect(pair, { watch: (_input, sink) => void sinks.push(sink) });
  const opened = (): Promise<Sink<number>> =>
    vi.waitFor(() => {
      const sink = sinks.at(-1);
      if (!sink) throw new Error('not opened yet');
      return sink;
    });
  return { ...connected, sinks, opened };
}
