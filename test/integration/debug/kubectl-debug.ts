/**
 * What `kubectl debug` itself sends: asked of a server that answers with the pod and node it is
 * given and keeps the request. New pods go on to a real API server as a dry run (kubectl sends them
 * as protobuf), which gives them back with its defaults. Needs a kubectl ($BINNACLE_KUBECTL, or the
 * test cluster's).
 */
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Fields } from '../../../src/shared/domain/debug/types';

const candidate = process.env['BINNACLE_KUBECTL'] ?? '/var/cache/binnacle-cluster/bin/kubectl';
export const kubectl = existsSync(candidate) ? candidate : undefined;

export interface Sent {
  readonly method: string;
  readonly path: string;
  readonly contentType: string;
  readonly body: Fields;
}

/** Stores nothing: a dry run on a real server. `body` as it was sent. */
export type DryRun = (path: string, body: Uint8Array, contentType: string) => Promise<Fields>;

const resource = (name: string, kind: string, namespaced: boolean): Fields => ({
  name,
  kind,
  namespaced,
  singularName: '',
  verbs: ['get', 'list', 'watch', 'create', 'patch', 'update', 'delete'],
});

export class FakeServer {
  private readonly server: Server;
  private sent: Sent | undefined;
  private readonly home = mkdtempSync(join(tmpdir(), 'kubectl-debug-'));

  constructor(pod: Fields, node: Fields, dryRun: DryRun | undefined) {
    const answers: Record<string, Fields> = {
      '/api': { kind: 'APIVersions', versions: ['v1'] },
      '/apis': { kind: 'APIGroupList', apiVersion: 'v1', groups: [] },
      '/version': { major: '1', minor: '34', gitVersion: 'v1.34.4' },
      '/api/v1': {
        kind: 'APIResourceList',
        groupVersion: 'v1',
        resources: [
          resource('pods', 'Pod', true),
          resource('pods/ephemeralcontainers', 'Pod', true),
          resource('nodes', 'Node', false),
        ],
      },
      '/api/v1/namespaces/default/pods/web': pod,
      '/api/v1/nodes/node-1': node,
    };
    this.server = createServer((request, response) => {
      const path = (request.url ?? '').replace(/\?.*$/, '');
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        void this.answer(
          request.method ?? '',
          path,
          Buffer.concat(chunks),
          request.headers['content-type'] ?? '',
          {
            get: (asked) => answers[asked],
            patched: pod,
            dryRun,
          },
        )
          .catch((thrown: unknown) => ({ kind: 'Status', code: 500, message: String(thrown) }))
          .then((answer) => {
            const found = answer && answer['kind'] !== 'Status';
            response.writeHead(found ? 200 : 404, { 'content-type': 'application/json' });
            response.end(JSON.stringify(answer ?? { kind: 'Status', code: 404, message: path }));
          });
      });
    });
  }

  private async answer(
    method: string,
    path: string,
    sent: Buffer,
    contentType: string,
    from: { get: (path: string) => Fields | undefined; patched: Fields; dryRun: DryRun | undefined },
  ): Promise<Fields | undefined> {
    if (method === 'PATCH') {
      this.sent = { method, path, contentType, body: JSON.parse(sent.toString()) as Fields };
      return from.patched;
    }
    if (method !== 'POST') return from.get(path);
    if (!from.dryRun) throw new Error('There is no real API server for a new pod');
    const body = await from.dryRun(path, sent, contentType);
    this.sent = { method, path, contentType, body };
    return body;
  }

  async start(): Promise<void> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
  }

  async stop(): Promise<void> {
    rmSync(this.home, { recursive: true, force: true });
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  /** Runs `kubectl debug` with these arguments and gives the one request that it changes things with. */
  async ask(args: readonly string[]): Promise<Sent> {
    this.sent = undefined;
    const { port } = this.server.address() as AddressInfo;
    const all = ['--server', `http://127.0.0.1:${port}`, '-n', 'default', 'debug', '--attach=false', ...args];
    const child = spawn(kubectl ?? '', all, {
      env: { PATH: process.env['PATH'], HOME: this.home, KUBECONFIG: join(this.home, 'none') },
      stdio: ['ignore', 'ignore', 'pipe'],
      timeout: 15_000,
    });
    let words = '';
    child.stderr.on('data', (chunk: Buffer) => (words += chunk.toString()));
    const code = await new Promise((resolve) => child.once('close', resolve));
    if (!this.sent) throw new Error(`kubectl sent nothing (exit ${String(code)}): ${words}`);
    return this.sent;
  }

  /** A file kubectl can read. */
  file(name: string, content: unknown): string {
    const path = join(this.home, name);
    writeFileSync(path, JSON.stringify(content));
    return path;
  }
}
