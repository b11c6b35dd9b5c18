/**
 * Standing selections: which objects a selector means, kept right as objects and selectors come and
 * go. Selections are found by kind, namespace and one label they require, so an object is tested
 * only against those that may mean it. Knows nothing of edges.
 */
import { entries, items, own, str, strings } from '../../k8s/read';
import { matchesSelector } from '../../k8s/selector';
import type { StringMap } from '../../k8s/types';
import { ensure } from './ensure';
import type { Relation, Selection, Self } from './relations/types';

/** A selection held by an object, with the field it came from. */
export interface Standing<N> {
  readonly holder: N;
  readonly relation: Relation;
  readonly selection: Selection;
  readonly field: string;
  readonly value: string;
  readonly anchor: Anchor;
}

/** Every namespace carries this label, whether its object is known or not. */
const NAME_LABEL = 'kubernetes.io/metadata.name';
const ANY = '*';

/**
 * One thing every selected object must have, as key and value: a label, or one of the keys below.
 * A label that is called like one of them only means a candidate more to test.
 */
type Anchor = readonly [key: string, value: string];

const BY_NAME = '=';
const BY_STEM = '~';
const NOTHING: Anchor = ['', ''];

type ByAnchor<N> = Map<string, Map<string, Set<Standing<N>>>>;

export class Selections<N> {
  readonly #byKind = new Map<string, Map<string, ByAnchor<N>>>();
  readonly #byNamespaceLabels = new Set<Standing<N>>();

  add(standing: Standing<N>): void {
    const { selection } = standing;
    if (selection.namespaceSelector) this.#byNamespaceLabels.add(standing);
    const byNamespace = ensure(this.#byKind, kindKey(selection), () => new Map<string, ByAnchor<N>>());
    for (const namespace of namespacesOf(selection)) {
      const byAnchor = ensure(byNamespace, namespace, () => new Map<string, Map<string, Set<Standing<N>>>>());
      const [key, value] = standing.anchor;
      const byValue = ensure(byAnchor, key, () => new Map<string, Set<Standing<N>>>());
      ensure(byValue, value, () => new Set()).add(standing);
    }
  }

  remove(standing: Standing<N>): void {
    const { selection } = standing;
    this.#byNamespaceLabels.delete(standing);
    const byNamespace = this.#byKind.get(kindKey(selection));
    for (const namespace of namespacesOf(selection)) {
      const byAnchor = byNamespace?.get(namespace);
      const [key, value] = standing.anchor;
      const byValue = byAnchor?.get(key);
      const set = byValue?.get(value);
      set?.delete(standing);
      if (set?.size === 0) byValue?.delete(value);
      if (byValue?.size === 0) byAnchor?.delete(key);
      if (byAnchor?.size === 0) byNamespace?.delete(namespace);
    }
    if (byNamespace?.size === 0) this.#byKind.delete(kindKey(selection));
  }

  /** Whether anything selects objects of this kind. */
  selects(kind: string): boolean {
    return this.#byKind.has(kind);
  }

  /** Selections to evaluate again when the labels of a namespace change. */
  byNamespaceLabels(): readonly Standing<N>[] {
    return [...this.#byNamespaceLabels];
  }

  /** Selections that mean this object. `namespaceLabels` is asked only where a selection needs it. */
  matching(
    object: Self & { readonly place: { readonly key: string } },
    namespaceLabels: (namespace: string) => StringMap,
  ): Standing<N>[] {
    const found: Standing<N>[] = [];
    const byNamespace = this.#byKind.get(object.place.key);
    if (!byNamespace) return found;
    const look = (byAnchor: ByAnchor<N>, key: string, value: string): void => {
      for (const standing of byAnchor.get(key)?.get(value) ?? NONE) {
        if (means(standing.selection, object, namespaceLabels)) found.push(standing as Standing<N>);
      }
    };
    for (const byAnchor of [byNamespace.get(object.namespace), byNamespace.get(ANY)]) {
      if (!byAnchor) continue;
      look(byAnchor, ...NOTHING);
      look(byAnchor, BY_NAME, object.name);
      if (byAnchor.has(BY_STEM)) look(byAnchor, BY_STEM, stemOf(object.name) ?? '');
      for (const key of Object.keys(object.labels)) look(byAnchor, key, own(object.labels, key));
    }
    return found;
  }
}

const NONE: readonly Standing<unknown>[] = [];

/** Whether a selection means an object of its kind. */
export function means(
  selection: Selection,
  object: Self,
  namespaceLabels: (namespace: string) => StringMap,
): boolean {
  if (selection.namespaces !== 'any' && !selection.namespaces.includes(object.namespace)) return false;
  if (selection.name !== undefined && selection.name !== object.name) return false;
  if (selection.stem !== undefined && stemOf(object.name) !== selection.stem) return false;
  if (selection.selector && !matchesSelector(selection.selector, object.labels)) return false;
  if (
    selection.namespaceSelector &&
    !matchesSelector(selection.namespaceSelector, namespaceLabels(object.namespace))
  ) {
    return false;
  }
  return selection.test?.(object) ?? true;
}

/** Labels of a namespace with the one the server always sets. */
export function withNameLabel(namespace: string, labels: StringMap): StringMap {
  return own(labels, NAME_LABEL) === namespace ? labels : { ...labels, [NAME_LABEL]: namespace };
}

export function anchorOf({ name, stem, selector }: Selection): Anchor {
  if (name !== undefined) return [BY_NAME, name];
  if (stem !== undefined) return [BY_STEM, stem];
  const [first] = entries(selector?.matchLabels);
  if (first) return first;
  for (const one of items(selector?.matchExpressions)) {
    const values = strings(one.values);
    if (one.operator === 'In' && values.length === 1) return [str(one.key), values[0] ?? ''];
  }
  return NOTHING;
}

/** `data-web` of `data-web-12`; ordinals are written without leading zeros. */
function stemOf(name: string): string | undefined {
  return /^(.+)-(?:0|[1-9]\d*)$/.exec(name)?.[1];
}

function namespacesOf(selection: Selection): readonly string[] {
  return selection.namespaces === 'any' ? [ANY] : [...new Set(selection.namespaces)];
}

function kindKey(selection: Selection): string {
  return `${selection.group}/${selection.kind}`;
}
