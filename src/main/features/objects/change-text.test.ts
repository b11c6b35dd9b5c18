/** Single fields of a YAML text changed, everything else left as it was. */
import { describe, expect, test } from 'vitest';
import type { FieldChange } from '#shared/contract/objects';
import { changeText } from './change-text';

const text = `kind: Deployment
spec:
  template:
    spec:
      containers:
        - name: app # the one that counts
          resources:
            requests:
              cpu: 500m
              memory: "1Gi"
        - name: side
          resources: {}
`;
const set = (container: string, field: string, value: string): FieldChange => ({
  path: [
    'spec',
    'template',
    'spec',
    'containers',
    { key: 'name', is: container },
    'resources',
    'requests',
    field,
  ],
  value,
});

describe('fields', () => {
  test('that are there keep their place, comments and quotes', () => {
    expect(changeText(text, [set('app', 'cpu', '60m'), set('app', 'memory', '128Mi')])).toBe(
      text.replace('500m', '60m').replace('"1Gi"', '"128Mi"'),
    );
  });

  test('that are not there are added, also into an empty map', () => {
    expect(changeText(text, [set('side', 'cpu', '1')])).toBe(
      text.replace('resources: {}', 'resources:\n            requests:\n              cpu: "1"'),
    );
  });

  test('of an element that is gone are refused', () => {
    expect(() => changeText(text, [set('other', 'cpu', '1')])).toThrow(/no name "other" any more/);
    expect(() => changeText('a: [', [set('app', 'cpu', '1')])).toThrow();
    expect(() => changeText(`${text}---\na: 1\n`, [set('app', 'cpu', '1')])).toThrow(/not one object/);
  });
});
