/**
 * Every verb as a command: applies to the kind of what is chosen, may be done (by the server's
 * word), is not read-only. Small verbs that can be undone run at once; all others show first
 * what they would change.
 */
import type { KindInfo } from '#shared/contract/cluster';
import type { VerbId } from '#shared/domain/actions/options';
import { applies, verbIds, verbs, type Verb } from '#shared/domain/actions/table';
import { canNow, deniedWords, type AccessQuestion } from '../../data/use-can';
import { chosenNow, chosenObjects } from '../../data/chosen';
import { clusterData } from '../../data/cluster-data';
import { isProtected, readOnlyReason } from '../../data/confirm';
import type { Command, CommandContext, SelectedObject } from '../../data/feature';
import { openAction } from './dialog-state';
import { startRun } from './runs';
import { actionTitle } from './words';

const keys: Partial<Record<VerbId | 'drain', readonly string[]>> = {
  delete: ['x', 'delete'],
  scale: ['shift+s'],
  restart: ['shift+r'],
  rollback: ['shift+u'],
  label: ['shift+t'],
};

/** Namespaces asked about at most; beyond them each object tells by itself. */
const MOST_SPACES = 10;
/** Small undoable verbs run at once on this many objects at most. */
const MOST_INSTANT = 5;

/** The one kind of all that is chosen. */
function chosenKind(
  context: CommandContext,
): { kind: KindInfo; count: number; objects: readonly SelectedObject[] } | undefined {
  const { kinds, count, objects } = chosenNow(context);
  const [id] = kinds;
  if (context.clusterId === null || id === undefined || kinds.length !== 1) return undefined;
  const kind = clusterData(context.clusterId).kindById.get(id);
  return kind && { kind, count, objects };
}

/** Why the person may not; undefined when they may, or when nobody knows yet. */
function denied(
  context: CommandContext,
  rights: Verb<never>['rights'],
  kind: KindInfo,
  objects: readonly SelectedObject[],
): string | undefined {
  const { clusterId, cluster } = context;
  if (clusterId === null) return undefined;
  const spaces = kind.namespaced
    ? [...new Set(objects.map((object) => object.namespace))].slice(0, MOST_SPACES)
    : [''];
  for (const right of rights) {
    const questions = spaces.map((namespace): AccessQuestion => ({
      verb: right.verb,
      group: right.group ?? kind.group,
      resource: right.resource ?? kind.resource,
      ...(right.subresource === undefined ? {} : { subresource: right.subresource }),
      namespace,
      ...(objects.length === 1 && objects[0] && right.verb !== 'create' ? { name: objects[0].name } : {}),
    }));
    const answers = questions.map((question) => canNow(cluster, clusterId, question));
    const no = answers.findIndex((answer) => answer?.allowed === false);
    const [question, answer] = [questions[no], answers[no]];
    // With several namespaces those that are allowed are done; the others tell by themselves.
    if (question && answers.every((one) => one?.allowed === false)) return deniedWords(question, answer);
  }
  return undefined;
}

function state(context: CommandContext, id: VerbId): string | 'hidden' | undefined {
  const chosen = chosenKind(context);
  if (!chosen || !applies(id, chosen.kind)) return 'hidden';
  const verb: Verb<never> = verbs[id];
  if (verb.single && chosen.count > 1) return 'One object at a time.';
  if (context.clusterId !== null) {
    const reason = readOnlyReason(context.clusterId);
    if (reason !== undefined) return reason;
  }
  return denied(context, verb.rights, chosen.kind, chosen.objects);
}

async function run(context: CommandContext, id: VerbId): Promise<void> {
  const { clusterId, cluster } = context;
  if (clusterId === null || !cluster) return;
  const objects = await chosenObjects(context);
  const [first] = objects;
  const kind = first && clusterData(clusterId).kindById.get(first.kind);
  if (!first || !kind) return;
  const verb: Verb<never> = verbs[id];
  if (verb.instant && objects.length <= MOST_INSTANT && !isProtected(clusterId)) {
    startRun(
      cluster,
      { clusterId, verb: id, options: {}, title: actionTitle(id, kind, objects), items: objects },
      false,
    );
  } else openAction({ type: 'action', clusterId, verb: id, objects });
}

const drain: Command = {
  id: 'action.drain',
  title: 'Drain',
  group: 'Object',
  disabled: (context) => {
    const chosen = chosenKind(context);
    if (chosen?.kind.id !== 'nodes') return 'hidden';
    if (chosen.count > 1) return 'One node at a time.';
    const reason = context.clusterId === null ? undefined : readOnlyReason(context.clusterId);
    if (reason !== undefined) return reason;
    const rights = [
      { verb: 'patch' },
      { verb: 'list', group: '', resource: 'pods' },
      { verb: 'create', group: '', resource: 'pods', subresource: 'eviction' },
    ];
    return denied(context, rights, chosen.kind, chosen.objects);
  },
  run: async (context) => {
    const [node] = await chosenObjects(context);
    if (context.clusterId !== null && node)
      openAction({ type: 'drain', clusterId: context.clusterId, node: node.name });
  },
};

function command(id: VerbId): Command {
  return {
    id: `action.${id}`,
    title: verbs[id].title,
    group: 'Object',
    ...(keys[id] ? { keys: keys[id] } : {}),
    disabled: (context) => state(context, id),
    run: (context) => run(context, id),
  };
}

export const actionCommands: readonly Command[] = verbIds.flatMap((id) =>
  id === 'taint' ? [drain, command(id)] : [command(id)],
);
