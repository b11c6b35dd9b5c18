/**
 * Completion and hover for YAML from an outline of what the text may say. Knows nothing of
 * Kubernetes. Texts of the outline are shown as text, never as HTML.
 */
import {
  autocompletion,
  type Completion,
  type CompletionContext,
  type CompletionResult,
} from '@codemirror/autocomplete';
import type { EditorState, Extension } from '@codemirror/state';
import { hoverTooltip } from '@codemirror/view';
import { placeAt } from './yaml-place';

export interface OutlineField {
  readonly name: string;
  /** `string`, `[]Container`, `map`: shown beside the name. */
  readonly type: string;
  readonly text: string;
  readonly required: boolean;
  /** What stands behind the colon: nothing more, a map or a list. */
  readonly shape: 'value' | 'map' | 'list';
}

export interface Outline {
  /** Fields of the map at a path; `[]` is an element of a list. Empty where nothing is known. */
  fields(path: readonly string[]): readonly OutlineField[];
  /** Values the field may have. */
  values(path: readonly string[]): readonly string[];
  describe(path: readonly string[]): OutlineField | undefined;
}

/** The outline of the document an offset is in; undefined where there is none. */
export type OutlineAt = (offset: number) => Outline | undefined;

export function assist(outlineAt: OutlineAt): Extension {
  return [
    autocompletion({ override: [(context) => complete(context, outlineAt)], icons: false }),
    hoverTooltip((view, pos) => {
      const outline = outlineAt(pos);
      const line = view.state.doc.lineAt(pos);
      if (!outline) return null;
      const place = placeAt(linesOf(view.state), line.number - 1);
      const { key } = place;
      const from = line.from + place.column;
      if (key === undefined || pos < from || pos > from + key.length) return null;
      const found = outline.describe([...place.path, key]);
      if (!found) return null;
      return {
        pos: from,
        end: from + key.length,
        above: true,
        create: () => ({ dom: card(`${[...place.path, key].join('.').replaceAll('.[]', '[]')}`, found) }),
      };
    }),
  ];
}

function linesOf(state: EditorState): readonly string[] {
  return state.doc.toString().split('\n');
}

function card(title: string, field: OutlineField): HTMLElement {
  const box = document.createElement('div');
  box.style.cssText = 'padding: 8px 10px; line-height: 18px; max-width: 480px; white-space: pre-wrap';
  const head = document.createElement('div');
  head.style.cssText = 'font-family: var(--mono); font-size: 12px';
  head.textContent = `${title}: ${field.type}${field.required ? ', required' : ''}`;
  const text = document.createElement('div');
  text.style.cssText = 'color: var(--muted); margin-top: 4px';
  text.textContent = field.text;
  box.append(head, text);
  return box;
}

const naming = /^\s*(?:- +)*([\w./-]*)$/;
const valuing = /^\s*(?:- +)*([\w./-]+):\s+(\S*)$/;

function complete(context: CompletionContext, outlineAt: OutlineAt): CompletionResult | null {
  const { state, pos } = context;
  const outline = outlineAt(pos);
  if (!outline) return null;
  const line = state.doc.lineAt(pos);
  const before = line.text.slice(0, pos - line.from);
  const value = valuing.exec(before);
  if (value) {
    const { path, key } = placeAt(linesOf(state), line.number - 1);
    const options = key === undefined ? [] : outline.values([...path, key]).map((label) => ({ label }));
    return options.length === 0 ? null : { from: pos - (value[2] ?? '').length, options, validFor: /^\S*$/ };
  }
  const name = naming.exec(before);
  if (!name || (name[1] === '' && !context.explicit)) return null;
  const place = placeAt(linesOf(state), line.number - 1);
  const there = new Set(place.siblings);
  const options = outline
    .fields(place.path)
    .filter((field) => !there.has(field.name))
    .map((field): Completion => ({
      label: field.name,
      detail: field.type,
      info: () => card(field.name, field),
      boost: field.required ? 2 : 0,
      apply: (view, _completion, from, to) => {
        const more = line.text.slice(pos - line.from).trim() !== '';
        const pad = ' '.repeat(place.column + 2);
        const tail = more
          ? ''
          : field.shape === 'map'
            ? `:\n${pad}`
            : field.shape === 'list'
              ? `:\n${pad}- `
              : ': ';
        const insert = field.name + tail;
        view.dispatch({
          changes: { from, to, insert },
          selection: { anchor: from + insert.length },
          userEvent: 'input.complete',
        });
      },
    }));
  return { from: pos - (name[1] ?? '').length, options, validFor: /^[\w./-]*$/ };
}
