/**
 * What an action is: a verb, the object as it stands, options, and the plan that follows.
 * A plan is made by a pure function on both sides: the screen shows it, the host makes it again
 * from the newest object and runs it only when it still says the same.
 */
import type { OptionsOf, VerbId } from './options';

/** An object as the server sent it; nothing in it is vouched for. */
export type Thing = Readonly<Record<string, unknown>>;

export interface Target {
  /** `pods`, `deployments.apps` */
  readonly kind: string;
  readonly group: string;
  readonly version: string;
  readonly resource: string;
  /** `Deployment` */
  readonly kindName: string;
  /** Empty for cluster-scoped objects. */
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
}

/** One field before and after; null: not there. */
export interface Change {
  readonly path: string;
  readonly before: string | null;
  readonly after: string | null;
}

export type PatchType = 'merge' | 'strategic' | 'json';

export interface PlannedRequest {
  readonly method: 'PATCH' | 'POST' | 'PUT' | 'DELETE';
  /** Absent: the object itself. */
  readonly subresource?: string;
  /** POST into this collection of the same namespace instead. */
  readonly collection?: { readonly group: string; readonly version: string; readonly resource: string };
  readonly patch?: PatchType;
  readonly body: unknown;
}

export interface Undo {
  readonly verb: VerbId;
  readonly options: OptionsOf[VerbId];
}

export interface Plan {
  /** Exactly what becomes different, for the preview and to see whether it still would. */
  readonly changes: readonly Change[];
  readonly requests: readonly PlannedRequest[];
  /** What else follows, or goes wrong, as sentences. */
  readonly warnings: readonly string[];
  /** Arguments of `kubectl`, without context and namespace; undefined only when refused. */
  readonly kubectl: readonly string[] | undefined;
  /** JSON document that the command reads from its input. */
  readonly input?: unknown;
  /** `Scaled from 3 to 5`. */
  readonly done: string;
  readonly undo?: Undo;
  /** Nothing is to be done, and why; `requests` is empty then. */
  readonly refused?: string;
  /** Something no undo brings back. */
  readonly danger?: boolean;
}

/** What a plan may need beyond the object itself; the host reads it. */
export interface Extras {
  /** ReplicaSets or ControllerRevisions of the object, any order. */
  readonly revisions?: readonly Thing[];
  /** HorizontalPodAutoscalers of the namespace. */
  readonly autoscalers?: readonly Thing[];
  readonly storageClass?: Thing;
  /** For names of new objects. */
  readonly suffix?: string;
  /** Epoch ms on the server's clock. */
  readonly now: number;
}

export type Planner<O> = (object: Thing, options: O, target: Target, extras: Extras) => Plan;

export function refuse(reason: string): Plan {
  return { changes: [], requests: [], warnings: [], kubectl: undefined, done: '', refused: reason };
}
