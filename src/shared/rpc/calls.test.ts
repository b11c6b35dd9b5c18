/** Calls end, whatever happens, and what the other side sends is not trusted. */
import { afterEach, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { channels, closeAll, closeLater, connect, idleTool, tool } from '../../../test/setup/rpc';
import { AppFailure, fail, type AppError } from '../util/app-error';
import { RpcClient } from './client';
import { call, slice } from './define';
import { implement, serve, type Sink } from './server';

afterEach(closeAll);

/** How a call ended: its value, or its error as data. */
function settled<T>(promise: Promise<T>): Promise<AppError | { value: T }> {
  return promise.then(
    (value) => ({ value }),
    (thrown: unknown) => {
      if (!(thrown instanceof AppFailure)) throw thrown;
      return thrown.error;
    },
  );
}

describe.each(channels)('calls (%s)', (_name, pair) => {
  it('answers a call with its result', async () => {
    const { client } = connect(pair);
    await expect(client.call(tool, 'double', { n: 21 })).resolves.toBe(42);
  });

  it('answers each of many calls with its own result, whatever their order', async () => {
    const { client } = connect(pair, {
      double: async ({ n }) => {
        for (let turn = 0; turn < n % 3; turn++) await Promise.resolve();
        return n * 2;
      },
    });
    const asked = Array.from({ length: 200 }, (_, n) => n);
    const answers = await Promise.all(asked.map((n) => client.call(tool, 'double', { n })));
    expect(answers).toEqual(asked.map((n) => n * 2));
  });

  it('hands an AppError over as data, with its hint', async () => {
    const { client } = connect(pair, {
      double: () => {
        throw fail('forbidden', 'No right to list pods.', { hint: 'Ask for it.', status: 403 });
      },
    });
    expect(await settled(client.call(tool, 'double', { n: 1 }))).toEqual({
      code: 'forbidden',
      message: 'No right to list pods.',
      hint: 'Ask for it.',
      status: 403,
    });
  });

  it('ends a call when the far end of the port closes', async () => {
    const { client, far } = connect(pair);
    const answer = settled(client.call(tool, 'hang', undefined));
    far.close();
    expect(await answer).toMatchObject({ code: 'closed' });
    expect(client.closed).toBe(true);
    expect(await settled(client.call(tool, 'double', { n: 1 }))).toMatchObject({ code: 'closed' });
  });

  it('ends a call when its own end closes, and stops the work on the other side', async () => {
    const signals: AbortSignal[] = [];
    const { client, server } = connect(pair, {
      hang: (_input, signal) => {
        signals.push(signal);
        return new Promise<string>(() => undefined);
      },
    });
    const answer = settled(client.call(tool, 'hang', undefined));
    await vi.waitFor(() => expect(signals).toHaveLength(1));
    client.close();
    expect(await answer).toMatchObject({ code: 'closed' });
    await vi.waitFor(() => expect(signals[0]?.aborted).toBe(true));
    expect(server.disposed).toBe(true);
  });

  it('ends a call when the serving scope ends', async () => {
    const { client, server } = connect(pair);
    const answer = settled(client.call(tool, 'hang', undefined));
    server.dispose();
    expect(await answer).toMatchObject({ code: 'closed' });
  });

  it('cancels: the caller hears at once, the work on the other side is aborted, the port lives on', async () => {
    const signals: AbortSignal[] = [];
    const { client } = connect(pair, {
      hang: (_input, signal) => {
        signals.push(signal);
        return new Promise<string>(() => undefined);
      },
    });
    const abort = new AbortController();
    const answer = settled(client.call(tool, 'hang', undefined, abort.signal));
    await vi.waitFor(() => expect(signals).toHaveLength(1));
    abort.abort();
    expect(await answer).toMatchObject({ code: 'cancelled' });
    await vi.waitFor(() => expect(signals[0]?.aborted).toBe(true));
    await expect(client.call(tool, 'double', { n: 2 })).resolves.toBe(4);
  });

  it('does not call at all with an aborted signal', async () => {
    const double = vi.fn(({ n }: { n: number }) => n);
    const { client } = connect(pair, { double });
    expect(await settled(client.call(tool, 'double', { n: 1 }, AbortSignal.abort()))).toMatchObject({
      code: 'cancelled',
    });
    await client.call(tool, 'odd', undefined);
    expect(double).not.toHaveBeenCalled();
  });

  it('refuses bad input before the handler sees it, and says where', async () => {
    const double = vi.fn(({ n }: { n: number }) => n);
    const { client } = connect(pair, { double });
    for (const input of [{ n: 'one' }, { n: 1e9 }, {}, null, 'x'] as never[]) {
      expect(await settled(client.call(tool, 'double', input))).toMatchObject({
        code: 'invalid-input',
        message: expect.stringContaining('tool.double') as string,
      });
    }
    expect(await settled(client.call(tool, 'double', { n: 1.5 }))).toMatchObject({
      message: expect.stringContaining('at n') as string,
    });
    expect(double).not.toHaveBeenCalled();
  });

  it('rejects a call whose input or result cannot cross a port', async () => {
    const { client } = connect(pair, { odd: () => () => 'a function' });
    const input = { n: 1, extra: () => 1 };
    expect(await settled(client.call(tool, 'double', input))).toMatchObject({ code: 'internal' });
    expect(await settled(client.call(tool, 'odd', undefined))).toMatchObject({ code: 'internal' });
    await expect(client.call(tool, 'double', { n: 4 })).resolves.toBe(8);
  });

  it('says so when a member does not exist, or is of the other type', async () => {
    const { client } = connect(pair);
    const other = slice('tool', {
      nothing: call(z.void()).returns<void>(),
      watch: call(z.void()).returns<void>(),
    });
    expect(await settled(client.call(other, 'nothing', undefined))).toMatchObject({ code: 'unsupported' });
    expect(await settled(client.call(other, 'watch', undefined))).toMatchObject({ code: 'unsupported' });
  });
  it('ignores garbage from either side', async () => {
    const [near, far] = pair();
    const sinks: Sink<number>[] = [];
    const server = serve(far, [
      implement(tool, { ...idleTool(), watch: (_input, sink) => void sinks.push(sink) }),
    ]);
    closeLater(server.dispose);
    const heard: unknown[] = [];
    near.onMessage((message) => heard.push(message));
    const garbage = [
      null,
      undefined,
      7,
      'call',
      [],
      {},
      { t: 'call' },
      { t: 'call', id: 'x', m: 'tool.double' },
      { t: 'call', id: 1.5, m: 'tool.double', i: { n: 1 } },
      { t: 'call', id: 1, m: ['tool.double'], i: { n: 1 } },
      { t: 'open', id: 1, m: 'tool.watch', i: { from: 0 }, credit: Number.NaN },
      { t: 'credit', id: 1, n: 1 },
      { t: 'update', id: 99, i: {} },
      { t: 'cancel', id: 99 },
      { t: 'ok', id: 1, v: 1 },
      { t: '__proto__', id: 1 },
    ];
    for (const message of garbage) near.post(message);
    near.post({ t: 'open', id: 2, m: 'tool.watch', i: { from: 0 }, credit: 1_000_000 });
    for (const n of [Number.NaN, Infinity, -5, '9', 1.5]) near.post({ t: 'credit', id: 2, n });
    near.post({ t: 'open', id: 2, m: 'tool.watch', i: { from: 0 }, credit: 1 });
    near.post({ t: 'call', id: 3, m: 'tool.double', i: { n: 2 } });
    await vi.waitFor(() => expect(heard).toEqual([{ t: 'ok', id: 3, v: 4 }]));
    expect(sinks).toHaveLength(1);
    expect(sinks[0]?.credit).toBe(16);

    const [mine, theirs] = pair();
    const client = new RpcClient(mine);
    closeLater(() => client.close());
    const answer = client.call(tool, 'double', { n: 1 });
    const bad = [{ t: 'error', id: 1 }, { t: 'error', id: 1, e: 'no' }, { t: 'ok', id: 9, v: 1 }, 3, null];
    for (const message of bad) theirs.post(message);
    theirs.post({ t: 'ok', id: 1, v: 2 });
    await expect(answer).resolves.toBe(2);
  });
});
