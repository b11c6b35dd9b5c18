/** What a list-watch is given and what it offers. */
import type { TableState } from '#shared/contract/resources';
import type { KubeObject } from '#shared/kinds/define';
import type { Scope } from '#shared/rpc/scope';
import type { AppError } from '#shared/util/app-error';
import type { Api } from '../k8s/api';
import type { Replace } from './changes';
import type { Clock } from './clock';
import type { RawRow } from './decode/raw-row';
import type { Gate } from './gate';
import type { Progress } from './progress';
import type { Source } from './source';

/** Where rows go: a table, or a part of one. */
export interface ReflectorSink {
  beginReplace(): Replace;
  upsert(object: KubeObject): void;
  /** Where rows can be made from bytes. */
  upsertRow?(raw: RawRow): void;
  remove(uid: string): void;
  flush(): void;
  /** A line or object that could not be used. */
  skipped(error: AppError): void;
  state(state: TableState): void;
}

export interface ReflectorOptions {
  readonly api: Api;
  readonly gate: Gate;
  readonly clock: Clock;
  readonly source: Source;
  /** Discovery says that the kind can be watched; false: polled from the start. */
  readonly watchable: boolean;
  /** Objects somebody counted before the first list; undefined: nobody did. */
  readonly expected?: number | undefined;
  readonly sink: ReflectorSink;
}

export interface Reflector {
  readonly state: TableState;
  /** Stops all traffic, keeps the rows. */
  suspend(): void;
  /** Goes on, each reflector at its own moment within 2 s. */
  resume(): void;
  /** Tries now: drops every pause. */
  retry(): void;
  readonly scope: Scope;
}

/** The first part of a WatchList. */
export interface Initial {
  readonly progress: Progress;
  add(object: KubeObject): void;
  addRow(raw: RawRow): void;
  end(version: string): void;
}
