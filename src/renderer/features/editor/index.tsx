/** Editing and making objects as YAML. Loads on first use. */
import type { ReactNode } from 'react';
import { clusterData } from '../../data/cluster-data';
import type { CommandContext, Feature } from '../../data/feature';
import { useWorkbench } from '../../data/workbench';
import { EDIT_PAGE, NEW_PAGE, openEdit, openNew } from '../../data/edit-tab';
import { lazy, usePreload } from '../../ui/lazy';

const Edit = lazy(() => import('./EditPage').then((module) => ({ default: module.EditPage })));
const New = lazy(() => import('./NewPage').then((module) => ({ default: module.NewPage })));

const next = [Edit];

/** Who looks at one object may want to edit it: the editor's code comes in an idle moment, once. */
function Preload(): ReactNode {
  const looking = useWorkbench((state) =>
    Object.values(state.benches).some((bench) => bench.drawer !== null),
  );
  usePreload(next, looking);
  return null;
}

/** The chosen row, else what the drawer shows. */
function chosen(context: CommandContext): { kind: string; namespace: string; name: string } | undefined {
  const { clusterId, selection } = context;
  if (clusterId === null) return undefined;
  if (selection.length > 0) return selection[0];
  return useWorkbench.getState().benches[clusterId]?.drawer ?? undefined;
}

export const editorFeature: Feature = {
  id: 'editor',
  pages: [
    { id: EDIT_PAGE, component: Edit },
    { id: NEW_PAGE, component: New },
  ],
  overlays: [Preload],
  commands: [
    {
      id: 'object.edit',
      title: 'Edit YAML',
      group: 'Object',
      keys: ['e'],
      disabled: (context) => {
        const object = chosen(context);
        if (!object || context.clusterId === null) return 'hidden';
        if (context.selection.length > 1) return 'Choose one row';
        const kind = clusterData(context.clusterId).kindById.get(object.kind);
        return kind && !kind.verbs.includes('update') && !kind.verbs.includes('patch')
          ? `${kind.title} cannot be changed`
          : undefined;
      },
      run: (context) => {
        const object = chosen(context);
        if (object && context.clusterId !== null) openEdit(context.clusterId, object);
      },
    },
    {
      id: 'object.new',
      title: 'New object',
      group: 'Object',
      disabled: ({ clusterId }) => (clusterId === null ? 'No cluster is open' : undefined),
      run: ({ clusterId }) => {
        if (clusterId !== null) openNew(clusterId);
      },
    },
  ],
};
