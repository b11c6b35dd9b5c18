/**
 * The node's side of port-forwards, v4.channel.k8s.io: each WebSocket is one connection to a port of
 * a pod. Behind a port stands an echo, a program that refuses, or what a test says.
 */
import { WebSocketServer, type WebSocket } from 'ws';
import type { Front } from './front';

export interface PodConnection {
  readonly pod: string;
  readonly port: number;
  readonly socket: WebSocket;
  /** Bytes from the program to the client. */
  send(bytes: Uint8Array): void;
  /** On the error channel: the program is not there. */
  refuse(words: string): void;
  onBytes(listener: (bytes: Buffer) => void): void;
}

export interface PodPorts {
  /** All so far, oldest first. */
  readonly all: PodConnection[];
  open(): number;
}

const DATA = 0;
const ERROR = 1;

export function podPorts(server: Front, program: (connection: PodConnection) => void): PodPorts {
  const upgrades = new WebSocketServer({ noServer: true, handleProtocols: () => 'v4.channel.k8s.io' });
  const all: PodConnection[] = [];
  const sockets = new Set<WebSocket>();
  server.upgrade = (request, socket, head) => {
    const url = new URL(request.url ?? '', server.url);
    const pod = /\/pods\/([^/]+)\/portforward$/.exec(url.pathname)?.[1];
    const port = Number(url.searchParams.get('ports'));
    if (pod === undefined) {
      socket.end('HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n');
      return;
    }
    upgrades.handleUpgrade(request, socket, head, (ws) => {
      sockets.add(ws);
      ws.on('close', () => sockets.delete(ws));
      ws.on('error', () => undefined);
      const number = Buffer.from([port & 255, port >> 8]);
      const frame = (channel: number, bytes: Uint8Array): Buffer =>
        Buffer.concat([Buffer.from([channel]), bytes]);
      // Each channel begins with the port.
      for (const channel of [DATA, ERROR]) ws.send(frame(channel, number));
      const connection: PodConnection = {
        pod,
        port,
        socket: ws,
        send: (bytes) => ws.send(frame(DATA, bytes)),
        refuse: (words) => ws.send(frame(ERROR, Buffer.from(words))),
        onBytes: (listener) =>
          ws.on('message', (data: Buffer) => {
            if (data[0] === DATA) listener(data.subarray(1));
          }),
      };
      all.push(connection);
      program(connection);
    });
  };
  return { all, open: () => sockets.size };
}

/** Says back what it hears, with its own name first. */
export function echo(connection: PodConnection): void {
  connection.send(Buffer.from(`${connection.pod}:`));
  connection.onBytes((bytes) => connection.send(bytes));
}
