/**
 * The smallest configuration to send by server-side apply for an edit: what changed since
 * `base`, and what this manager applied before (left out, the server would take it away).
 * Everything else stays with its owners. Fields that were taken out but belong to others
 * cannot be removed by apply: they are returned, so that they can be said.
 */
import { changes } from './diff';
import { elementsOf, type ListRule } from './list-rules';
import { pathText, type Path, type Step } from './path';
import { get, isMap, mapOf } from './value';

export interface ApplyConfig {
  /** apiVersion, kind and metadata.name are for the caller to add. */
  readonly config: Readonly<Record<string, unknown>>;
  /** Texts of paths that were removed but are not ours to remove. */
  readonly notRemovable: readonly string[];
}

interface Tree {
  /** `all`: with everything below; `self`: named itself, and below it only what is named. */
  whole: 'all' | 'self' | undefined;
  readonly steps: Map<string, { readonly step: Step; readonly tree: Tree }>;
}

const newTree = (): Tree => ({ whole: undefined, steps: new Map() });

export function applyConfig(
  base: Readonly<Record<string, unknown>>,
  mine: Readonly<Record<string, unknown>>,
  owned: readonly Path[],
  rules: (path: Path) => ListRule,
): ApplyConfig {
  const tree = newTree();
  const ownedTexts = new Set(owned.map(pathText));
  const notRemovable: string[] = [];
  const list = changes(base, mine, rules);
  for (const change of list) {
    if (change.after !== undefined) add(tree, change.path, 'all');
    else if (!covers(ownedTexts, change.path)) notRemovable.push(change.text);
  }
  for (const path of owned) add(tree, path, 'self');
  return { config: (pick(mine, tree, [], rules) ?? {}) as Record<string, unknown>, notRemovable };
}

/** The path, or a field below it, is one of ours. */
function covers(owned: ReadonlySet<string>, path: Path): boolean {
  const text = pathText(path);
  if (owned.has(text)) return true;
  for (const one of owned) if (one.startsWith(text) && /^[.[]/.test(one.slice(text.length))) return true;
  return false;
}

function add(tree: Tree, path: Path, whole: 'all' | 'self'): void {
  let here = tree;
  for (const step of path) {
    const id = pathText([step]);
    let next = here.steps.get(id);
    if (!next) here.steps.set(id, (next = { step, tree: newTree() }));
    here = next.tree;
  }
  if (here.whole !== 'all') here.whole = whole;
}

function pick(value: unknown, tree: Tree, path: Path, rules: (path: Path) => ListRule): unknown {
  if (tree.whole === 'all' || tree.steps.size === 0) return tree.whole ? value : undefined;
  if (isMap(value)) {
    const entries: (readonly [string, unknown])[] = [];
    for (const { step, tree: inner } of tree.steps.values()) {
      if (!('key' in step)) continue;
      const part = pick(get(value, step.key), inner, [...path, step], rules);
      if (part !== undefined) entries.push([step.key, part]);
    }
    return entries.length === 0 && tree.whole === undefined ? undefined : mapOf(entries);
  }
  if (Array.isArray(value)) {
    const rule = rules(path);
    const elements = elementsOf(value, rule);
    if (!elements) return value;
    const kept: unknown[] = [];
    for (const { step, value: element } of elements.values()) {
      const inner = tree.steps.get(pathText([step]))?.tree;
      if (!inner) continue;
      if (!isMap(element) || !('keys' in step)) kept.push(element);
      else {
        const part = pick(element, inner, [...path, step], rules);
        kept.push(mapOf([...keysOf(element, step), ...Object.entries(isMap(part) ? part : {})]));
      }
    }
    return kept;
  }
  return value;
}

/** The keys of the element as it has them: a default that was left out stays left out. */
function keysOf(element: Readonly<Record<string, unknown>>, step: Step): (readonly [string, unknown])[] {
  if (!('keys' in step)) return [];
  return Object.keys(step.keys).flatMap((name) => {
    const value = get(element, name) ?? step.keys[name];
    return value === undefined ? [] : [[name, value] as const];
  });
}
