/** Files of a container, as a page; transfers go on while the page is covered. */
import { chosenNow, chosenObjects } from '../../data/chosen';
import { confirmChange, clusterTitle, isProtected, readOnlyReason } from '../../data/confirm';
import type { Command, Feature } from '../../data/feature';
import { openTab } from '../../data/workbench';
import { lazy } from '../../ui/lazy';

const Page = lazy(async () => ({ default: (await import('./FilesPage')).FilesPage }));

const browseFiles: Command = {
  id: 'object.files',
  title: 'Browse files',
  group: 'Object',
  keys: ['shift+b'],
  disabled: (context) => {
    if (context.clusterId === null) return 'hidden';
    const { kinds, count } = chosenNow(context);
    if (kinds.length !== 1 || kinds[0] !== 'pods') return 'hidden';
    // Listing runs programs in the container, which a read-only context does not allow.
    return count > 1 ? 'One pod at a time' : readOnlyReason(context.clusterId);
  },
  run: async (context) => {
    const { clusterId } = context;
    const [pod] = await chosenObjects(context);
    if (clusterId === null || !pod) return;
    if (isProtected(clusterId)) {
      const yes = await confirmChange({
        clusterId,
        title: `Browse the files of ${pod.name}?`,
        body: `${clusterTitle(clusterId)} is protected. Listing files runs ls, find or stat in the container.`,
        verb: 'Browse files',
      });
      if (!yes) return;
    }
    openTab(clusterId, {
      id: `files:${pod.namespace}/${pod.name}`,
      page: 'files',
      title: `Files of ${pod.name}`,
      params: { namespace: pod.namespace, pod: pod.name },
    });
  },
};

export const filesFeature: Feature = {
  id: 'files',
  pages: [{ id: 'files', component: Page }],
  commands: [browseFiles],
};
