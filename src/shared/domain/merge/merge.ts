/**
 * Three-way merge of Kubernetes objects: what I changed and what they changed since the
 * version both started from. Guarantees: every change of either side is in the result or in
 * a conflict, never dropped; what both did alike is no conflict; lists are merged as the
 * server does (by key, as sets, or as a whole). At an open conflict the result holds theirs,
 * which is what the server has. It does not know defaults: whoever merges passes objects of
 * the same stored form.
 */
import { elementsOf, type ListRule } from './list-rules';
import { key, pathText, type Path, type Step } from './path';
import { get, isMap, mapOf, same } from './value';

export interface Conflict {
  /** `pathText` of the path; the name of a choice. */
  readonly id: string;
  readonly path: Path;
  /** `order`: both sides put the elements of a list into another order. */
  readonly what: 'value' | 'order';
  /** Undefined: not there. */
  readonly base: unknown;
  readonly mine: unknown;
  readonly theirs: unknown;
}

export type Choice = 'mine' | 'theirs' | 'base';
export type Choices = Readonly<Record<string, Choice | undefined>>;

export interface Merged {
  readonly value: unknown;
  /** Conflicts without a choice. Save only when there is none. */
  readonly conflicts: readonly Conflict[];
  /** All conflicts, chosen or not. */
  readonly all: readonly Conflict[];
}

interface Run {
  readonly rules: (path: Path) => ListRule;
  readonly choices: Choices;
  readonly open: Conflict[];
  readonly all: Conflict[];
}

export function merge3(
  base: unknown,
  mine: unknown,
  theirs: unknown,
  rules: (path: Path) => ListRule,
  choices: Choices = {},
): Merged {
  const run: Run = { rules, choices, open: [], all: [] };
  const value = merge(run, [], base, mine, theirs);
  return { value, conflicts: run.open, all: run.all };
}

function merge(run: Run, path: Path, base: unknown, mine: unknown, theirs: unknown): unknown {
  if (same(mine, theirs)) return theirs;
  if (same(base, mine)) return theirs;
  if (same(base, theirs)) return mine;
  if (isMap(mine) && isMap(theirs) && (isMap(base) || base === undefined)) {
    return mergeMaps(run, path, isMap(base) ? base : {}, mine, theirs);
  }
  if (Array.isArray(mine) && Array.isArray(theirs) && (Array.isArray(base) || base === undefined)) {
    const rule = run.rules(path);
    const lists = [(base as unknown[] | undefined) ?? [], mine, theirs].map((list) => elementsOf(list, rule));
    const [was, own, other] = lists;
    if (was && own && other) return mergeLists(run, path, rule, was, own, other);
  }
  return conflict(run, { path, what: 'value', base, mine, theirs });
}

function conflict(run: Run, found: Omit<Conflict, 'id'>): unknown {
  const id = pathText(found.path) + (found.what === 'order' ? ' (order)' : '');
  const whole: Conflict = { id, ...found };
  run.all.push(whole);
  const choice = Object.prototype.hasOwnProperty.call(run.choices, id) ? run.choices[id] : undefined;
  if (choice === undefined) run.open.push(whole);
  return found[choice ?? 'theirs'];
}

type Map_ = Readonly<Record<string, unknown>>;

function mergeMaps(run: Run, path: Path, base: Map_, mine: Map_, theirs: Map_): unknown {
  const names = new Set([...Object.keys(theirs), ...Object.keys(mine), ...Object.keys(base)]);
  const entries: (readonly [string, unknown])[] = [];
  for (const name of names) {
    const value = merge(run, [...path, key(name)], get(base, name), get(mine, name), get(theirs, name));
    if (value !== undefined) entries.push([name, value]);
  }
  return mapOf(entries);
}

type Elements = ReadonlyMap<string, { readonly step: Step; readonly value: unknown }>;

function mergeLists(
  run: Run,
  path: Path,
  rule: ListRule,
  base: Elements,
  mine: Elements,
  theirs: Elements,
): unknown {
  const merged = new Map<string, unknown>();
  for (const id of new Set([...theirs.keys(), ...mine.keys(), ...base.keys()])) {
    const [was, own, other] = [base.get(id), mine.get(id), theirs.get(id)];
    const step = (other ?? own ?? was)?.step;
    if (!step) continue;
    const value =
      rule.type === 'set'
        ? inSet(was?.value, own?.value, other?.value)
        : merge(run, [...path, step], was?.value, own?.value, other?.value);
    if (value !== undefined) merged.set(id, value);
  }
  // The order of a set means nothing.
  const order =
    rule.type === 'set'
      ? woven([...theirs.keys()], [...mine.keys()], merged)
      : mergeOrder(run, path, base, mine, theirs, merged);
  return order.map((id) => merged.get(id));
}

function inSet(was: unknown, own: unknown, other: unknown): unknown {
  if (was === undefined) return own ?? other;
  return own === undefined || other === undefined ? undefined : was;
}

/** Who moved elements decides the order; when both did, differently, it is a conflict. */
function mergeOrder(
  run: Run,
  path: Path,
  base: Elements,
  mine: Elements,
  theirs: Elements,
  merged: ReadonlyMap<string, unknown>,
): readonly string[] {
  const common = (elements: Elements): string[] =>
    [...elements.keys()].filter((id) => base.has(id) && mine.has(id) && theirs.has(id));
  const [was, own, other] = [common(base), common(mine), common(theirs)];
  const mineFirst = woven([...mine.keys()], [...theirs.keys()], merged);
  const theirsFirst = woven([...theirs.keys()], [...mine.keys()], merged);
  if (same(was, own) || same(own, other)) return theirsFirst;
  if (same(was, other)) return mineFirst;
  const names = (ids: readonly string[]): unknown => ids.map((id) => idText(id));
  const found = { path, what: 'order', base: names(was), mine: names(own), theirs: names(other) } as const;
  const chosen = conflict(run, found);
  if (chosen === found.mine) return mineFirst;
  return chosen === found.base ? woven([...base.keys()], theirsFirst, merged) : theirsFirst;
}

function idText(id: string): string {
  const parts = JSON.parse(id) as unknown;
  return Array.isArray(parts) ? parts.map(String).join('/') : String(parts);
}

/** `first` as it is, each other element after the one it stands behind in `second`. */
function woven(
  first: readonly string[],
  second: readonly string[],
  kept: ReadonlyMap<string, unknown>,
): readonly string[] {
  const result = first.filter((id) => kept.has(id));
  const there = new Set(result);
  let before: string | undefined;
  for (const id of second) {
    if (!kept.has(id)) continue;
    if (!there.has(id)) {
      result.splice(before === undefined ? 0 : result.indexOf(before) + 1, 0, id);
      there.add(id);
    }
    before = id;
  }
  for (const id of kept.keys()) if (!there.has(id)) result.push(id);
  return result;
}
