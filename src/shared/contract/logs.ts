/**
 * Logs of any set of pods. The host reads, merges, keeps and searches; the page asks for the rows on
 * screen and gets those. Rows are numbered: `first` is the oldest row of the view that is still kept,
 * `end` is one behind the newest; numbers never change while a filter stands, so that a screen that
 * stands still stays still.
 */
import { z } from 'zod';
import { call, slice, stream } from '../rpc/define';
import type { AppError } from '../util/app-error';

const name = z.string().min(1).max(253);
const namespace = z.string().min(1).max(253);

export const logSource = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('pods'),
    pods: z.array(z.object({ namespace, name })).min(1).max(1000),
  }),
  /** Anything that selects or owns pods: Deployment, Job, CronJob, Service, Node, a custom kind. */
  z.object({
    type: z.literal('workload'),
    kind: z.string().min(1).max(512),
    namespace: z.string().max(253),
    name,
  }),
  /** `namespace` empty: all that may be seen, or `namespaces` where some are named. */
  z.object({
    type: z.literal('selector'),
    namespace: z.string().max(253),
    namespaces: z.array(namespace).max(200).optional(),
    selector: z.string().max(4096),
  }),
  /** A file below `/logs` of a node's kubelet, or (`query`) a service of its journal. */
  z.object({ type: z.literal('node'), node: name, path: z.string().min(1).max(1024), query: z.boolean() }),
]);
export type LogSource = z.infer<typeof logSource>;

/** One word or rule a line must (or must not) meet. */
export const logTerm = z.object({
  type: z.enum(['text', 'regex', 'field']),
  text: z.string().min(1).max(1024),
  /** For `field`: its path, `http.status`; `text` is the value. */
  field: z.string().max(256).optional(),
  op: z.enum(['=', '!=', '>', '<', '~']).optional(),
  case: z.boolean().optional(),
  word: z.boolean().optional(),
});
export type LogTerm = z.infer<typeof logTerm>;

const terms = z.array(logTerm).max(32);

export const logFilter = z.object({
  include: terms,
  exclude: terms,
  /** Bit per level of `levels`; 0 shows all. */
  levels: z.number().int().min(0).max(127),
  /** Streams that are not shown: `namespace/pod/container`, `namespace/pod/`, or `//container`. */
  hidden: z.array(z.string().max(800)).max(2000),
  from: z.number().nullable(),
  to: z.number().nullable(),
  /** Lines that go on from another are left out. */
  fold: z.boolean(),
  /** Lines shown before and behind each that meets the terms. */
  context: z.number().int().min(0).max(50),
});
export type LogFilter = z.infer<typeof logFilter>;

export const noFilter: LogFilter = {
  include: [],
  exclude: [],
  levels: 0,
  hidden: [],
  from: null,
  to: null,
  fold: false,
  context: 0,
};

export type StreamPhase =
  /** Its container has not started; `words` says why. */
  | 'waiting'
  | 'opening'
  /** What was written before is being read. */
  | 'reading'
  | 'live'
  | 'reconnecting'
  /** Nothing more will come; `words` says why. */
  | 'ended'
  | 'denied'
  | 'failed';

export interface LogStreamInfo {
  readonly id: number;
  readonly namespace: string;
  readonly pod: string;
  readonly container: string;
  readonly type: 'main' | 'init' | 'sidecar' | 'ephemeral' | 'node';
  readonly phase: StreamPhase;
  readonly words: string;
  readonly lines: number;
  readonly restarts: number;
  /** Reading is held back because it writes faster than is shown. */
  readonly throttled: boolean;
}

/** Rows as columns: an array each, equally long. */
export interface LogRows {
  readonly offset: number;
  /** Number of the line in the whole log. */
  readonly seq: readonly number[];
  readonly time: readonly number[];
  readonly stream: readonly number[];
  readonly flags: readonly number[];
  /** At most 16 KiB each; the rest by `line`. */
  readonly text: readonly string[];
  /** Bytes of the whole line. */
  readonly bytes: readonly number[];
  /** Hits of the search in the text without its escape codes: start and end, start and end. */
  readonly hits: readonly (readonly number[])[];
  /** While groups are folded: lines that go on from each row. */
  readonly more?: readonly number[];
}

export interface LogSearchState {
  readonly count: number;
  /** All lines so far have been looked at. */
  readonly done: boolean;
  /** Hits by place in the view, 0..1, in 256 parts: how many each. */
  readonly marks: readonly number[];
  readonly error?: string;
}

export interface LogHistogram {
  readonly from: number;
  /** ms a bar. */
  readonly step: number;
  /** Per bar 7 counts, one a level. */
  readonly counts: readonly number[];
}

export interface LogBatch {
  readonly session: number;
  readonly request: number;
  readonly first: number;
  readonly end: number;
  /** Lines kept, whatever the filter. */
  readonly lines: number;
  /** Lines that left because the limit was reached. */
  readonly dropped: number;
  readonly bytes: number;
  /** Part of the bytes that lies on disk. */
  readonly disk: number;
  /** Why nothing more goes to disk. */
  readonly diskError?: string;
  readonly perSecond: number;
  /** Time of the oldest and newest row kept. */
  readonly from: number | null;
  readonly to: number | null;
  /** Part of the lines the filter has looked at, 0..1. */
  readonly filtered: number;
  readonly filterError?: string;
  /** When they changed. */
  readonly streams?: readonly LogStreamInfo[];
  /** Containers that would be more than can be followed at once. */
  readonly unopened: number;
  /** What is wrong with the whole: no right to list pods, the workload is gone. */
  readonly problem?: AppError;
  /** When they changed. */
  readonly rows?: LogRows;
  readonly search?: LogSearchState;
  readonly histogram?: LogHistogram;
}

export interface LogPods {
  readonly pods: readonly {
    readonly namespace: string;
    readonly name: string;
    readonly phase: string;
    readonly containers: number;
  }[];
  readonly truncated: boolean;
}

export interface NodeLogFiles {
  readonly entries: readonly { readonly name: string; readonly folder: boolean }[];
  readonly truncated: boolean;
  /** The kubelet answers queries for services. */
  readonly canQuery: boolean;
}

const offset = z.number().int().min(0);
const limit = z.number().int().min(0).max(400);
const search = logTerm.nullable();

const session = z.number().int();

export const logs = slice('logs', {
  follow: stream(
    z.object({
      source: logSource,
      /** The instance before the last restart. */
      previous: z.boolean(),
      /** Lines of each container to begin with; null: all. */
      tail: z.number().int().min(0).max(10_000_000).nullable(),
      sinceSeconds: z.number().int().min(1).nullable(),
      follow: z.boolean(),
      /** The instance before is read too, as far as `sinceSeconds` reaches back. */
      withPrevious: z.boolean().optional(),
      /** Most lines kept. */
      keep: z.number().int().min(1000).max(10_000_000),
      /** Older lines go to a file without a name instead of memory. */
      spill: z.boolean().optional(),
      limit,
      filter: logFilter,
      request: z.number().int(),
    }),
    z.object({
      /** Absent: the newest rows. */
      offset: offset.optional(),
      limit: limit.optional(),
      filter: logFilter.optional(),
      /** Heads of folded groups that are shown whole, by seq. */
      unfolded: z.array(z.number().int()).max(2000).optional(),
      search: search.optional(),
      histogram: z.number().int().min(0).max(400).optional(),
      hidden: z.boolean().optional(),
      keep: z.number().int().min(1000).max(10_000_000).optional(),
      spill: z.boolean().optional(),
      request: z.number().int(),
    }),
  ).of<LogBatch>(),
  /** Row of the next or previous hit from a row; null when there is none. */
  find: call(z.object({ session, from: z.number().int(), direction: z.enum(['next', 'previous']) })).returns<{
    row: number;
    index: number;
  } | null>(),
  /** First row at or after a time. */
  rowAt: call(z.object({ session, time: z.number() })).returns<{ row: number }>(),
  /** Row of a line in the view as it is now, or the nearest after it. */
  rowOf: call(z.object({ session, seq: z.number().int() })).returns<{ row: number }>(),
  /** Pods a source has now, at most 1,000 of them. */
  pods: call(z.object({ source: logSource })).returns<LogPods>(),
  /** Names of the nodes, at most 2,000. */
  nodes: call(z.object({})).returns<{ names: readonly string[]; truncated: boolean }>(),
  /** Log files of a node below a folder of `/logs`, and whether its journal can be asked. */
  nodeFiles: call(z.object({ node: name, folder: z.string().max(1024) })).returns<NodeLogFiles>(),
  /** One whole line, up to 8 MB. */
  line: call(z.object({ session, seq: z.number().int() })).returns<{ text: string }>(),
  /** Text of rows, both ends included, for copy and save; at most 64 MB. */
  text: call(
    z.object({
      session,
      from: offset,
      to: offset,
      format: z.enum(['text', 'ndjson']),
      times: z.boolean(),
      names: z.boolean(),
    }),
  ).returns<{ text: string; truncated: boolean }>(),
});
