/** Certificates and proxies that misbehave. */
import * as net from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Scope } from '../../src/shared/rpc/scope';
import {
  apiFor,
  certificates,
  errorOf,
  sendJson,
  serve,
  serveTcp,
  type Certificates,
  type Handler,
  type Running,
} from './k8s-support';

const never = new AbortController().signal;

describe('ways to a server', () => {
  let certs: Certificates;
  let good: { cert: string; key: string };
  let scope: Scope;
  let running: Running[];

  beforeAll(() => {
    certs = certificates();
    good = certs.pair('server', { san: 'IP:127.0.0.1,DNS:localhost,DNS:api.example' });
  });
  afterAll(() => certs.remove());
  beforeEach(() => {
    scope = new Scope('test');
    running = [];
  });
  afterEach(async () => {
    scope.dispose();
    await Promise.all(running.map((one) => one.close()));
  });

  async function start(handler: Handler, tls: object | null = good): Promise<Running> {
    const server = await serve(handler, tls ?? undefined);
    running.push(server);
    return server;
  }
  const at = (server: Running): { server: string; ca: { data: string } } => ({
    server: `https://127.0.0.1:${server.port}`,
    ca: { data: certs.ca },
  });

  describe('fault 46: TLS', () => {
    const tls = async (
      pair: object,
      cluster: object = {},
    ): Promise<{ code: string; message: string; hint?: string }> => {
      const server = await start((_, response) => sendJson(response, {}), pair);
      return errorOf(apiFor(scope, { ...at(server), ...cluster }).json({ path: '/' }, never));
    };

    it('expired, with what was shown', async () => {
      const error = await tls(certs.pair('expired', { san: 'IP:127.0.0.1', days: -1 }));
      expect(error).toMatchObject({
        code: 'tls',
        message: expect.stringContaining('has expired') as unknown,
      });
      expect(error.hint).toMatch(/subject expired; issuer test-ca; .*SHA-256 [0-9A-F:]{95}/);
    });

    it('another name', async () => {
      const error = await tls(certs.pair('other', { san: 'DNS:other.example' }));
      expect(error).toMatchObject({
        code: 'tls',
        message: expect.stringContaining('for other names') as unknown,
      });
      expect(error.hint).toMatch(/tls-server-name.*names other\.example/);
    });

    it('another authority', async () => {
      const stranger = certificates();
      const error = await tls(stranger.pair('stranger', { san: 'IP:127.0.0.1' }));
      stranger.remove();
      expect(error.code).toBe('tls');
      expect(error.message).toMatch(/not trusted|signed by another key|self-signed/);
    });

    it('no authority in the kubeconfig', async () => {
      expect((await tls(good, { ca: undefined })).message).toMatch(/not trusted/);
    });

    it('no TLS at all', async () => {
      const server = await serveTcp((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
      running.push(server);
      expect(await errorOf(apiFor(scope, at(server)).json({ path: '/' }, never))).toMatchObject({
        code: 'tls',
        message: expect.stringContaining('does not speak TLS') as unknown,
      });
    });

    it('TLS 1.1', async () => {
      const error = await tls({
        ...good,
        minVersion: 'TLSv1',
        maxVersion: 'TLSv1.1',
        ciphers: 'DEFAULT@SECLEVEL=0',
      });
      expect(error.code).toBe('tls');
    });

    it('a client certificate that is demanded', async () => {
      const error = await tls({ ...good, requestCert: true, rejectUnauthorized: true, ca: certs.ca });
      expect(['tls', 'network']).toContain(error.code);
    });

    it('an authority that is no PEM', async () => {
      expect(await tls(good, { ca: { data: 'nonsense' } })).toMatchObject({
        code: 'credentials',
        message: 'The certificate authority of the kubeconfig is not PEM.',
      });
    });

    it('connects insecurely, by server name, and with a client certificate', async () => {
      const client = certs.pair('jane');
      const server = await start(
        (request, response) =>
          sendJson(response, {
            user: (request.socket as import('node:tls').TLSSocket).getPeerCertificate().subject?.CN,
            name: (request.socket as import('node:tls').TLSSocket & { servername?: string | false })
              .servername,
          }),
        { ...good, requestCert: true, rejectUnauthorized: false, ca: certs.ca },
      );
      const insecure = apiFor(scope, { ...at(server), ca: undefined, insecureSkipTlsVerify: true });
      expect(await insecure.json({ path: '/' }, never)).toMatchObject({ name: false });
      const named = apiFor(
        scope,
        { ...at(server), tlsServerName: 'api.example' },
        { clientCertificate: { data: client.cert }, clientKey: { data: client.key } },
      );
      expect(await named.json({ path: '/' }, never)).toEqual({ user: 'jane', name: 'api.example' });
      const wrong = apiFor(scope, { ...at(server), tlsServerName: 'wrong.example' });
      expect((await errorOf(wrong.json({ path: '/' }, never))).code).toBe('tls');
    });

    it('key and certificate that do not belong together', async () => {
      const server = await start((_, response) => sendJson(response, {}));
      const api = apiFor(scope, at(server), {
        clientCertificate: { data: certs.pair('one').cert },
        clientKey: { data: certs.pair('two').key },
      });
      expect(await errorOf(api.json({ path: '/' }, never))).toMatchObject({
        code: 'credentials',
        message: 'Client certificate and client key do not belong together.',
      });
    });
  });

  describe('fault 47: proxies', () => {
    /** An HTTP proxy that tunnels, after checking the password if one is given. */
    function httpProxy(answer?: string, password?: string): Promise<Running> {
      return serveTcp((client) => {
        client.once('data', (head: Buffer) => {
          const text = head.toString('latin1');
          const [, host = '', port = ''] = /^CONNECT ([^: ]+):(\d+)/.exec(text) ?? [];
          if (password !== undefined && !text.includes(`Basic ${Buffer.from(password).toString('base64')}`)) {
            client.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n');
            return;
          }
          if (answer !== undefined) {
            client.end(answer);
            return;
          }
          const upstream = net.connect(Number(port), host === 'api.example' ? '127.0.0.1' : host, () => {
            client.write('HTTP/1.1 200 OK\r\nx: y\r\n\r\n');
            client.pipe(upstream).pipe(client);
          });
          upstream.on('error', () => client.destroy());
          client.on('close', () => upstream.destroy());
        });
      });
    }

    /** SOCKS5 with user and password `me:pw`. */
    function socksProxy(refuse = 0): Promise<Running> {
      return serveTcp((client) => {
        let step = 0;
        client.on('data', (data: Buffer) => {
          step += 1;
          if (step === 1) client.write(Buffer.from([5, data.includes(2, 2) ? 2 : 255]));
          else if (step === 2)
            client.write(
              Buffer.from([
                1,
                data.toString('latin1').includes('me') && data.toString('latin1').includes('pw') ? 0 : 1,
              ]),
            );
          else if (step === 3) {
            client.write(Buffer.from([5, refuse, 0, 1, 0, 0, 0, 0, 0, 0]));
            if (refuse !== 0) return;
            const upstream = net.connect(data.readUInt16BE(data.length - 2), '127.0.0.1');
            client.removeAllListeners('data');
            client.pipe(upstream).pipe(client);
            upstream.on('error', () => client.destroy());
            client.on('close', () => upstream.destroy());
          }
        });
      });
    }

    const through = async (
      proxy: Promise<Running>,
      url: (port: number) => string,
      environment?: boolean,
    ): Promise<unknown> => {
      const server = await start((_, response) => sendJson(response, { fine: true }));
      const running1 = await proxy;
      running.push(running1);
      // A name that only the proxy knows: whoever goes around it fails.
      const cluster = { ...at(server), server: `https://api.example:${server.port}` };
      const text = url(running1.port);
      const api =
        environment === true
          ? apiFor(scope, cluster, {}, { HTTPS_PROXY: text })
          : apiFor(scope, { ...cluster, proxyUrl: text });
      return api.json({ path: '/' }, never);
    };

    it('http, with and without a password, from kubeconfig and environment', async () => {
      expect(await through(httpProxy(), (port) => `http://127.0.0.1:${port}`)).toEqual({ fine: true });
      expect(
        await through(httpProxy(undefined, 'me:p@w'), (port) => `http://me:p%40w@127.0.0.1:${port}`),
      ).toEqual({ fine: true });
      expect(await through(httpProxy(), (port) => `127.0.0.1:${port}`, true)).toEqual({ fine: true });
    });

    it('socks5 with a password', async () => {
      expect(await through(socksProxy(), (port) => `socks5://me:pw@127.0.0.1:${port}`)).toEqual({
        fine: true,
      });
    });

    it.each([
      [
        '407',
        () => httpProxy(undefined, 'me:pw'),
        (port: number) => `http://me:wrong-secret@127.0.0.1:${port}`,
        /other credentials \(407\)/,
      ],
      [
        '403',
        () => httpProxy('HTTP/1.1 403 No\r\n\r\n'),
        (port: number) => `http://127.0.0.1:${port}`,
        /forbids connections to api\.example/,
      ],
      [
        '502',
        () => httpProxy('HTTP/1.1 502 No\r\n\r\n'),
        (port: number) => `http://127.0.0.1:${port}`,
        /could not connect to api\.example:\d+ \(502\)/,
      ],
      [
        'nonsense',
        () => httpProxy('SSH-2.0-x\r\n\r\n'),
        (port: number) => `http://127.0.0.1:${port}`,
        /does not answer like an HTTP proxy/,
      ],
      [
        'hanging up',
        () => serveTcp((socket) => socket.destroy()),
        (port: number) => `http://127.0.0.1:${port}`,
        /closed the connection|was lost/,
      ],
      [
        'down',
        async () => {
          const one = await serveTcp(() => undefined);
          await one.close();
          return one;
        },
        (port: number) => `http://127.0.0.1:${port}`,
        /Proxy 127\.0\.0\.1:\d+ refuses connections/,
      ],
      [
        'socks password',
        () => socksProxy(),
        (port: number) => `socks5://me:wrong-secret@127.0.0.1:${port}`,
        /does not accept its user/,
      ],
      [
        'socks without password',
        () => socksProxy(),
        (port: number) => `socks5://127.0.0.1:${port}`,
        /wants a user and password/,
      ],
      [
        'socks refusal',
        () => socksProxy(5),
        (port: number) => `socks5://me:pw@127.0.0.1:${port}`,
        /was refused by the server/,
      ],
    ])('says that it is the proxy: %s', async (_, proxy, url, expected) => {
      const error = await errorOf(through(proxy(), url));
      expect(error.code).toBe('proxy');
      expect(error.message).toMatch(expected);
      expect(JSON.stringify(error)).not.toContain('wrong-secret');
    });
  });
});
