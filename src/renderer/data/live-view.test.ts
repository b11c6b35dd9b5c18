import { afterEach, describe, expect, it, vi } from 'vitest';
import { resources, type ViewBatch, type WireRow } from '#shared/contract/resources';
import { RpcClient } from '#shared/rpc/client';
import { portPair } from '#shared/rpc/port';
import { implement, serve, type Sink } from '#shared/rpc/server';
import type { Scope } from '#shared/rpc/scope';
import type { AppError } from '#shared/util/app-error';
import { LiveView } from './live-view';

interface Host {
  readonly client: RpcClient;
  readonly scope: Scope;
  readonly opened: Record<string, unknown>[];
  readonly updates: Record<string, unknown>[];
  send(batch: Partial<ViewBatch>): void;
  end(error: AppError): void;
}

const cleanups: (() => void)[] = [];
afterEach(() => {
  for (const cleanup of cleanups.splice(0).reverse()) cleanup();
  vi.useRealTimers();
});

const live = { phase: 'live', since: 0 } as const;

function row(id: string, cell = 'a'): WireRow {
  return { id, name: id, namespace: 'shop', cells: [cell] };
}

/** A host whose batches the test writes. */
function host(): Host {
  const [near, far] = portPair();
  const opened: Record<string, unknown>[] = [];
  const updates: Record<string, unknown>[] = [];
  let sink: Sink<ViewBatch> | undefined;
  const view = implement(resources, {
    view: (input: Record<string, unknown>, to: Sink<ViewBatch>) => {
      opened.push(input);
      sink = to;
      return (update: Record<string, unknown>) => void updates.push(update);
    },
  } as never);
  const scope = serve(far, [view as never]);
  cleanups.push(() => scope.dispose());
  return {
    client: new RpcClient(near),
    scope,
    opened,
    updates,
    end: (error) => sink?.end(error),
    send: (batch) =>
      sink?.send({ state: live, total: 0, matched: 0, offset: 0, rows: [], request: 1, ...batch }),
  };
}

function view(client: RpcClient): LiveView {
  const made = new LiveView('pods', { namespaces: [], filter: '', sort: null });
  cleanups.push(() => made.detach());
  made.attach(client);
  return made;
}

const columns = [{ id: 'status', title: 'Status', type: 'text' }] as const;
const first: Partial<ViewBatch> = {
  columns,
  total: 3,
  matched: 3,
  order: ['a', 'b', 'c'],
  rows: [row('a'), row('b'), row('c')],
};

async function started(): Promise<{ h: Host; v: LiveView }> {
  const h = host();
  const v = view(h.client);
  await vi.waitFor(() => expect(h.opened).toHaveLength(1));
  h.send(first);
  await vi.waitFor(() => expect(v.head().matched).toBe(3));
  return { h, v };
}

describe('a live view', () => {
  it('shows its first rows at once, and while rows move the next ones with a frame', async () => {
    const frames: (() => void)[] = [];
    vi.stubGlobal('requestAnimationFrame', (callback: () => void) => frames.push(callback));
    vi.stubGlobal('cancelAnimationFrame', () => undefined);
    cleanups.push(() => vi.unstubAllGlobals());
    const h = host();
    const v = view(h.client);
    v.setVisible(0, 30);
    await vi.waitFor(() => expect(h.opened).toHaveLength(1));
    h.send(first);
    await vi.waitFor(() => expect(v.head().matched).toBe(3));
    expect(frames).toHaveLength(0);
    v.setVisible(1, 31);
    h.send({ ...first, order: undefined, rows: [row('b', 'changed')] });
    await vi.waitFor(() => expect(frames).toHaveLength(1));
    expect(v.rowAt(1)?.cells[0]).toBe('a');
    frames[0]?.();
    expect(v.rowAt(1)?.cells[0]).toBe('changed');
  });

  it('tells only the listener whose row changed', async () => {
    const { h, v } = await started();
    const heard: number[] = [];
    for (const index of [0, 1, 2]) v.subscribeRow(index, () => heard.push(index));
    h.send({ ...first, columns: undefined, order: undefined, rows: [row('b', 'changed')] });
    await vi.waitFor(() => expect(v.rowAt(1)?.cells[0]).toBe('changed'));
    expect(heard).toEqual([1]);
  });

  it('keeps the head while nothing in it changes', async () => {
    const { h, v } = await started();
    const before = v.head();
    h.send({ ...first, columns: undefined, order: undefined, rows: [row('c', 'x')] });
    await vi.waitFor(() => expect(v.rowAt(2)?.cells[0]).toBe('x'));
    expect(v.head()).toBe(before);
  });

  it('follows rows that move and drops rows that are gone', async () => {
    const { h, v } = await started();
    h.send({ total: 2, matched: 2, order: ['c', 'a'], rows: [] });
    await vi.waitFor(() => expect(v.indexOf('c')).toBe(0));
    expect(v.rowAt(1)?.id).toBe('a');
    expect(v.rowAt(2)).toBeUndefined();
    expect(v.indexOf('b')).toBeUndefined();
  });

  it('keeps its rows, marked lost, when the host goes, and shows the new list only when it has caught up', async () => {
    const { h, v } = await started();
    h.client.close();
    expect(v.head().lost).toBeDefined();
    expect(v.rowAt(0)?.id).toBe('a');
    const again = host();
    v.attach(again.client);
    await vi.waitFor(() => expect(again.opened).toHaveLength(1));
    const request = Number(again.opened[0]?.request);
    again.send({
      request,
      columns,
      state: { phase: 'listing', loaded: 1, expected: null },
      total: 1,
      matched: 1,
      order: ['z'],
      rows: [row('z')],
    });
    await vi.waitFor(() => expect(v.head().state?.phase).toBe('listing'));
    expect(v.head().lost).toBeUndefined();
    expect(v.head().matched).toBe(3);
    expect(v.rowAt(0)?.id).toBe('a');
    again.send({ request, total: 1, matched: 1, rows: [] });
    await vi.waitFor(() => expect(v.rowAt(0)?.id).toBe('z'));
    expect(v.head().matched).toBe(1);
    expect(v.rowAt(1)).toBeUndefined();
  });

  it('sends a new filter as an update with its window, and is pending until that request is answered', async () => {
    const { h, v } = await started();
    v.setQuery({ namespaces: [], filter: 'x', sort: null });
    expect(v.head().pending).toBe(true);
    await vi.waitFor(() => expect(h.updates).toHaveLength(1));
    expect(h.updates[0]).toMatchObject({ filter: 'x', offset: 0, request: 2 });
    h.send({ total: 3, matched: 3, rows: [], request: 1 });
    h.send({ total: 3, matched: 1, order: ['b'], rows: [], request: 2 });
    await vi.waitFor(() => expect(v.head().pending).toBe(false));
    expect(v.head().matched).toBe(1);
    expect(v.rowAt(0)?.id).toBe('b');
  });

  it('keeps its rows when another question has the same answer, which the host does not repeat', async () => {
    const { h, v } = await started();
    v.setQuery({ namespaces: [], filter: 'x', sort: null });
    await vi.waitFor(() => expect(h.updates).toHaveLength(1));
    h.send({ total: 3, matched: 3, rows: [], request: 2 });
    await vi.waitFor(() => expect(v.head().pending).toBe(false));
    expect([0, 1, 2].map((index) => v.rowAt(index)?.id)).toEqual(['a', 'b', 'c']);
  });

  it('has one window update under way while scrolling and then sends the last place', async () => {
    const { h, v } = await started();
    for (let at = 100; at <= 1000; at += 100) v.setVisible(at, at + 30);
    await vi.waitFor(() => expect(h.updates).toHaveLength(1));
    const request = Number(h.updates[0]?.request);
    h.send({ total: 3, matched: 3, rows: [], request });
    await vi.waitFor(() => expect(h.updates).toHaveLength(2));
    const last = h.updates[1] as { offset: number; limit: number };
    expect(last.offset).toBeLessThanOrEqual(1000);
    expect(last.offset + last.limit).toBeGreaterThan(1030);
    expect(last.limit).toBeLessThanOrEqual(200);
  });

  it('opens again by itself after the stream ended with an error, with its rows kept', async () => {
    const { h, v } = await started();
    h.end({ code: 'internal', message: 'A defect.' });
    await vi.waitFor(() => expect(v.head().lost?.error?.message).toBe('A defect.'));
    expect(v.rowAt(0)?.id).toBe('a');
    await vi.waitFor(() => expect(h.opened).toHaveLength(2), { timeout: 5_000 });
    h.send({ ...first, request: Number(h.opened[1]?.request) });
    await vi.waitFor(() => expect(v.head().lost).toBeUndefined());
  });

  it('fetches a range out of sight window by window', async () => {
    const ids = Array.from({ length: 450 }, (_, index) => `r${index}`);
    const [near, far] = portPair();
    const limits: number[] = [];
    const service = implement(resources, {
      view: (input: { offset: number; limit: number; request: number }, sink: Sink<ViewBatch>) => {
        const answer = (offset: number, limit: number, request: number): void => {
          limits.push(limit);
          const order = ids.slice(offset, offset + limit);
          sink.send({
            state: live,
            total: 450,
            matched: 450,
            offset,
            order,
            rows: order.map((id) => row(id)),
            request,
          });
        };
        queueMicrotask(() => answer(input.offset, input.limit, input.request));
        return (update: { offset: number; limit: number; request: number }) =>
          answer(update.offset, update.limit, update.request);
      },
    } as never);
    const scope = serve(far, [service as never]);
    cleanups.push(() => scope.dispose());
    const v = view(new RpcClient(near));
    const rows = await v.range(5, 444);
    expect(rows.map((one) => one.id)).toEqual(ids.slice(5, 445));
    expect(Math.max(...limits)).toBeLessThanOrEqual(200);
    await expect(v.range(5, 460)).rejects.toThrow(/changed/);
  });
});
