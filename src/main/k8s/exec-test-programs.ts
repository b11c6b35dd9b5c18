/** A container for tests: programs that answer to their arguments, behind a real WebSocket. */
import type { IncomingMessage } from 'node:http';
import type { WebSocket } from 'ws';
import { exited, failed, frame, success } from './exec-test-help';

export interface Ran {
  readonly stdout?: string | Uint8Array;
  readonly stderr?: string;
  readonly code?: number;
}

/** What a program does; undefined: the container does not have it. */
export type Programs = (command: readonly string[], input: Buffer) => Ran | 'hangs' | undefined;

const PART = 32 * 1024;

/** For `serve` of socketServer: each connection runs one program. Input is given whole, once it has ended. */
export function container(programs: Programs): (ws: WebSocket, request: IncomingMessage) => void {
  return (ws, asked) => {
    const { searchParams } = new URL(asked.url ?? '', 'http://x');
    const command = searchParams.getAll('command');
    const parts: Buffer[] = [];
    const answer = (): void => {
      const ran = programs(command, Buffer.concat(parts));
      if (ran === 'hangs') return;
      if (!ran) {
        ws.send(frame(3, failed(`exec: "${command[0] ?? ''}": executable file not found in $PATH`)));
        return ws.close(1000);
      }
      const out = Buffer.from(ran.stdout ?? '');
      for (let at = 0; at < out.length; at += PART) ws.send(frame(1, out.subarray(at, at + PART)));
      if (ran.stderr !== undefined) ws.send(frame(2, ran.stderr));
      ws.send(frame(3, (ran.code ?? 0) === 0 ? success : exited(String(ran.code))));
      ws.close(1000);
    };
    if (searchParams.get('stdin') !== 'true') return answer();
    // A program that is not there says so before anybody writes.
    if (!programs(command, Buffer.alloc(0))) return answer();
    ws.on('message', (data: Buffer) => {
      if (data[0] === 0) parts.push(Buffer.from(data.subarray(1)));
      else if (data[0] === 255) answer();
    });
  };
}
