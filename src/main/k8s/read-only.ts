/**
 * A context that was made read-only: no request that changes anything leaves this process.
 * Guarantees: it holds for every caller, since the guard replaces the API's own two ways out (`open`,
 * which `json` uses, and `connect`); what is not known to be harmless is refused; sockets that were
 * upgraded before (shells, forwards) are closed the moment the context becomes read-only.
 * Does not: stop programs the person starts beside the app, or take back what was sent before.
 */
import type { Duplex } from 'node:stream';
import { fail, type AppFailure } from '#shared/util/app-error';
import type { ApiRequest, ApiResponse } from './api';

/** The two ways a byte reaches the cluster; `json` must go through `open`. */
export interface Outlets {
  open(request: ApiRequest, signal: AbortSignal): Promise<ApiResponse>;
  connect(signal: AbortSignal, ...rest: never[]): Promise<{ readonly socket: Duplex }>;
}

export interface ReadOnlyGuard {
  readonly on: boolean;
  /** Takes effect for the next request; turning it on also ends upgraded connections. */
  set(on: boolean): void;
}

/** Questions about rights that are asked by POST and store nothing. */
const reviews = [
  /^\/apis\/authorization\.k8s\.io\/v1(beta1)?\/(selfsubjectaccessreviews|selfsubjectrulesreviews|subjectaccessreviews)$/,
  /^\/apis\/authorization\.k8s\.io\/v1(beta1)?\/namespaces\/[^/?#]+\/localsubjectaccessreviews$/,
  /^\/apis\/authentication\.k8s\.io\/v1((alpha|beta)1)?\/selfsubjectreviews$/,
];

/** Subresources that act however they are asked: with dry-run, and the first three with GET too. */
const acting = new Set(['exec', 'attach', 'portforward', 'proxy', 'token']);
/** What a kubelet runs for a GET through `nodes/NAME/proxy`. */
const kubeletActs = new Set(['exec', 'attach', 'portforward', 'run', 'cri', 'debug']);

/** Why this request may not leave a read-only context; undefined when it may. */
export function refusal(request: ApiRequest): string | undefined {
  const method = request.method ?? 'GET';
  const segments = segmentsOf(request.path);
  if (segments === undefined) return `${method} of a path that cannot be read`;
  const sub = subresourceOf(segments);
  const said = `${method} ${request.path.slice(0, 200)}`;
  if (method === 'GET') {
    if (Object.keys(request.headers ?? {}).some((name) => name.toLowerCase() === 'upgrade'))
      return 'an upgraded connection';
    if (sub !== undefined && sub.name !== 'proxy' && sub.name !== 'token' && acting.has(sub.name))
      return said;
    if (
      sub?.name === 'proxy' &&
      sub.resource === 'nodes' &&
      kubeletActs.has((sub.rest[0] ?? '').toLowerCase())
    )
      return said;
    return undefined;
  }
  if (method === 'POST' && reviews.some((review) => review.test(request.path))) return undefined;
  // The query is ours; a path with one of its own could say something else.
  const dry = isDryRun(request.query?.['dryRun']) && !/[?#]/.test(request.path);
  return dry && (sub === undefined || !acting.has(sub.name)) ? undefined : said;
}

function isDryRun(value: unknown): boolean {
  return value === 'All' || (Array.isArray(value) && value.length === 1 && value[0] === 'All');
}

function segmentsOf(path: string): string[] | undefined {
  try {
    // As the server does: decoded as a whole, so that an encoded slash hides nothing.
    return decodeURIComponent(path.split(/[?#]/, 1)[0] ?? '')
      .split('/')
      .filter((part) => part !== '');
  } catch {
    return undefined;
  }
}

interface Subresource {
  readonly resource: string;
  readonly name: string;
  readonly rest: readonly string[];
}

/** `.../RESOURCE/NAME/SUBRESOURCE/...` of an API path. */
function subresourceOf(segments: readonly string[]): Subresource | undefined {
  let at = segments[0] === 'api' ? 2 : segments[0] === 'apis' ? 3 : Infinity;
  if (segments[at] === 'namespaces' && segments.length > at + 2 && !isNamespaceOwn(segments[at + 2])) at += 2;
  const resource = segments[at];
  const name = segments[at + 2];
  return resource === undefined || name === undefined
    ? undefined
    : { resource, name, rest: segments.slice(at + 3) };
}

/** `namespaces/NAME/finalize` and `status` are of the namespace itself. */
function isNamespaceOwn(segment: string | undefined): boolean {
  return segment === 'finalize' || segment === 'status';
}

/** Puts the guard on an API; there is no way around it through the object given. */
export function guardReadOnly(api: Outlets, context: string, first: boolean): ReadOnlyGuard {
  let on = first;
  const sockets = new Set<Duplex>();
  const open = api.open.bind(api);
  const connect = api.connect.bind(api);
  api.open = async (request, signal) => {
    const why = on ? refusal(request) : undefined;
    if (why !== undefined) throw readOnlyFailure(context, why);
    return open(request, signal);
  };
  api.connect = async (signal, ...rest) => {
    if (on) throw readOnlyFailure(context, 'a shell, attach or port-forward');
    const got = await connect(signal, ...rest);
    if (on) {
      got.socket.destroy();
      throw readOnlyFailure(context, 'a shell, attach or port-forward');
    }
    sockets.add(got.socket);
    got.socket.once('close', () => sockets.delete(got.socket));
    return got;
  };
  return {
    get on() {
      return on;
    },
    set: (next) => {
      on = next;
      if (!on) return;
      for (const socket of [...sockets]) socket.destroy();
      sockets.clear();
    },
  };
}

function readOnlyFailure(context: string, why: string): AppFailure {
  return fail('read-only', `${context} is read-only in Binnacle: ${why} was not sent.`, {
    hint: 'Nothing was changed. Turn off "Read-only" for this context on the Clusters page to allow changes.',
  });
}
