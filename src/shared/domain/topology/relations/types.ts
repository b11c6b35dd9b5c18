/**
 * What an entry of the table of relations is made of. Entries are data; matchers are small pure
 * functions that read one field and say what it points to. They see other objects only through
 * `Sink`, which notes what they looked at, so that a change re-evaluates exactly their holders.
 */
import type { LabelSelector, StringMap } from '../../../k8s/types';

/** T1-T66 of the rules. */
export type RuleId = `T${number}`;

export type Fields = Readonly<Record<string, unknown>>;

export interface KindId {
  readonly group: string;
  readonly kind: string;
}

/** Names one object; cluster-scoped ones have an empty namespace. */
export interface Target extends KindId {
  readonly namespace: string;
  readonly name: string;
  /** When given, only the object with this uid is meant: another of the same name is another object. */
  readonly uid?: string;
}

/** An object as matchers see it. */
export interface Self extends Target {
  readonly uid: string;
  readonly labels: StringMap;
  readonly object: Fields | undefined;
}

export interface LinkOptions {
  /** Replaces the path of the field being read. */
  readonly field?: string;
  readonly value?: string;
  readonly optional?: boolean;
  /** Why the server does not honour this reference; the edge is drawn as invalid. */
  readonly invalid?: string;
  readonly note?: string;
  readonly port?: string;
  readonly relation?: string;
  readonly weak?: boolean;
  readonly inferred?: boolean;
  /** The edge starts here instead of at the object that holds the field. */
  readonly from?: Target;
  readonly reverse?: boolean;
  /** An object without uid is not what a reference with uid means (owners, claimRef). */
  readonly strictUid?: boolean;
}

/** A standing question: all objects of a kind that pass; answered again as objects come and go. */
export interface Selection extends KindId {
  readonly namespaces: 'any' | readonly string[];
  /** Also only in namespaces with these labels. */
  readonly namespaceSelector?: LabelSelector;
  readonly selector?: LabelSelector;
  /** Exact name. */
  readonly name?: string;
  /** Name without its ordinal: `data-web` finds `data-web-0` and `data-web-12` only (T20). */
  readonly stem?: string;
  /** Any of these must pass (node affinity terms). */
  readonly test?: (candidate: Self) => boolean;
  readonly options?: LinkOptions;
}

export interface Sink {
  readonly self: Self;
  /** The object that directly holds the field being read, and those around it, innermost last. */
  readonly parent: Fields;
  readonly parents: readonly Fields[];
  path(): string;
  /** The path with a field after it: `.name`. */
  pathTo(suffix: string): string;
  /** `link` to an object of the relation's own kind, of which nothing special is said. */
  linkName(namespace: string, name: string): void;
  link(target: Target, options?: LinkOptions): void;
  select(selection: Selection): void;
  clusterScoped(group: string, kind: string): boolean;
  /** Whether it is there now. */
  has(target: Target): boolean;
  /** The object itself when it is there now. */
  peek(target: Target): Fields | undefined;
  /** Objects of this kind and name in any namespace. */
  named(group: string, kind: string, name: string): readonly Self[];
  /** All objects of a (rare) kind. */
  all(group: string, kind: string): readonly Self[];
}

export type Matcher = (value: unknown, sink: Sink, relation: Relation) => void;

/** What edges of one relation mostly share. */
export interface EdgeTerms {
  readonly rule: RuleId;
  /** Name of the relation: `owner`, `selects`, `mounts`. */
  readonly relation: string;
  readonly confidence: 'fact' | 'inferred';
  /** The pod starts without it. */
  readonly optional: boolean;
  /** Second class: policy peers, labels of applications. */
  readonly weak: boolean;
  /** Why the server does not honour it. */
  readonly invalid: string | undefined;
  readonly note: string | undefined;
  readonly port: string | undefined;
}

/** One entry of the table. */
export interface Relation {
  readonly rule: RuleId;
  /** Name of the edge. */
  readonly relation: string;
  /** Kinds that hold the field, `Kind.group`; `*` for all, `@pod` for pods and everything with a pod template. */
  readonly from: string;
  /** `spec.rules[].host`, `metadata.labels["a.b/c"]`; `$` is the pod spec of `@pod`. */
  readonly field: string;
  /** What it points to, `Kind.group`; the default where the reference names its kind. */
  readonly to: string;
  readonly target: KindId;
  readonly match: Matcher;
  /** The edge runs from the object pointed to to the holder of the field. */
  readonly reverse?: boolean;
  /** Second class: drawn fainter, left out of grouping and of "what breaks". */
  readonly weak?: boolean;
  readonly inferred?: boolean;
  /** Terms of its edges where nothing special is said; one object for all of them. */
  readonly terms: EdgeTerms;
}
