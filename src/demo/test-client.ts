/** A small HTTPS client for the tests of the demo cluster: one request, or a watch line by line. */
import { request, type RequestOptions } from 'node:https';
import type { IncomingHttpHeaders } from 'node:http';
import type { Demo } from './demo';
import type { Fields } from './model';

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  readonly body: Fields;
}

export interface Ask {
  readonly method?: string;
  readonly body?: unknown;
  readonly type?: string;
  readonly accept?: string;
  readonly token?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

function options(demo: Demo, path: string, asked: Ask): RequestOptions {
  return {
    host: '127.0.0.1',
    port: demo.port,
    ca: demo.caPem,
    path,
    agent: false,
    method: asked.method ?? 'GET',
    headers: {
      authorization: `Bearer ${asked.token ?? demo.token}`,
      ...(asked.accept ? { accept: asked.accept } : {}),
      ...(asked.body === undefined ? {} : { 'content-type': asked.type ?? 'application/json' }),
      ...asked.headers,
    },
  };
}

export function ask(demo: Demo, path: string, asked: Ask = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const call = request(options(demo, path, asked), (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        const text = Buffer.concat(chunks).toString('utf8');
        const json = response.headers['content-type']?.includes('json') && text !== '';
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          text,
          body: json ? (JSON.parse(text) as Fields) : {},
        });
      });
    });
    call.on('error', reject);
    call.end(
      asked.body === undefined
        ? undefined
        : typeof asked.body === 'string'
          ? asked.body
          : JSON.stringify(asked.body),
    );
  });
}

export interface Watching {
  /** The next whole line; undefined when the stream is over. */
  next(): Promise<string | undefined>;
  close(): void;
}

/** Opens a stream and resolves with its first head. */
export function open(demo: Demo, path: string, asked: Ask = {}): Promise<Watching> {
  return new Promise((resolve, reject) => {
    const call = request(options(demo, path, asked), (response) => {
      const lines: string[] = [];
      let waiting: (() => void) | undefined;
      let rest = '';
      let over = false;
      const wake = (): void => waiting?.();
      response.on('data', (chunk: Buffer) => {
        const parts = (rest + chunk.toString('utf8')).split('\n');
        rest = parts.pop() ?? '';
        lines.push(...parts);
        wake();
      });
      const end = (): void => {
        over = true;
        wake();
      };
      response.on('end', end).on('error', end).on('close', end);
      resolve({
        close: () => call.destroy(),
        next: async () => {
          while (lines.length === 0 && !over) await new Promise<void>((done) => (waiting = done));
          return lines.shift();
        },
      });
    });
    call.on('error', reject);
    call.end();
  });
}
