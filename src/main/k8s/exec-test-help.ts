/** What a server says on the channels of exec, for tests. */
import { createServer, type IncomingMessage } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { WebSocketServer, type WebSocket } from 'ws';
import { AppFailure, type AppError } from '#shared/util/app-error';
import type { ChannelTimes, Dialler } from './channel-socket';
import { openExec, type ExecEnd, type ExecRequest, type ExecStream } from './exec-stream';

export const frame = (channel: number, data: string | Uint8Array): Buffer =>
  Buffer.concat([Buffer.from([channel]), typeof data === 'string' ? Buffer.from(data) : data]);
export const success = JSON.stringify({ metadata: {}, status: 'Success' });
export const exited = (code: string): string =>
  JSON.stringify({
    metadata: {},
    status: 'Failure',
    reason: 'NonZeroExitCode',
    details: { causes: [{ reason: 'ExitCode', message: code }] },
  });
export const failed = (message: string): string =>
  JSON.stringify({ metadata: {}, status: 'Failure', reason: 'InternalError', code: 500, message });

export const request: ExecRequest = {
  namespace: 'shop',
  pod: 'web',
  container: 'app',
  command: ['sh', '-c', 'echo $1 & more', 'a b'],
  tty: true,
  stdin: true,
};

export async function errorOf(promise: Promise<unknown>): Promise<AppError> {
  const thrown: unknown = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(thrown instanceof AppFailure)) throw new Error(`no AppFailure: ${String(thrown)}`);
  return thrown.error;
}

/** Connects to a port of this machine; every dial is told. */
export function dialler(portOf: () => number, rejected: () => boolean, dialled: () => void): Dialler {
  return {
    connect: (signal) =>
      new Promise((resolve, reject) => {
        dialled();
        const socket = connect(portOf(), '127.0.0.1', () =>
          resolve({ socket, headers: { authorization: 'Bearer test' }, rejected }),
        );
        socket.on('error', reject);
        signal.addEventListener('abort', () => socket.destroy());
      }),
    url: (path) => new URL(`https://127.0.0.1:${portOf()}/prefix${path}`),
  };
}

export interface SocketServer {
  readonly port: number;
  /** Sockets that are open. */
  open(): number;
  stop(): Promise<void>;
}

export interface SocketServerOptions {
  readonly offered: () => readonly string[];
  /** Answers in place of the upgrade. */
  readonly refuse: () => ((socket: Socket) => void) | undefined;
  readonly serve: (ws: WebSocket, request: IncomingMessage) => void;
}

export async function socketServer({ offered, refuse, serve }: SocketServerOptions): Promise<SocketServer> {
  const sockets = new Set<Socket>();
  const webSockets = new WebSocketServer({
    noServer: true,
    handleProtocols: (asked) => offered().find((name) => asked.has(name)) ?? false,
  });
  const server = createServer();
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  server.on('upgrade', (upgrade, socket, head) => {
    const instead = refuse();
    if (instead) return instead(socket as Socket);
    webSockets.handleUpgrade(upgrade, socket, head, (ws) => serve(ws, upgrade));
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return {
    port: (server.address() as AddressInfo).port,
    open: () => sockets.size,
    stop: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((done) => server.close(done));
    },
  };
}

/** A running stream and what came on it. */
export interface Held {
  stream: ExecStream;
  out(): string;
  err(): string;
  end: Promise<ExecEnd>;
}

export async function held(
  api: Dialler,
  signal: AbortSignal,
  more: Partial<ExecRequest>,
  times: Partial<ChannelTimes>,
): Promise<Held> {
  let out = '';
  let err = '';
  let ended: (end: ExecEnd) => void = () => undefined;
  const end = new Promise<ExecEnd>((resolve) => (ended = resolve));
  const stream = await openExec(
    api,
    { ...request, ...more },
    {
      onData: (from, bytes) => {
        if (from === 'stdout') out += Buffer.from(bytes).toString();
        else err += Buffer.from(bytes).toString();
      },
      onEnd: ended,
    },
    signal,
    times,
  );
  return { stream, out: () => out, err: () => err, end };
}
