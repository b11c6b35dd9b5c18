/** What the decoders' tests share: bytes cut anywhere, JSON written oddly, answers collected. */
import type { FieldMask, KubeObject } from '#shared/kinds/define';
import { AppFailure } from '#shared/util/app-error';
import { jsonListDecoder } from './json';
import { jsonWatchDecoder } from './json-watch';
import type { ListEnd, WatchEvent } from './types';

export const encoder = new TextEncoder();

/** Cuts bytes at the given places (taken modulo the length). */
export function cutInto(bytes: Uint8Array, cuts: readonly number[]): Uint8Array[] {
  const places = [...new Set(cuts.map((cut) => cut % (bytes.length + 1)))].sort((a, b) => a - b);
  const out: Uint8Array[] = [];
  let from = 0;
  for (const place of [...places, bytes.length]) {
    out.push(bytes.subarray(from, place));
    from = place;
  }
  return out;
}

export function readListOf(
  bytes: Uint8Array,
  mask: FieldMask,
  cuts: readonly number[] = [],
): { items: KubeObject[]; end: ListEnd } {
  const items: KubeObject[] = [];
  const decoder = jsonListDecoder({ mask, onItem: (item) => items.push(item) });
  for (const chunk of cutInto(bytes, cuts)) decoder.push(chunk);
  return { items, end: decoder.end() };
}

export function errorOf(run: () => unknown): string {
  try {
    run();
  } catch (thrown) {
    if (thrown instanceof AppFailure) return thrown.error.code;
    throw thrown;
  }
  return 'none';
}

/** Own properties only, also for `__proto__`. */
export function fromEntries(entries: readonly (readonly [string, unknown])[]): Record<string, unknown> {
  const out: Record<string, unknown> = {};
  for (const [name, value] of entries) {
    Object.defineProperty(out, name, { value, enumerable: true, configurable: true, writable: true });
  }
  return out;
}

/** JSON text with white space, shuffled keys and needless escapes, meaning the same value. */
export function write(value: unknown, odd: boolean): string {
  const space = odd ? ' \n\t\r' : '';
  if (Array.isArray(value)) return `[${space}${value.map((v) => write(v, odd)).join(`,${space}`)}${space}]`;
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value);
    if (odd) entries.reverse();
    return `{${space}${entries.map(([k, v]) => `${word(k, odd)}${space}:${space}${write(v, odd)}`).join(`,${space}`)}${space}}`;
  }
  return typeof value === 'string' ? word(value, odd) : JSON.stringify(value);
}

function word(text: string, odd: boolean): string {
  if (!odd) return JSON.stringify(text);
  const parts = text.split(/([a-c])/).map((part) => {
    const plain = JSON.stringify(part).slice(1, -1);
    return /^[a-c]$/.test(part) ? `\\u00${part.charCodeAt(0).toString(16)}` : plain;
  });
  return `"${parts.join('')}"`;
}

export const identity = { metadata: { name: 'n', uid: 'u', resourceVersion: '1' } };
export const withIdentity = (object: unknown): Record<string, unknown> => ({
  ...(typeof object === 'object' && object !== null && !Array.isArray(object) ? object : { a: object }),
  ...identity,
});

/** Key order does not count. */
export function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return fromEntries(
    Object.keys(value)
      .sort()
      .map((name) => [name, sorted((value as Record<string, unknown>)[name])] as const),
  );
}

export function eventsOf(
  text: string | Uint8Array,
  cuts: readonly number[] = [],
  mask: FieldMask = { metadata: true },
): WatchEvent[] {
  const events: WatchEvent[] = [];
  const decoder = jsonWatchDecoder({ mask, onEvent: (event) => events.push(event), maxLineBytes: 100_000 });
  for (const chunk of cutInto(typeof text === 'string' ? encoder.encode(text) : text, cuts))
    decoder.push(chunk);
  return events;
}

export const line = (type: string, object: unknown): string => `${JSON.stringify({ type, object })}\n`;
