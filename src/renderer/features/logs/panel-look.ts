/** How a person wants logs to look; the next view begins as the last one was left. */
import { timeModes, type TimeMode } from './time-words';

export interface PanelLook {
  readonly times: TimeMode;
  readonly names: 'short' | 'off';
  readonly wrap: boolean;
  readonly histogram: boolean;
  readonly columns: readonly string[];
  /** Most lines kept. */
  readonly keep: number;
  /** Older lines go to disk. */
  readonly spill: boolean;
}

const KEY = 'binnacle.logs.look';
export const MOST_KEPT = 10_000_000;
export const LEAST_KEPT = 1_000;

const plainLook: PanelLook = {
  times: 'local',
  names: 'short',
  wrap: false,
  histogram: false,
  columns: [],
  keep: 1_000_000,
  spill: false,
};

/** Columns belong to what is shown: they begin empty. */
export function firstLook(): PanelLook {
  try {
    const raw: unknown = JSON.parse(localStorage.getItem(KEY) ?? '{}');
    const kept = (typeof raw === 'object' && raw !== null ? raw : {}) as Partial<
      Record<keyof PanelLook, unknown>
    >;
    const { times, names, wrap, histogram, keep, spill } = kept;
    return {
      ...plainLook,
      times: timeModes.find((mode) => mode === times) ?? plainLook.times,
      names: names === 'off' ? 'off' : 'short',
      wrap: wrap === true,
      histogram: histogram === true,
      keep: typeof keep === 'number' ? clampKept(keep) : plainLook.keep,
      spill: spill === true,
    };
  } catch {
    return plainLook;
  }
}

export function rememberLook({ columns: _, ...look }: PanelLook): void {
  try {
    localStorage.setItem(KEY, JSON.stringify(look));
  } catch {
    // A full or forbidden store: the next view begins plainly.
  }
}

/** What the host takes as a limit. */
export function clampKept(lines: number): number {
  return Number.isFinite(lines)
    ? Math.max(LEAST_KEPT, Math.min(MOST_KEPT, Math.round(lines)))
    : plainLook.keep;
}
