/** The processes of clusters encrypt at the processor's own speed (src/main/app/fast-tls.ts). */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TLSSocket } from 'node:tls';
import { makeCertificate } from '../../src/demo/certificate';
import { expect, test } from './support/app';

/** What BoringSSL asks for first: AES where the processor does it and its sums itself, as all but old ones do. */
function expectedCipher(): string {
  const info = existsSync('/proc/cpuinfo') ? readFileSync('/proc/cpuinfo', 'utf8') : 'aes pmull';
  const hasAes = /\baes\b/.test(info) && /\b(?:pclmulqdq|pmull)\b/.test(info);
  return hasAes ? 'TLS_AES_128_GCM_SHA256' : 'TLS_CHACHA20_POLY1305_SHA256';
}

test(
  'a cluster is asked first for the cipher that the processor does itself',
  { tag: '@demo' },
  async ({ launchApp }) => {
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
      expect(new Set(ciphers)).toEqual(new Set([expectedCipher()]));
    } finally {
      server.close();
      server.closeAllConnections();
      rmSync(folder, { recursive: true, force: true });
    }
  },
);
