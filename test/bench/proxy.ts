/**
 * A server in front of a bench's API server, in a process of its own: `proxy.ts KUBECONFIG`.
 * Passes everything on, but for watches of pods: after `replay` they get recorded frames at a
 * steady rate instead, after `expire` an ERROR of code 410. Listens on loopback with a
 * certificate of its own; the kubeconfig it tells its parent holds no credentials.
 */
import { readFileSync } from 'node:fs';
import { createServer, request as httpsRequest, type RequestOptions } from 'node:https';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { performance } from 'node:perf_hooks';
import { Scope } from '#shared/rpc/scope';
import { openApi } from '../../src/main/k8s/open-api';
import type { Material } from '../../src/main/kubeconfig/types';
import { makeCertificate } from '../../src/demo/certificate';
import { contextOf } from './context-of';
import { splitFrames, stamp, toFrame, type Frame } from './frames';

/** A Status of code 410, wrapped as a watch event: JSON readers and protobuf readers get their own. */
const EXPIRED = {
  kind: 'Status',
  apiVersion: 'v1',
  metadata: {},
  status: 'Failure',
  message: 'too old resource version',
  reason: 'Expired',
  code: 410,
};

const TICK_MS = 10;

interface Command {
  readonly replay?: { readonly mbPerSecond?: number; readonly eventsPerSecond?: number };
  readonly expire?: boolean;
  readonly pause?: boolean;
  readonly stop?: boolean;
}

async function record(kubeconfig: string): Promise<Frame[]> {
  const scope = new Scope('record');
  const api = openApi(await contextOf(kubeconfig), {}, scope);
  const response = await api.open(
    {
      path: '/api/v1/pods',
      accept: 'application/vnd.kubernetes.protobuf;stream=watch',
      query: {
        watch: true,
        sendInitialEvents: true,
        resourceVersionMatch: 'NotOlderThan',
        allowWatchBookmarks: true,
        timeoutSeconds: 60,
      },
      timeoutMs: 60_000,
      long: true,
    },
    scope.signal,
  );
  const frames: Frame[] = [];
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of response.body) {
    const [whole, left] = splitFrames(Buffer.concat([rest, chunk]));
    rest = left;
    let ended = false;
    for (const one of whole) {
      const frame = toFrame(Buffer.from(one));
      if (frame) frames.push(frame);
      else ended ||= one.includes('initial-events-end');
    }
    if (ended) break;
  }
  scope.dispose();
  return frames;
}

class Player {
  readonly frames: readonly Frame[];
  private turn = 1;
  private at = 0;
  sentBytes = 0;
  sentEvents = 0;
  rate: Command['replay'];

  constructor(frames: readonly Frame[]) {
    this.frames = frames;
  }

  play(response: ServerResponse): void {
    response.writeHead(200, { 'content-type': 'application/vnd.kubernetes.protobuf;stream=watch' });
    response.flushHeaders();
    let last = performance.now();
    let due = 0;
    let blocked = false;
    response.on('drain', () => (blocked = false));
    const timer = setInterval(() => {
      const now = performance.now();
      const { mbPerSecond, eventsPerSecond } = this.rate ?? {};
      // What a busy moment held back is not made up for in one heap.
      const seconds = Math.min(0.1, (now - last) / 1000);
      last = now;
      if (blocked || (mbPerSecond === undefined && eventsPerSecond === undefined)) return;
      due += seconds * (mbPerSecond !== undefined ? mbPerSecond * 1e6 : (eventsPerSecond ?? 0));
      const out: Buffer[] = [];
      while (due > 0) {
        const frame = this.frames[this.at];
        if (!frame) return;
        this.at = (this.at + 1) % this.frames.length;
        stamp(frame, (this.turn += 1));
        out.push(Buffer.from(frame.bytes));
        this.sentBytes += frame.bytes.length;
        this.sentEvents += 1;
        due -= mbPerSecond !== undefined ? frame.bytes.length : 1;
      }
      if (out.length > 0) blocked = !response.write(Buffer.concat(out));
    }, TICK_MS);
    response.on('close', () => clearInterval(timer));
  }
}

async function main(): Promise<void> {
  const kubeconfig = process.argv[2] ?? '';
  const player = new Player(process.argv[3] === 'no-record' ? [] : await record(kubeconfig));
  const { cluster, user } = await contextOf(kubeconfig);
  const upstream = new URL(cluster.server);
  const options: RequestOptions = {
    host: upstream.hostname,
    port: upstream.port,
    ca: pem(cluster.ca),
    cert: pem(user.clientCertificate),
    key: pem(user.clientKey),
  };
  const watches = new Set<ServerResponse>();
  const pass = (incoming: IncomingMessage, response: ServerResponse): void => {
    const { method, url, headers } = incoming;
    const out = httpsRequest(
      { ...options, method, path: url, headers: { ...headers, host: upstream.host } },
      (answer) => {
        response.writeHead(answer.statusCode ?? 502, answer.headers);
        response.flushHeaders();
        answer.pipe(response);
        // What the server cut is cut here, too.
        answer.on('close', () => answer.complete || response.destroy());
      },
    );
    out.on('error', () => response.destroy());
    response.on('close', () => out.destroy());
    incoming.pipe(out);
  };
  const certificate = makeCertificate(Date.now());
  const server = createServer(
    { cert: certificate.certPem, key: certificate.keyPem },
    (incoming, response) => {
      const url = new URL(incoming.url ?? '/', 'https://proxy');
      const isWatch = url.pathname === '/api/v1/pods' && url.searchParams.has('watch');
      if (isWatch) {
        watches.add(response);
        response.on('close', () => watches.delete(response));
      }
      if (isWatch && player.rate && !url.searchParams.has('sendInitialEvents')) player.play(response);
      else pass(incoming, response);
    },
  );
  server.listen(0, '127.0.0.1', () => {
    const { port } = server.address() as AddressInfo;
    process.send?.({
      kubeconfig: JSON.stringify({
        apiVersion: 'v1',
        kind: 'Config',
        'current-context': 'proxied',
        clusters: [
          {
            name: 'proxied',
            cluster: {
              server: `https://127.0.0.1:${port}`,
              'certificate-authority-data': Buffer.from(certificate.caPem).toString('base64'),
            },
          },
        ],
        users: [{ name: 'proxied', user: {} }],
        contexts: [{ name: 'proxied', context: { cluster: 'proxied', user: 'proxied' } }],
      }),
      frames: player.frames.length,
    });
  });
  process.on('message', (message: Command) => {
    if (message.stop) process.exit(0);
    if (message.replay) {
      player.rate = message.replay;
      // Readers come back for a watch of their own, and get the recording.
      for (const watch of watches) watch.end();
    }
    if (message.pause) player.rate = {};
    if (message.expire) for (const watch of watches) watch.end(expired(watch));
    process.send?.({ did: true, at: Date.now(), sentBytes: player.sentBytes, sentEvents: player.sentEvents });
  });
}

function expired(response: ServerResponse): Buffer {
  const json = JSON.stringify({ type: 'ERROR', object: EXPIRED });
  const type = String(response.getHeader('content-type'));
  if (!type.includes('protobuf')) return Buffer.from(`${json}\n`);
  const text = (number: number, value: string): Buffer => {
    const content = Buffer.from(value);
    return Buffer.concat([Buffer.from([(number << 3) | 2, content.length]), content]);
  };
  const status = Buffer.concat([
    text(2, EXPIRED.status),
    text(3, EXPIRED.message),
    text(4, EXPIRED.reason),
    Buffer.from([6 << 3, (410 & 127) | 128, 410 >> 7]),
  ]);
  const meta = Buffer.concat([text(1, 'v1'), text(2, 'Status')]);
  const nested = (number: number, content: Buffer): Buffer =>
    Buffer.concat([Buffer.from([(number << 3) | 2, content.length]), content]);
  const unknown = Buffer.concat([Buffer.from('k8s\0'), nested(1, meta), nested(2, status)]);
  const event = Buffer.concat([text(1, 'ERROR'), nested(2, nested(1, unknown))]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(event.length);
  return Buffer.concat([length, event]);
}

function pem(material: Material | undefined): string | undefined {
  if (material === undefined) return undefined;
  return 'data' in material ? material.data : readFileSync(material.file, 'utf8');
}

main().catch((thrown: unknown) => {
  console.error(thrown);
  process.exit(70);
});
