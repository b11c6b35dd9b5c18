/**
 * PromQL with Prometheus' own grammar: colours, lint, completion of functions at once and of metrics
 * and labels by `names`. Ctrl/Cmd Enter runs. Loads CodeMirror: import it lazily.
 */
import {
  acceptCompletion,
  autocompletion,
  closeBrackets,
  closeBracketsKeymap,
  closeCompletion,
  completionStatus,
  completionKeymap,
} from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands';
import { bracketMatching, HighlightStyle, syntaxHighlighting } from '@codemirror/language';
import { lintKeymap, setDiagnostics } from '@codemirror/lint';
import { EditorState, Prec } from '@codemirror/state';
import { drawSelection, EditorView, keymap, placeholder } from '@codemirror/view';
import { tags } from '@lezer/highlight';
import { PromQLExtension } from '@prometheus-io/codemirror-promql';
import { useEffect, useRef, type ReactNode } from 'react';
import styles from './chart.module.css';
import { theme } from '../code/setup';

/** What completion asks; a failure shows as no proposals. */
export interface PromqlNames {
  metricNames(): Promise<readonly string[]>;
  labelNames(metric: string | undefined): Promise<readonly string[]>;
  labelValues(label: string, metric: string | undefined): Promise<readonly string[]>;
  metadata(): Promise<readonly { readonly metric: string; readonly type: string; readonly help: string }[]>;
}

export interface PromqlEditorProps {
  readonly text: string;
  readonly onChange: (text: string) => void;
  readonly onRun: () => void;
  readonly names: PromqlNames;
  /** Accessible name; default `PromQL`. */
  readonly label?: string;
  /** Told once: puts text in place of the selection. */
  readonly onInserter?: (insert: (text: string) => void) => void;
  /** The server's refusal, and where. */
  readonly problem?: { readonly message: string; readonly from?: number } | undefined;
}

const colours = HighlightStyle.define([
  { tag: [tags.keyword, tags.operatorKeyword, tags.modifier], color: 'var(--info)' },
  { tag: [tags.function(tags.variableName)], color: 'var(--accent)' },
  { tag: [tags.labelName, tags.propertyName], color: 'var(--series-4)' },
  { tag: [tags.string, tags.number], color: 'var(--series-3)' },
  { tag: [tags.comment, tags.punctuation, tags.paren], color: 'var(--muted)' },
]);

const own = EditorView.theme({
  '.cm-content': { padding: '6px 0' },
  '.cm-line': { padding: '0 8px' },
  '&': { height: 'auto' },
  '.cm-scroller': { maxHeight: '160px', overflow: 'auto' },
  '.cm-completionIcon': { display: 'none' },
});

export function PromqlEditor(props: PromqlEditorProps): ReactNode {
  const { text, onChange, onRun, names, problem, label = 'PromQL', onInserter } = props;
  const box = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView | undefined>(undefined);
  const latest = useRef({ onChange, onRun, names, label, onInserter });
  latest.current = { onChange, onRun, names, label, onInserter };
  const first = useRef(text);
  useEffect(() => {
    if (!box.current) return undefined;
    const promql = new PromQLExtension().setComplete({
      remote: {
        metricNames: async () => [...(await latest.current.names.metricNames())],
        labelNames: async (metric) => [...(await latest.current.names.labelNames(metric))],
        labelValues: async (label, metric) => [...(await latest.current.names.labelValues(label, metric))],
        metricMetadata: async () =>
          Object.fromEntries(
            (await latest.current.names.metadata()).map(({ metric, type, help }) => [
              metric,
              [{ type, help }],
            ]),
          ),
        series: () => Promise.resolve([]),
        flags: () => Promise.resolve({}),
      },
    });
    const editor = new EditorView({
      parent: box.current,
      state: EditorState.create({
        doc: first.current,
        extensions: [
          EditorView.contentAttributes.of({ 'aria-label': latest.current.label }),
          EditorView.lineWrapping,
          history(),
          drawSelection(),
          bracketMatching(),
          closeBrackets(),
          placeholder('PromQL, e.g. sum by (namespace) (rate(container_cpu_usage_seconds_total[5m]))'),
          promql.asExtension(),
          autocompletion({ icons: false, maxRenderedOptions: 200 }),
          syntaxHighlighting(colours),
          theme,
          own,
          Prec.highest(
            keymap.of([
              {
                key: 'Mod-Enter',
                run: (view) => {
                  // Proposals would lie over the answer.
                  closeCompletion(view);
                  latest.current.onRun();
                  return true;
                },
              },
              { key: 'Tab', run: acceptCompletion },
            ]),
          ),
          keymap.of([
            ...closeBracketsKeymap,
            ...completionKeymap,
            ...historyKeymap,
            ...lintKeymap,
            ...defaultKeymap,
          ]),
          EditorView.updateListener.of((update) => {
            if (update.docChanged) latest.current.onChange(update.state.doc.toString());
            // Proposals that come after the focus has left would lie over what is used now.
            if (!update.view.hasFocus && completionStatus(update.state) !== null)
              queueMicrotask(() => closeCompletion(update.view));
          }),
        ],
      }),
    });
    view.current = editor;
    latest.current.onInserter?.((given) => {
      editor.dispatch(editor.state.replaceSelection(given));
      editor.focus();
    });
    editor.focus();
    return () => {
      view.current = undefined;
      editor.destroy();
      promql.destroy();
    };
  }, []);
  useEffect(() => {
    const editor = view.current;
    first.current = text;
    if (!editor || editor.state.doc.toString() === text) return;
    editor.dispatch({ changes: { from: 0, to: editor.state.doc.length, insert: text } });
  }, [text]);
  useEffect(() => {
    const editor = view.current;
    if (!editor || problem?.from === undefined) return;
    const from = Math.min(problem.from, editor.state.doc.length);
    const to = Math.min(editor.state.doc.length, from + 1);
    const { message } = problem;
    editor.dispatch(setDiagnostics(editor.state, [{ from, to, severity: 'error', message }]));
  }, [problem]);
  return <div ref={box} className={styles.editor} />;
}
