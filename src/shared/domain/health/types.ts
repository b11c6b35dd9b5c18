/**
 * Diagnosis as data: what is wrong with an object, by which fields that is known, why, and what to
 * do next. A finding never claims more than its evidence shows. Rule ids (D1...) are those of the
 * symptom table. Everything is pure: objects, events and neighbours in, findings out, `now` passed in.
 */
import type { VerbId } from '../actions/options';

export interface ObjectLink {
  /** Kind id: `pods`, `deployments.apps`. */
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
}

/** A field and what stands in it, or an event. */
export interface Evidence {
  readonly path: string;
  readonly value: string;
  /** Another object than the one diagnosed. */
  readonly of?: ObjectLink;
}

/** What a button can do about it. */
export type Step =
  | { readonly do: 'logs'; readonly title: string; readonly previous: boolean; readonly container: string }
  | { readonly do: 'open'; readonly title: string; readonly link: ObjectLink }
  | { readonly do: 'tab'; readonly title: string; readonly tab: 'events' | 'yaml' }
  | { readonly do: 'command'; readonly title: string; readonly id: `action.${VerbId}` };

export interface Finding {
  readonly rule: string;
  readonly tone: 'bad' | 'warn' | 'info';
  /** What is wrong, as a person says it. */
  readonly what: string;
  /** Why, as far as the fields tell; '' where they do not. */
  readonly cause: string;
  readonly next: string;
  readonly steps: readonly Step[];
  readonly evidence: readonly Evidence[];
}

export interface EventFact {
  readonly type: string;
  readonly reason: string;
  readonly message: string;
  readonly count: number;
  /** Epoch ms. */
  readonly last: number | null;
  /** Kind and name of what it is about. */
  readonly about: string;
}

export interface PodBrief {
  readonly uid: string;
  readonly namespace: string;
  readonly name: string;
  readonly node: string;
  readonly ip: string;
  readonly tone: 'ok' | 'progress' | 'warn' | 'bad' | 'idle' | 'done';
  readonly words: string;
  readonly ready: readonly [number, number];
  readonly restarts: number;
  /** Epoch ms. */
  readonly lastRestart: number | null;
  readonly created: number | null;
  /** `http:8080`, `:9090` for ports without a name. */
  readonly ports: readonly string[];
  /** Hash of its revision: `pod-template-hash` or `controller-revision-hash`. */
  readonly revision: string;
  /** Sums of requests: cores and bytes; null: none asked. */
  readonly cpu: number | null;
  readonly memory: number | null;
}

export interface EndpointBrief {
  readonly addresses: readonly string[];
  readonly ready: boolean;
  readonly serving: boolean;
  readonly terminating: boolean;
  readonly node: string;
  /** '' where the endpoint is no pod. */
  readonly pod: string;
  readonly ports: readonly string[];
}

export interface ServiceBrief {
  readonly namespace: string;
  readonly name: string;
  readonly exists: boolean;
  readonly type: string;
  readonly ports: readonly { readonly name: string; readonly port: number }[];
  /** null: not known. */
  readonly ready: number | null;
}

export interface RevisionBrief {
  readonly number: number;
  readonly kind: string;
  readonly name: string;
  readonly images: readonly string[];
  readonly created: number | null;
  readonly cause: string;
  readonly current: boolean;
  /** null where revisions have no pods of their own (ControllerRevision). */
  readonly replicas: readonly [ready: number, wanted: number] | null;
}

export interface JobBrief {
  readonly uid: string;
  readonly namespace: string;
  readonly name: string;
  readonly tone: PodBrief['tone'];
  readonly words: string;
  readonly started: number | null;
  readonly ended: number | null;
}

export interface NamedState extends ObjectLink {
  /** In a few words: `2 of 3 ready`, `allows 0 disruptions`. */
  readonly words: string;
  readonly tone: PodBrief['tone'];
}

export interface ClassBrief {
  readonly name: string;
  readonly exists: boolean;
  readonly provisioner: string;
  readonly mode: string;
  readonly expansion: boolean;
  readonly isDefault: boolean;
}

export interface QuotaBrief {
  readonly name: string;
  readonly rows: readonly { readonly resource: string; readonly used: string; readonly hard: string }[];
}

/** What a limit range says of one resource of containers, pods or claims. */
export interface LimitBrief {
  readonly name: string;
  readonly rows: readonly { readonly type: string; readonly resource: string; readonly words: string }[];
}

export interface CountBrief {
  readonly kind: string;
  readonly title: string;
  readonly count: number;
  /** There are more, the server does not say how many. */
  readonly more?: boolean;
}

/** What stands around an object. A part that is missing is not known, which is not the same as empty. */
export interface Around {
  readonly pods?: readonly PodBrief[];
  /** There are more pods than were read. */
  readonly podsCut?: boolean;
  readonly endpoints?: readonly EndpointBrief[];
  readonly services?: readonly ServiceBrief[];
  readonly revisions?: readonly RevisionBrief[];
  readonly jobs?: readonly JobBrief[];
  /** Autoscalers, budgets, claims, secrets: whatever applies to it. */
  readonly applies?: readonly NamedState[];
  readonly classes?: readonly ClassBrief[];
  readonly quotas?: readonly QuotaBrief[];
  readonly limits?: readonly LimitBrief[];
  readonly counts?: readonly CountBrief[];
  /** Of a scale target or another reference: false when the server says there is none. */
  readonly target?: NamedState & { readonly exists: boolean };
  /** Secrets of TLS entries. */
  readonly secrets?: readonly { readonly name: string; readonly exists: boolean; readonly type: string }[];
  /** Parts that may not be read, and why. */
  readonly denied?: readonly { readonly what: string; readonly message: string }[];
}

export interface Subject {
  readonly kind: string;
  readonly object: unknown;
  readonly around: Around;
  /** Of the object and its owners. */
  readonly events: readonly EventFact[];
  /** Epoch ms on the server's clock. */
  readonly now: number;
}

export type Rule = (subject: Subject) => readonly Finding[];
