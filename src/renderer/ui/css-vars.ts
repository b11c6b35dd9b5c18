import type { CSSProperties } from 'react';

/** CSS variables for a `style`; React's types know only properties. */
export function cssVars(values: Readonly<Record<`--${string}`, string | number>>): CSSProperties {
  return values as CSSProperties;
}
