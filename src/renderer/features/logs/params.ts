/** A log view as parameters of a dock panel or tab, and back; they survive a restart of the app. */
import type { LogSource } from '#shared/contract/logs';
import { plural } from '#shared/util/text';
import type { SelectedObject } from '../../data/feature';
import type { TabSpec } from '../../data/workbench';

export const LOGS_PAGE = 'logs';

export interface LogParams {
  readonly source: LogSource;
  readonly previous: boolean;
  readonly tail: number | null;
  readonly sinceSeconds: number | null;
  /** Container to show alone at first. */
  readonly container: string | undefined;
  /** Filter as text, to begin with. */
  readonly filter: string;
}

export const FIRST_TAIL = 5_000;

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

/** Panel of what was chosen; undefined where that has no logs. */
export function logPanel(objects: readonly SelectedObject[], previous = false): TabSpec | undefined {
  const [first] = objects;
  if (!first || !hasLogs(first.kind)) return undefined;
  if (first.kind === 'pods') {
    const pods = objects.map(({ namespace, name }) => ({ namespace, name })).slice(0, 1000);
    const title = pods.length === 1 ? first.name : plural(pods.length, 'pod');
    return panel({ type: 'pods', pods }, title, previous);
  }
  const { kind, namespace, name } = first;
  return panel({ type: 'workload', kind, namespace, name }, name, previous);
}

export function panel(source: LogSource, title: string, previous = false, filter = ''): TabSpec {
  const text = JSON.stringify(source);
  return {
    id: `logs:${previous ? 'previous:' : ''}${text.length < 200 ? text : hash(text)}`,
    page: LOGS_PAGE,
    title: previous ? `${title} (previous)` : title,
    params: { source: text, previous: previous ? '1' : '', filter },
  };
}

export function readParams(params: Readonly<Record<string, string>>): LogParams | undefined {
  let raw: unknown;
  try {
    raw = JSON.parse(params['source'] ?? '');
  } catch {
    return undefined;
  }
  // The host checks it; here it only has to look like one.
  if (typeof raw !== 'object' || raw === null || !('type' in raw)) return undefined;
  return {
    source: raw as LogSource,
    previous: params['previous'] === '1',
    tail: FIRST_TAIL,
    sinceSeconds: null,
    container: params['container'],
    filter: params['filter'] ?? '',
  };
}

function hash(text: string): string {
  let value = 0;
  for (let i = 0; i < text.length; i += 1) value = (Math.imul(value, 31) + text.charCodeAt(i)) | 0;
  return (value >>> 0).toString(36);
}
