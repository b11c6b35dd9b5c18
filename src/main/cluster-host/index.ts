/**
 * Entry of the process that serves one cluster. Thin on purpose: it turns the parent's
 * messages into a session and hands every granted port to it; all else is in session.ts.
 * Guarantees: an error nobody handled ends the process, told and redacted, so that the
 * supervisor starts a fresh one; `stop` ends it within a second.
 */
import './jit';
import type { Port } from '#shared/rpc/port';
import { Scope } from '#shared/rpc/scope';
import { serve } from '#shared/rpc/server';
import { errorLine } from './log';
import type { HostCommand, HostEvent } from './messages';
import { mainPort, type MainPort } from './ports';
import { describeThrown, redact } from './redact';
import { openSession, type Session } from './session';

/** `process.parentPort` of an Electron utility process. */
interface ParentPort {
  postMessage(message: HostEvent): void;
  on(event: 'message', listener: (event: { data: unknown; ports: MainPort[] }) => void): unknown;
}

const parent = (process as unknown as { parentPort?: ParentPort }).parentPort;
if (!parent) {
  errorLine('cluster-host runs as a utility process of the app; use session.ts in plain Node.');
  process.exit(64);
}
const tell = (event: HostEvent): void => parent.postMessage(event);

const scope = new Scope('cluster-host');
let session: Session | undefined;
const early: Port[] = [];

function die(kind: string, thrown: unknown): void {
  errorLine(`${kind}: ${describeThrown(thrown)}`);
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  tell({ type: 'fatal', message: redact(message).slice(0, 500) });
  // The message is on its way once the loop has turned; then nothing of this process is trusted.
  setTimeout(() => process.exit(70), 50);
}
process.on('uncaughtException', (thrown) => die('uncaught exception', thrown));
process.on('unhandledRejection', (thrown) => die('unhandled rejection', thrown));

function attach(port: Port): void {
  if (session) serve(port, session.services, scope);
  else early.push(port);
}

function handle(command: HostCommand, ports: readonly MainPort[]): void {
  switch (command.type) {
    case 'init':
      if (session) return;
      session = openSession({
        context: command.context,
        environment: command.environment,
        environmentFrom: command.environmentFrom,
        readOnly: command.readOnly,
        rows: command.rows,
        onRotated: (tokens) => tell({ type: 'rotated', tokens }),
        sources: command.sources,
        onSource: (change) => tell({ type: 'source', change }),
        scope,
      });
      tell({ type: 'ready' });
      for (const port of early.splice(0)) attach(port);
      return;
    case 'port':
      for (const port of ports) attach(mainPort(port));
      return;
    case 'grant':
      session?.grant(command.grant);
      return;
    case 'read-only':
      session?.setReadOnly(command.on);
      return;
    case 'auth-provider':
      session?.setAuthProvider(command.provider);
      return;
    case 'suspend':
      session?.suspend();
      return;
    case 'resume':
      session?.resume();
      return;
    case 'ping':
      tell({ type: 'pong', id: command.id });
      return;
    case 'stop':
      void stop();
      return;
  }
}

/** Debug pods of nodes are deleted, rows are kept, sockets get a moment to close politely; within a second it is over. */
async function stop(): Promise<void> {
  const limit = setTimeout(() => process.exit(0), 1_000);
  await Promise.all([session?.keepRows(), session?.leave()]);
  scope.dispose();
  clearTimeout(limit);
  setTimeout(() => process.exit(0), 100);
}

parent.on('message', (event) => handle(event.data as HostCommand, event.ports));
