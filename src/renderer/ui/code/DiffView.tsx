/**
 * Two texts and what differs, side by side or in one column; equal parts are folded away.
 * Read-only. Loads CodeMirror: import it lazily.
 */
import { MergeView, unifiedMergeView } from '@codemirror/merge';
import { EditorState, type Extension } from '@codemirror/state';
import { EditorView, highlightSpecialChars, lineNumbers } from '@codemirror/view';
import { useEffect, useRef, type ReactNode } from 'react';
import styles from './code-view.module.css';
import { theme, yamlColours } from './setup';

export interface DiffViewProps {
  readonly before: string;
  readonly after: string;
  /** Accessible name; the two sides add `before` and `after`. */
  readonly label: string;
  readonly mode: 'side by side' | 'unified';
}

const collapseUnchanged = { margin: 3, minSize: 6 };
/** Large texts: a rough diff in time beats a fine one that holds up the window. */
const diffConfig = { scanLimit: 2_000, timeout: 500 };

function base(length: number, label: string): Extension[] {
  return [
    EditorState.readOnly.of(true),
    EditorView.editable.of(false),
    EditorView.contentAttributes.of({ 'aria-label': label, 'aria-readonly': 'true', tabindex: '0' }),
    lineNumbers(),
    highlightSpecialChars(),
    ...yamlColours(length),
    theme,
  ];
}

export function DiffView({ before, after, label, mode }: DiffViewProps): ReactNode {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const parent = box.current;
    if (!parent) return undefined;
    const length = Math.max(before.length, after.length);
    if (mode === 'side by side') {
      const view = new MergeView({
        parent,
        a: { doc: before, extensions: base(length, `${label}, before`) },
        b: { doc: after, extensions: base(length, `${label}, after`) },
        collapseUnchanged,
        diffConfig,
        gutter: true,
        highlightChanges: true,
      });
      return () => view.destroy();
    }
    const view = new EditorView({
      parent,
      state: EditorState.create({
        doc: after,
        extensions: [
          base(length, label),
          unifiedMergeView({
            original: before,
            mergeControls: false,
            collapseUnchanged,
            diffConfig,
            gutter: true,
          }),
        ],
      }),
    });
    return () => view.destroy();
  }, [before, after, label, mode]);
  return <div ref={box} className={mode === 'unified' ? styles.editor : styles.sides} />;
}
