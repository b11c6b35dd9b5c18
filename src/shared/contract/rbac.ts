/**
 * Who can do what, and why: questions answered in the host over a live model of the cluster's
 * roles and bindings. An answer names its paths (binding -> role -> rule) and what it lacks,
 * because something may not be read. RBAC's word only, unless a review is beside it (A20).
 */
import { z } from 'zod';
import type { Level, Violation } from '../domain/pss/types';
import type { AtomRow } from '../domain/rbac/atoms';
import type { Severity } from '../domain/rbac/risks/define';
import type { PolicyRule, Subject } from '../domain/rbac/types';
import { call, slice, stream } from '../rpc/define';
import type { AppError } from '../util/app-error';

export type RbacSourceId =
  'roles' | 'clusterroles' | 'rolebindings' | 'clusterrolebindings' | 'serviceaccounts' | 'pods';

export interface RbacSource {
  readonly id: RbacSourceId;
  readonly phase: 'off' | 'reading' | 'live' | 'stale' | 'denied';
  readonly count: number;
  /** Read one by one, because not all of the cluster may be read. */
  readonly namespaces?: readonly string[];
  readonly error?: AppError;
}

export interface RbacState {
  readonly ready: boolean;
  readonly sources: readonly RbacSource[];
  /** Sentences: what cannot be read, and what answers then lack. */
  readonly lacks: readonly string[];
  /** Changes with the objects: ask again. */
  readonly version: number;
  readonly me?: { readonly name: string; readonly groups: readonly string[] };
}

export interface ObjectName {
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
}

/** binding -> role -> rule, and the subject it was bound to. */
export interface Path {
  readonly binding: ObjectName;
  readonly role: ObjectName;
  readonly subject: Subject;
  readonly rule: PolicyRule;
  /** From 0. */
  readonly ruleIndex: number;
}

export interface SubjectPaths {
  readonly subject: { readonly kind: string; readonly namespace: string; readonly name: string };
  readonly paths: readonly Path[];
  /** More paths than are listed. */
  readonly more: number;
  /** You, or a group you are in. */
  readonly you: boolean;
  /** Members of a group as far as known; undefined: nobody lists them. */
  readonly members?: { readonly count: number; readonly first: readonly string[] };
}

export interface WhoCanAnswer {
  readonly subjects: readonly SubjectPaths[];
  readonly total: number;
  readonly notes: readonly string[];
  readonly lacks: readonly string[];
}

export interface Review {
  readonly allowed: boolean;
  readonly denied: boolean;
  readonly reason: string;
}

export interface CanAnswer {
  readonly allowed: boolean;
  readonly masters: boolean;
  readonly paths: readonly Path[];
  readonly more: number;
  readonly user: string;
  readonly groups: readonly string[];
  readonly notes: readonly string[];
  readonly lacks: readonly string[];
  /** The server's own word; absent when it could not be asked, then `reviewError` says why. */
  readonly review?: Review;
  readonly reviewError?: AppError;
  /** Set when the server says otherwise: who that likely is. */
  readonly disagreement?: string;
}

export interface EffectiveRow extends AtomRow {
  /** Indexes in `sources`. */
  readonly from: readonly number[];
}

export interface EffectiveAnswer {
  readonly rows: readonly EffectiveRow[];
  readonly sources: readonly Path[];
  /** Namespaces in which a RoleBinding names them. */
  readonly namespaces: readonly string[];
  readonly user: string;
  readonly groups: readonly string[];
  readonly notes: readonly string[];
  readonly lacks: readonly string[];
}

/** A dangerous permission somebody holds, or something loose about bindings and accounts. */
export interface RiskRow {
  /** Stable: an acceptance is kept under it. */
  readonly id: string;
  readonly source: 'permission' | 'hygiene';
  readonly severity: Severity;
  readonly title: string;
  readonly why: string;
  /** How to narrow it. */
  readonly narrow?: string;
  /** Absent: about a binding itself. */
  readonly subject?: ObjectName;
  /** Empty: the whole cluster. */
  readonly namespace: string;
  /** Objects it is limited to. */
  readonly names: readonly string[];
  readonly builtIn: boolean;
  readonly paths: readonly Path[];
  readonly more: number;
  readonly binding?: ObjectName;
  readonly pods?: readonly { readonly namespace: string; readonly name: string; readonly node: string }[];
  readonly podCount?: number;
}

export interface RisksAnswer {
  readonly rows: readonly RiskRow[];
  readonly total: number;
  readonly lacks: readonly string[];
}

/** What one subject loses with a binding, and what it keeps by others. */
export interface LostRights {
  readonly subject: ObjectName;
  readonly lost: readonly AtomRow[];
  readonly kept: readonly AtomRow[];
}

export interface RemovalAnswer {
  readonly binding: ObjectName;
  readonly role: ObjectName;
  /** The role does not exist: nothing is granted now. */
  readonly missing: boolean;
  readonly subjects: readonly LostRights[];
  readonly more: number;
  readonly notes: readonly string[];
  readonly lacks: readonly string[];
}

export interface CompareAnswer {
  readonly onlyA: readonly AtomRow[];
  readonly onlyB: readonly AtomRow[];
  readonly both: readonly AtomRow[];
  readonly notes: readonly string[];
  readonly lacks: readonly string[];
}

/** One cell: verbs granted on every name, and verbs granted on some names only. */
export type MatrixCell = readonly [all: readonly string[], some: readonly string[]];

export interface MatrixAnswer {
  readonly total: number;
  readonly offset: number;
  readonly rows: readonly { readonly subject: ObjectName; readonly cells: readonly MatrixCell[] }[];
  readonly lacks: readonly string[];
}

export interface NamespaceSecurity {
  readonly name: string;
  /** Levels its labels set; absent: the server's default. */
  readonly enforce?: Level;
  readonly warn?: Level;
  readonly audit?: Level;
  /** That run or are about to. */
  readonly pods: number;
  readonly beyondBaseline: number;
  readonly beyondRestricted: number;
  /** Whether the default service account mounts its token; undefined: not set, so it does. */
  readonly defaultAutomount?: boolean;
  /** Pods that carry the default account's token. */
  readonly defaultMounts: { readonly count: number; readonly first: readonly string[] };
  readonly violating: readonly {
    readonly name: string;
    /** The strictest level it meets. */
    readonly meets: Level;
    readonly violations: readonly Violation[];
  }[];
}

export interface PodSecurityAnswer {
  readonly namespaces: readonly NamespaceSecurity[];
  readonly labelError?: AppError;
  readonly lacks: readonly string[];
}

export interface Granter {
  readonly subject: ObjectName;
  readonly why: string;
}

export interface GrantersAnswer {
  readonly granters: readonly Granter[];
  readonly lacks: readonly string[];
}

export interface GrantCheck {
  /** What the grant gives that you do not hold yourself. */
  readonly missing: readonly AtomRow[];
  /** Sentences: why the server would refuse it. Empty: it would not, as far as rights go. */
  readonly refusals: readonly string[];
  /** It is beyond your own rights, and you may do it nevertheless (escalate, bind). */
  readonly beyond: boolean;
  readonly lacks: readonly string[];
}

export interface SubjectNames {
  readonly users: readonly string[];
  readonly groups: readonly string[];
  readonly accounts: readonly { readonly namespace: string; readonly name: string }[];
  readonly roles: readonly ObjectName[];
  readonly bindings: readonly ObjectName[];
}

const text = z.string().max(253);
const word = z.string().max(512);

export const whoInput = z.object({
  kind: z.enum(['me', 'User', 'Group', 'ServiceAccount']),
  name: word,
  /** Of a service account. */
  namespace: text,
  /** Groups the user is in besides those the server adds. */
  groups: z.array(word).max(100),
});
export type Who = z.infer<typeof whoInput>;

export const questionInput = z.object({
  verb: z.string().min(1).max(63),
  group: text,
  /** Without subresource; empty when `path` is asked. */
  resource: text,
  subresource: text,
  name: text,
  namespace: text,
  path: z.string().max(1024),
});
export type RbacQuestion = z.infer<typeof questionInput>;

const objectName = z.object({ kind: z.string().max(63), namespace: text, name: word });
/** Somebody, or a role by itself. */
export const sideInput = z.union([z.object({ who: whoInput }), z.object({ role: objectName })]);
export type Side = z.infer<typeof sideInput>;

const words = z.array(z.string().max(512)).max(200);
const grantInput = z.object({
  /** Empty: the whole cluster. */
  namespace: text,
  role: z.union([
    z.object({ kind: z.enum(['Role', 'ClusterRole']), name: word }),
    z.object({
      name: word,
      rules: z
        .array(
          z.object({
            verbs: words,
            apiGroups: words,
            resources: words,
            resourceNames: words,
            nonResourceURLs: words,
          }),
        )
        .max(50),
    }),
  ]),
});
export type GrantAsked = z.infer<typeof grantInput>;

export const rbac = slice('rbac', {
  state: stream(z.object({ pods: z.boolean() }), z.never()).of<RbacState>(),
  names: call(z.object({})).returns<SubjectNames>(),
  whoCan: call(z.object({ question: questionInput })).returns<WhoCanAnswer>(),
  can: call(z.object({ who: whoInput, question: questionInput })).returns<CanAnswer>(),
  /** Worst first, Kubernetes' own last; reads pods too. */
  risks: call(z.object({ builtIn: z.boolean() })).returns<RisksAnswer>(),
  /** Levels of namespaces and the running pods that would violate them. */
  podSecurity: call(z.object({})).returns<PodSecurityAnswer>(),
  /** What removing this binding takes away, and from whom. */
  removal: call(z.object({ binding: objectName })).returns<RemovalAnswer>(),
  compare: call(z.object({ a: sideInput, b: sideInput, namespace: text })).returns<CompareAnswer>(),
  /** Rights of many subjects on some resources; only a window of subjects is worked out. */
  matrix: call(
    z.object({
      namespace: text,
      /** Part of a subject's name. */
      filter: word,
      builtIn: z.boolean(),
      resources: z.array(z.object({ group: text, resource: text, subresource: text })).max(60),
      offset: z.number().int().min(0),
      limit: z.number().int().min(0).max(200),
    }),
  ).returns<MatrixAnswer>(),
  /** Who could grant this right to somebody who lacks it. */
  granters: call(z.object({ question: questionInput })).returns<GrantersAnswer>(),
  /** May you make this role and binding, before the server says no (A24). */
  grantCheck: call(grantInput).returns<GrantCheck>(),
  effective: call(z.object({ who: whoInput, namespace: text })).returns<EffectiveAnswer>(),
});
