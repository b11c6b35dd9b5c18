/** A log view as parameters of a dock panel or tab, and back; they survive a restart of the app. */
import type { LogSource } from '#shared/contract/logs';
import { plural } from '#shared/util/text';
import type { SelectedObject } from '../../data/feature';
import { hasLogs, logTab, sourceOf } from '../../data/log-tab';
import type { TabSpec } from '../../data/workbench';

export interface LogParams {
  readonly source: LogSource;
  readonly previous: boolean;
  readonly tail: number | null;
  readonly sinceSeconds: number | null;
  /** Container to show alone at first. */
  readonly container: string | undefined;
  /** Filter as text, to begin with. */
  readonly filter: string;
  /** Epoch ms to stand at. */
  readonly at: number | undefined;
}

export const FIRST_TAIL = 5_000;
/** Read before the time a view opens at (s). */
const BEFORE = 300;

/** Panel of what was chosen; undefined where that has no logs. */
export function logPanel(objects: readonly SelectedObject[], previous = false): TabSpec | undefined {
  const [first] = objects;
  if (!first || !hasLogs(first.kind)) return undefined;
  if (first.kind === 'pods' && objects.length > 1) {
    const pods = objects.map(({ namespace, name }) => ({ namespace, name })).slice(0, 1000);
    return logTab({ type: 'pods', pods }, plural(pods.length, 'pod'), { previous });
  }
  return logTab(sourceOf(first), first.name, { previous });
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
  const time = Number(params['at'] ?? '');
  const at = params['at'] && Number.isFinite(time) ? time : undefined;
  return {
    source: raw as LogSource,
    previous: params['previous'] === '1',
    tail: at === undefined ? FIRST_TAIL : null,
    sinceSeconds: at === undefined ? null : Math.max(1, Math.ceil((Date.now() - at) / 1000) + BEFORE),
    container: params['container'],
    filter: params['filter'] ?? '',
    at,
  };
}
