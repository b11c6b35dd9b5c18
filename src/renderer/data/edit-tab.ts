/** Tabs of the editor, for everybody who offers to edit or to make an object: one per object, one for new ones. */
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

export function openNew(contextId: string): void {
  openTab(contextId, { id: NEW_PAGE, page: NEW_PAGE, title: 'New object', params: {} });
}
