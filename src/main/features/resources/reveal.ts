/**
 * One value of a Secret or ConfigMap, when a person asks for it, and what it is: a certificate, registry
 * credentials, a Helm release. Nothing is kept and nothing of it is logged.
 */
import { X509Certificate } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import type { RevealedValue } from '#shared/contract/resources';
import { at, list, word } from '#shared/domain/health/read';
import { fail } from '#shared/util/app-error';
import type { WholeObject } from '../../k8s/watch-few';

type Meaning = NonNullable<RevealedValue['meaning']>[number];

/** A Helm release unpacked; more is not unpacked (a bomb of a few KB could fill the memory). */
const MOST_UNPACKED = 32 * 1024 * 1024;
const SOON = 30 * 86_400_000;

export function revealed(object: WholeObject, key: string, now: number): RevealedValue {
  const isSecret = object.kind === 'Secret';
  const plain = at(object, 'data', key);
  const binary = at(object, 'binaryData', key);
  const raw = typeof plain === 'string' ? plain : typeof binary === 'string' ? binary : undefined;
  if (raw === undefined) throw fail('not-found', `It has no key ${key} any more.`);
  const bytes = isSecret || typeof plain !== 'string' ? Buffer.from(raw, 'base64') : Buffer.from(raw, 'utf8');
  const text = asText(bytes);
  return {
    text,
    base64: bytes.toString('base64'),
    bytes: bytes.length,
    meaning: meaningOf(word(object['type']), key, bytes, text, now),
  };
}

function asText(bytes: Buffer): string | null {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return text.includes('\0') ? null : text;
  } catch {
    return null;
  }
}

function meaningOf(
  type: string,
  key: string,
  bytes: Buffer,
  text: string | null,
  now: number,
): Meaning[] | undefined {
  try {
    if (text?.includes('-----BEGIN CERTIFICATE-----')) return certificate(text, now);
    if (key === '.dockerconfigjson' || key === '.dockercfg') return registries(text ?? '');
    if (type === 'helm.sh/release.v1' && key === 'release') return releaseOrWhyNot(bytes);
    const payload = /^[\w-]+\.([\w-]+)\.[\w-]+$/.exec(text?.trim() ?? '')?.[1];
    if (payload !== undefined) return token(payload, now);
  } catch {
    return [{ label: 'Content', text: 'It does not hold what its type says.', tone: 'warn' }];
  }
  return undefined;
}

/** The first certificate, and how many stand in the chain. */
function certificate(text: string, now: number): Meaning[] {
  const blocks = text.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  const one = new X509Certificate(blocks[0] ?? text);
  const ends = Date.parse(one.validTo);
  const over = ends < now;
  const line = (name: string): string => name.split('\n').reverse().join(', ');
  return [
    { label: 'Subject', text: line(one.subject) || 'none' },
    {
      label: 'Names',
      text: one.subjectAltName?.replace(/DNS:|IP Address:/g, '') ?? 'none: clients will refuse it',
      ...(one.subjectAltName ? {} : { tone: 'warn' as const }),
    },
    { label: 'Issuer', text: one.issuer === one.subject ? 'itself (self-signed)' : line(one.issuer) },
    { label: 'Valid from', text: new Date(one.validFrom).toISOString() },
    {
      label: over ? 'Expired' : 'Expires',
      text: `${new Date(ends).toISOString()} (${Math.abs(Math.round((ends - now) / 86_400_000))} days ${over ? 'ago' : 'left'})`,
      ...(over ? { tone: 'bad' as const } : ends - now < SOON ? { tone: 'warn' as const } : {}),
    },
    { label: 'Serial', text: one.serialNumber },
    ...(blocks.length > 1 ? [{ label: 'Chain', text: `${blocks.length} certificates` }] : []),
  ];
}

/** Registries and users; passwords stay in the value itself. */
function registries(text: string): Meaning[] {
  const parsed = JSON.parse(text) as unknown;
  const auths = at(parsed, 'auths') ?? parsed;
  if (typeof auths !== 'object' || auths === null) return [];
  return Object.entries(auths)
    .slice(0, 32)
    .map(([registry, one]: [string, unknown]) => {
      const decoded =
        Buffer.from(word(at(one, 'auth')), 'base64')
          .toString('utf8')
          .split(':')[0] ?? '';
      return { label: registry, text: `user ${word(at(one, 'username')) || decoded || 'unknown'}` };
    });
}

/** A release that cannot be read is said to be one that cannot, and why (fault 64). */
function releaseOrWhyNot(bytes: Buffer): Meaning[] {
  try {
    return release(bytes);
  } catch (thrown) {
    const { code } = thrown as NodeJS.ErrnoException;
    const why =
      code === 'ERR_BUFFER_TOO_LARGE'
        ? 'it unpacks to more than 32 MiB.'
        : code?.startsWith('Z_')
          ? 'it is cut or damaged, or one part of several.'
          : 'it does not hold what Helm 3 writes.';
    return [{ label: 'Helm release', text: `It cannot be read: ${why}`, tone: 'warn' }];
  }
}

function release(bytes: Buffer): Meaning[] {
  const packed = Buffer.from(bytes.toString('latin1'), 'base64');
  const json = packed[0] === 0x1f ? gunzipSync(packed, { maxOutputLength: MOST_UNPACKED }) : packed;
  const parsed = JSON.parse(json.toString('utf8')) as unknown;
  const chart = at(parsed, 'chart', 'metadata');
  if (word(at(chart, 'name')) === '') throw new Error('no chart');
  const values = at(parsed, 'config');
  const keys = typeof values === 'object' && values !== null ? Object.keys(values) : [];
  const kinds = [...word(at(parsed, 'manifest')).matchAll(/^kind: (\w+)/gm)].map((found) => found[1]);
  return [
    { label: 'Chart', text: `${word(at(chart, 'name'))} ${word(at(chart, 'version'))}`.trim() },
    { label: 'App version', text: word(at(chart, 'appVersion')) || 'not said' },
    {
      label: 'Status',
      text: `${word(at(parsed, 'info', 'status'))}, ${word(at(parsed, 'info', 'last_deployed'))}`,
    },
    { label: 'Values set', text: keys.slice(0, 40).join(', ') || 'none' },
    { label: 'Objects', text: `${kinds.length}: ${[...new Set(kinds)].join(', ')}` },
    { label: 'Templates', text: String(list(at(parsed, 'chart', 'templates')).length) },
  ];
}

function token(payload: string, now: number): Meaning[] | undefined {
  let parsed: unknown;
  try {
    parsed = JSON.parse(Buffer.from(payload, 'base64url').toString('utf8'));
  } catch {
    return undefined;
  }
  const ends = at(parsed, 'exp');
  const subject = word(at(parsed, 'sub'));
  if (subject === '' && typeof ends !== 'number') return undefined;
  return [
    { label: 'Token of', text: subject || 'nobody named' },
    ...(typeof ends === 'number'
      ? [
          {
            label: ends * 1000 < now ? 'Expired' : 'Expires',
            text: new Date(ends * 1000).toISOString(),
            ...(ends * 1000 < now ? { tone: 'bad' as const } : {}),
          },
        ]
      : [{ label: 'Expires', text: 'never', tone: 'warn' as const }]),
  ];
}
