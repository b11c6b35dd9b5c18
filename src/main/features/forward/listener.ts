/**
 * The local end of a forward: a listener on loopback (both families where the machine has them).
 * Guarantees: a taken port is an error that says so, never silently another port; the listener is
 * closed with the scope.
 */
import { createServer, type Server, type Socket } from 'node:net';
import { Scope } from '#shared/rpc/scope';
import { fail, toAppError } from '#shared/util/app-error';

/** Beyond these the system refuses new ones. */
const MOST_CONNECTIONS = 1_000;
const TRIES = 50;

/** Resolves with the port in use; `port` 0 takes a free one. */
export async function listen(
  address: '127.0.0.1' | '0.0.0.0',
  port: number,
  scope: Scope,
  onConnection: (socket: Socket) => void,
): Promise<number> {
  const server = await bind(address, port, onConnection);
  scope.add(() => server.close());
  const bound = portOf(server);
  if (address === '127.0.0.1' && !scope.disposed) {
    // `localhost` may mean ::1; a machine without IPv6, or with another program there, has one family.
    const second = await bind('::1', bound, onConnection).catch(() => undefined);
    if (second) scope.add(() => second.close());
  }
  return bound;
}

/** The next port after `port` that can be bound; undefined when none of 50 can. */
export async function nextFree(address: string, port: number): Promise<number | undefined> {
  for (let next = port + 1; next <= Math.min(65_535, port + TRIES); next += 1) {
    const server = await bind(address, next, (socket) => socket.destroy()).catch(() => undefined);
    if (!server) continue;
    await new Promise((closed) => server.close(closed));
    return next;
  }
  return undefined;
}

function bind(host: string, port: number, onConnection: (socket: Socket) => void): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer({ allowHalfOpen: true, pauseOnConnect: true }, onConnection);
    server.maxConnections = MOST_CONNECTIONS;
    server.once('error', (error: NodeJS.ErrnoException) => reject(bindFailure(error, host, port)));
    server.listen({ host, port, exclusive: true, ipv6Only: host === '::1' }, () => {
      // Later errors are of single accepts (too many files): the listener lives on.
      server.removeAllListeners('error');
      server.on('error', () => undefined);
      resolve(server);
    });
  });
}

function bindFailure(error: NodeJS.ErrnoException, host: string, port: number): Error {
  switch (error.code) {
    case 'EADDRINUSE':
      return fail('conflict', `Port ${port} on ${host} is in use.`, { reason: 'EADDRINUSE' });
    case 'EACCES':
      return fail(
        'invalid-input',
        `This machine does not let a program without more rights use port ${port}.`,
        {
          hint: 'Choose one above 1023.',
          reason: 'EACCES',
        },
      );
    default:
      return fail('network', `Cannot listen on ${host}:${port}: ${toAppError(error).message}`);
  }
}

function portOf(server: Server): number {
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}
