/**
 * Name and connection tests from inside a container, with whatever program it has.
 * Guarantees: names and ports are arguments, never part of a shell line; the answer says which
 * program gave it; a container with none of them is told apart from a test that failed.
 */
import type { PodProbe } from '#shared/contract/probe';
import { fail, toAppError } from '#shared/util/app-error';
import { visible } from '#shared/util/text';
import type { Dialler } from '../../k8s/channel-socket';
import { NO_SUCH_COMMAND } from '../../k8s/exec-errors';
import { runExec, type ContainerTarget, type ExecResult } from '../../k8s/exec-stream';

interface Way {
  readonly program: string;
  readonly command: readonly string[];
  readonly read: (
    result: ExecResult,
    text: string,
  ) => { readonly ok: boolean; readonly addresses?: string[] };
  /** With such an output, that it failed is only said when those after it fail as well. */
  readonly orNext?: (output: string) => boolean;
}

const SECONDS = 5;
const OUTPUT = 4_096;
const MOST_DOMAINS = 8;

/** Which address the pod's own resolver gives. */
export async function dnsProbe(
  api: Dialler,
  target: ContainerTarget,
  host: string,
  signal: AbortSignal,
): Promise<PodProbe> {
  // busybox' nslookup does not search where the pod's programs would.
  const conf = await resolvConf(api, target, signal);
  const names = address.test(host) || host.endsWith('.') ? [host] : searchNames(host, conf);
  const ways: Way[] = [
    {
      program: 'getent',
      command: ['getent', 'ahosts', host],
      read: ({ code }, text) => ({ ok: code === 0, addresses: addressesIn(text) }),
    },
    ...names.map((name): Way => ({
      program: 'nslookup',
      command: ['nslookup', name],
      read: ({ code }, text) => {
        const found = answersOf(text);
        return {
          ok: found.length > 0 || (code === 0 && !/can't find|NXDOMAIN/i.test(text)),
          addresses: found,
        };
      },
      // Who does not answer is not asked for every domain.
      orNext: (output) => answered(false, output) !== false,
    })),
    {
      program: 'python3',
      command: [
        'python3',
        '-c',
        'import socket,sys\nfor a in sorted({i[4][0] for i in socket.getaddrinfo(sys.argv[1],None)}): print(a)',
        host,
      ],
      read: ({ code }, text) => ({ ok: code === 0, addresses: addressesIn(text) }),
    },
  ];
  const found = await first(api, target, ways, signal, ({ ok, addresses, output }, ms) =>
    ok
      ? `${host} is ${addresses.length === 0 ? 'known' : addresses.join(', ')} for this pod (${ms} ms).`
      : `This pod cannot resolve ${host}${unresolved[String(answered(false, output))] ?? ''}.`,
  );
  const server = nameServer(conf);
  if (server === undefined) return found;
  const told = answered(found.ok, found.output);
  return { ...found, resolver: { address: server, ...(told === undefined ? {} : { answered: told }) } };
}

const unresolved: Readonly<Record<string, string>> = {
  true: ': its name server knows no such name',
  false: ': its name server does not answer, as where a network policy drops it',
};

/** Whether the name server said anything at all; undefined where the program does not tell. */
function answered(ok: boolean, output: string): boolean | undefined {
  if (ok || /NXDOMAIN|can't find|no answer\b|SERVFAIL|REFUSED/i.test(output)) return true;
  return /timed out|timeout|no servers could be reached|unreachable|try again/i.test(output)
    ? false
    : undefined;
}

/** Whether a TCP connection comes about. */
export function connectProbe(
  api: Dialler,
  target: ContainerTarget,
  host: string,
  port: number,
  signal: AbortSignal,
): Promise<PodProbe> {
  const to = String(port);
  const ok = ({ code }: ExecResult): { ok: boolean } => ({ ok: code === 0 });
  const ways: Way[] = [
    { program: 'nc', command: ['nc', '-z', '-w', String(SECONDS), host, to], read: ok },
    {
      // An nc without -z: connected is when it is still there, or went in peace.
      program: 'nc',
      command: [
        'sh',
        '-c',
        `timeout ${SECONDS + 1} nc -w ${SECONDS} "$1" "$2" </dev/null >/dev/null; r=$?; [ $r = 124 ] || [ $r = 143 ] && r=0; exit $r`,
        'sh',
        host,
        to,
      ],
      read: ok,
    },
    {
      program: 'bash /dev/tcp',
      command: [
        'bash',
        '-c',
        `exec 2>&1; if command -v timeout >/dev/null; then exec timeout ${SECONDS} bash -c 'exec 3<>"/dev/tcp/$1/$2"' bash "$1" "$2"; fi; exec 3<>"/dev/tcp/$1/$2"`,
        'bash',
        host,
        to,
      ],
      read: ok,
    },
    {
      program: 'wget',
      command: [
        'wget',
        '-T',
        String(SECONDS),
        '-O',
        '/dev/null',
        `http://${host.includes(':') ? `[${host}]` : host}:${to}/`,
      ],
      // An answer of any kind, also one that is no HTTP, is a connection.
      read: ({ code }, text) => ({
        ok:
          code === 0 ||
          /server returned error|HTTP\/|bad header|Empty reply|error getting response/i.test(text),
      }),
    },
    {
      program: 'python3',
      command: [
        'python3',
        '-c',
        `import socket,sys\nsocket.create_connection((sys.argv[1],int(sys.argv[2])),${SECONDS})`,
        host,
        to,
      ],
      read: ok,
    },
  ];
  return first(api, target, ways, signal, (found, ms) =>
    found.ok
      ? `This pod reaches ${host}:${to} (${ms} ms).`
      : `This pod does not reach ${host}:${to}${reasonIn(found.output)}.`,
  );
}

async function first(
  api: Dialler,
  target: ContainerTarget,
  ways: readonly Way[],
  signal: AbortSignal,
  words: (found: Omit<PodProbe, 'words'>, ms: number) => string,
): Promise<PodProbe> {
  let failed: PodProbe | undefined;
  for (const { program, command, read, orNext } of ways) {
    const began = Date.now();
    let result: ExecResult;
    try {
      result = await runExec(api, target, command, signal);
    } catch (thrown) {
      if (toAppError(thrown).reason === NO_SUCH_COMMAND) continue;
      throw thrown;
    }
    // Not there, or it crashed (128 and the signal): the next one may tell.
    if (result.code >= 126) continue;
    const output = Buffer.concat([result.stdout, result.stderr]).toString('utf8').slice(0, OUTPUT);
    // busybox without the applet, or an nc that knows no -z.
    if (/applet not found|invalid option|unrecognized option/i.test(output)) continue;
    const ms = Date.now() - began;
    const { ok, addresses = [] } = read(result, output);
    const found = { ok, program, addresses, output: output.split('\n').map(visible).join('\n').trim(), ms };
    const told = { ...found, words: words(found, ms) };
    if (ok || orNext?.(output) !== true) return ok ? told : (failed ?? told);
    failed ??= told;
  }
  if (failed) return failed;
  const names = [...new Set(ways.map(({ program }) => program))].join(', ');
  throw fail('no-shell', `The container has none of ${names}.`, {
    hint: 'Debug the pod with a container that has them (busybox): it shares the network of the pod.',
  });
}

/** The pod's own; empty where the container has nothing to read it with. */
async function resolvConf(api: Dialler, target: ContainerTarget, signal: AbortSignal): Promise<string> {
  try {
    const { code, stdout } = await runExec(api, target, ['cat', '/etc/resolv.conf'], signal);
    return code === 0 ? stdout.toString('utf8') : '';
  } catch (thrown) {
    if (toAppError(thrown).reason === NO_SUCH_COMMAND) return '';
    throw thrown;
  }
}

/** The one that is asked first. */
export function nameServer(conf: string): string | undefined {
  const found = /^nameserver\s+(\S+)/m.exec(conf)?.[1];
  return found !== undefined && address.test(found) ? found : undefined;
}

/** The names that the pod's resolver tries, in order. As resolv.conf(5) has it: `ndots` decides whether the name itself comes first or last. */
export function searchNames(host: string, conf: string): readonly string[] {
  // The last line of its kind counts.
  const domains = (/^search\s+(.*)$/m.exec([...conf.split('\n')].reverse().join('\n'))?.[1] ?? '')
    .trim()
    .split(/\s+/)
    .filter((one) => /^[a-z0-9]([a-z0-9.-]{0,252})$/i.test(one))
    .slice(0, MOST_DOMAINS);
  const ndots = Number(/^options\s.*\bndots:(\d+)/m.exec(conf)?.[1] ?? 1);
  const below = domains.map((domain) => `${host}.${domain}`);
  return host.split('.').length - 1 >= ndots ? [host, ...below] : [...below, host];
}

function reasonIn(output: string): string {
  if (/refused/i.test(output)) return ': connection refused, nothing listens there';
  if (/timed out|timeout/i.test(output))
    return `: no answer in ${SECONDS} s, as where a network policy drops it`;
  if (/bad address|not known|resolve|NXDOMAIN/i.test(output)) return ': the name is not known';
  if (/no route|unreachable/i.test(output)) return ': no route to it';
  return output === '' ? `: refused, or no answer in ${SECONDS} s` : '';
}

const address = /^(?:\d{1,3}(?:\.\d{1,3}){3}|[0-9a-f]*:[0-9a-f:.]+)$/i;

/** First word of each line, where it is an address. */
export function addressesIn(text: string): string[] {
  const words = text.split('\n').map((line) => line.trim().split(/\s+/)[0] ?? '');
  return [...new Set(words.filter((word) => address.test(word)))].slice(0, 50);
}

/** nslookup names its server first; answers follow a `Name:` line. */
export function answersOf(text: string): string[] {
  const from = text.search(/^Name:/m);
  if (from < 0) return [];
  const found = [...text.slice(from).matchAll(/^Address(?: \d+)?:\s*(\S+)/gm)].map((match) => match[1] ?? '');
  return [...new Set(found.filter((one) => address.test(one)))].slice(0, 50);
}
