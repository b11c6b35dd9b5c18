/** The tab that shows a kind's table. Its page is registered by the resources feature. */
import type { TabSpec } from './workbench';

export const RESOURCES_PAGE = 'resources';

export function kindTab(kind: { readonly id: string; readonly title: string }): TabSpec {
  return { id: `kind:${kind.id}`, page: RESOURCES_PAGE, title: kind.title, params: { kind: kind.id } };
}
