/**
 * Read-only YAML in CodeMirror: folding, search (Ctrl F), our colours. New text keeps the
 * scroll position and changes only what differs; managedFields arrives folded.
 */
import { defaultKeymap } from '@codemirror/commands';
import { yaml } from '@codemirror/lang-yaml';
import {
  codeFolding,
  foldGutter,
  foldEffect,
  foldKeymap,
  foldable,
  HighlightStyle,
  syntaxHighlighting,
  ensureSyntaxTree,
} from '@codemirror/language';
import { highlightSelectionMatches, search, searchKeymap } from '@codemirror/search';
import { EditorState } from '@codemirror/state';
import { drawSelection, EditorView, highlightSpecialChars, keymap, lineNumbers } from '@codemirror/view';
import { tags } from '@lezer/highlight';
import { useEffect, useRef, type ReactNode } from 'react';
import styles from './code-view.module.css';

const theme = EditorView.theme({
  '&': { height: '100%', fontSize: '12px', color: 'var(--text)', backgroundColor: 'transparent' },
  '&.cm-focused': { outline: 'none' },
  '.cm-scroller': { fontFamily: 'var(--mono)', lineHeight: '18px' },
  '.cm-gutters': { backgroundColor: 'transparent', color: 'var(--muted)', border: 'none' },
  '.cm-activeLine, .cm-activeLineGutter': { backgroundColor: 'transparent' },
  '.cm-selectionBackground, &.cm-focused .cm-selectionBackground': {
    backgroundColor: 'var(--mark) !important',
  },
  '.cm-searchMatch': { backgroundColor: 'var(--mark)' },
  '.cm-searchMatch-selected': { outline: '1px solid var(--accent)' },
  '.cm-foldPlaceholder': { backgroundColor: 'transparent', border: 'none', color: 'var(--muted)' },
  '.cm-panels': { backgroundColor: 'var(--surface)', color: 'var(--text)' },
  '.cm-panels.cm-panels-top': { borderBottom: '1px solid var(--line)' },
  '.cm-textfield': { backgroundColor: 'var(--bg)', border: '1px solid var(--line)', borderRadius: '4px' },
  '.cm-button': {
    backgroundImage: 'none',
    backgroundColor: 'var(--bg)',
    border: '1px solid var(--line)',
    borderRadius: '4px',
  },
  '.cm-specialChar': { color: 'var(--bad)' },
});

const colours = HighlightStyle.define([
  { tag: [tags.propertyName, tags.definition(tags.propertyName)], color: 'var(--accent)' },
  { tag: [tags.string, tags.content], color: 'var(--text)' },
  { tag: [tags.number, tags.bool, tags.null, tags.keyword], color: 'var(--info)' },
  { tag: [tags.comment, tags.meta, tags.separator, tags.punctuation], color: 'var(--muted)' },
]);

/** Longer texts are shown plain: parsing them would hold up the window. */
const PLAIN_FROM = 1_000_000;

export interface CodeViewProps {
  readonly text: string;
  /** Accessible name. */
  readonly label: string;
}

export function CodeView({ text, label }: CodeViewProps): ReactNode {
  const box = useRef<HTMLDivElement>(null);
  const editor = useRef<EditorView | undefined>(undefined);
  const first = useRef(text);
  useEffect(() => {
    if (!box.current) return undefined;
    const view = new EditorView({
      parent: box.current,
      state: EditorState.create({
        doc: first.current,
        extensions: [
          EditorState.readOnly.of(true),
          EditorView.contentAttributes.of({ 'aria-label': label, 'aria-readonly': 'true' }),
          lineNumbers(),
          foldGutter(),
          codeFolding(),
          highlightSpecialChars(),
          drawSelection(),
          search({ top: true }),
          highlightSelectionMatches(),
          keymap.of([...searchKeymap, ...foldKeymap, ...defaultKeymap]),
          ...(first.current.length < PLAIN_FROM ? [yaml(), syntaxHighlighting(colours)] : []),
          theme,
        ],
      }),
    });
    editor.current = view;
    foldManagedFields(view);
    return () => {
      editor.current = undefined;
      view.destroy();
    };
  }, [label]);
  useEffect(() => {
    const view = editor.current;
    first.current = text;
    if (!view || view.state.doc.toString() === text) return;
    view.dispatch({ changes: difference(view.state.doc.toString(), text) });
    foldManagedFields(view);
  }, [text]);
  return <div ref={box} className={styles.editor} />;
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

function foldManagedFields(view: EditorView): void {
  const { state } = view;
  const at = /^ {2}managedFields:/m.exec(state.doc.toString())?.index;
  if (at === undefined || state.doc.length >= PLAIN_FROM) return;
  ensureSyntaxTree(state, state.doc.length, 100);
  const line = state.doc.lineAt(at);
  const range = foldable(state, line.from, line.to);
  if (range) view.dispatch({ effects: foldEffect.of(range) });
}
