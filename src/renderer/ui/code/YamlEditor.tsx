/**
 * YAML to be written: completion and hover from an outline, remarks where they belong, notes
 * at line ends, search and replace. Controlled: `text` is what it shows; a text from outside
 * changes only what differs and keeps cursor and undo. Loads CodeMirror: import it lazily.
 */
import { closeBrackets, closeBracketsKeymap, completionKeymap } from '@codemirror/autocomplete';
import { history, historyKeymap, indentWithTab } from '@codemirror/commands';
import { indentUnit } from '@codemirror/language';
import { lintGutter, lintKeymap, setDiagnostics } from '@codemirror/lint';
import { EditorState, StateEffect, StateField, type Extension } from '@codemirror/state';
import { Decoration, EditorView, keymap, WidgetType, type DecorationSet } from '@codemirror/view';
import { useEffect, useRef, type ReactNode } from 'react';
import { assist, type OutlineAt } from './assist';
import styles from './code-view.module.css';
import { codeBase, difference, foldBlock } from './setup';

export interface EditorRemark {
  readonly from: number;
  readonly to: number;
  readonly severity: 'error' | 'warning';
  readonly message: string;
}

export interface YamlEditorProps {
  readonly text: string;
  readonly onChange: (text: string) => void;
  /** Accessible name. */
  readonly label: string;
  readonly remarks?: readonly EditorRemark[];
  readonly outlineAt?: OutlineAt;
  /** Muted text behind a line, by line number from 1; they move with their lines. */
  readonly notes?: ReadonlyMap<number, string>;
  /** `Mod-s` and `Mod-Enter`. */
  readonly onSubmit?: () => void;
  /** First line of a block that starts folded. */
  readonly fold?: RegExp;
  readonly autoFocus?: boolean;
  /** Set to move the cursor there; a new object moves it again. */
  readonly goTo?: { readonly offset: number } | undefined;
}

class Note extends WidgetType {
  private readonly text: string;
  constructor(text: string) {
    super();
    this.text = text;
  }
  override eq(other: Note): boolean {
    return other.text === this.text;
  }
  override toDOM(): HTMLElement {
    const span = document.createElement('span');
    span.className = 'cm-line-note';
    span.textContent = this.text;
    return span;
  }
}

const setNotes = StateEffect.define<ReadonlyMap<number, string>>();

const notesField = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update: (value, transaction) => {
    let notes = value.map(transaction.changes);
    for (const effect of transaction.effects) {
      if (!effect.is(setNotes)) continue;
      const { doc } = transaction.state;
      const list = [...effect.value]
        .filter(([line]) => line >= 1 && line <= doc.lines)
        .sort(([a], [b]) => a - b)
        .map(([line, text]) =>
          Decoration.widget({ widget: new Note(text), side: 1 }).range(doc.line(line).to),
        );
      notes = Decoration.set(list);
    }
    return notes;
  },
  provide: (field) => EditorView.decorations.from(field),
});

export function YamlEditor(props: YamlEditorProps): ReactNode {
  const { text, label, remarks, notes, goTo } = props;
  const box = useRef<HTMLDivElement>(null);
  const editor = useRef<EditorView | undefined>(undefined);
  const latest = useRef(props);
  useEffect(() => {
    latest.current = props;
  });
  useEffect(() => {
    if (!box.current) return undefined;
    const { text: doc, fold, autoFocus = false } = latest.current;
    const view = new EditorView({
      parent: box.current,
      state: EditorState.create({ doc, extensions: extensions(label, doc.length, latest) }),
    });
    editor.current = view;
    if (fold) foldBlock(view, fold);
    if (autoFocus) view.focus();
    return () => {
      editor.current = undefined;
      view.destroy();
    };
  }, [label]);
  useEffect(() => {
    const view = editor.current;
    if (!view || view.state.doc.toString() === text) return;
    view.dispatch({ changes: difference(view.state.doc.toString(), text) });
    if (latest.current.fold) foldBlock(view, latest.current.fold);
  }, [text]);
  useEffect(() => {
    const view = editor.current;
    if (!view) return;
    const length = view.state.doc.length;
    const inside = (remarks ?? []).filter((one) => one.from <= length);
    view.dispatch(
      setDiagnostics(
        view.state,
        inside.map((one) => ({ ...one, to: Math.min(one.to, length) })),
      ),
    );
  }, [remarks, label]);
  useEffect(() => {
    editor.current?.dispatch({ effects: setNotes.of(notes ?? new Map<number, string>()) });
  }, [notes, label]);
  useEffect(() => {
    const view = editor.current;
    if (!view || !goTo) return;
    const anchor = Math.min(goTo.offset, view.state.doc.length);
    view.dispatch({ selection: { anchor }, effects: EditorView.scrollIntoView(anchor, { y: 'center' }) });
    view.focus();
  }, [goTo]);
  return <div ref={box} className={styles.editor} />;
}

function extensions(
  label: string,
  length: number,
  latest: { readonly current: YamlEditorProps },
): Extension[] {
  const submit = (): boolean => {
    latest.current.onSubmit?.();
    return latest.current.onSubmit !== undefined;
  };
  return [
    // Before the default keys: these win.
    keymap.of([
      { key: 'Mod-s', run: submit },
      { key: 'Mod-Enter', run: submit },
      ...completionKeymap,
      ...closeBracketsKeymap,
      ...lintKeymap,
      ...historyKeymap,
      indentWithTab,
    ]),
    EditorState.tabSize.of(2),
    indentUnit.of('  '),
    history(),
    closeBrackets(),
    lintGutter(),
    assist((offset) => latest.current.outlineAt?.(offset)),
    notesField,
    codeBase(length),
    EditorView.contentAttributes.of({ 'aria-label': label }),
    EditorView.updateListener.of((update) => {
      if (!update.docChanged) return;
      const now = update.state.doc.toString();
      if (now !== latest.current.text) latest.current.onChange(now);
    }),
  ];
}
