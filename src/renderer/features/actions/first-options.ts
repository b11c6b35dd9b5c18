/** What a verb's form begins with: the object as it stands. */
import { finalizersOf } from '#shared/domain/actions/metadata';
import { taintsOf } from '#shared/domain/actions/nodes';
import type { OptionsOf, VerbId } from '#shared/domain/actions/options';
import { at, int, word } from '#shared/domain/actions/read';
import { revisionsOf } from '#shared/domain/actions/revisions';
import type { Extras, Target, Thing } from '#shared/domain/actions/types';

/** `object` is the first of those chosen; undefined while it cannot be read. */
export function firstOptions(
  verb: VerbId,
  object: Thing | undefined,
  target: Target,
  extras: Extras,
): OptionsOf[VerbId] {
  switch (verb) {
    case 'delete':
      return { propagation: 'Background', grace: null };
    case 'evict':
      return { grace: null };
    case 'scale':
      return { replicas: int(at(object, 'spec', 'replicas')) ?? 1 };
    case 'rollback': {
      const all = object ? revisionsOf(object, extras.revisions ?? [], target) : [];
      return { revision: all.find((one) => !one.current)?.number ?? 1 };
    }
    case 'set-image':
      return { images: {} };
    case 'resize':
      return { containers: {} };
    case 'taint':
      return { taints: [...taintsOf(object)] };
    case 'label':
    case 'annotate':
      return { values: {} };
    case 'expand':
      return { size: word(at(object, 'spec', 'resources', 'requests', 'storage')) };
    case 'bounds':
      return {
        min: int(at(object, 'spec', 'minReplicas')) ?? null,
        max: int(at(object, 'spec', 'maxReplicas')) ?? 1,
      };
    case 'remove-finalizer':
      return { finalizers: finalizersOf(object).length === 1 ? [...finalizersOf(object)] : [] };
    default:
      return {};
  }
}
