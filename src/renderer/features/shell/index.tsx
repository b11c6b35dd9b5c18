/** Shells in containers and terminals of this machine. The terminal itself loads on first use. */
import { patchSettings, useAppData } from '../../data/app-data';
import { chosenNow, chosenObjects } from '../../data/chosen';
import { clusterTitle, confirmChange, isProtected, readOnlyReason } from '../../data/confirm';
import type { Command, CommandContext, Feature } from '../../data/feature';
import {
  canSignIn,
  COPY_ON_SELECT,
  LOCAL_DOCK,
  openLocalTerminal,
  openShells,
  openSignIn,
  SHELL_DOCK,
} from '../../data/open-terminals';
import { canNow, deniedWords, type AccessQuestion } from '../../data/use-can';
import { useWorkbench } from '../../data/workbench';
import { lazy } from '../../ui/lazy';
import { MOST_SHELLS } from './targets';

const ShellDock = lazy(async () => ({ default: (await import('./ShellDock')).ShellDock }));
const LocalDock = lazy(async () => ({ default: (await import('./LocalDock')).LocalDock }));

const needsPods = (context: CommandContext): string | 'hidden' | undefined => {
  if (context.clusterId === null) return 'hidden';
  const { kinds, count } = chosenNow(context);
  if (kinds.length !== 1 || kinds[0] !== 'pods') return 'hidden';
  if (count > MOST_SHELLS) return `At most ${MOST_SHELLS} shells at once`;
  return readOnlyReason(context.clusterId) ?? deniedShell(context);
};

/** Why no shell may be opened there; with several namespaces those that are allowed tell by themselves. */
function deniedShell(context: CommandContext): string | undefined {
  const { clusterId, cluster } = context;
  if (clusterId === null) return undefined;
  const { objects } = chosenNow(context);
  const namespaces = [...new Set(objects.map((object) => object.namespace))];
  let said: string | undefined;
  for (const namespace of namespaces) {
    // Servers before 1.35 ask for `get` where a WebSocket is used; newer ones for `create` as well.
    const questions = ['get', 'create'].map((verb): AccessQuestion => ({
      verb,
      group: '',
      resource: 'pods',
      subresource: 'exec',
      namespace,
    }));
    const answers = questions.map((question) => canNow(cluster, clusterId, question));
    const both = answers.every((answer) => answer?.allowed === false);
    const [question] = questions;
    if (!both || !question) return undefined;
    said ??= deniedWords({ ...question, verb: 'create' }, answers[1]);
  }
  return said;
}

/** The one namespace on screen; with several or all, the context's own. */
function namespaceOf(clusterId: string): string | undefined {
  const chosen = useWorkbench.getState().benches[clusterId]?.namespaces ?? [];
  return chosen.length === 1 ? chosen[0] : undefined;
}

const openShell: Command = {
  id: 'object.shell',
  title: 'Open shell',
  group: 'Object',
  keys: ['s'],
  disabled: needsPods,
  run: async (context) => {
    const { clusterId } = context;
    if (clusterId === null) return;
    const pods = (await chosenObjects(context))
      .filter((object) => object.kind === 'pods')
      .slice(0, MOST_SHELLS);
    const [first] = pods;
    if (!first) return;
    if (isProtected(clusterId)) {
      const what = pods.length === 1 ? first.name : `${pods.length} pods`;
      const yes = await confirmChange({
        clusterId,
        title: `Open a shell in ${what}?`,
        body: `${clusterTitle(clusterId)} is protected. What is typed in the shell changes it.`,
        verb: 'Open shell',
      });
      if (!yes) return;
    }
    openShells(
      clusterId,
      pods.map(({ namespace, name }) => ({ namespace, pod: name })),
    );
  },
};

const openTerminal: Command = {
  id: 'cluster.terminal',
  title: 'Open terminal for this context',
  group: 'Cluster',
  keys: ['mod+`'],
  disabled: ({ clusterId }) => (clusterId === null ? 'hidden' : undefined),
  run: ({ clusterId }) => {
    if (clusterId !== null) openLocalTerminal(clusterId, namespaceOf(clusterId));
  },
};

const signIn: Command = {
  id: 'cluster.sign-in',
  title: 'Sign in again',
  group: 'Cluster',
  disabled: ({ clusterId }) => {
    if (clusterId === null) return 'hidden';
    return canSignIn(clusterId) ? undefined : 'This context has no plugin and no login command';
  },
  run: ({ clusterId }) => {
    if (clusterId !== null) openSignIn(clusterId);
  },
};

const copyOnSelect: Command = {
  id: 'terminal.copy-on-select',
  title: 'Turn copy on select in terminals on or off',
  group: 'View',
  run: () => {
    const on = useAppData.getState().settings?.layout[COPY_ON_SELECT] === true;
    patchSettings({ layout: { [COPY_ON_SELECT]: !on } });
  },
};

export const shellFeature: Feature = {
  id: 'shell',
  pages: [],
  docks: [
    { id: SHELL_DOCK, component: ShellDock },
    { id: LOCAL_DOCK, component: LocalDock },
  ],
  commands: [openShell, openTerminal, signIn, copyOnSelect],
};
