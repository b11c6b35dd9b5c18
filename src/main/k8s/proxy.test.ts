import { describe, expect, it } from 'vitest';
import { bypassed, chooseProxy } from './proxy';

describe('NO_PROXY', () => {
  it.each([
    ['https://localhost:6443', '', true],
    ['https://127.0.0.1:6443', '', true],
    ['https://[::1]:6443', '', true],
    ['https://a.example', '*', true],
    ['https://a.example', 'example', true],
    ['https://a.example', '.example', true],
    ['https://a.example', '*.example', true],
    ['https://example', '.example', false],
    ['https://badexample', 'example', false],
    ['https://A.example', 'a.EXAMPLE', true],
    ['https://a.example:6443', 'a.example:6443', true],
    ['https://a.example:6443', 'a.example:443', false],
    ['https://10.1.2.3', '10.0.0.0/8', true],
    ['https://11.1.2.3', '10.0.0.0/8, 11.1.2.3', true],
    ['https://10.1.2.3', '10.0.0.0/99', false],
    ['https://[fd00::1]', 'fd00::/8', true],
    ['https://a.example', '10.0.0.0/8,,b.example', false],
  ])('%s with %s: %s', (server, list, expected) => expect(bypassed(new URL(server), list)).toBe(expected));
});

describe('chooseProxy', () => {
  const server = new URL('https://a.example:6443');
  it.each([
    [
      'the kubeconfig wins, even over NO_PROXY',
      'http://p:3128',
      { HTTPS_PROXY: 'http://other:1', NO_PROXY: '*' },
      { kind: 'http', host: 'p', port: 3128 },
    ],
    ['lower case counts', undefined, { https_proxy: 'p:3128' }, { kind: 'http', host: 'p', port: 3128 }],
    [
      'user and password are decoded',
      'socks5://me:p%40w@p',
      {},
      { kind: 'socks5', host: 'p', port: 1080, user: 'me', password: 'p@w' },
    ],
    ['HTTP_PROXY is not for https', undefined, { HTTP_PROXY: 'http://p:1' }, undefined],
    ['empty is none', undefined, { HTTPS_PROXY: ' ' }, undefined],
  ])('%s', (_, url, environment, expected) => {
    expect(chooseProxy(server, url, environment as Record<string, string>)).toEqual(expected);
  });

  it('shows no password of a URL that is none', () => {
    expect(() => chooseProxy(server, undefined, { HTTPS_PROXY: 'ftp://me:hunter2@p' })).toThrow(
      /^HTTPS_PROXY must be/,
    );
  });
});
