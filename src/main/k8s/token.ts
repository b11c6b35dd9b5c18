/** What can be told of a bearer token without asking anybody. Never shows one. */
import { fail } from '#shared/util/app-error';

/** A token with a line break or control character cannot be a header. */
export function checkedToken(token: string): string {
  const text = token.trim();
  if (text === '' || !/^[\x21-\x7e]+$/.test(text))
    throw fail('credentials', 'The token holds characters that no token has.', {
      hint: 'It may be cut or pasted wrongly. Fetch the kubeconfig again.',
    });
  return text;
}

/** `exp` of a JWT in epoch ms; undefined for anything else. Read for display and timing only. */
export function jwtExpiry(token: string): number | undefined {
  const part = token.split('.')[1];
  if (part === undefined) return undefined;
  try {
    const claims = JSON.parse(Buffer.from(part, 'base64url').toString('utf8')) as { exp?: unknown } | null;
    const exp = claims?.exp;
    return typeof exp === 'number' && Number.isFinite(exp) ? exp * 1000 : undefined;
  } catch {
    return undefined;
  }
}
