/** Label selectors: matching as the server does it, and the words of `kubectl get -o wide`. */
import { entries, items, own, str, strings } from './read';
import type { LabelSelector, StringMap } from './types';

/** Whether the labels pass. An empty selector passes all, none (null, undefined) passes nothing. */
export function matchesSelector(
  selector: LabelSelector | null | undefined,
  labels: StringMap | null | undefined,
): boolean {
  if (typeof selector !== 'object' || selector === null) return false;
  for (const [key, value] of entries(selector.matchLabels)) {
    if (!has(labels, key) || own(labels, key) !== value) return false;
  }
  return items(selector.matchExpressions).every((requirement) => {
    const key = str(requirement.key);
    const values = strings(requirement.values);
    switch (requirement.operator) {
      case 'In':
        return has(labels, key) && values.includes(own(labels, key));
      case 'NotIn':
        return !has(labels, key) || !values.includes(own(labels, key));
      case 'Exists':
        return has(labels, key);
      case 'DoesNotExist':
        return !has(labels, key);
      default:
        // An operator we do not know must not widen what is selected.
        return false;
    }
  });
}

/** Service-style selector: all equal; empty or missing selects nothing (T2). */
export function matchesLabels(
  selector: StringMap | null | undefined,
  labels: StringMap | null | undefined,
): boolean {
  const wanted = entries(selector);
  return wanted.length > 0 && wanted.every(([key, value]) => has(labels, key) && own(labels, key) === value);
}

/** `app=web,tier in (a,b),!canary`; empty selects all: `all`; missing: ''. */
export function formatSelector(selector: LabelSelector | null | undefined): string {
  if (typeof selector !== 'object' || selector === null) return '';
  const parts = [formatLabels(selector.matchLabels)].filter((part) => part !== '');
  for (const requirement of items(selector.matchExpressions)) {
    const key = str(requirement.key);
    const values = `(${strings(requirement.values).join(',')})`;
    if (requirement.operator === 'In') parts.push(`${key} in ${values}`);
    else if (requirement.operator === 'NotIn') parts.push(`${key} notin ${values}`);
    else if (requirement.operator === 'Exists') parts.push(key);
    else if (requirement.operator === 'DoesNotExist') parts.push(`!${key}`);
    else parts.push(`${key} ${str(requirement.operator)} ${values}`);
  }
  return parts.length === 0 ? 'all' : parts.join(',');
}

/** `app=web,tier=front`; '' without labels. */
export function formatLabels(labels: StringMap | null | undefined): string {
  return entries(labels)
    .map(([key, value]) => `${key}=${value}`)
    .join(',');
}

function has(labels: StringMap | null | undefined, key: string): boolean {
  return typeof labels === 'object' && labels !== null && Object.prototype.hasOwnProperty.call(labels, key);
}
