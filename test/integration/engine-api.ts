/**
 * A plain Api over node:https for engine tests and measurements: one keep-alive agent,
 * client certificate or token of a kubeconfig's current context, no retries. The product's
 * transport is another thing; this one only has to be simple.
 */
import { readFileSync } from 'node:fs';
import { Agent, request as httpsRequest } from 'node:https';
import type { IncomingMessage } from 'node:http';
import { parse } from 'yaml';
import type { Api, ApiRequest, ApiResponse } from '../../src/main/k8s/api';
import { fail } from '../../src/shared/util/app-error';

interface Named<T> {
  readonly name: string;
  readonly cluster?: T;
  readonly user?: T;
  readonly context?: T;
}

export interface Target {
  readonly server: string;
  readonly ca: string | undefined;
  readonly cert: string | undefined;
  readonly key: string | undefined;
  readonly token: string | undefined;
}

export function targetOf(path: string): Target {
  const file = parse(readFileSync(path, 'utf8')) as {
    'current-context': string;
    contexts: Named<Record<string, string>>[];
    clusters: Named<Record<string, string>>[];
    users: Named<Record<string, string>>[];
  };
  const context = file.contexts.find((one) => one.name === file['current-context'])!.context!;
  const cluster = file.clusters.find((one) => one.name === context['cluster'])!.cluster!;
  const user = file.users.find((one) => one.name === context['user'])!.user!;
  const material = (from: Record<string, string>, field: string): string | undefined => {
    const data = from[`${field}-data`];
    if (data !== undefined) return Buffer.from(data, 'base64').toString('utf8');
    const name = from[field];
    return name === undefined ? undefined : readFileSync(name, 'utf8');
  };
  return {
    server: cluster['server']!,
    ca: material(cluster, 'certificate-authority'),
    cert: material(user, 'client-certificate'),
    key: material(user, 'client-key'),
    token: user['token'],
  };
}

export interface HttpsApi extends Api {
  /** Requests made so far, as `path?query`. */
  readonly log: string[];
  close(): void;
}

const codes: Record<number, Parameters<typeof fail>[0]> = {
  401: 'unauthorized',
  403: 'forbidden',
  404: 'not-found',
  405: 'unsupported',
  410: 'gone',
  429: 'throttled',
  504: 'timeout',
};

export function httpsApi(target: Target): HttpsApi {
  const { server, token, ...tls } = target;
  const base = new URL(server);
  let agent = new Agent({ keepAlive: true, ...tls });
  const log: string[] = [];

  const open = (request: ApiRequest, signal: AbortSignal): Promise<ApiResponse> =>
    new Promise((resolve, reject) => {
      if (signal.aborted) {
        reject(fail('cancelled', 'Cancelled.'));
        return;
      }
      const query = new URLSearchParams();
      for (const [key, value] of Object.entries(request.query ?? {})) {
        if (value !== undefined) query.set(key, String(value));
      }
      const path = `${base.pathname.replace(/\/$/, '')}${request.path}?${query.toString()}`;
      log.push(path);
      const sent = httpsRequest(
        {
          agent,
          host: base.hostname,
          port: base.port,
          path,
          method: request.method ?? 'GET',
          headers: {
            accept: request.accept ?? 'application/json',
            ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
            ...(request.body === undefined
              ? {}
              : { 'content-type': request.contentType ?? 'application/json' }),
            ...request.headers,
          },
        },
        (response) => void answer(response),
      );
      const onAbort = (): void => void sent.destroy(new Error('aborted'));
      signal.addEventListener('abort', onAbort, { once: true });
      sent.on('close', () => signal.removeEventListener('abort', onAbort));
      sent.on('error', (error: NodeJS.ErrnoException) => {
        if (signal.aborted) reject(fail('cancelled', 'Cancelled.'));
        else reject(fail(error.code === 'ECONNREFUSED' ? 'refused' : 'network', error.message));
      });
      sent.setTimeout(request.long ? 0 : (request.timeoutMs ?? 30_000), () =>
        sent.destroy(new Error('timed out')),
      );
      sent.end(request.body);

      const answer = async (response: IncomingMessage): Promise<void> => {
        const status = response.statusCode ?? 0;
        const headers: Record<string, string> = {};
        for (const [name, value] of Object.entries(response.headers)) headers[name] = String(value);
        if (status >= 200 && status < 300) {
          resolve({ status, headers, body: bodyOf(response, signal) });
          return;
        }
        let text = '';
        try {
          for await (const chunk of response) text += String(chunk);
        } catch {
          // The head says enough.
        }
        let found: { message?: string; reason?: string } = {};
        try {
          found = JSON.parse(text) as typeof found;
        } catch {
          // Not a Status.
        }
        const retryAfter = Number(headers['retry-after']);
        reject(
          fail(codes[status] ?? 'server', found.message ?? `HTTP status ${status}`, {
            status,
            ...(found.reason === undefined ? {} : { reason: found.reason }),
            ...(retryAfter > 0 ? { retryAfter } : {}),
          }),
        );
      };
    });

  return {
    open,
    clockOffset: 0,
    log,
    dropConnections: () => {
      agent.destroy();
      agent = new Agent({ keepAlive: true, ...tls });
    },
    close: () => agent.destroy(),
    json: async <T>(request: ApiRequest, signal: AbortSignal): Promise<T> => {
      const response = await open(request, signal);
      const parts: Uint8Array[] = [];
      for await (const chunk of response.body) parts.push(chunk);
      return JSON.parse(Buffer.concat(parts).toString('utf8')) as T;
    },
  };
}

async function* bodyOf(response: IncomingMessage, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  try {
    for await (const chunk of response) yield chunk as Uint8Array;
  } catch (thrown) {
    if (signal.aborted) throw fail('cancelled', 'Cancelled.');
    throw fail('network', thrown instanceof Error ? thrown.message : 'cut');
  }
}
