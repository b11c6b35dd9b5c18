/**
 * A selection of text in rows that come and go: two places, each a row and a column. Painted with
 * the browser's own highlights, so that no row is drawn anew for it.
 */

export interface Caret {
  readonly row: number;
  /** UTF-16 units into the row's text. */
  readonly column: number;
}

export class LogSelection {
  private anchor: Caret = { row: 0, column: 0 };
  private focus: Caret = this.anchor;

  get empty(): boolean {
    return this.anchor.row === this.focus.row && this.anchor.column === this.focus.column;
  }

  set(anchor: Caret, focus: Caret): void {
    this.anchor = anchor;
    this.focus = focus;
  }

  extend(focus: Caret): void {
    this.focus = focus;
  }

  /** The word around a place. */
  word({ row, column }: Caret, text: string): void {
    const isWord = (at: number): boolean => /[\p{L}\p{N}_.\-/:@]/u.test(text[at] ?? ' ');
    let from = column;
    let to = column;
    while (from > 0 && isWord(from - 1)) from -= 1;
    while (to < text.length && isWord(to)) to += 1;
    this.set({ row, column: from }, { row, column: to });
  }

  /** Upper and lower end; undefined when nothing is selected. */
  range(): { readonly from: Caret; readonly to: Caret } | undefined {
    if (this.empty) return undefined;
    const { anchor, focus } = this;
    const down = anchor.row < focus.row || (anchor.row === focus.row && anchor.column <= focus.column);
    return down ? { from: anchor, to: focus } : { from: focus, to: anchor };
  }

  /** False when nothing was selected. */
  clear(): boolean {
    if (this.empty) return false;
    this.focus = this.anchor;
    return true;
  }

  /** Selected part of one row's text; undefined when it has none. */
  within(row: number, length: number): readonly [number, number] | undefined {
    const range = this.range();
    if (!range || row < range.from.row || row > range.to.row) return undefined;
    const from = row === range.from.row ? Math.min(length, range.from.column) : 0;
    const to = row === range.to.row ? Math.min(length, range.to.column) : length;
    return from < to ? [from, to] : undefined;
  }
}

/** The place in the text under a point; beside the text: its nearest end. */
export function caretAt(x: number, y: number, body: HTMLElement | null): Caret | undefined {
  const under = document.elementFromPoint(x, y);
  const row = under?.closest<HTMLElement>('[data-row]');
  if (!row || !body?.contains(row)) return undefined;
  const text = row.querySelector<HTMLElement>('[data-text]');
  const number = Number(row.dataset['row']);
  if (!text) return { row: number, column: 0 };
  const point = document.caretRangeFromPoint(x, y);
  if (point && text.contains(point.startContainer)) {
    const before = document.createRange();
    before.selectNodeContents(text);
    before.setEnd(point.startContainer, point.startOffset);
    return { row: number, column: before.toString().length };
  }
  const { left } = text.getBoundingClientRect();
  return { row: number, column: x < left ? 0 : (text.textContent?.length ?? 0) };
}

/** Not in every DOM library's types yet. */
interface Highlights {
  set(name: string, highlight: unknown): void;
  delete(name: string): void;
}

/** Paints selection and hits of the rows that stand now. */
export function paintRanges(
  body: HTMLElement,
  selection: LogSelection,
  hitsOf: (row: number) => readonly number[],
  current: number | undefined,
): void {
  const highlights = (globalThis.CSS as unknown as { highlights?: Highlights } | undefined)?.highlights;
  const Highlight = (globalThis as unknown as { Highlight?: new (...ranges: Range[]) => unknown }).Highlight;
  if (!highlights || !Highlight) return;
  paintColors();
  const selected: Range[] = [];
  const hits: Range[] = [];
  const now: Range[] = [];
  for (const element of body.querySelectorAll<HTMLElement>('[data-row]')) {
    const row = Number(element.dataset['row']);
    const hit = hitsOf(row).length > 0;
    if ((selection.empty && !hit) || element.dataset['missing'] !== undefined) continue;
    const text = element.querySelector<HTMLElement>('[data-text]');
    if (!text) continue;
    const own = selection.empty ? undefined : selection.within(row, text.textContent?.length ?? 0);
    if (own) pushRange(text, own[0], own[1], selected);
    const places = hitsOf(row);
    for (let i = 0; i + 1 < places.length; i += 2)
      pushRange(text, places[i] ?? 0, places[i + 1] ?? 0, row === current ? now : hits);
  }
  // Several logs may stand on screen: each paints under names of its own.
  const id = idOf(body);
  for (const [name, ranges] of [
    ['log-hit', hits],
    ['log-hit-now', now],
    ['log-selected', selected],
  ] as const) {
    groups.set(`${name} ${id}`, ranges);
    const all = [...groups].filter(([key]) => key.startsWith(`${name} `)).flatMap(([, list]) => list);
    highlights.set(name, new Highlight(...all.filter((range) => range.startContainer.isConnected)));
  }
}

/**
 * Rules of highlights see no custom properties in the Chrome we must run on: the theme's colours are
 * written into them, again when they change.
 */
let sheet: CSSStyleSheet | undefined;
let painted = '';

function paintColors(): void {
  const style = getComputedStyle(document.documentElement);
  const [warn, accent, bg] = ['--warn', '--accent', '--bg'].map((name) =>
    style.getPropertyValue(name).trim(),
  );
  const colors = `${warn} ${accent} ${bg}`;
  if (colors === painted || !warn || !accent || !bg) return;
  painted = colors;
  if (!sheet) {
    sheet = new CSSStyleSheet();
    document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
  }
  sheet.replaceSync(`
    ::highlight(log-hit) { background-color: ${warn}55; }
    ::highlight(log-hit-now) { background-color: ${warn}; color: ${bg}; }
    ::highlight(log-selected) { background-color: ${accent}55; }
  `);
}

const groups = new Map<string, readonly Range[]>();
const ids = new WeakMap<HTMLElement, number>();
let nextId = 1;

function idOf(body: HTMLElement): number {
  const known = ids.get(body);
  if (known !== undefined) return known;
  ids.set(body, nextId);
  return nextId++;
}

function pushRange(root: HTMLElement, from: number, to: number, into: Range[]): void {
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  let at = 0;
  const range = document.createRange();
  let started = false;
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const length = node.nodeValue?.length ?? 0;
    if (!started && from < at + length) {
      range.setStart(node, from - at);
      started = true;
    }
    if (started && to <= at + length) {
      range.setEnd(node, to - at);
      into.push(range);
      return;
    }
    at += length;
  }
}
