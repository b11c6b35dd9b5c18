/**
 * Takes what looks like a secret out of text that goes to a log or a message.
 * A safety net, not a licence: code that knows a secret never puts it into text.
 */

const rules: readonly (readonly [RegExp, string])[] = [
  [/-----BEGIN [A-Z0-9 ]+-----[\s\S]*?(?:-----END [A-Z0-9 ]+-----|$)/g, '[PEM removed]'],
  [/\b(bearer|basic)\s+[A-Za-z0-9\-._~+/=]{6,}/gi, '$1 [removed]'],
  // JSON web tokens and OpenShift tokens wherever they stand.
  [/\beyJ[\w-]{8,}\.[\w-]+(?:\.[\w-]*)?/g, '[token removed]'],
  [/\bsha256~[\w-]{20,}/g, '[token removed]'],
  [/(\/\/)[^\s/@:]+:[^\s/@]+@/g, '$1[removed]@'],
  [
    /(["']?\b(?:[\w-]*(?:token|password|passwd|secret|api[-_]?key|private[-_]?key|client-key-data|client-certificate-data))["']?\s*[:=]\s*)("(?:[^"\\]|\\.)*"|'[^']*'|[^\s,;}&]+)/gi,
    '$1[removed]',
  ],
  // Long base64: certificates and keys without their armour.
  [/\b[A-Za-z0-9+/]{120,}={0,2}/g, '[data removed]'],
];

/** Longest text kept; stacks and messages of servers can be of any size. */
const LIMIT = 8192;

/** The text without secrets, at most 8 KiB long. */
export function redact(text: string): string {
  let result = text.length > LIMIT * 2 ? text.slice(0, LIMIT * 2) : text;
  for (const [pattern, replacement] of rules) result = result.replace(pattern, replacement);
  return result.length > LIMIT ? `${result.slice(0, LIMIT)} [cut]` : result;
}

/** What was thrown, with its stack, for the log. */
export function describeThrown(thrown: unknown): string {
  if (thrown instanceof Error) return redact(thrown.stack ?? `${thrown.name}: ${thrown.message}`);
  return redact(String(thrown));
}
