/**
 * One TCP connection to a port of a pod (rules/watch-and-streams.md 2.2), over
 * v4.channel.k8s.io: data and error channel, each opened by the server with the port's number.
 * Guarantees: bytes in order and back-pressure both ways, per connection; the node's own reason
 * (nothing listens there) reaches `onEnd` in words; an end in good order has no error.
 * Does not: reconnect, half-close towards the pod (the protocol has no word for it).
 */
import { fail, type AppError } from '#shared/util/app-error';
import { openChannels, type ChannelSocket, type ChannelTimes, type Dialler } from './channel-socket';
import { resourcePath } from './path';

export interface ForwardRequest {
  readonly namespace: string;
  readonly pod: string;
  /** Of the pod, 1-65535. */
  readonly port: number;
}

export interface ForwardHandlers {
  /** `bytes` is only good during the call. */
  onData(bytes: Uint8Array): void;
  /** Once, after all data. undefined: the pod's side ended the connection. */
  onEnd(error: AppError | undefined): void;
}

export interface ForwardStream {
  /** False: wait for `drained` before more. */
  write(bytes: Uint8Array): boolean;
  drained(): Promise<void>;
  pause(): void;
  resume(): void;
  close(): void;
}

const DATA = 0;
const ERROR = 1;
const PORT_BYTES = 2;
const ERROR_BYTES = 8 * 1024;
/** The server opens both channels right after the upgrade. */
const protocols = ['v4.channel.k8s.io'];

/** Rejects with an AppFailure when there is no stream; the pod's port is dialled by the node after that. */
export async function openForward(
  api: Dialler,
  request: ForwardRequest,
  handlers: ForwardHandlers,
  signal: AbortSignal,
  times: Partial<ChannelTimes> = {},
): Promise<ForwardStream> {
  const { namespace, pod, port } = request;
  if (!Number.isInteger(port) || port < 1 || port > 65_535)
    throw fail('invalid-input', `${port} is no port.`);
  const head = [PORT_BYTES, PORT_BYTES];
  const said: Buffer[] = [];
  let saidBytes = 0;
  const holder: { socket?: ChannelSocket } = {};

  const onFrame = (channel: number, bytes: Uint8Array): void => {
    if (channel !== DATA && channel !== ERROR) return;
    const skip = Math.min(head[channel] ?? 0, bytes.length);
    head[channel] = (head[channel] ?? 0) - skip;
    const rest = skip === 0 ? bytes : bytes.subarray(skip);
    if (rest.length === 0) return;
    if (channel === DATA) return handlers.onData(rest);
    if (saidBytes < ERROR_BYTES) said.push(Buffer.from(rest));
    saidBytes += rest.length;
    // What follows a word on the error channel is the end; some servers leave it to us.
    holder.socket?.close();
  };
  const socket = await openChannels(
    api,
    {
      path: resourcePath({
        group: '',
        version: 'v1',
        resource: 'pods',
        namespace,
        name: pod,
        subresource: 'portforward',
      }),
      query: { ports: port },
      protocols,
    },
    {
      onFrame,
      onClose: (lost) => {
        if (said.length > 0) handlers.onEnd(nodeError(Buffer.concat(said).toString('utf8'), request));
        else handlers.onEnd(lost);
      },
    },
    signal,
    times,
  );
  holder.socket = socket;
  return {
    write: (bytes) => socket.send(DATA, bytes),
    drained: () => socket.drained(),
    pause: () => socket.pause(),
    resume: () => socket.resume(),
    close: () => socket.close(),
  };
}

/** What the node said on the error channel, as a sentence. Exported for its test. */
export function nodeError(text: string, { pod, port }: ForwardRequest): AppError {
  const raw = text.replace(/\s+/g, ' ').trim().slice(0, 1_000);
  if (/connection refused/i.test(raw)) {
    return {
      code: 'refused',
      message: `Nothing listens on port ${port} in ${pod} (connection refused).`,
      hint: 'The program may listen on another port, not be up yet, or listen on an address other than localhost.',
    };
  }
  if (
    /(not found|no such (container|sandbox|task)|does not exist|is not running|not in ready state)/i.test(raw)
  ) {
    return { code: 'gone', message: `${pod} is not running any more.` };
  }
  if (/reset by peer|broken pipe/i.test(raw))
    return { code: 'network', message: `${pod} cut the connection on port ${port}.` };
  if (/i\/o timeout|deadline exceeded|timed out/i.test(raw))
    return { code: 'timeout', message: `Port ${port} of ${pod} did not answer in time.` };
  return { code: 'server', message: `The node could not forward to port ${port} of ${pod}: ${raw}` };
}
