/**
 * Revisions of a workload and the way back to one: ReplicaSets of a Deployment (T52),
 * ControllerRevisions of a StatefulSet or DaemonSet. The diff is by field, not by line.
 */
import { fieldChanges } from './diff';
import type { OptionsOf } from './options';
import { at, change, int, list, map, strategicPatch, typeName, word } from './read';
import { refuse, type Change, type Planner, type Target, type Thing } from './types';

const REVISION = 'deployment.kubernetes.io/revision';
const CAUSE = 'kubernetes.io/change-cause';
const HASH = 'pod-template-hash';

export interface Revision {
  readonly number: number;
  /** Name of the ReplicaSet or ControllerRevision. */
  readonly name: string;
  readonly created: string;
  readonly cause: string;
  readonly current: boolean;
  readonly images: readonly string[];
  /** Pod template, without what the controller adds. */
  readonly template: Thing;
}

/** Newest first; objects that belong to another owner, or hold no template, are left out. */
export function revisionsOf(object: Thing, kept: readonly Thing[], target: Target): readonly Revision[] {
  const uid = word(at(object, 'metadata', 'uid'));
  const mine = kept.filter((one) =>
    list(at(one, 'metadata', 'ownerReferences')).some(
      (owner) => owner.uid === uid && owner.controller === true,
    ),
  );
  const isDeployment = target.kind === 'deployments.apps';
  const found = mine.flatMap((one): Omit<Revision, 'current'>[] => {
    const template = isDeployment ? at(one, 'spec', 'template') : at(one, 'data', 'spec', 'template');
    const annotations = map(at(one, 'metadata', 'annotations'));
    const number = isDeployment ? Number(annotations.get(REVISION)) : int(one.revision);
    if (typeof template !== 'object' || template === null || !number || !Number.isInteger(number)) return [];
    return [
      {
        number,
        name: word(at(one, 'metadata', 'name')),
        created: word(at(one, 'metadata', 'creationTimestamp')),
        cause: annotations.get(CAUSE) ?? '',
        images: list(at(template, 'spec', 'containers')).map((container) => word(container.image)),
        template: withoutHash(template as Thing),
      },
    ];
  });
  found.sort((a, b) => b.number - a.number);
  const current = currentNumber(object, found, target);
  return found.map((one) => ({ ...one, current: one.number === current }));
}

function currentNumber(
  object: Thing,
  found: readonly Omit<Revision, 'current'>[],
  target: Target,
): number | undefined {
  if (target.kind === 'deployments.apps') {
    const said = Number(map(at(object, 'metadata', 'annotations')).get(REVISION));
    if (found.some((one) => one.number === said)) return said;
  }
  const said = word(at(object, 'status', 'updateRevision'));
  return (found.find((one) => one.name === said) ?? found[0])?.number;
}

/** The template as a person wrote it: the hash label is the controller's. */
function withoutHash(template: Thing): Thing {
  const labels = at(template, 'metadata', 'labels');
  if (typeof labels !== 'object' || labels === null || !Object.hasOwn(labels, HASH)) return template;
  const kept = Object.fromEntries(Object.entries(labels).filter(([key]) => key !== HASH));
  return { ...template, metadata: { ...(template.metadata as Thing), labels: kept } };
}

/** What going to `to` changes in the template as it stands. */
export function revisionDiff(from: unknown, to: unknown): readonly Change[] {
  return fieldChanges(plain(from), plain(to), 'spec.template');
}

/** ControllerRevisions carry `$patch: replace`; empty timestamps are nobody's choice. */
function plain(template: unknown): unknown {
  if (typeof template !== 'object' || template === null) return template;
  const { $patch: _patch, ...rest } = template as Record<string, unknown>;
  const metadata = rest['metadata'];
  if (typeof metadata === 'object' && metadata !== null) {
    const { creationTimestamp: _created, ...kept } = metadata as Record<string, unknown>;
    rest['metadata'] = kept;
  }
  return rest;
}

export const rollback: Planner<OptionsOf['rollback']> = (object, { revision }, target, extras) => {
  if (at(object, 'spec', 'paused') === true) return refuse('It is paused: resume it first.');
  const all = revisionsOf(object, extras.revisions ?? [], target);
  const wanted = all.find((one) => one.number === revision);
  if (!wanted) return refuse(`Revision ${revision} is no longer kept.`);
  const template = withoutHash((at(object, 'spec', 'template') as Thing | undefined) ?? {});
  const changes = revisionDiff(template, wanted.template);
  if (changes.length === 0) return refuse(`Its template is that of revision ${revision} already.`);
  const current = all.find((one) => one.current);
  const command = ['rollout', 'undo', typeName(target), `--to-revision=${revision}`];
  const metadata = { annotations: { [CAUSE]: wanted.cause === '' ? null : wanted.cause } };
  const hasCause = map(at(object, 'metadata', 'annotations')).has(CAUSE) || wanted.cause !== '';
  const clean = plain(wanted.template) as Thing;
  // `$patch: replace` sets the whole template instead of merging into it.
  const body = {
    ...(hasCause ? { metadata } : {}),
    spec: { template: { ...clean, $patch: 'replace' } },
  };
  const before = map(at(object, 'metadata', 'annotations')).get(CAUSE);
  return {
    changes: [
      ...changes,
      ...(hasCause && (before ?? '') !== wanted.cause
        ? [change(`metadata.annotations[${CAUSE}]`, before, wanted.cause === '' ? null : wanted.cause)]
        : []),
    ],
    requests: [strategicPatch(target, body)],
    warnings: [
      `The revision gets a new number, the highest; revision ${revision} is then this one.`,
      ...(word(at(object, 'spec', 'updateStrategy', 'type')) === 'OnDelete'
        ? ['Its strategy is OnDelete: pods change only when they are deleted.']
        : []),
    ],
    kubectl: command,
    done: `Rolled back to revision ${revision}`,
    ...(current ? { undo: { verb: 'rollback', options: { revision: current.number } } } : {}),
  };
};
