/**
 * What the user of a connection may do, by the server's own word (SelfSubjectAccessReview).
 * Answers are kept for 5 minutes at the host and shared by everybody who asks the same.
 */
import { z } from 'zod';
import { call, slice } from '../rpc/define';

export interface AccessQuestion {
  /** `get`, `patch`, `delete`, `create`, ... */
  readonly verb: string;
  /** Empty: the core group. */
  readonly group: string;
  readonly resource: string;
  /** `scale`, `eviction`, `log`, ... */
  readonly subresource?: string;
  /** Empty: cluster-scoped, or all namespaces. */
  readonly namespace: string;
  readonly name?: string;
}

export interface AccessVerdict {
  readonly allowed: boolean;
  /** The authorizer's own words, where it gave any. */
  readonly reason?: string;
  /** The server could not tell: `allowed` is true then, and the act itself brings the truth. */
  readonly unknown?: boolean;
}

const word = z.string().max(253);

export const accessQuestion = z.object({
  verb: z.string().min(1).max(63),
  group: word,
  resource: z.string().min(1).max(253),
  subresource: word.optional(),
  namespace: word,
  name: word.optional(),
});

export const access = slice('access', {
  /** Verdicts in the order of the questions. */
  can: call(z.object({ questions: z.array(accessQuestion).max(500) })).returns<readonly AccessVerdict[]>(),
});
