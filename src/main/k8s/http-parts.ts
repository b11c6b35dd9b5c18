/** Small parts of the transport: pooling over our own connections, headers, refused requests. */
import type * as http from 'node:http';
import type { Socket } from 'node:net';
import { AppFailure, fail } from '#shared/util/app-error';

/** Path of the server's own URL (Rancher), without a trailing slash. */
export function prefixOf(server: URL): string {
  return server.pathname === '/' ? '' : server.pathname.replace(/\/+$/, '');
}

type CreateConnection = (
  options: unknown,
  callback: (error: Error | null, socket?: Socket) => void,
) => undefined;

/** Lets an agent's pooling work on connections that we make. */
export function withDial(agent: http.Agent, connect: () => Promise<Socket>): http.Agent {
  const make: CreateConnection = (_, callback) => {
    connect().then(
      (socket) => callback(null, socket),
      (thrown: unknown) => callback(thrown instanceof Error ? thrown : new Error(String(thrown))),
    );
    return undefined;
  };
  return Object.assign(agent, { createConnection: make });
}

export function flatHeaders(headers: http.IncomingHttpHeaders): Record<string, string> {
  const out: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers))
    if (value !== undefined) out[name] = Array.isArray(value) ? value.join(', ') : value;
  return out;
}

/** A request that Node refuses to make, in our words. */
export function badRequest(thrown: unknown): AppFailure {
  const code = (thrown as NodeJS.ErrnoException).code ?? '';
  if (thrown instanceof AppFailure) return thrown;
  if (code === 'ERR_INVALID_CHAR' || code === 'ERR_HTTP_INVALID_HEADER_VALUE')
    return fail('credentials', 'A credential of this context holds characters that cannot be sent.');
  if (code === 'ERR_UNESCAPED_CHARACTERS')
    return fail('invalid-input', 'This name cannot be used in a request.');
  return fail('internal', 'The request could not be made.');
}

/** Drops a body nobody reads, and its socket with it. */
export async function leave(body: AsyncIterable<Uint8Array>): Promise<void> {
  for await (const chunk of body) {
    void chunk;
    return;
  }
}
