/** Faults 35 to 42: credential plugins, token files and client certificates. */
import { setMaxListeners } from 'node:events';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { TLSSocket } from 'node:tls';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, vi } from 'vitest';
import { Scope } from '#shared/rpc/scope';
import { ExecCredentials } from '../../src/main/k8s/exec-plugin';
import { FileToken } from '../../src/main/k8s/token-file';
import { apiFor, certificates, errorOf, sendJson, type Certificates } from '../integration/k8s-support';
import { front, type Front } from './support/front';
import { plugin, prints, type Plugin } from './support/plugin';
import { fault } from './support/row';

const never = new AbortController().signal;
setMaxListeners(0, never);
const path = { PATH: '/usr/bin:/bin' };
let certs: Certificates;
let scope: Scope;
let fronts: Front[];
let plugins: Plugin[];

beforeAll(() => {
  certs = certificates();
});
afterAll(() => certs.remove());
beforeEach(() => {
  scope = new Scope('faults');
  fronts = [];
  plugins = [];
});
afterEach(async () => {
  vi.restoreAllMocks();
  scope.dispose();
  for (const one of plugins) one.remove();
  await Promise.all(fronts.map((one) => one.close()));
});

function make(script: string, more: Parameters<typeof plugin>[1] = {}): Plugin {
  const made = plugin(script, more);
  plugins.push(made);
  return made;
}
const cluster = {
  name: 'c',
  server: 'https://127.0.0.1:1',
  insecureSkipTlsVerify: false,
  disableCompression: false,
};
function credentials(made: Plugin, timeoutMs = 10_000): ExecCredentials {
  return new ExecCredentials(made.exec, cluster, { ...path, HOME: made.folder }, scope, { timeoutMs });
}
async function before(tls: object = {}): Promise<Front> {
  const server = await front(certs, undefined, tls);
  fronts.push(server);
  return server;
}
const at = (server: Front): { server: string; ca: { data: string } } => ({
  server: server.url,
  ca: { data: certs.ca },
});
const alive = (pid: number): boolean => {
  try {
    return !/^State:\s+[ZX]/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
};

fault(35, async () => {
  const made = make('sleep 600 & echo $! > "$HOME/child"; echo $$ > "$HOME/self"; wait');
  const source = credentials(made, 700);
  const error = await errorOf(source.current(never));
  expect(error).toMatchObject({ code: 'credentials' });
  expect(error.message).toMatch(/did not end within 0.7 s and was stopped/);
  for (const file of ['child', 'self']) {
    const pid = Number(readFileSync(join(made.folder, file), 'utf8'));
    await vi.waitFor(() => expect(alive(pid)).toBe(false), { timeout: 5_000 });
  }
  // It stays failed until the person asks; then it runs again.
  await errorOf(source.current(never));
  expect(made.runs()).toBe(1);
  made.becomes(prints({ token: 'good' }));
  source.retry();
  expect(await source.current(never)).toMatchObject({ token: 'good' });
});

for (const [name, script, words] of [
  ['garbage', 'echo hello', /not JSON/],
  ['{}', "printf '{}'", /no ExecCredential/],
  ['nothing', ':', /printed no credential/],
  [
    'another apiVersion',
    prints({ token: 't' }, 'client.authentication.k8s.io/v1alpha1'),
    /another apiVersion/,
  ],
  ['warnings before the JSON', `echo 'WARNING: old version'; ${prints({ token: 't' })}`, /not JSON/],
  [
    'no status',
    'printf \'%s\' \'{"kind":"ExecCredential","apiVersion":"client.authentication.k8s.io/v1"}\'',
    /without a status/,
  ],
  ['100 MB', 'head -c 100000000 /dev/zero', /more than 1 MiB/],
] as const)
  fault(
    36,
    async () => {
      const made = make(script);
      const source = credentials(made);
      const error = await errorOf(source.current(never));
      expect(error.code).toBe('credentials');
      expect(error.message).toMatch(words);
      made.becomes(prints({ token: 'good' }));
      source.retry();
      expect(await source.current(never)).toMatchObject({ token: 'good' });
    },
    name,
  );

fault(37, async () => {
  const made = make(`if read line; then exit 9; fi; sleep 0.3; ${prints({ token: 'good' })}`);
  const source = credentials(made);
  const impatient = new AbortController();
  const gone = errorOf(source.current(impatient.signal));
  const rest = Promise.all(Array.from({ length: 20 }, () => source.current(never)));
  impatient.abort();
  expect((await gone).code).toBe('cancelled');
  expect((await rest).every((one) => one.token === 'good')).toBe(true);
  expect(made.runs()).toBe(1);
});

fault(
  37,
  async () => {
    const made = make(prints({ token: 't' }), { interactiveMode: 'Always' });
    const error = await errorOf(credentials(made).current(never));
    expect(error.message).toMatch(/must be run in a terminal/);
    expect(made.runs()).toBe(0);
  },
  'one that needs a terminal is not run without',
);

fault(38, async () => {
  const missing = make('', {
    command: 'aws-of-another-machine',
    installHint: 'Get it from \u001b[1mhere\u001b[0m.',
  });
  const first = await errorOf(credentials(missing).current(never));
  expect(first.message).toMatch(/not installed, or not on the PATH: \/usr\/bin, \/bin/);
  expect(first.hint).toBe('Get it from here.');
  const locked = make('');
  writeFileSync(join(locked.folder, 'locked'), '', { mode: 0o600 });
  const second = await errorOf(
    credentials({ ...locked, exec: { ...locked.exec, command: join(locked.folder, 'locked') } }).current(
      never,
    ),
  );
  expect(second.message).toMatch(/is not executable/);
  const failing = make(
    'echo "noise" >&2; echo "\u001b[31mtoken=abcdefgh12345678 session is over\u001b[0m" >&2; exit 3',
  );
  const third = await errorOf(credentials(failing).current(never));
  expect(third.message).toMatch(/exit code 3/);
  expect(third.message).toMatch(/session is over/);
  expect(third.message).not.toMatch(/abcdefgh12345678|\u001b/);
});

fault(39, async () => {
  const old = make(prints({ token: 'old', expirationTimestamp: '2020-01-01T00:00:00Z' }));
  const error = await errorOf(credentials(old).current(never));
  expect(error.message).toMatch(/already expired/);
  expect(old.runs()).toBe(2);
  const lasting = make(prints({ token: 'lasting' }));
  const source = credentials(lasting);
  for (let i = 0; i < 5; i++) await source.current(never);
  vi.spyOn(Date, 'now').mockReturnValue(Date.now() + 365 * 86_400_000);
  const { generation } = await source.current(never);
  expect(lasting.runs()).toBe(1);
  expect(source.rejected(generation)).toBe(true);
  await source.current(never);
  expect(lasting.runs()).toBe(2);
});

fault(41, async () => {
  const made = make('');
  const file = join(made.folder, 'token');
  writeFileSync(file, 'one\n');
  let now = 0;
  const source = new FileToken(file, undefined, () => now);
  const token = async (): Promise<string> => (await source.current()).token;
  expect(await token()).toBe('one');
  writeFileSync(file, 'two');
  now = 60_000;
  expect(await token()).toBe('two');
  writeFileSync(file, '');
  now = 120_000;
  expect(await token()).toBe('two');
  rmSync(file);
  now = 180_000;
  expect(await token()).toBe('two');
  // A 401 asks the file at once, and once for each token.
  writeFileSync(file, 'three');
  expect(source.rejected((await source.current()).generation)).toBe(true);
  expect(await token()).toBe('three');
});

fault(
  41,
  async () => {
    const made = make('');
    const file = join(made.folder, 'token');
    writeFileSync(file, 'one');
    const server = await before();
    const seen: (string | undefined)[] = [];
    server.rules.push((request, response) => {
      seen.push(request.headers.authorization);
      if (request.headers.authorization === 'Bearer two') sendJson(response, { fine: true });
      else sendJson(response, {}, 401);
      return true;
    });
    const api = apiFor(scope, at(server), { tokenFile: file });
    writeFileSync(file, 'one');
    expect((await errorOf(api.json({ path: '/' }, never))).code).toBe('unauthorized');
    writeFileSync(file, 'two');
    const real = performance.now.bind(performance);
    vi.spyOn(performance, 'now').mockImplementation(() => real() + 60_000);
    expect(await api.json({ path: '/' }, never)).toEqual({ fine: true });
    expect(seen.at(-1)).toBe('Bearer two');
    expect(seen.length).toBeLessThanOrEqual(4);
  },
  'after a 401',
);

/** Answers with the name in the client's certificate. */
async function nameServer(): Promise<{ server: Front; open: () => number }> {
  const server = await before({ requestCert: true, rejectUnauthorized: false, ca: certs.ca });
  let open = 0;
  const sockets = new Set<unknown>();
  server.rules.push((request, response) => {
    const socket = request.socket as TLSSocket;
    if (!sockets.has(socket)) {
      sockets.add(socket);
      open += 1;
      socket.on('close', () => (open -= 1));
    }
    if (request.url === '/stream') {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.write('\n');
      return true;
    }
    sendJson(response, { user: socket.getPeerCertificate().subject?.CN });
    return true;
  });
  return { server, open: () => open };
}

fault(42, async () => {
  const { server, open } = await nameServer();
  const made = make('');
  const files = { cert: join(made.folder, 'crt'), key: join(made.folder, 'key') };
  const put = (name: string): void => {
    const pair = certs.pair(name);
    writeFileSync(files.cert, pair.cert);
    writeFileSync(files.key, pair.key);
  };
  put('jane');
  const api = apiFor(scope, at(server), {
    clientCertificate: { file: files.cert },
    clientKey: { file: files.key },
  });
  const who = async (): Promise<unknown> => (await api.json<{ user: string }>({ path: '/' }, never)).user;
  expect(await who()).toBe('jane');
  const stream = await api.open({ path: '/stream', long: true }, never);
  const ended = (async () => {
    for await (const chunk of stream.body) void chunk;
  })().catch((thrown: unknown) => thrown);
  put('janet');
  const real = performance.now.bind(performance);
  vi.spyOn(performance, 'now').mockImplementation(() => real() + 61_000);
  expect(await who()).toBe('janet');
  // A stream on the old certificate is told by its end.
  expect(await ended).toBeInstanceOf(Error);
  await vi.waitFor(() => expect(open()).toBe(1), { timeout: 5_000 });
});

fault(
  42,
  async () => {
    const { server, open } = await nameServer();
    const status = (name: string): object => {
      const pair = certs.pair(name);
      return { clientCertificateData: pair.cert, clientKeyData: pair.key };
    };
    const one = make(`cat "$HOME/answer"`);
    const answer = (name: string): void =>
      writeFileSync(
        join(one.folder, 'answer'),
        JSON.stringify({ kind: 'ExecCredential', apiVersion: one.exec.apiVersion, status: status(name) }),
      );
    answer('first');
    const api = apiFor(scope, at(server), { exec: one.exec }, { ...path, HOME: one.folder });
    const who = async (): Promise<unknown> => (await api.json<{ user: string }>({ path: '/' }, never)).user;
    expect(await who()).toBe('first');
    answer('second');
    api.credentials.retry();
    expect(await who()).toBe('second');
    await vi.waitFor(() => expect(open()).toBe(1), { timeout: 5_000 });
  },
  'by the plugin',
);
