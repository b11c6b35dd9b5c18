/**
 * A cluster whose pods log without end, in a process of its own: the demo's API with a front that answers
 * every `log` request itself: what was written before is `LINES` lines, and following brings 20,000 a second.
 * Tells its parent a kubeconfig and a pod with one container.
 */
import { createServer, request as httpsRequest } from 'node:https';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { makeCertificate } from '../../src/demo/certificate';
import { startDemo } from '../../src/demo/demo';
import type { Pod } from '../../src/demo/model';

const LINES = 1_000_000;
const PER_SECOND = 20_000;
const TICK_MS = 20;
const BLOCK = 2_000;

let written = 0;
/** Lines sent to followers since the last question. */
let sent = 0;

/** Lines as a kubelet sends them: stamped in order, about 150 bytes of text. */
function lines(count: number, from: number, step: number): Buffer {
  let text = '';
  for (let i = 0; i < count; i += 1) {
    const at = from + i * step;
    const whole = Math.floor(at);
    const stamp = new Date(whole).toISOString().slice(0, -1);
    const nano = String(Math.floor((at - whole) * 1e6)).padStart(6, '0');
    const level = written % 50 === 0 ? 'ERROR' : written % 9 === 0 ? 'WARN' : 'INFO';
    const hash = (Math.imul(written, 2654435761) >>> 0).toString(16).padStart(8, '0');
    text += `${stamp}${nano}Z ${level} request ${written} /api/v1/cart/${hash} status=${200 + (written % 300)} took=${written % 900}ms trace=${hash}${hash} user=u-${written % 99991} region=eu-central-1 pod=web\n`;
    written += 1;
  }
  return Buffer.from(text);
}

function drained(response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const go = (): void => {
      response.off('drain', go).off('close', go);
      resolve();
    };
    response.on('drain', go).on('close', go);
  });
}

async function sendBefore(response: ServerResponse, most: number): Promise<void> {
  const begin = Date.now() - 60_000;
  const total = Math.min(most, LINES);
  for (let at = 0; at < total && !response.destroyed; at += BLOCK) {
    const count = Math.min(BLOCK, total - at);
    const more = response.write(lines(count, begin + (at / LINES) * 59_000, 59_000 / LINES));
    if (!more) await drained(response);
  }
  response.end();
}

function follow(response: ServerResponse): void {
  let last = Date.now();
  let blocked = false;
  response.on('drain', () => (blocked = false));
  const timer = setInterval(() => {
    const now = Date.now();
    if (blocked || now === last) return;
    const count = Math.floor(((now - last) / 1000) * PER_SECOND);
    if (count === 0) return;
    sent += count;
    blocked = !response.write(lines(count, last, (now - last) / count));
    last = now;
  }, TICK_MS);
  response.on('close', () => clearInterval(timer));
}

function answerLog(url: URL, response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'text/plain' });
  if (url.searchParams.get('follow') === 'true') {
    response.flushHeaders();
    follow(response);
  } else void sendBefore(response, Number(url.searchParams.get('tailLines') ?? LINES));
}

async function main(): Promise<void> {
  const demo = await startDemo({ pace: 0 });
  const upstream = new URL(demo.url);
  const pass = (incoming: IncomingMessage, response: ServerResponse): void => {
    const { method, url, headers } = incoming;
    const out = httpsRequest(
      { host: upstream.hostname, port: upstream.port, ca: demo.caPem, method, path: url, headers },
      (answer) => {
        response.writeHead(answer.statusCode ?? 502, answer.headers);
        response.flushHeaders();
        answer.pipe(response);
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
      const url = new URL(incoming.url ?? '/', 'https://front');
      if (/^\/api\/v1\/namespaces\/[^/]+\/pods\/[^/]+\/log$/.test(url.pathname)) answerLog(url, response);
      else pass(incoming, response);
    },
  );
  const pod = demo.store
    .list<Pod>('pods')
    .find(
      (one) => one.status.phase === 'Running' && one.spec.containers.length === 1 && !one.spec.initContainers,
    );
  if (!pod) throw new Error('the demo has no pod with one container');
  server.listen(0, '127.0.0.1', () => {
    const { port } = server.address() as AddressInfo;
    const ca = Buffer.from(certificate.caPem).toString('base64');
    process.send?.({
      pod: pod.metadata.name,
      namespace: pod.metadata.namespace,
      kubeconfig: JSON.stringify({
        apiVersion: 'v1',
        kind: 'Config',
        'current-context': 'flood',
        clusters: [
          {
            name: 'flood',
            cluster: { server: `https://127.0.0.1:${port}`, 'certificate-authority-data': ca },
          },
        ],
        users: [{ name: 'flood', user: { token: demo.token } }],
        contexts: [{ name: 'flood', context: { cluster: 'flood', user: 'flood' } }],
      }),
    });
  });
  process.on('message', () => {
    process.send?.({ sent });
    sent = 0;
  });
  process.on('disconnect', () => process.exit(0));
}

main().catch((thrown: unknown) => {
  console.error(thrown);
  process.exit(70);
});
