/**
 * A server of ours that stands before the demo cluster: what a rule takes is answered as the rule
 * likes, all else is passed on. TLS with a certificate of its own authority.
 */
import * as http from 'node:http';
import * as https from 'node:https';
import type { Demo } from '../../../src/demo/demo';
import {
  serve,
  sendJson,
  type Certificates,
  type Running,
  type Upgrade,
} from '../../integration/k8s-support';

/** True: taken. False: the demo answers. */
export type Rule = (
  request: http.IncomingMessage,
  response: http.ServerResponse,
  body: string,
) => boolean | void;

export interface Front extends Running {
  readonly url: string;
  /** Asked first to last; the first that takes the request wins. */
  readonly rules: Rule[];
  /** `METHOD path?query` of everything asked so far. */
  readonly asked: string[];
  /** Answers WebSockets; without it they are refused. */
  upgrade: Upgrade | undefined;
}

/** `tls`: options beside the certificate, such as requestCert. */
export async function front(certs: Certificates, demo?: Demo, tls: https.ServerOptions = {}): Promise<Front> {
  const rules: Rule[] = [];
  const asked: string[] = [];
  const pair = certs.pair(`front-${Math.random().toString(36).slice(2)}`, {
    san: 'IP:127.0.0.1,DNS:localhost,DNS:api.example',
  });
  const running = await serve(
    (request, response, body) => {
      asked.push(`${request.method} ${request.url}`);
      for (const rule of rules) if (rule(request, response, body) === true) return;
      if (demo) passOn(demo, request, response, body);
      else sendJson(response, { kind: 'Status', status: 'Failure', code: 404, reason: 'NotFound' }, 404);
    },
    { ...pair, ...tls },
    (request, socket, head) => {
      asked.push(`UPGRADE ${request.url}`);
      if (made.upgrade) made.upgrade(request, socket, head);
      else socket.end('HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n');
    },
  );
  const made: Front = {
    ...running,
    url: `https://127.0.0.1:${running.port}`,
    rules,
    asked,
    upgrade: undefined,
  };
  return made;
}

function passOn(
  demo: Demo,
  request: http.IncomingMessage,
  response: http.ServerResponse,
  body: string,
): void {
  const onward = https.request(
    {
      host: '127.0.0.1',
      port: demo.port,
      ca: demo.caPem,
      agent: false,
      method: request.method,
      path: request.url,
      headers: { ...request.headers, authorization: `Bearer ${demo.token}` },
    },
    (answer) => {
      response.writeHead(answer.statusCode ?? 500, answer.headers);
      response.flushHeaders();
      answer.pipe(response);
      answer.on('error', () => response.destroy());
    },
  );
  onward.on('error', () => response.destroy());
  response.on('close', () => onward.destroy());
  onward.end(body);
}

/** Takes requests whose path with query fits. */
export function on(
  pattern: RegExp,
  answer: (response: http.ServerResponse, request: http.IncomingMessage) => void,
): Rule {
  return (request, response) => {
    if (!pattern.test(`${request.method} ${request.url}`)) return false;
    answer(response, request);
    return true;
  };
}
