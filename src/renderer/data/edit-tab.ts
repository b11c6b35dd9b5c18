/** Tabs of the editor, for everybody who offers to edit or to make an object: one per object, one for new ones. */
import type { FieldChange } from '#shared/contract/objects';
import type { ObjectRef } from '#shared/contract/resources';
import { openTab } from './workbench';

export const EDIT_PAGE = 'edit';
export const NEW_PAGE = 'new-object';

export function openEdit(contextId: string, { kind, namespace, name }: ObjectRef): void {
  openTab(contextId, {
    id: `edit:${kind}:${namespace}:${name}`,
    page: EDIT_PAGE,
    title: `Edit ${name}`,
    params: { kind, namespace, name },
  });
}

/**
 * An editor with a proposal in it: the object as it is with these fields changed, for the person to
 * review, dry-run and save. Opened anew each time; a draft the person has of the object wins.
 */
export function openProposal(
  contextId: string,
  { kind, namespace, name }: ObjectRef,
  changes: readonly FieldChange[],
): void {
  openTab(contextId, {
    id: `edit:${kind}:${namespace}:${name}:${Date.now().toString(36)}`,
    page: EDIT_PAGE,
    title: `Edit ${name}`,
    params: { kind, namespace, name, changes: JSON.stringify(changes) },
  });
}

export function openNew(contextId: string): void {
  openTab(contextId, { id: NEW_PAGE, page: NEW_PAGE, title: 'New object', params: {} });
}
