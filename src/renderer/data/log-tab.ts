/** Log views, for everybody who offers to open one: of an object, now or at the time something was said of it. */
import type { LogSource } from '#shared/contract/logs';
import type { ObjectRef } from '#shared/contract/resources';
import { openDock, type TabSpec } from './workbench';

export const LOGS_PAGE = 'logs';

const workloads = new Set([
  'deployments.apps',
  'statefulsets.apps',
  'daemonsets.apps',
  'replicasets.apps',
  'jobs.batch',
  'cronjobs.batch',
  'services',
  'replicationcontrollers',
  'nodes',
]);

/** Whether objects of this kind have pods whose logs can be shown. */
export function hasLogs(kind: string): boolean {
  return kind === 'pods' || workloads.has(kind);
}

export interface LogTabOptions {
  readonly previous?: boolean;
  /** Filter as text, to begin with. */
  readonly filter?: string;
  /** Epoch ms to stand at. */
  readonly at?: number;
}

export function logTab(source: LogSource, title: string, options: LogTabOptions = {}): TabSpec {
  const { previous = false, filter = '', at } = options;
  const text = JSON.stringify(source);
  const place = at === undefined ? '' : `@${at}:`;
  return {
    id: `logs:${previous ? 'previous:' : ''}${place}${text.length < 200 ? text : hash(text)}`,
    page: LOGS_PAGE,
    title: `${title}${previous ? ' (previous)' : ''}${at === undefined ? '' : ` at ${clock(at)}`}`,
    params: {
      source: text,
      previous: previous ? '1' : '',
      filter,
      ...(at === undefined ? {} : { at: String(at) }),
    },
  };
}

export function sourceOf({ kind, namespace, name }: ObjectRef): LogSource {
  return kind === 'pods'
    ? { type: 'pods', pods: [{ namespace, name }] }
    : { type: 'workload', kind, namespace, name };
}

/** The logs of an object as they were when an event was said of it. Does nothing for kinds without logs. */
export function openLogsAt(contextId: string, object: ObjectRef, at: number): void {
  if (hasLogs(object.kind)) openDock(contextId, logTab(sourceOf(object), object.name, { at }));
}

function clock(at: number): string {
  return new Date(at).toLocaleTimeString('en-GB');
}

function hash(text: string): string {
  let value = 0;
  for (let i = 0; i < text.length; i += 1) value = (Math.imul(value, 31) + text.charCodeAt(i)) | 0;
  return (value >>> 0).toString(36);
}
