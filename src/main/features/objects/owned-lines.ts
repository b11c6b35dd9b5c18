/** Fields with their owners, each at its line of the text that shows the object. */
import { LineCounter, parseDocument } from 'yaml';
import type { OwnedField } from '#shared/contract/objects';
import { elementsOf, type ListRule } from '#shared/domain/merge/list-rules';
import type { FieldOwner } from '#shared/domain/merge/managed-fields';
import { key, pathText, type Path } from '#shared/domain/merge/path';
import { get, isMap } from '#shared/domain/merge/value';
import { children } from './yaml-text';

export function ownedFields(
  text: string,
  object: unknown,
  owners: readonly FieldOwner[],
  rules: (path: Path) => ListRule,
): OwnedField[] {
  const counter = new LineCounter();
  const document = parseDocument(text, { lineCounter: counter, version: '1.1', logLevel: 'silent' });
  const lines = new Map<string, number>();
  walk(document.contents, object, [], rules, (path, offset) =>
    lines.set(pathText(path), counter.linePos(offset).line),
  );
  return owners.flatMap(({ manager, operation, subresource, time, paths }) =>
    paths.map((path) => {
      const shown = pathText(path);
      return { path: shown, line: lines.get(shown) ?? 0, manager, operation, subresource, time };
    }),
  );
}

function walk(
  node: unknown,
  value: unknown,
  path: Path,
  rules: (path: Path) => ListRule,
  tell: (path: Path, offset: number) => void,
): void {
  const list = Array.isArray(value) ? (value as readonly unknown[]) : undefined;
  const steps = list && [...(elementsOf(list, rules(path))?.values() ?? [])];
  for (const { name, index = 0, key: at, value: inner } of children(node)) {
    const step = list ? (steps?.[index]?.step ?? { index }) : key(name ?? '');
    const here = [...path, step];
    const start = (at ?? (inner as { range?: readonly number[] | null } | null))?.range?.[0];
    if (start !== undefined) tell(here, start);
    walk(inner, list ? list[index] : isMap(value) ? get(value, name ?? '') : undefined, here, rules, tell);
  }
}
