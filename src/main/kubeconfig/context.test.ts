import { describe, expect, it } from 'vitest';
import { AppFailure } from '#shared/util/app-error';
import { toContextConfig, toSummary } from './context';
import { parseKubeconfig } from './load';
import { contextId, mergeKubeconfigs } from './merge';
import type { ContextConfig } from './types';

function config(cluster: string, user = '{token: t}', context = ''): string {
  return `clusters:\n- name: c\n  cluster: ${cluster}\nusers:\n- name: u\n  user: ${user}\ncontexts:\n- name: x\n  context: {cluster: c, user: u${context}}\n`;
}

function only(text: string): ContextConfig {
  const merged = mergeKubeconfigs([{ file: parseKubeconfig('/home/me/.kube/config', text), shared: true }]);
  const [first] = merged.contexts;
  if (!first) throw new Error('no context');
  return toContextConfig(first);
}

function problem(text: string): string {
  try {
    only(text);
  } catch (thrown) {
    if (thrown instanceof AppFailure) return thrown.error.message;
    throw thrown;
  }
  throw new Error('there is no problem');
}

const server = 'server: "https://h:6443"';
const pem = Buffer.from('-----BEGIN CERTIFICATE-----').toString('base64');

describe('toContextConfig', () => {
  it.each([
    ['https://h:6443/', 'https://h:6443'],
    ['https://rancher.example/k8s/clusters/c-1/?x=1#y', 'https://rancher.example/k8s/clusters/c-1'],
    ['https://me:secret@h:6443', 'https://h:6443'],
    ['HTTPS://H.example', 'https://h.example'],
    ['localhost:8080', 'http://localhost:8080'],
    ['https://[::1]:6443', 'https://[::1]:6443'],
  ])('reads the server %s as %s', (given, expected) => {
    expect(only(config(`{server: "${given}"}`)).cluster.server).toBe(expected);
  });

  it('starts relative paths at the file and lets data win', () => {
    const read = only(
      config(
        `{${server}, certificate-authority: ca.crt}`,
        `{client-certificate: ../c.crt, client-certificate-data: ${pem}, client-key: /abs/c.key, tokenFile: tok}`,
      ),
    );
    expect(read.cluster.ca).toEqual({ file: '/home/me/.kube/ca.crt' });
    expect(read.user.clientCertificate).toEqual({ data: '-----BEGIN CERTIFICATE-----' });
    expect(read.user.clientKey).toEqual({ file: '/abs/c.key' });
    expect(read.user.tokenFile).toBe('/home/me/.kube/tok');
  });

  it.each([
    ['./bin/login', '/home/me/.kube/bin/login'],
    ['login', 'login'],
    ['/usr/bin/login', '/usr/bin/login'],
  ])('finds the command %s at %s', (command, expected) => {
    const exec = `{exec: {apiVersion: client.authentication.k8s.io/v1beta1, command: ${command}, args: null, env: null}}`;
    expect(only(config(`{${server}}`, exec)).user.exec).toMatchObject({
      command: expected,
      args: [],
      env: [],
      interactiveMode: 'IfAvailable',
    });
  });

  it('skips exec where another credential stands', () => {
    const exec = 'exec: {apiVersion: client.authentication.k8s.io/v1beta1, command: x}';
    expect(only(config(`{${server}}`, `{token: t, ${exec}}`)).user.exec).toBeUndefined();
    expect(only(config(`{${server}}`, `{${exec}}`)).user.exec).toBeDefined();
  });

  it('reads impersonation whole', () => {
    const user = '{token: t, as: jane, as-groups: [a, b], as-uid: "7", as-user-extra: {reason: [p, q]}}';
    expect(only(config(`{${server}}`, user)).user.impersonate).toEqual({
      user: 'jane',
      groups: ['a', 'b'],
      uid: '7',
      extra: { reason: ['p', 'q'] },
    });
  });

  it.each([
    ['no server', config('{}'), /cluster "c" has no server/],
    ['a server of another scheme', config('{server: "ftp://h"}'), /neither https nor http/],
    [
      'CA beside insecure',
      config(`{${server}, insecure-skip-tls-verify: true, certificate-authority: x}`),
      /both/,
    ],
    [
      'a strange proxy',
      config(`{${server}, proxy-url: "ftp://p"}`),
      /proxy-url .* must be http, https or socks5/,
    ],
    [
      'token beside basic',
      config(`{${server}}`, '{token: t, username: u, password: p}'),
      /both a token and a user name/,
    ],
    ['a certificate without key', config(`{${server}}`, '{client-certificate: x}'), /no client key/],
    ['groups without user', config(`{${server}}`, '{token: t, as-groups: [a]}'), /without "as"/],
    [
      'exec without command',
      config(`{${server}}`, '{exec: {apiVersion: client.authentication.k8s.io/v1}}'),
      /no command/,
    ],
    [
      'exec v1 without mode',
      config(`{${server}}`, '{exec: {apiVersion: client.authentication.k8s.io/v1, command: x}}'),
      /interactiveMode/,
    ],
    [
      'exec v1alpha1',
      config(`{${server}}`, '{exec: {apiVersion: client.authentication.k8s.io/v1alpha1, command: x}}'),
      /v1alpha1, which Kubernetes removed/,
    ],
    [
      'a cluster that is not there',
      'contexts:\n- name: x\n  context: {cluster: gone}\n',
      /names the cluster "gone", which does not exist/,
    ],
    [
      'a user that is not there',
      config(`{${server}}`).replace('user: u}', 'user: gone}'),
      /names the user "gone"/,
    ],
  ])('refuses %s with file and line', (_, text, expected) => {
    expect(problem(text)).toMatch(expected);
    expect(problem(text)).toMatch(/^\/home\/me\/\.kube\/config:\d+: /);
  });

  it('puts nothing secret into a summary', () => {
    const secret = 'hunter2hunter2';
    const text = config(
      `{server: "https://me:${secret}@h", proxy-url: "http://me:${secret}@p:1", certificate-authority-data: ${pem}}`,
      `{username: me, password: ${secret}, client-certificate-data: ${pem}, client-key-data: ${Buffer.from(secret).toString('base64')}}`,
    );
    const merged = mergeKubeconfigs([{ file: parseKubeconfig('/k', text), shared: true }]);
    const summary = merged.contexts.map(toSummary);
    expect(summary[0]).toMatchObject({ server: 'https://h', auth: ['certificate', 'basic'] });
    expect(JSON.stringify(summary)).not.toContain(secret);
    expect(JSON.stringify(summary)).not.toContain(Buffer.from(secret).toString('base64'));
  });
});

describe('mergeKubeconfigs', () => {
  const a = parseKubeconfig(
    '/a',
    `${config('{server: "https://a"}', '{token: a}')}current-context: nowhere\n`,
  );
  const b = parseKubeconfig(
    '/b',
    `clusters:\n- name: c\n  cluster: {server: "https://b"}\ncontexts:\n- name: x\n  context: {cluster: c}\n- name: z\n  context: {cluster: c, user: u}\ncurrent-context: z\n`,
  );

  it('merges the KUBECONFIG list by the first file, entry by entry', () => {
    const merged = mergeKubeconfigs([
      { file: a, shared: true },
      { file: b, shared: true },
    ]);
    const z = merged.byId.get(contextId('/b', 'z'));
    expect(z && toContextConfig(z)).toMatchObject({ cluster: { server: 'https://a' }, user: { token: 'a' } });
    const hidden = merged.byId.get(contextId('/b', 'x'));
    expect(hidden?.problem?.message).toMatch(/^\/b:5: \/a comes before/);
    // kubectl: the first current-context that is not empty counts, even when it leads nowhere.
    expect(merged.current).toBeNull();
  });

  it('never resolves across added files', () => {
    const merged = mergeKubeconfigs([
      { file: a, shared: true },
      { file: b, shared: false },
    ]);
    const z = merged.byId.get(contextId('/b', 'z'));
    expect(() => z && toContextConfig(z)).toThrow(/names the user "u", which does not exist/);
    expect(merged.byId.get(contextId('/b', 'x'))?.problem).toBeUndefined();
  });

  it('keeps ids stable and apart', () => {
    expect(contextId('/a', 'x')).toBe(contextId('/a', 'x'));
    expect(contextId('/a', 'x')).not.toBe(contextId('/b', 'x'));
    expect(contextId('/a', 'arn:aws:eks:eu-west-1:1:cluster/Prod')).toMatch(
      /^arn-aws-eks-eu-west-1-1-cluster-prod-[0-9a-f]{12}$/,
    );
    expect(contextId('/a', '日本')).toMatch(/^context-[0-9a-f]{12}$/);
  });
});
