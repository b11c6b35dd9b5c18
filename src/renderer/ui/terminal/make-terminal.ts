/**
 * One xterm with everything this app allows a program to do with it, and nothing else.
 * Guarantees: clipboard (OSC 52), titles and window reports are ignored; links are http(s) only
 * and never opened here; WebGL is used while it is fast, the DOM else; all ends with `dispose`.
 */
import { FitAddon } from '@xterm/addon-fit';
import { SearchAddon } from '@xterm/addon-search';
import { Unicode11Addon } from '@xterm/addon-unicode11';
import { WebLinksAddon } from '@xterm/addon-web-links';
import { WebglAddon } from '@xterm/addon-webgl';
import { Terminal } from '@xterm/xterm';
import '@xterm/xterm/css/xterm.css';
import { monoFamily, terminalTheme } from './theme';

const FONT_SIZE = 12.5;
/** 18 px lines with the app's mono font. */
const LINE_HEIGHT = 1.09;

export interface MadeTerminal {
  readonly xterm: Terminal;
  readonly search: SearchAddon;
  /** Fits to its box; nothing happens while the box has no size. */
  fit(): void;
  /** WebGL contexts are few: only what is on screen has one. */
  setOnScreen(on: boolean): void;
  dispose(): void;
}

export interface MakeOptions {
  readonly box: HTMLElement;
  readonly label: string;
  readonly scrollback: number;
  readonly onLink: (url: string) => void;
}

export function makeTerminal({ box, label, scrollback, onLink }: MakeOptions): MadeTerminal {
  const openLink = (url: string): void => {
    if (/^https?:\/\//i.test(url)) onLink(url);
  };
  const xterm = new Terminal({
    allowProposedApi: true,
    cursorBlink: false,
    fontFamily: monoFamily(),
    fontSize: FONT_SIZE,
    lineHeight: LINE_HEIGHT,
    letterSpacing: 0,
    minimumContrastRatio: 4.5,
    scrollback,
    theme: terminalTheme(),
    windowOptions: {},
    linkHandler: { activate: (_event, url) => openLink(url), allowNonHttpProtocols: false },
    macOptionIsMeta: true,
    rightClickSelectsWord: false,
  });
  const fitter = new FitAddon();
  const search = new SearchAddon({ highlightLimit: 1_000 });
  xterm.loadAddon(fitter);
  xterm.loadAddon(search);
  xterm.loadAddon(new Unicode11Addon());
  xterm.loadAddon(new WebLinksAddon((_event, url) => openLink(url)));
  xterm.unicode.activeVersion = '11';
  // Titles (0, 1, 2), the working directory (7), notifications (9, 777) and the clipboard (52)
  // are asked for by whatever runs there: swallowed.
  for (const code of [0, 1, 2, 7, 9, 52, 777]) xterm.parser.registerOscHandler(code, () => true);
  xterm.open(box);
  xterm.textarea?.setAttribute('aria-label', label);

  let webgl: WebglAddon | undefined;
  const leaveWebgl = (): void => {
    webgl?.dispose();
    webgl = undefined;
  };
  const enterWebgl = (): void => {
    if (webgl || !isWebglFast()) return;
    try {
      webgl = new WebglAddon();
      webgl.onContextLoss(leaveWebgl);
      xterm.loadAddon(webgl);
    } catch {
      leaveWebgl();
    }
  };
  const themes = new MutationObserver(() => {
    xterm.options.theme = terminalTheme();
  });
  themes.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme'] });
  return {
    xterm,
    search,
    fit: () => {
      if (box.clientWidth > 40 && box.clientHeight > 20) fitter.fit();
    },
    setOnScreen: (on) => (on ? enterWebgl() : leaveWebgl()),
    dispose: () => {
      themes.disconnect();
      leaveWebgl();
      xterm.dispose();
    },
  };
}

let fast: boolean | undefined;

/** Software WebGL is slower than the DOM. */
function isWebglFast(): boolean {
  if (fast !== undefined) return fast;
  const context = document
    .createElement('canvas')
    .getContext('webgl2', { failIfMajorPerformanceCaveat: true });
  fast = context !== null;
  context?.getExtension('WEBGL_lose_context')?.loseContext();
  return fast;
}
