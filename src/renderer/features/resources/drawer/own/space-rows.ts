/**
 * What a namespace holds and what keeps a terminating one from ending, as data. The server tells the
 * latter only in sentences; what does not read like them is shown as it is. Pure.
 */
import type { CountBrief, QuotaBrief } from '#shared/domain/health/types';
import { strings, str } from '#shared/k8s/read';
import { formatResource, parseQuantity } from '#shared/util/quantity';
import { conditionsOf, field, type PlainObject } from '../facts';

const MOST = 50;
const LONGEST = 8_000;

export interface Remain {
  /** Kind id of what is left: `pods`, `widgets.example.com`; or the name of a finalizer. */
  readonly what: string;
  readonly count: number;
  readonly is: 'objects' | 'finalizer';
}

export interface Keeps {
  readonly remains: readonly Remain[];
  /** Sentences of the server that name neither. */
  readonly told: readonly string[];
  /** Finalizers of the namespace itself, beside the usual one. */
  readonly finalizers: readonly string[];
}

/** Undefined: it is not terminating. */
export function keepsFromEnding(object: PlainObject): Keeps | undefined {
  const isEnding = field(object, 'metadata', 'deletionTimestamp') !== undefined;
  if (!isEnding && field(object, 'status', 'phase') !== 'Terminating') return undefined;
  const remains: Remain[] = [];
  const told: string[] = [];
  for (const one of conditionsOf(object)) {
    if (one.status !== 'True') continue;
    const message = str(one.message).slice(0, LONGEST);
    const before = remains.length;
    if (one.type === 'NamespaceContentRemaining')
      for (const [, what = '', count = ''] of message.matchAll(/([\w.-]+) has (\d+) resource instances/g))
        remains.push({ what: what.replace(/\.$/, ''), count: Number(count), is: 'objects' });
    if (one.type === 'NamespaceFinalizersRemaining')
      for (const [, what = '', count = ''] of message.matchAll(/([\w./-]+) in (\d+) resource instances/g))
        remains.push({ what, count: Number(count), is: 'finalizer' });
    if (remains.length === before && message !== '') told.push(message);
  }
  const own = [
    ...strings(field(object, 'spec', 'finalizers') as readonly string[] | undefined),
    ...strings(field(object, 'metadata', 'finalizers') as readonly string[] | undefined),
  ];
  return { remains: remains.slice(0, MOST), told, finalizers: own.filter((one) => one !== 'kubernetes') };
}

export interface QuotaRow {
  readonly resource: string;
  /** `1.5 of 2 cores` in the words of tables; as written where it is no amount. */
  readonly words: string;
  /** null: it cannot be told, or nothing is allowed at all. */
  readonly share: number | null;
  readonly tone: 'ok' | 'warn' | 'bad';
}

/** The fullest first. */
export function quotaRows(quota: QuotaBrief): readonly QuotaRow[] {
  return quota.rows
    .map(({ resource, used, hard }): QuotaRow => {
      const [is, most] = [parseQuantity(used), parseQuantity(hard)];
      const say = (raw: string, value: number | null): string =>
        value === null ? raw : formatResource(resource, value);
      const share = is === null || most === null || most === 0 ? null : is / most;
      const tone = share === null || share < 0.9 ? 'ok' : share < 1 ? 'warn' : 'bad';
      return { resource, words: `${say(used, is)} of ${say(hard, most)}`, share, tone };
    })
    .sort((a, b) => (b.share ?? -1) - (a.share ?? -1));
}

/** What there is some of, in the order of the table. */
export function heldOf(counts: readonly CountBrief[]): readonly CountBrief[] {
  return counts.filter(({ count }) => count > 0);
}

/** `3`, `500 or more`. */
export function countWords({ count, more }: CountBrief): string {
  return `${count.toLocaleString('en')}${more === true ? ' or more' : ''}`;
}
