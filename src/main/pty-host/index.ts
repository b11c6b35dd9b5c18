/**
 * Entry of the process of the terminals. Thin: it turns main's messages into orders and serves
 * every granted port. Guarantees: an error nobody handled ends the process (main clears up and
 * says so); `stop` ends every terminal first.
 */
import type { Port } from '#shared/rpc/port';
import { Scope } from '#shared/rpc/scope';
import { serve } from '#shared/rpc/server';
import { mainPort, type MainPort } from '../cluster-host/ports';
import type { PtyCommand, PtyEvent } from './messages';
import { openPtyHost, type PtyHost } from './service';

/** Ended terminals get this long for SIGHUP before the rest is killed and the process leaves. */
const LEAVE_MS = 1_200;

interface ParentPort {
  postMessage(message: PtyEvent): void;
  on(event: 'message', listener: (event: { data: unknown; ports: MainPort[] }) => void): unknown;
}

const parent = (process as unknown as { parentPort?: ParentPort }).parentPort;
if (!parent) {
  process.stderr.write('pty-host runs as a utility process of the app; use service.ts in plain Node.\n');
  process.exit(64);
}
const tell = (event: PtyEvent): void => parent.postMessage(event);
const scope = new Scope('pty-host');
let host: PtyHost | undefined;
let running = 0;
const early: Port[] = [];

function attach(port: Port): void {
  if (host) serve(port, [host.service], scope);
  else early.push(port);
}

function handle(command: PtyCommand, ports: readonly MainPort[]): void {
  switch (command.type) {
    case 'init':
      host ??= openPtyHost({
        folder: command.folder,
        scope,
        onCount: (now) => {
          running = now;
          tell({ type: 'count', running });
        },
      });
      tell({ type: 'ready' });
      for (const port of early.splice(0)) attach(port);
      return;
    case 'order':
      host?.order(command.order);
      return;
    case 'port':
      for (const port of ports) attach(mainPort(port));
      return;
    case 'stop': {
      const had = running > 0;
      scope.dispose();
      setTimeout(() => process.exit(0), had ? LEAVE_MS : 50);
      return;
    }
  }
}

parent.on('message', (event) => handle(event.data as PtyCommand, event.ports));
