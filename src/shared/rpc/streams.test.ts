/** Streams: order, one end, credit, coalescing, and who stops whom. */
import { afterEach, describe, expect, it, vi } from 'vitest';
import { channels, closeAll, connect, connectStream, tool } from '../../../test/setup/rpc';
import { fail, type AppError } from '../util/app-error';
import { STREAM_CREDIT } from './protocol';
import { coalesce, type Sink } from './server';

afterEach(closeAll);

describe.each(channels)('streams (%s)', (_name, pair) => {
  it('delivers batches in order and ends once', async () => {
    const { client } = connect(pair, {
      watch: ({ from }, sink) => {
        let next = from;
        const fill = (): void => {
          while (sink.credit > 0 && next < from + 20) sink.send(next++);
          if (next === from + 20) {
            sink.end();
            sink.end(fail('internal', 'a second end').error);
            sink.send(-1);
          }
        };
        sink.onCredit(fill);
        fill();
      },
    });
    const seen: number[] = [];
    const ends: unknown[] = [];
    client.open(tool, 'watch', { from: 5 }, { onData: (n) => void seen.push(n), onEnd: (e) => ends.push(e) });
    await vi.waitFor(() => expect(ends).toEqual([undefined]));
    await client.call(tool, 'odd', undefined);
    expect(seen).toEqual(Array.from({ length: 20 }, (_, n) => n + 5));
    expect(ends).toHaveLength(1);
  });

  it('never has more batches in flight than a slow reader granted', async () => {
    let sent = 0;
    let handled = 0;
    let most = 0;
    const { client } = connect(pair, {
      watch: (_input, sink) => {
        const fill = (): void => {
          while (sink.credit > 0 && sent < 50) {
            sink.send(sent++);
            most = Math.max(most, sent - handled);
          }
          if (sent === 50) sink.end();
        };
        sink.onCredit(fill);
        fill();
      },
    });
    const ended = new Promise<void>((resolve) => {
      client.open(
        tool,
        'watch',
        { from: 0 },
        {
          onData: async () => {
            await new Promise((done) => setImmediate(done));
            handled += 1;
          },
          onEnd: () => resolve(),
        },
      );
    });
    await ended;
    expect(sent).toBe(50);
    expect(most).toBe(STREAM_CREDIT);
  });

  it('stops the writer for good while the reader does not answer, and keeps only the last state', async () => {
    let state = 0;
    let taken = 0;
    const writers: { mark(): void }[] = [];
    const { client } = connect(pair, {
      watch: (_input, sink) => {
        writers.push(
          coalesce(sink, () => {
            taken += 1;
            return state;
          }),
        );
      },
    });
    const seen: number[] = [];
    let release: (() => void) | undefined;
    const blocked = new Promise<void>((resolve) => (release = resolve));
    client.open(
      tool,
      'watch',
      { from: 0 },
      {
        onData: (n) => {
          seen.push(n);
          return blocked;
        },
        onEnd: () => undefined,
      },
    );
    await vi.waitFor(() => expect(writers).toHaveLength(1));
    for (state = 1; state <= 10_000; state++) writers[0]?.mark();
    state = 10_000;
    await vi.waitFor(() => expect(seen).toHaveLength(STREAM_CREDIT));
    await client.call(tool, 'odd', undefined);
    expect(taken).toBe(STREAM_CREDIT);
    release?.();
    await vi.waitFor(() => expect(seen.at(-1)).toBe(10_000));
    expect(taken).toBe(STREAM_CREDIT + 1);
  });

  it('refuses to write without credit', async () => {
    const { client, opened } = connectStream(pair);
    client.open(
      tool,
      'watch',
      { from: 0 },
      { onData: () => new Promise(() => undefined), onEnd: () => undefined },
    );
    const sink = await opened();
    for (let n = 0; n < STREAM_CREDIT; n++) sink.send(n);
    expect(() => sink.send(9)).toThrow('without credit');
  });

  it('closing a stream ends its scope on the other side and delivers nothing more', async () => {
    const { client, opened } = connectStream(pair);
    const seen: number[] = [];
    const ends: unknown[] = [];
    const open = client.open(
      tool,
      'watch',
      { from: 0 },
      { onData: (n) => void seen.push(n), onEnd: (e) => ends.push(e) },
    );
    const sink = await opened();
    let disposed = 0;
    sink.scope.add(() => (disposed += 1));
    sink.send(1);
    open.close();
    await vi.waitFor(() => expect(sink.signal.aborted).toBe(true));
    sink.send(2);
    await client.call(tool, 'odd', undefined);
    expect({ seen, ends, disposed }).toEqual({ seen: [], ends: [], disposed: 1 });
  });

  it('ends every stream once when the port closes, even when a listener throws', async () => {
    const { client, server, sinks } = connectStream(pair);
    const ends: string[] = [];
    for (const name of ['a', 'b', 'c']) {
      client.open(
        tool,
        'watch',
        { from: 0 },
        { onData: () => undefined, onEnd: (error) => ends.push(`${name} ${error?.code}`) },
      );
    }
    await vi.waitFor(() => expect(sinks).toHaveLength(3));
    server.dispose();
    await vi.waitFor(() => expect(ends).toEqual(['a closed', 'b closed', 'c closed']));
    expect(sinks.every((sink) => sink.signal.aborted)).toBe(true);
    client.open(
      tool,
      'watch',
      { from: 0 },
      { onData: () => undefined, onEnd: (e) => ends.push(`${e?.code}`) },
    );
    await vi.waitFor(() => expect(ends).toHaveLength(4));
  });

  it('ends a stream whose reader throws, on both sides', async () => {
    const { client, opened } = connectStream(pair);
    const ends: (AppError | undefined)[] = [];
    client.open(
      tool,
      'watch',
      { from: 0 },
      {
        onData: () => {
          throw new Error('cannot show this');
        },
        onEnd: (error) => ends.push(error),
      },
    );
    const sink = await opened();
    sink.send(1);
    await vi.waitFor(() => expect(sink.signal.aborted).toBe(true));
    expect(ends).toEqual([{ code: 'internal', message: 'cannot show this' }]);
  });

  it('ends a stream whose writer throws: on opening, on credit, on taking the next state', async () => {
    const hurdles: ((sink: Sink<number>) => void)[] = [
      () => {
        throw new Error('opening');
      },
      (sink) => {
        sink.onCredit(() => {
          throw new Error('credit');
        });
        for (let n = 0; n < STREAM_CREDIT; n++) sink.send(n);
      },
      (sink) =>
        coalesce(sink, () => {
          throw new Error('take');
        }).mark(),
    ];
    const { client } = connect(pair, { watch: ({ from }, sink) => hurdles[from]?.(sink) });
    const ends: (string | undefined)[] = [];
    for (const from of hurdles.keys()) {
      client.open(tool, 'watch', { from }, { onData: () => undefined, onEnd: (e) => ends.push(e?.message) });
      await vi.waitFor(() => expect(ends).toHaveLength(from + 1));
    }
    expect(ends).toEqual(['opening', 'credit', 'take']);
  });

  it('parses updates, and ends the stream on a bad one', async () => {
    const updates: number[] = [];
    const { client } = connect(pair, {
      watch: () => (update: { from: number }) => void updates.push(update.from),
    });
    const ends: (string | undefined)[] = [];
    const open = client.open(
      tool,
      'watch',
      { from: 0 },
      { onData: () => undefined, onEnd: (error) => ends.push(error?.code) },
    );
    open.update({ from: 7 });
    open.update({ from: 'bad' as never });
    open.update({ from: 8 });
    await vi.waitFor(() => expect(ends).toEqual(['invalid-input']));
    expect(updates).toEqual([7]);
  });
});
