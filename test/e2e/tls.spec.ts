/** The processes of clusters encrypt at the processor's own speed (src/main/app/fast-tls.ts). */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TLSSocket } from 'node:tls';
import { makeCertificate } from '../../src/demo/certificate';
import { expect, test } from './support/app';

function hasAes(): boolean {
  try {
    return /^(?:flags|Features)\s*:.*\baes\b/m.test(readFileSync('/proc/cpuinfo', 'utf8'));
  } catch {
    return false;
  }
}

test('a cluster is asked for AES where the processor knows it', { tag: '@demo' }, async ({ launchApp }) => {
  test.skip(!hasAes(), 'SKIPPED: /proc/cpuinfo names no AES, so another cipher is the right one here');
  const folder = mkdtempSync(join(tmpdir(), 'binnacle-tls-'));
  const made = makeCertificate(Date.now());
  const ciphers: string[] = [];
  // What the client likes best is taken.
  const server = createServer(
    { cert: made.certPem, key: made.keyPem, honorCipherOrder: false },
    (_ask, answer) => answer.writeHead(404).end(),
  );
  server.on('secureConnection', (socket: TLSSocket) => ciphers.push(socket.getCipher().standardName));
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  const kubeconfig = join(folder, 'config.yaml');
  const ca = Buffer.from(made.caPem).toString('base64');
  writeFileSync(
    kubeconfig,
    `apiVersion: v1
kind: Config
current-context: here
clusters:
- {name: here, cluster: {server: "https://127.0.0.1:${port}", certificate-authority-data: ${ca}}}
users:
- {name: here, user: {token: none}}
contexts:
- {name: here, context: {cluster: here, user: here}}
`,
  );
  try {
    await launchApp({ kubeconfig });
    await expect.poll(() => ciphers.length, { timeout: 20_000 }).toBeGreaterThan(0);
    expect(new Set(ciphers)).toEqual(new Set(['TLS_AES_128_GCM_SHA256']));
  } finally {
    server.close();
    server.closeAllConnections();
    rmSync(folder, { recursive: true, force: true });
  }
});
