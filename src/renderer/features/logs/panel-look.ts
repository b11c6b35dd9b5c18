/** How a person wants logs to look; the next view begins as the last one was left. */
import type { TimeMode } from './time-words';

export interface PanelLook {
  readonly times: TimeMode;
  readonly names: 'short' | 'off';
  readonly wrap: boolean;
  readonly histogram: boolean;
  readonly columns: readonly string[];
  /** Most lines kept. */
  readonly keep: number;
}

export const firstLook: PanelLook = {
  times: 'local',
  names: 'short',
  wrap: false,
  histogram: false,
  columns: [],
  keep: 1_000_000,
};
