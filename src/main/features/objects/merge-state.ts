/** Three versions of one object merged, told as text for the screen. */
import type { MergeState } from '#shared/contract/objects';
import { changes } from '#shared/domain/merge/diff';
import { builtInRules, firstOf, type ListRule } from '#shared/domain/merge/list-rules';
import { merge3, type Choices } from '#shared/domain/merge/merge';
import type { Path } from '#shared/domain/merge/path';
import type { KindSchema } from '#shared/contract/objects';
import { baseOf, editable, hideValues, isRecord, metaOf, textOf, type Whole } from './form';
import { schemaRules } from './schemas';
import { objectText, valueText } from './yaml-text';

const MOST_CHANGES = 200;

/** Schema first, then the table of built-in kinds. */
export function rulesOf(kind: string, schema: KindSchema | undefined): (path: Path) => ListRule {
  return firstOf(schemaRules(schema), builtInRules(kind));
}

export interface Versions {
  readonly base: Whole;
  /** In editable form. */
  readonly mine: Whole;
  readonly theirs: Whole;
}

export function mergeState(
  versions: Versions,
  rules: (path: Path) => ListRule,
  choices: Choices,
  reveal: boolean,
): MergeState {
  const show = (object: Whole): Whole => editable(reveal ? object : hideValues(object));
  const [base, mine, theirs] = [show(versions.base), show(versions.mine), show(versions.theirs)];
  const merged = merge3(base, mine, theirs, rules, choices);
  const last = lastWriter(versions.theirs);
  return {
    theirs: baseOf(versions.theirs, reveal),
    theirText: objectText(theirs),
    text: objectText(isRecord(merged.value) ? merged.value : {}),
    conflicts: merged.all.map(({ id, what, base: b, mine: m, theirs: t }) => ({
      id,
      what,
      base: valueText(b),
      mine: valueText(m),
      theirs: valueText(t),
    })),
    theirChanges: changes(base, theirs, rules)
      .slice(0, MOST_CHANGES)
      .map((one) => one.text),
    by: last.manager,
    at: last.time,
  };
}

/** The manager that wrote last, status aside. */
function lastWriter(object: Whole): { manager: string; time: string } {
  const list = metaOf(object)['managedFields'];
  let newest = { manager: '', time: '' };
  for (const entry of Array.isArray(list) ? (list as unknown[]) : []) {
    if (!isRecord(entry) || entry['subresource'] === 'status') continue;
    const time = textOf(entry['time']);
    if (time >= newest.time) newest = { manager: textOf(entry['manager']), time };
  }
  return newest;
}
