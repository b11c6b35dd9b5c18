/**
 * What the engine and the features know of a cluster's HTTP API. The transport behind
 * it owns sockets, TLS, proxies and credentials; nobody else sees a token or a URL.
 * Guarantees of an implementation:
 * - a status outside 2xx rejects with an AppFailure made from the server's Status
 *   (code, message, reason, retryAfter, denied); redirects are errors, never followed;
 * - network failures reject with dns, refused, timeout, tls, proxy or network, never raw;
 * - 401 refreshes credentials once (single flight) and repeats an idempotent request once;
 * - a body that is neither JSON nor the asked-for type rejects with bad-answer;
 * - aborting the signal, or leaving the body's iteration, frees the socket.
 */

export interface ApiRequest {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Absolute path, each segment already percent-encoded (see `k8s/path.ts`). */
  readonly path: string;
  readonly query?: Readonly<Record<string, string | number | boolean | readonly string[] | undefined>>;
  /** Default `application/json`. */
  readonly accept?: string;
  readonly body?: string | Uint8Array;
  /** Default `application/json` when there is a body. */
  readonly contentType?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Until the response head; default 30 s. Bodies have no limit here: streams may be long. */
  readonly timeoutMs?: number;
  /** `watch` and `follow` requests never count against the pool for short ones. */
  readonly long?: boolean;
  /**
   * Of a GET: megabytes are expected, or thousands of objects watched. Read on a connection of its own with the
   * least work (direct-line.ts), where there is one to be had.
   */
  readonly bulk?: boolean;
  /** A request with `bulk` is likely to follow: its connection is made meanwhile. */
  readonly bulkNext?: boolean;
  /**
   * Statuses outside 2xx that come back as answers, for programs behind the server's proxy whose
   * refusals have bodies of their own. 401, 429 and redirects never do.
   */
  readonly pass?: readonly number[];
}

export interface ApiResponse {
  readonly status: number;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  /** Decoded (gunzipped) bytes as they come. */
  readonly body: AsyncIterable<Uint8Array>;
}

export interface Api {
  /** Resolves with the head; the body flows as it is read (back-pressure reaches the socket). */
  open(request: ApiRequest, signal: AbortSignal): Promise<ApiResponse>;
  /** A whole JSON document; `maxBytes` default 32 MiB, beyond it `too-large`. */
  json<T>(request: ApiRequest, signal: AbortSignal, maxBytes?: number): Promise<T>;
  /** Server clock minus ours in ms, from the Date header of the last answers. */
  readonly clockOffset: number;
  /** Closes every pooled socket, e.g. after wake: half-open ones are never reused. */
  dropConnections(): void;
}
