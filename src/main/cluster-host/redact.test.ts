import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { describeThrown, redact } from './redact';

const jwt = `eyJhbGciOiJSUzI1NiJ9.${'a'.repeat(40)}.${'b'.repeat(20)}`;
const pem = `-----BEGIN RSA PRIVATE KEY-----\nMIIEpAIBAAKCAQEA7\n-----END RSA PRIVATE KEY-----`;

describe('redact', () => {
  it.each([
    ['a header', 'Authorization: Bearer abcdef0123456789', 'abcdef0123456789'],
    ['basic', 'authorization: basic dXNlcjpwYXNz', 'dXNlcjpwYXNz'],
    ['a token of a service account', `got ${jwt} back`, jwt],
    ['a token of OpenShift', `sha256~${'x'.repeat(43)}`, 'x'.repeat(43)],
    ['a proxy with a password', 'connect http://me:hunter2@proxy:3128 failed', 'hunter2'],
    ['JSON', '{"token":"s3cret","user":"me"}', 's3cret'],
    ['JSON with an escaped quote', '{"password":"a\\"bcd"}', 'bcd'],
    ['YAML', 'client-key-data: TUlJRXBBSUJBQUtDQVFFQQ==', 'TUlJRXBBSUJBQUtDQVFFQQ'],
    ['an environment', 'AWS_SECRET_ACCESS_KEY=abc AWS_SESSION_TOKEN=xyz', 'xyz'],
    ['a key', pem, 'MIIEpAIBAAKCAQEA7'],
    ['a key cut short', pem.slice(0, 60), 'MIIEpAIBAAKCAQEA7'.slice(0, 10)],
    ['long base64', 'A'.repeat(200), 'A'.repeat(130)],
  ])('removes %s', (_what, text, secret) => {
    expect(text).toContain(secret);
    expect(redact(text)).not.toContain(secret);
  });

  it('leaves what helps', () => {
    const text = 'GET https://10.0.0.1:6443/api/v1/pods: 403 Forbidden (user me, namespace shop)';
    expect(redact(text)).toBe(text);
  });

  it('is short and quick for any text', () => {
    fc.assert(fc.property(fc.string({ maxLength: 2000 }), (text) => redact(text).length <= 8300));
    expect(redact('token='.repeat(1_000_000)).length).toBeLessThan(8300);
    expect(redact('"a:'.repeat(1_000_000)).length).toBeLessThan(8300);
  });

  it('redacts stacks', () => {
    expect(describeThrown(new Error('token=hunter2'))).not.toContain('hunter2');
  });
});
