/** What was asked of the cluster, for tests: never tokens, never bodies. A ring. */
import type { IncomingMessage } from 'node:http';

export interface LoggedRequest {
  readonly at: number;
  readonly method: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly userAgent: string;
  readonly accept: string;
}

export class RequestLog {
  readonly entries: LoggedRequest[] = [];
  private readonly length: number;

  constructor(length: number) {
    this.length = length;
  }

  add(request: IncomingMessage, url: URL): void {
    this.entries.push({
      at: Date.now(),
      method: request.method ?? 'GET',
      path: url.pathname,
      query: Object.fromEntries(url.searchParams),
      userAgent: request.headers['user-agent'] ?? '',
      accept: request.headers.accept ?? '',
    });
    if (this.entries.length > this.length) this.entries.shift();
  }
}
