import { expect, it } from 'vitest';
import { checkExternal } from './external';

it.each([
  ['https://kubernetes.io/docs', 'kubernetes.io'],
  ['HTTPS://EXAMPLE.com:8443/x?y#z', 'example.com:8443'],
  ['http://localhost:8080/', 'localhost:8080'],
  ['http://127.0.0.1:3000', '127.0.0.1:3000'],
  ['http://[::1]:3000', '[::1]:3000'],
])('opens %s and names its host %s', (text, host) => {
  expect(checkExternal(text).host).toBe(host);
});

it.each([
  'http://example.com',
  'http://localhost.example.com',
  'http://127.0.0.1.example.com',
  'file:///etc/passwd',
  'javascript:alert(1)',
  'data:text/html,x',
  'smb://host/share',
  'ms-msdt:/id',
  'app://binnacle/index.html',
  'https://user:pass@example.com',
  'https://kubernetes.io@evil.example',
  'https://',
  '//example.com',
  '',
  ' ',
])('does not open %j', (text) => {
  expect(() => checkExternal(text)).toThrow();
});
