/**
 * Impersonate-* headers as client-go sends them: one line per group and extra value, extra
 * keys percent-escaped, values as UTF-8 bytes.
 */
import type { UserConfig } from '../kubeconfig/types';

export type RequestHeaders = Readonly<Record<string, string | readonly string[]>>;

export function impersonationHeaders(impersonate: UserConfig['impersonate']): RequestHeaders {
  if (!impersonate) return {};
  const headers: Record<string, string | readonly string[]> = { 'impersonate-user': bytes(impersonate.user) };
  if (impersonate.uid !== undefined) headers['impersonate-uid'] = bytes(impersonate.uid);
  if (impersonate.groups.length > 0) headers['impersonate-group'] = impersonate.groups.map(bytes);
  for (const [key, values] of Object.entries(impersonate.extra))
    if (values.length > 0) headers[`impersonate-extra-${escapeKey(key)}`] = values.map(bytes);
  return headers;
}

/** Node writes header values as Latin-1: each UTF-8 byte becomes one character. Line breaks go. */
function bytes(text: string): string {
  return Buffer.from(text.replace(/[\r\n\0]/g, ' '), 'utf8').toString('latin1');
}

/** Go lower-cases nothing but header names are case-insensitive; everything else is %XX. */
function escapeKey(key: string): string {
  let escaped = '';
  for (const byte of Buffer.from(key, 'utf8')) {
    const char = String.fromCharCode(byte);
    escaped += /[!#$&'*+\-.^_`|~0-9A-Za-z]/.test(char)
      ? char
      : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
  }
  return escaped;
}
