/** Whether a kubeconfig that lies about is that of a running cluster. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { answers } from '../support/real-cluster';

let folder: string;
let server: Server;
let port = 0;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'real-cluster-'));
  server = createServer((socket) => socket.end());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  port = (server.address() as AddressInfo).port;
});
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await new Promise((resolve) => server.close(resolve));
});

const forms: readonly (readonly [string, (at: string) => string])[] = [
  ['flow', (at) => `clusters:\n- name: a\n  cluster: {server: "${at}", certificate-authority-data: QUJD}\n`],
  ['block', (at) => `clusters:\n- cluster:\n    server: ${at}\n  name: a\n`],
  ['JSON', (at) => JSON.stringify({ clusters: [{ name: 'a', cluster: { server: at } }] }, null, 1)],
];

it.each(forms)('a kubeconfig in %s form counts only while its server answers', async (_form, text) => {
  const file = join(folder, 'config');
  writeFileSync(file, text(`https://127.0.0.1:${port}`));
  expect(answers(file)).toBe(true);
  const gone = createServer();
  await new Promise<void>((resolve) => gone.listen(0, '127.0.0.1', resolve));
  const dead = (gone.address() as AddressInfo).port;
  await new Promise((resolve) => gone.close(resolve));
  writeFileSync(file, text(`https://127.0.0.1:${dead}`));
  expect(answers(file)).toBe(false);
});

it('one without a server does not', () => {
  const file = join(folder, 'none');
  writeFileSync(file, 'clusters: []\n');
  expect(answers(file)).toBe(false);
});
