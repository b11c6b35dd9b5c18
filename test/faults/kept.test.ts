/** Faults 52 and 67, through a session: a container without a shell, and a page that goes and comes back. */
import * as net from 'node:net';
import { beforeEach, expect } from 'vitest';
import { WebSocketServer } from 'ws';
import { forward, type ForwardRow } from '#shared/contract/forward';
import { shell, type TerminalBatch, type TerminalUpdate } from '#shared/contract/shell';
import { RpcClient, type OpenStream } from '#shared/rpc/client';
import { portPair } from '#shared/rpc/port';
import { liveScopes } from '#shared/rpc/scope';
import { serve } from '#shared/rpc/server';
import { ask } from '../../src/demo/test-client';
import { failed, frame } from '../../src/main/k8s/exec-test-help';
import type { Front } from './support/front';
import { fault } from './support/row';
import { until, type Page } from './support/sessions';
import { stage } from './support/stage';

const s = stage();
let server: Front;
let page: Page;
let pod: string;

beforeEach(async () => {
  server = await s.before();
  page = s.page(server);
  const { body } = await ask(s.demo, '/api/v1/namespaces/shop/pods?fieldSelector=status.phase%3DRunning');
  pod = (body as unknown as { items: { metadata: { name: string } }[] }).items[0]?.metadata.name ?? '';
});

/** Exec ends or goes on as `program` says; a forward is an echo. */
function programs(
  program: (say: (channel: number, text: string) => void, heard: Buffer | undefined) => void,
): {
  readonly open: () => number;
} {
  const upgrades = new WebSocketServer({
    noServer: true,
    handleProtocols: (asked) => [...asked][0] ?? false,
  });
  let open = 0;
  server.upgrade = (request, socket, head) =>
    upgrades.handleUpgrade(request, socket, head, (ws) => {
      open += 1;
      ws.on('close', () => (open -= 1));
      ws.on('error', () => undefined);
      if (request.url?.includes('/portforward')) {
        for (const channel of [0, 1]) ws.send(frame(channel, Buffer.from([144, 31])));
        ws.on('message', (data: Buffer) => ws.send(data));
        return;
      }
      const say = (channel: number, text: string): void =>
        ws.send(frame(channel, text), () => {
          if (channel === 3) ws.close(1000);
        });
      ws.on('message', (data: Buffer) => {
        if (data[0] === 0) program(say, data.subarray(1));
      });
      program(say, undefined);
    });
  return { open: () => open };
}

interface Terminal {
  readonly stream: OpenStream<TerminalUpdate>;
  text(): string;
  last(): TerminalBatch | undefined;
  /** Why the stream itself ended. */
  refused(): string | undefined;
}
function terminal(client: RpcClient, more: object = {}): Terminal {
  let text = '';
  let last: TerminalBatch | undefined;
  let refused: string | undefined;
  const size = { columns: 80, rows: 24 };
  const stream = client.open(
    shell,
    'open',
    { namespace: 'shop', pod, size, ...more },
    {
      onData: (batch) => {
        last = { ...last, ...batch };
        text += Buffer.from(batch.data ?? []).toString();
      },
      onEnd: (error) => {
        refused = error?.code;
      },
    },
  );
  return { stream, text: () => text, last: () => last, refused: () => refused };
}

fault(
  52,
  async () => {
    programs((say) => say(3, failed('exec: "sh": executable file not found in $PATH: unknown')));
    const one = terminal(page.client);
    await until(() => one.last()?.end !== undefined);
    expect(one.last()?.end).toMatchObject({
      error: {
        code: 'no-shell',
        message: expect.stringMatching(new RegExp(`${pod} has no shell`)) as unknown,
        // The screen offers it by this code: Debug this pod.
        hint: expect.stringMatching(/Tried .*Debug the pod: a debug container/) as unknown,
      },
    });
  },
  'no shell: a debug container is offered',
);

fault(
  67,
  async () => {
    const running = programs((say, heard) =>
      say(1, heard ? `you said ${heard.toString()}\n` : 'welcome\n$ '),
    );
    const keep = 'a-name-for-this-terminal';
    const first = terminal(page.client, { keep });
    await until(() => first.text().includes('$ '));
    first.stream.update({ type: 'input', data: 'one' });
    await until(() => first.text().includes('you said one'));
    const [made] = await page.client.call(forward, 'start', {
      target: { kind: 'pods', namespace: 'shop', name: pod },
      address: '127.0.0.1',
      ports: [{ remote: '8080', local: 0 }],
    });
    const row = made && 'row' in made ? made.row : undefined;
    // The page is gone: crashed or loaded anew.
    page.client.close();
    const [near, far] = portPair();
    serve(far, page.session.services, s.scope);
    const client = new RpcClient(near);
    s.scope.add(() => client.close());
    const second = terminal(client, { keep, again: true });
    await until(() => second.text().includes('you said one'));
    expect(second.text()).toBe(first.text());
    expect(second.last()?.started?.command).toEqual(first.last()?.started?.command);
    second.stream.update({ type: 'input', data: 'two' });
    await until(() => second.text().endsWith('you said two\n'));
    // The forward went on as well, and is on the list.
    let rows: readonly ForwardRow[] = [];
    client.open(forward, 'list', undefined, {
      onData: (next) => {
        rows = next;
      },
      onEnd: () => undefined,
    });
    await until(() => rows.length === 1);
    expect(rows[0]).toMatchObject({ id: row?.id, localPort: row?.localPort });
    const socket = net.connect(row?.localPort ?? 0, '127.0.0.1');
    s.scope.add(() => socket.destroy());
    let echoed = '';
    socket.on('data', (chunk) => (echoed += chunk.toString()));
    socket.write('still there?');
    await until(() => echoed === 'still there?');
    socket.destroy();
    // Closed by the person it ends at once; a name nobody holds is not started anew.
    const before = running.open();
    second.stream.close();
    await until(() => running.open() < before);
    const third = terminal(client, { keep, again: true });
    await until(() => third.refused() !== undefined);
    expect(third.refused()).toBe('gone');
    await client.call(forward, 'stop', { id: row?.id ?? '' });
    // Closing a WebSocket takes an answer of the server.
    await until(() => running.open() === 0 && !liveScopes().includes('channel-socket'));
  },
  'shells and forwards go on',
);
