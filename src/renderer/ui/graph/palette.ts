/** The theme's tokens as canvas colours, read when the theme changes. */
import type { GraphTone } from './scene';

export interface GraphColors {
  readonly bg: string;
  readonly surface: string;
  readonly raised: string;
  readonly text: string;
  readonly muted: string;
  readonly line: string;
  readonly edge: string;
  readonly accent: string;
  readonly selected: string;
  readonly tone: Readonly<Record<GraphTone, string>>;
  readonly badWash: string;
  readonly warnWash: string;
  readonly font: string;
  readonly mono: string;
}

export function readColors(element: Element): GraphColors {
  const style = getComputedStyle(element);
  const of = (name: string): string => style.getPropertyValue(`--${name}`).trim();
  const bg = of('bg');
  const muted = of('muted');
  return {
    bg,
    surface: of('surface'),
    raised: of('raised'),
    text: of('text'),
    muted,
    line: of('line'),
    edge: mix(bg, muted, 0.42),
    accent: of('accent'),
    selected: mix(of('surface'), of('accent'), 0.16),
    tone: {
      ok: of('ok'),
      progress: of('info'),
      warn: of('warn'),
      bad: of('bad'),
      idle: of('idle'),
      done: of('idle'),
      none: mix(bg, muted, 0.6),
    },
    badWash: mix(of('surface'), of('bad'), 0.1),
    warnWash: mix(of('surface'), of('warn'), 0.09),
    font: of('font') || 'sans-serif',
    mono: of('mono') || 'monospace',
  };
}

/** Opaque mixes: canvas draws them much faster than transparency. */
function mix(a: string, b: string, share: number): string {
  const from = rgb(a);
  const to = rgb(b);
  return `rgb(${from.map((value, i) => Math.round(value + ((to[i] ?? 0) - value) * share)).join(', ')})`;
}

function rgb(hex: string): readonly number[] {
  const found = /^#([\da-f]{2})([\da-f]{2})([\da-f]{2})/i.exec(hex);
  return found ? found.slice(1).map((part) => parseInt(part, 16)) : [0, 0, 0];
}
