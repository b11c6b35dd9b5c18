/** What every code view shares: look, colours of YAML, folding and search. Colours are the theme's variables. */
import { defaultKeymap } from '@codemirror/commands';
import { yaml } from '@codemirror/lang-yaml';
import {
  codeFolding,
  ensureSyntaxTree,
  foldable,
  foldEffect,
  foldGutter,
  foldKeymap,
  HighlightStyle,
  syntaxHighlighting,
} from '@codemirror/language';
import { highlightSelectionMatches, search, searchKeymap } from '@codemirror/search';
import type { Extension } from '@codemirror/state';
import { drawSelection, EditorView, highlightSpecialChars, keymap, lineNumbers } from '@codemirror/view';
import { tags } from '@lezer/highlight';

const field = { backgroundColor: 'var(--bg)', border: '1px solid var(--line)', borderRadius: '4px' };
const tint = (name: string, share: number): string =>
  `color-mix(in srgb, var(--${name}) ${share}%, transparent)`;

export const theme = EditorView.theme({
  '&': { height: '100%', fontSize: '12px', color: 'var(--text)', backgroundColor: 'transparent' },
  '&.cm-focused': { outline: 'none' },
  '.cm-scroller': { fontFamily: 'var(--mono)', lineHeight: '18px' },
  '.cm-content': { caretColor: 'var(--accent)' },
  '.cm-cursor': { borderLeftColor: 'var(--accent)', borderLeftWidth: '2px' },
  // Not transparent: text scrolls sideways under the gutter.
  '.cm-gutters': {
    backgroundColor: 'var(--code-bg, var(--bg))',
    color: 'var(--muted)',
    border: 'none',
  },
  '.cm-activeLine, .cm-activeLineGutter': { backgroundColor: 'transparent' },
  '.cm-selectionBackground, &.cm-focused .cm-selectionBackground': {
    backgroundColor: 'var(--mark) !important',
  },
  '.cm-searchMatch': { backgroundColor: 'var(--mark)' },
  '.cm-searchMatch-selected': { outline: '1px solid var(--accent)' },
  '.cm-foldPlaceholder': { backgroundColor: 'transparent', border: 'none', color: 'var(--muted)' },
  '.cm-panels': { backgroundColor: 'var(--surface)', color: 'var(--text)', fontFamily: 'inherit' },
  '.cm-panels.cm-panels-top': { borderBottom: '1px solid var(--line)' },
  '.cm-panel.cm-search': { padding: '6px 8px', fontSize: '12px' },
  '.cm-panel.cm-search label': { fontSize: '12px' },
  '.cm-textfield': { ...field, fontSize: '12px', padding: '2px 6px', color: 'var(--text)' },
  '.cm-button': {
    ...field,
    backgroundImage: 'none',
    color: 'var(--text)',
    fontSize: '12px',
    padding: '2px 8px',
  },
  '.cm-specialChar': { color: 'var(--bad)' },
  '.cm-tooltip': {
    backgroundColor: 'var(--raised)',
    color: 'var(--text)',
    border: '1px solid var(--line)',
    borderRadius: '4px',
    maxWidth: '520px',
  },
  '.cm-tooltip.cm-tooltip-autocomplete > ul': { fontFamily: 'var(--mono)', maxHeight: '240px' },
  '.cm-tooltip-autocomplete ul li[aria-selected]': {
    backgroundColor: tint('accent', 18),
    color: 'var(--text)',
  },
  '.cm-completionDetail': { color: 'var(--muted)', fontStyle: 'normal', marginLeft: '12px' },
  '.cm-completionMatchedText': { textDecoration: 'none', color: 'var(--accent)' },
  '.cm-tooltip.cm-completionInfo': { padding: '8px 10px', lineHeight: '18px' },
  '.cm-lintRange-error': { backgroundImage: 'none', borderBottom: '2px solid var(--bad)' },
  '.cm-lintRange-warning': { backgroundImage: 'none', borderBottom: '2px solid var(--warn)' },
  '.cm-diagnostic': { padding: '4px 8px' },
  '.cm-diagnostic-error': { borderLeft: '3px solid var(--bad)' },
  '.cm-diagnostic-warning': { borderLeft: '3px solid var(--warn)' },
  '.cm-gutter-lint': { width: '12px' },
  '.cm-lint-marker': { width: '8px', height: '8px', margin: '5px 2px', content: 'none' },
  '.cm-lint-marker-error': { backgroundColor: 'var(--bad)', borderRadius: '1px' },
  '.cm-lint-marker-warning': { backgroundColor: 'var(--warn)', borderRadius: '4px' },
  '.cm-changedLine': { backgroundColor: `${tint('accent', 8)} !important` },
  '&.cm-merge-a .cm-changedLine, .cm-deletedChunk': { backgroundColor: `${tint('bad', 8)} !important` },
  '&.cm-merge-b .cm-changedLine, .cm-insertedLine': { backgroundColor: `${tint('ok', 10)} !important` },
  '&.cm-merge-a .cm-changedText, .cm-deletedText, .cm-deletedChunk .cm-deletedText': {
    background: `${tint('bad', 24)} !important`,
  },
  '&.cm-merge-b .cm-changedText, .cm-insertedLine .cm-changedText': {
    background: `${tint('ok', 26)} !important`,
  },
  '&.cm-merge-a .cm-changedLineGutter, .cm-deletedLineGutter': { background: 'var(--bad)' },
  '&.cm-merge-b .cm-changedLineGutter': { background: 'var(--ok)' },
  '.cm-collapsedLines': {
    background: 'var(--surface)',
    color: 'var(--muted)',
    padding: '2px 8px',
    borderTop: '1px solid var(--line)',
    borderBottom: '1px solid var(--line)',
  },
  '.cm-collapsedLines:before, .cm-collapsedLines:after': { content: '""', margin: '0' },
  '.cm-line-note': { color: 'var(--muted)', marginLeft: '24px', fontStyle: 'normal', userSelect: 'none' },
});

const colours = HighlightStyle.define([
  { tag: [tags.propertyName, tags.definition(tags.propertyName)], color: 'var(--accent)' },
  { tag: [tags.string, tags.content], color: 'var(--text)' },
  { tag: [tags.number, tags.bool, tags.null, tags.keyword], color: 'var(--info)' },
  { tag: [tags.comment, tags.meta, tags.separator, tags.punctuation], color: 'var(--muted)' },
]);

/** Longer texts are shown plain: parsing them would hold up the window. */
export const PLAIN_FROM = 1_000_000;

/** For a text of this length; the caller adds what is its own (read-only, history, label). */
export function codeBase(length: number): Extension[] {
  return [
    lineNumbers(),
    foldGutter(),
    codeFolding(),
    highlightSpecialChars(),
    drawSelection(),
    search({ top: true }),
    highlightSelectionMatches(),
    keymap.of([...searchKeymap, ...foldKeymap, ...defaultKeymap]),
    ...yamlColours(length),
    theme,
  ];
}

export function yamlColours(length: number): Extension[] {
  return length < PLAIN_FROM ? [yaml(), syntaxHighlighting(colours)] : [];
}

/** Folds the block that starts on the first line the pattern matches. */
export function foldBlock(view: EditorView, start: RegExp): void {
  const { state } = view;
  if (state.doc.length >= PLAIN_FROM) return;
  const at = start.exec(state.doc.toString())?.index;
  if (at === undefined) return;
  ensureSyntaxTree(state, state.doc.length, 100);
  const line = state.doc.lineAt(at);
  const range = foldable(state, line.from, line.to);
  if (range) view.dispatch({ effects: foldEffect.of(range) });
}

/** The one span that differs: what stays keeps its folds and scroll position. */
export function difference(before: string, after: string): { from: number; to: number; insert: string } {
  const most = Math.min(before.length, after.length);
  let from = 0;
  while (from < most && before[from] === after[from]) from += 1;
  let end = 0;
  while (end < most - from && before[before.length - 1 - end] === after[after.length - 1 - end]) end += 1;
  return { from, to: before.length - end, insert: after.slice(from, after.length - end) };
}
