/**
 * Read-only YAML in CodeMirror: folding, search (Ctrl F), our colours. New text keeps the
 * scroll position and changes only what differs; managedFields arrives folded.
 */
import { EditorState } from '@codemirror/state';
import { EditorView } from '@codemirror/view';
import { useEffect, useRef, type ReactNode } from 'react';
import styles from './code-view.module.css';
import { codeBase, difference, foldBlock } from './setup';

const MANAGED_FIELDS = /^ {2}managedFields:/m;

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
          codeBase(first.current.length),
        ],
      }),
    });
    editor.current = view;
    foldBlock(view, MANAGED_FIELDS);
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
    foldBlock(view, MANAGED_FIELDS);
  }, [text]);
  return <div ref={box} className={styles.editor} />;
}
