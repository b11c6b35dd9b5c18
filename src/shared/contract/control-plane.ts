/** The API server's own metrics, read through the API itself while somebody looks. Needs no Prometheus. */
import { z } from 'zod';
import type { PromUnit } from '../domain/prom/units';
import { slice, stream } from '../rpc/define';
import type { AppError } from '../util/app-error';

export interface ControlPlaneChart {
  readonly id: string;
  readonly title: string;
  readonly unit: PromUnit;
  /** One value per point of the grid; NaN is a gap. */
  readonly lines: readonly { readonly title: string; readonly values: Float64Array }[];
}

export interface ControlPlaneState {
  readonly phase: 'reading' | 'live' | 'denied' | 'failed';
  readonly error?: AppError;
  /** Epoch s of the first point; seconds between points. */
  readonly start: number;
  readonly step: number;
  readonly points: number;
  readonly charts: readonly ControlPlaneChart[];
  /** Stored objects by resource, the most first. */
  readonly objects: readonly (readonly [resource: string, count: number])[];
  /** Epoch s when the server that answered began; 0: not told. */
  readonly started: number;
  /** The readings came from more than one server (or it restarted): rates have gaps there. */
  readonly changed: number;
  /** Bytes of one reading. */
  readonly bytes: number;
}

export const controlPlane = slice('controlPlane', {
  watch: stream(z.void(), z.never()).of<ControlPlaneState>(),
});
