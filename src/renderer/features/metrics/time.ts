/** The time all charts of a cluster look at, and how often they ask again. One choice for all of its screens. */
import { create } from 'zustand';

export interface TimeChoice {
  /** Seconds up to now. */
  readonly span: number;
  /** A part of the past instead, epoch s: chosen by brush. */
  readonly zoom: { readonly from: number; readonly to: number } | null;
  /** Seconds between refreshes; 0: only by hand. */
  readonly every: number;
  /** Seconds back of a second picture drawn behind the first; 0: none. */
  readonly compare: number;
  /** Counts presses of "Refresh". */
  readonly asked: number;
}

const first: TimeChoice = { span: 3600, zoom: null, every: 30, compare: 0, asked: 0 };

const useTimes = create<{ readonly byId: Readonly<Record<string, TimeChoice>> }>()(() => ({ byId: {} }));

export function useTime(clusterId: string): TimeChoice {
  return useTimes((state) => state.byId[clusterId] ?? first);
}

export function setTime(clusterId: string, change: Partial<TimeChoice>): void {
  useTimes.setState((state) => ({
    byId: { ...state.byId, [clusterId]: { ...(state.byId[clusterId] ?? first), ...change } },
  }));
}

/** Nothing finer than this can be zoomed into, s. */
const LEAST = 60;

export function zoomTo(clusterId: string, from: number, to: number): void {
  const middle = (from + to) / 2;
  const half = Math.max(LEAST, to - from) / 2;
  setTime(clusterId, { zoom: { from: middle - half, to: middle + half } });
}

export const spans: readonly (readonly [seconds: number, title: string])[] = [
  [900, '15 min'],
  [3600, '1 h'],
  [10_800, '3 h'],
  [21_600, '6 h'],
  [86_400, '1 d'],
  [604_800, '7 d'],
  [2_592_000, '30 d'],
];

export const compares: readonly (readonly [seconds: number, title: string])[] = [
  [0, 'nothing'],
  [3600, '1 h before'],
  [86_400, '1 d before'],
  [604_800, '7 d before'],
];

export const refreshes: readonly (readonly [seconds: number, title: string])[] = [
  [0, 'Off'],
  [5, '5 s'],
  [15, '15 s'],
  [30, '30 s'],
  [60, '1 min'],
  [300, '5 min'],
];
