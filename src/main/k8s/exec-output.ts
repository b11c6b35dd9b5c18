/**
 * What an exec plugin printed: the credential in it, or what is wrong with it (fault 36).
 * Its error text is shown with escapes removed and everything that looks secret blanked.
 */
import { AppFailure, fail } from '#shared/util/app-error';
import type { CertificatePair } from './tls';
import { checkedToken, jwtExpiry } from './token';

export interface ExecCredential {
  readonly token?: string;
  readonly pair?: CertificatePair;
  /** Epoch ms; undefined: good until a 401. */
  readonly expires?: number;
}

/** AppFailure `credentials` saying what the plugin should have printed. */
export function parseExecOutput(stdout: string, apiVersion: string, command: string): ExecCredential {
  const plugin = shortName(command);
  if (stdout.trim() === '') throw bad(`${plugin} printed no credential.`);
  const found = parse(stdout);
  if (found === undefined)
    throw bad(
      `${plugin} printed something that is not JSON.`,
      'Run it in a terminal to see what it says; it may print warnings to standard output.',
    );
  if (found['kind'] !== 'ExecCredential') throw bad(`${plugin} printed JSON that is no ExecCredential.`);
  if (found['apiVersion'] !== apiVersion)
    throw bad(
      `${plugin} answered in another apiVersion than the kubeconfig asks for (${apiVersion}).`,
      'Update the plugin, or set exec.apiVersion in the kubeconfig to the version it answers in.',
    );
  const { status } = found;
  if (typeof status !== 'object' || status === null)
    throw bad(`${plugin} printed an ExecCredential without a status.`);
  const {
    token,
    clientCertificateData: cert,
    clientKeyData: key,
    expirationTimestamp,
  } = status as Record<string, unknown>;
  const hasToken = typeof token === 'string' && token !== '';
  const hasCert = typeof cert === 'string' && cert !== '';
  const hasKey = typeof key === 'string' && key !== '';
  if (hasCert !== hasKey) throw bad(`${plugin} gave only one of client certificate and client key.`);
  if (!hasToken && !hasCert) throw bad(`${plugin} gave neither a token nor a client certificate.`);
  const stamp = typeof expirationTimestamp === 'string' ? Date.parse(expirationTimestamp) : NaN;
  const expires = Number.isNaN(stamp) ? (hasToken ? jwtExpiry(token) : undefined) : stamp;
  return {
    ...(hasToken ? { token: checkedToken(token) } : {}),
    ...(hasCert && hasKey ? { pair: { cert, key } } : {}),
    ...(expires === undefined ? {} : { expires }),
  };
}

function bad(message: string, hint?: string): AppFailure {
  return fail('credentials', message, hint === undefined ? undefined : { hint });
}

function parse(text: string): Record<string, unknown> | undefined {
  try {
    const found = JSON.parse(text) as unknown;
    return typeof found === 'object' && found !== null && !Array.isArray(found)
      ? (found as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}

/** Last part of a path, for messages. */
export function shortName(command: string): string {
  return command.split(/[\\/]/).pop() ?? command;
}

/** The end of what a program wrote to stderr: plain, redacted, at most 1,200 characters. */
export function stderrTail(text: string): string {
  const plain = stripEscapes(text)
    .split('\n')
    .map((line) => line.trimEnd())
    .filter((line) => line !== '')
    .slice(-12)
    .join('\n');
  const safe = redact(plain);
  return safe.length > 1200 ? `…${safe.slice(-1200)}` : safe;
}

/** ANSI, OSC, other control characters and text that turns direction. */
export function stripEscapes(text: string): string {
  return text
    .replace(/\u001b\][^\u0007\u001b]*(\u0007|\u001b\\)?/g, '')
    .replace(/\u001b[[(][0-?]*[ -/]*[@-~]/g, '')
    .replace(/\r\n?/g, '\n')
    .replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g, '');
}

/** Blanks tokens, keys, passwords and long random words. */
export function redact(text: string): string {
  return text
    .replace(/-----BEGIN [A-Z ]+-----[\s\S]*?(-----END [A-Z ]+-----|$)/g, '[redacted]')
    .replace(/\beyJ[\w-]{8,}(\.[\w-]*){0,2}/g, '[redacted]')
    .replace(/\b(bearer|basic)\s+[\w.~+/=-]{8,}/gi, '$1 [redacted]')
    .replace(
      /(["']?[\w-]*(?:token|secret|password|passwd|api[_-]?key|access[_-]?key|client[_-]?key[_-]?data|credential)s?["']?\s*[:=]\s*)("[^"]*"|'[^']*'|[^\s,;&]+)/gi,
      '$1[redacted]',
    )
    .replace(/:\/\/[^\s/@:]*:[^\s/@]*@/g, '://[redacted]@')
    .replace(/\b(AKIA|ASIA)[A-Z0-9]{12,}\b/g, '[redacted]')
    .replace(/[A-Za-z0-9+/_-]{48,}={0,2}/g, '[redacted]');
}
