/**
 * The fault switch: rules that bend the answers of matching requests. Each rule counts
 * what it did; a rule with `count` stops by itself. Nothing here happens unasked.
 */
import type { Disposer } from '#shared/rpc/scope';

export type Verb =
  'get' | 'list' | 'watch' | 'create' | 'update' | 'patch' | 'delete' | 'deletecollection' | 'nonresource';

/** Faults of the bytes after the head. `after`: whole chunks (watch events, list items) that go well. */
export type StreamFault =
  /** Half of a chunk, then the connection is gone. */
  | { readonly type: 'cut'; readonly after?: number }
  /** The head, `after` chunks, then silence with the connection open. */
  | { readonly type: 'hang'; readonly after?: number }
  /** Half a JSON line, then everything goes on. */
  | { readonly type: 'malformed'; readonly after?: number }
  /** A line of that many bytes without meaning, then everything goes on. */
  | { readonly type: 'huge-line'; readonly bytes: number; readonly after?: number }
  | { readonly type: 'slow'; readonly bytesPerSecond: number }
  /** The Date header is off by that much. */
  | { readonly type: 'skew'; readonly ms: number }
  | { readonly type: 'gzip' };

export type Fault =
  | StreamFault
  /** The connection is closed before a byte is sent. */
  | { readonly type: 'drop' }
  /** Not even a head is ever sent. */
  | { readonly type: 'silence' }
  /** 410 Expired as the answer (list, continue, start of a watch). */
  | { readonly type: 'expired' }
  /** An ERROR event in a watch, which then ends; 410 unless told otherwise. */
  | { readonly type: 'stream-error'; readonly code?: 410 | 429 | 500; readonly after?: number }
  /** An error status; `retryAfter`: seconds or an HTTP date. */
  | {
      readonly type: 'status';
      readonly code: number;
      readonly reason?: string;
      readonly message?: string;
      readonly retryAfter?: number | string;
    }
  /** As when a credential has expired. */
  | { readonly type: 'unauthorized' }
  /** A login page; status 200 unless told otherwise. */
  | { readonly type: 'html'; readonly status?: number }
  | { readonly type: 'redirect'; readonly location: string };

export interface FaultMatch {
  /** A prefix, or a pattern of the path with its query. */
  readonly path?: string | RegExp;
  readonly verb?: Verb | readonly Verb[];
  /** `pods`, `deployments.apps` */
  readonly resource?: string;
  /** Only list requests with (true) or without (false) a continue token. */
  readonly continued?: boolean;
}

export interface FaultRule extends FaultMatch {
  readonly fault: Fault;
  /** How many requests it bends; for ever when missing. */
  readonly count?: number;
  /** Matching requests that go well first. */
  readonly skip?: number;
}

export interface FaultTarget {
  readonly url: string;
  readonly verb: Verb;
  readonly resource: string | undefined;
  readonly continued: boolean;
}

interface ActiveRule {
  readonly rule: FaultRule;
  seen: number;
  hits: number;
}

export class Faults {
  private readonly active = new Set<ActiveRule>();
  private done = 0;

  /** Adds a rule; the returned function removes it. Earlier rules win. */
  add(rule: FaultRule): Disposer {
    const active = { rule, seen: 0, hits: 0 };
    this.active.add(active);
    return () => this.active.delete(active);
  }

  clear(): void {
    this.active.clear();
  }

  /** How many requests were bent so far. */
  get hits(): number {
    return this.done;
  }

  /** The fault for a request, and counts it. */
  take(target: FaultTarget): Fault | undefined {
    for (const active of this.active) {
      const { rule } = active;
      if (!matchesFault(rule, target)) continue;
      if (active.seen++ < (rule.skip ?? 0)) continue;
      if (rule.count !== undefined && active.hits >= rule.count) continue;
      active.hits++;
      this.done++;
      return rule.fault;
    }
    return undefined;
  }
}

export function matchesFault(match: FaultMatch, target: FaultTarget): boolean {
  if (typeof match.path === 'string' && !target.url.startsWith(match.path)) return false;
  if (match.path instanceof RegExp && !match.path.test(target.url)) return false;
  if (match.resource !== undefined && match.resource !== target.resource) return false;
  if (match.continued !== undefined && match.continued !== target.continued) return false;
  if (match.verb === undefined) return true;
  return typeof match.verb === 'string' ? match.verb === target.verb : match.verb.includes(target.verb);
}
