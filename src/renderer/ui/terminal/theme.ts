/** The terminal's colours, taken from the tokens of the theme in force. */
import type { ITheme } from '@xterm/xterm';

export function terminalTheme(): ITheme {
  const root = document.documentElement;
  const style = getComputedStyle(root);
  const token = (name: string): string => style.getPropertyValue(`--${name}`).trim();
  const dark = root.dataset['theme'] === 'dark';
  return {
    background: token('bg'),
    foreground: token('text'),
    cursor: token('accent'),
    cursorAccent: token('bg'),
    selectionBackground: `${token('accent')}4d`,
    selectionInactiveBackground: `${token('accent')}33`,
    scrollbarSliderBackground: `${token('muted')}33`,
    scrollbarSliderHoverBackground: `${token('muted')}66`,
    scrollbarSliderActiveBackground: `${token('muted')}80`,
    overviewRulerBorder: token('line'),
    black: dark ? token('line') : token('text'),
    red: token('bad'),
    green: token('ok'),
    yellow: token('warn'),
    blue: token('info'),
    magenta: token('cluster-magenta'),
    cyan: token('accent'),
    white: dark ? token('text') : token('line'),
    brightBlack: token('muted'),
    brightRed: token('cluster-rose'),
    brightGreen: token('cluster-green'),
    brightYellow: token('cluster-amber'),
    brightBlue: token('cluster-blue'),
    brightMagenta: token('cluster-violet'),
    brightCyan: token('cluster-teal'),
    brightWhite: dark ? token('text') : token('bg'),
  };
}

export function monoFamily(): string {
  return getComputedStyle(document.documentElement).getPropertyValue('--mono').trim();
}

/** Colours of found text: the match and all others. */
export function searchColours(): {
  matchBackground: string;
  matchOverviewRuler: string;
  activeMatchBackground: string;
  activeMatchColorOverviewRuler: string;
} {
  const style = getComputedStyle(document.documentElement);
  const line = style.getPropertyValue('--line').trim();
  const accent = style.getPropertyValue('--accent').trim();
  return {
    matchBackground: line,
    matchOverviewRuler: accent,
    activeMatchBackground: accent,
    activeMatchColorOverviewRuler: accent,
  };
}
