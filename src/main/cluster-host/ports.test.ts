import { EventEmitter } from 'node:events';
import { MessageChannel } from 'node:worker_threads';
import { expect, it } from 'vitest';
import { mainPort, workerPort, type MainPort } from './ports';

class FakeMainPort extends EventEmitter implements MainPort {
  readonly posted: unknown[] = [];
  started = 0;
  closed = 0;
  postMessage(message: unknown): void {
    this.posted.push(message);
  }
  start(): void {
    this.started += 1;
  }
  close(): void {
    this.closed += 1;
    this.emit('close');
  }
}

it('starts an Electron port when somebody listens, and not before', () => {
  const raw = new FakeMainPort();
  const port = mainPort(raw);
  expect(raw.started).toBe(0);
  const heard: unknown[] = [];
  port.onMessage((message) => heard.push(message));
  raw.emit('message', { data: { t: 'call' }, ports: [] });
  expect(raw.started).toBe(1);
  expect(heard).toEqual([{ t: 'call' }]);
});

it.each(['from here', 'from the other side'])(
  'tells a close %s once, also to those who ask later',
  (side) => {
    const raw = new FakeMainPort();
    const port = mainPort(raw);
    let told = 0;
    port.onClose(() => (told += 1));
    if (side === 'from here') port.close();
    else raw.emit('close');
    port.close();
    raw.emit('close');
    port.onClose(() => (told += 1));
    expect(told).toBe(2);
    port.post('late');
    raw.emit('message', { data: 'late', ports: [] });
    expect(raw.posted).toEqual([]);
  },
);

it('carries messages over a worker port and ends with it', async () => {
  const { port1, port2 } = new MessageChannel();
  const left = workerPort(port1);
  const right = workerPort(port2);
  const heard = new Promise((done) => right.onMessage(done));
  left.post({ a: new Date(0) });
  expect(await heard).toEqual({ a: new Date(0) });
  const closed = new Promise<void>((done) => right.onClose(done));
  left.close();
  await closed;
});
