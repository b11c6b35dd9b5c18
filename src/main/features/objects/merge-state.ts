/** Three versions of one object merged, told as text for the screen. */
import type { MergeState } from '#shared/contract/objects';
import { changes } from '#shared/domain/merge/diff';
import { builtInRules, firstOf, type ListRule } from '#shared/domain/merge/list-rules';
import { merge3, type Choices } from '#shared/domain/merge/merge';
import { fieldOwners } from '#shared/domain/merge/managed-fields';
import { pathText, type Path } from '#shared/domain/merge/path';
import type { KindSchema } from '#shared/contract/objects';
import { baseOf, editable, hideValues, isRecord, metaOf, type Whole } from './form';
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
  const theirChanges = changes(base, theirs, rules)
    .slice(0, MOST_CHANGES)
    .map((one) => one.text);
  const last = lastWriter(versions.theirs, theirChanges);
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
    theirChanges,
    by: last.manager,
    at: last.time,
  };
}

/** The newest manager that owns one of the changed fields; not every write leaves one behind (scaling does not). */
function lastWriter(object: Whole, changed: readonly string[]): { manager: string; time: string } {
  let newest = { manager: '', time: '' };
  for (const { manager, time, subresource, paths } of fieldOwners(metaOf(object)['managedFields'])) {
    if (subresource === 'status' || time < newest.time) continue;
    const owns = paths.some((path) => {
      const text = pathText(path);
      return changed.some((one) => text.startsWith(one) || one.startsWith(text));
    });
    if (owns) newest = { manager, time };
  }
  return newest;
}
