/**
 * Label selectors compiled for many matches, with a key that is equal for equal selectors.
 * Requirements are ANDed (S10). A selector that cannot be read matches nothing: a mistake must
 * never widen what is selected.
 */
import type { StringMap } from '../../k8s/types';

interface Requirement {
  readonly key: string;
  readonly operator: 'In' | 'NotIn' | 'Exists' | 'DoesNotExist' | 'Never';
  readonly values: ReadonlySet<string>;
}

export interface Selector {
  /** Canonical text: equal selectors, equal keys. */
  readonly key: string;
  readonly requirements: readonly Requirement[];
  /** False when something in it could not be read. */
  readonly valid: boolean;
  /** Of an expression that is no list of requirements; asked after those. */
  readonly test?: (labels: StringMap) => boolean;
  /** Label keys `test` reads. */
  readonly keys?: readonly string[];
  /** The expression as it is written. */
  readonly text?: string;
}

type Loose = Readonly<Record<string, unknown>>;

/** Whether a field holds an object, so that a selector is there: `{}` is, null and missing are not. */
export function isObject(value: unknown): value is Loose {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function compileSelector(value: unknown): Selector {
  const requirements: Requirement[] = [];
  let valid = isObject(value);
  const never = (): void => {
    valid = false;
    requirements.push({ key: '', operator: 'Never', values: new Set() });
  };
  if (!isObject(value)) never();
  else {
    if (isObject(value.matchLabels)) {
      for (const [key, text] of Object.entries(value.matchLabels)) {
        if (isScalar(text)) requirements.push({ key, operator: 'In', values: new Set([String(text)]) });
        else never();
      }
    } else if (value.matchLabels != null) never();
    if (Array.isArray(value.matchExpressions)) {
      for (const item of value.matchExpressions as readonly unknown[]) {
        const requirement = expression(item);
        if (requirement) requirements.push(requirement);
        else never();
      }
    } else if (value.matchExpressions != null) never();
  }
  const texts = requirements.map((one) => JSON.stringify([one.key, one.operator, [...one.values].sort()]));
  return { key: [...new Set(texts)].sort().join('&'), requirements, valid };
}

function expression(item: unknown): Requirement | undefined {
  if (!isObject(item) || typeof item.key !== 'string') return undefined;
  const values = new Set((Array.isArray(item.values) ? item.values : []).filter(isScalar).map(String));
  switch (item.operator) {
    case 'In':
    case 'NotIn':
      return values.size > 0 ? { key: item.key, operator: item.operator, values } : undefined;
    case 'Exists':
    case 'DoesNotExist':
      return { key: item.key, operator: item.operator, values: new Set() };
    default:
      return undefined;
  }
}

/** YAML that forgot its quotes gives numbers and booleans where labels are. */
export function isScalar(value: unknown): value is string | number | boolean {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
}

export function matches(selector: Selector, labels: StringMap | undefined): boolean {
  for (const { key, operator, values } of selector.requirements) {
    const has = labels !== undefined && Object.prototype.hasOwnProperty.call(labels, key);
    switch (operator) {
      case 'In':
        if (!has || !values.has(String(labels[key]))) return false;
        break;
      case 'NotIn':
        if (has && values.has(String(labels[key]))) return false;
        break;
      case 'Exists':
        if (!has) return false;
        break;
      case 'DoesNotExist':
        if (has) return false;
        break;
      case 'Never':
        return false;
    }
  }
  return selector.test === undefined || selector.test(labels ?? {});
}
