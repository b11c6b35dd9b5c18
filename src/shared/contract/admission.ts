/**
 * Admission: what the API server asks before it stores an object. Webhooks with the state of what
 * answers them, policies with their CEL and bindings, and which of them an object would meet.
 * Nothing is sent to a webhook; nothing is changed.
 */
import { z } from 'zod';
import { OPERATIONS, type Constraints } from '../domain/admission/match';
import { call, slice } from '../rpc/define';
import type { AppError } from '../util/app-error';

export type BackendState = 'ready' | 'not-ready' | 'missing' | 'outside' | 'unknown';

export interface WebhookInfo {
  readonly id: string;
  readonly type: 'mutating' | 'validating';
  readonly configuration: string;
  readonly name: string;
  readonly failurePolicy: string;
  readonly timeoutSeconds: number;
  readonly sideEffects: string;
  readonly constraints: Constraints;
  readonly backend: {
    readonly state: BackendState;
    /** What is known of it, in a sentence. */
    readonly words: string;
    readonly service?: { readonly namespace: string; readonly name: string };
  };
  /** Epoch ms the certificate authority it is trusted by ends. */
  readonly caExpires?: number;
  /** Refuses requests now: backend gone and failure policy Fail. */
  readonly blocking: boolean;
  /** Sentences: what is dangerous about it. */
  readonly warnings: readonly string[];
}

export interface PolicyInfo {
  readonly type: 'validating' | 'mutating';
  readonly name: string;
  readonly failurePolicy: string;
  readonly paramKind: string;
  readonly constraints: Constraints;
  readonly variables: readonly { readonly name: string; readonly expression: string }[];
  /** CEL: validations, or mutations. */
  readonly expressions: readonly {
    readonly expression: string;
    readonly message: string;
    readonly reason: string;
  }[];
  /** The server's own remarks on the types of its expressions. */
  readonly remarks: readonly string[];
  /** Without a binding it does nothing. */
  readonly bindings: readonly {
    readonly name: string;
    readonly actions: readonly string[];
    readonly params: string;
    /** Undefined: wherever the policy applies. */
    readonly constraints?: Constraints;
  }[];
}

export interface AdmissionOverview {
  readonly webhooks: readonly WebhookInfo[];
  readonly policies: readonly PolicyInfo[];
  readonly lacks: readonly string[];
}

export interface AdmissionStep {
  readonly kind: 'mutating webhook' | 'validating webhook' | 'policy';
  readonly name: string;
  readonly of: string;
  readonly matches: boolean;
  readonly why: string;
  /** What it would do to the request, where it matches. */
  readonly effect: string;
  /** The request is refused as things are. */
  readonly refuses: boolean;
}

export interface AdmissionTest {
  readonly steps: readonly AdmissionStep[];
  /** Labels that were counted. */
  readonly labels: Readonly<Record<string, string>>;
  readonly namespaceLabels: Readonly<Record<string, string>>;
  readonly lacks: readonly string[];
  readonly labelError?: AppError;
}

const text = z.string().max(253);

export const admissionTestInput = z.object({
  operation: z.enum(OPERATIONS),
  group: text,
  version: text,
  resource: text,
  subresource: text,
  namespace: text,
  /** Of an object that is there: its labels are read. Empty: `labels` alone count. */
  name: text,
  labels: z.record(z.string().max(512), z.string().max(512)),
});

export const admission = slice('admission', {
  overview: call(z.object({})).returns<AdmissionOverview>(),
  /** What a request would meet, in the server's order; by rules and selectors, not by asking. */
  test: call(admissionTestInput).returns<AdmissionTest>(),
});
