/**
 * exec and attach over WebSocket (v5 and v4 channels): a small shell that only knows the
 * model. It starts no program and reads no file of this machine.
 */
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Scope } from '#shared/rpc/scope';
import { WebSocket, WebSocketServer } from 'ws';
import type { Fields, Pod } from '../model';
import type { ApiContext } from './context';
import { containerOf } from './logs';
import type { ResourceRoute } from './route';
import { Shell } from './shell';
import { badRequest, noSuchPath, notFound } from './status';

const protocols = ['v5.channel.k8s.io', 'v4.channel.k8s.io'];
const channel = { stdin: 0, stdout: 1, stderr: 2, status: 3, resize: 4, close: 255 };

const server = new WebSocketServer({
  noServer: true,
  maxPayload: 4 * 1024 * 1024,
  handleProtocols: (offered) => protocols.find((protocol) => offered.has(protocol)) ?? false,
});

/** Upgrades a request for a shell; throws an ApiError for what cannot be. */
export function upgrade(
  context: ApiContext,
  scope: Scope,
  request: IncomingMessage,
  socket: Duplex,
  head: Buffer,
  route: ResourceRoute | undefined,
): void {
  if (route?.resource !== 'pods' || route.name === undefined) throw noSuchPath();
  if (route.subresource !== 'exec' && route.subresource !== 'attach') throw noSuchPath();
  const pod = context.store.get<Pod>('pods', route.namespace, route.name);
  if (!pod) throw notFound({ group: '', resource: 'pods' }, route.name);
  const query = new URL(request.url ?? '/', 'https://demo').searchParams;
  const container = containerOf(pod, query.get('container') ?? pod.spec.containers[0]?.name ?? null);
  const all = [...(pod.status.containerStatuses ?? []), ...(pod.status.ephemeralContainerStatuses ?? [])];
  const entry = all.find((status) => status.name === container);
  if (!entry?.state.running) throw badRequest(`container not found ("${container}")`);
  const command = route.subresource === 'attach' ? ['sh'] : query.getAll('command');
  if (command.length === 0) throw badRequest('you must specify at least 1 command for the container');
  server.handleUpgrade(request, socket, head, (ws) => {
    const session = scope.child('exec');
    ws.on('close', session.dispose);
    ws.on('error', () => ws.terminate());
    session.add(() => ws.terminate());
    const flag = (name: string): boolean => query.get(name) === 'true' || query.get(name) === '1';
    converse(
      ws,
      new Shell(pod, container, () => context.now()),
      command,
      flag('tty'),
      flag('stdin'),
      session,
    );
  });
}

function converse(
  ws: WebSocket,
  shell: Shell,
  command: readonly string[],
  tty: boolean,
  stdin: boolean,
  scope: Scope,
): void {
  const send = (to: number, data: string): void => {
    if (ws.readyState === WebSocket.OPEN) ws.send(Buffer.concat([Buffer.from([to]), Buffer.from(data)]));
  };
  const newline = (text: string): string => (tty ? text.replace(/\r?\n/g, '\r\n') : text);
  const out = (text: string): void => send(channel.stdout, newline(text));
  const err = (text: string): void => send(tty ? channel.stdout : channel.stderr, newline(text));
  let over = false;
  const finish = (code: number, message?: string): void => {
    if (over) return;
    over = true;
    send(channel.status, JSON.stringify(exitStatus(code, message)));
    ws.close(1000);
  };
  send(channel.stdout, '');
  const session = shell.start(command, {
    tty,
    stdin,
    out,
    err,
    finish,
    after: (ms, run) => void scope.timeout(run, ms),
  });
  ws.on('message', (data: Buffer, binary: boolean) => {
    if (!binary || data.length === 0 || over) return;
    const [to] = data;
    const rest = data.subarray(1);
    if (to === channel.stdin) session.input(rest.toString('utf8'));
    else if (to === channel.close && rest[0] === channel.stdin) session.endOfInput();
    else if (to === channel.resize) {
      try {
        const { Width, Height } = JSON.parse(rest.toString('utf8')) as { Width: number; Height: number };
        session.resize(Width, Height);
      } catch {
        // A bad size changes nothing.
      }
    }
  });
}

function exitStatus(code: number, message?: string): Fields {
  if (code === 0) return { metadata: {}, status: 'Success' };
  if (message !== undefined)
    return { metadata: {}, status: 'Failure', message, reason: 'InternalError', code: 500 };
  return {
    metadata: {},
    status: 'Failure',
    message: `command terminated with non-zero exit code: exit status ${code}`,
    reason: 'NonZeroExitCode',
    details: { causes: [{ reason: 'ExitCode', message: String(code) }] },
  };
}
