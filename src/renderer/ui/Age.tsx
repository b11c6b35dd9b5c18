import type { ReactNode } from 'react';
import { formatAge } from '#shared/util/age';
import { useClockText } from './clock';
import { fullTime } from './time-text';

export interface AgeProps {
  /** Epoch ms. */
  readonly at: number;
  /** The other side's clock minus ours, ms. */
  readonly offset?: number;
  /** `{age} ago` where a sentence needs it. */
  readonly ago?: boolean;
}

/** How long ago, ticking by the shared clock without drawing its row again; full time on hover. */
export function Age({ at, offset = 0, ago = false }: AgeProps): ReactNode {
  const text = useClockText((now) => formatAge(at, now + offset));
  return (
    <time data-tip={fullTime(at)}>
      {text}
      {ago && ' ago'}
    </time>
  );
}
