/** Tests from a pod, in containers of our own making. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Scope } from '#shared/rpc/scope';
import { dialler, errorOf, socketServer, type SocketServer } from '../../k8s/exec-test-help';
import { container, type Programs } from '../../k8s/exec-test-programs';
import { connectProbe, dnsProbe, nameServer, searchNames } from './from-pod';

let scope: Scope;
let server: SocketServer;
let programs: Programs = () => undefined;
let ran: string[] = [];
const api = dialler(
  () => server.port,
  () => false,
  () => undefined,
);
const target = { namespace: 'shop', pod: 'web', container: 'app' };
const conf = 'search shop.svc.cluster.local svc.cluster.local\nnameserver 10.0.0.10\noptions ndots:5\n';

beforeEach(async () => {
  scope = new Scope('test');
  ran = [];
  server = await socketServer({
    offered: () => ['v5.channel.k8s.io'],
    refuse: () => undefined,
    serve: container((command, input) => {
      ran.push(command.join(' '));
      return programs(command, input);
    }),
  });
});
afterEach(async () => {
  scope.dispose();
  await server.stop();
});

describe('a name', () => {
  it('is searched as the programs of the pod would, where nslookup does not', async () => {
    programs = ([program, name = '']) => {
      if (program === 'cat') return { stdout: conf };
      if (program !== 'nslookup') return undefined;
      return name === 'cart.svc.cluster.local'
        ? { stdout: 'Server: 10.0.0.10\nAddress: 10.0.0.10:53\n\nName: cart\nAddress: 10.0.0.7\n' }
        : { code: 1, stdout: `** server can't find ${name}: NXDOMAIN\n` };
    };
    const found = await dnsProbe(api, target, 'cart', scope.signal);
    expect(found).toMatchObject({ ok: true, program: 'nslookup', addresses: ['10.0.0.7'] });
    expect(ran.filter((one) => one.startsWith('nslookup'))).toEqual([
      'nslookup cart.shop.svc.cluster.local',
      'nslookup cart.svc.cluster.local',
    ]);
  });

  it('that nobody knows is said to be unknown once all were tried', async () => {
    programs = ([program, name = '']) =>
      program === 'cat'
        ? { stdout: conf }
        : program === 'nslookup'
          ? { code: 1, stdout: `** server can't find ${name}: NXDOMAIN\n` }
          : undefined;
    const found = await dnsProbe(api, target, 'nope', scope.signal);
    expect(found).toMatchObject({
      ok: false,
      words: 'This pod cannot resolve nope: its name server knows no such name.',
      resolver: { address: '10.0.0.10', answered: true },
    });
    expect(ran.filter((one) => one.startsWith('nslookup'))).toHaveLength(3);
  });

  it('that nobody answers for is asked once, and whose silence it is is told', async () => {
    programs = ([program]) =>
      program === 'cat'
        ? { stdout: conf }
        : program === 'nslookup'
          ? { code: 1, stdout: ';; connection timed out; no servers could be reached\n' }
          : undefined;
    const found = await dnsProbe(api, target, 'cart', scope.signal);
    expect(found).toMatchObject({ ok: false, resolver: { address: '10.0.0.10', answered: false } });
    expect(found.words).toContain('does not answer, as where a network policy drops it');
    expect(ran.filter((one) => one.startsWith('nslookup'))).toHaveLength(1);
  });

  it.each([
    ['nameserver 10.0.0.10\nnameserver 1.1.1.1\n', '10.0.0.10'],
    ['# nameserver 1.1.1.1\nnameserver fd00::a\n', 'fd00::a'],
    ['nameserver x;y\n', undefined],
    ['', undefined],
  ])('of %j the name server is %j', (text, expected) => expect(nameServer(text)).toBe(expected));

  it.each([
    ['cart', conf, ['cart.shop.svc.cluster.local', 'cart.svc.cluster.local', 'cart']],
    ['a.b', 'search x\nsearch y\n', ['a.b', 'a.b.y']],
    ['a', '', ['a']],
    ['a', 'search x;y $(z) ok\n', ['a.ok', 'a']],
  ])('%j is tried as %j asks', (host, text, expected) => expect(searchNames(host, text)).toEqual(expected));
});

describe('a connection', () => {
  it('is tried with the next program where one is missing or knows no -z', async () => {
    programs = ([program, ...args]) =>
      program === 'nc' && args[0] === '-z'
        ? { code: 1, stderr: 'nc: invalid option -- z\n' }
        : program === 'wget'
          ? { code: 1, stderr: 'wget: server returned error: HTTP/1.1 404\n' }
          : undefined;
    expect(await connectProbe(api, target, 'cart', 8080, scope.signal)).toMatchObject({
      ok: true,
      program: 'wget',
    });
  });

  it.each([
    ["nc: can't connect to remote host: Connection refused", 'connection refused, nothing listens there'],
    ['nc: cart: Connection timed out', 'as where a network policy drops it'],
    ["nc: bad address 'nope'", 'the name is not known'],
  ])('%j is told as %j', async (stderr, words) => {
    programs = ([program]) => (program === 'nc' ? { code: 1, stderr } : undefined);
    const found = await connectProbe(api, target, 'cart', 8080, scope.signal);
    expect(found.ok).toBe(false);
    expect(found.words).toContain(words);
  });

  it('cannot be tried in a container without any tool', async () => {
    programs = () => undefined;
    expect(await errorOf(connectProbe(api, target, 'cart', 80, scope.signal))).toMatchObject({
      code: 'no-shell',
    });
  });
});
