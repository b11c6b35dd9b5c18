/** Names of objects and verbs in sentences. */
import type { KindInfo } from '#shared/contract/cluster';
import { kubectlLine } from '#shared/domain/actions/kubectl';
import type { VerbId } from '#shared/domain/actions/options';
import { verbs } from '#shared/domain/actions/table';
import type { Plan, Target } from '#shared/domain/actions/types';
import { visible } from '#shared/util/text';
import { useAppData } from '../../data/app-data';
import type { SelectedObject } from '../../data/feature';

/** `Pods` in a sentence is `pods`; `StatefulSets` stays. */
export function inSentence(title: string): string {
  return /^[A-Z][^A-Z]*$/.test(title) ? title.toLowerCase() : title;
}

/** `pod web-0`, `3 pods` */
export function objectsWords(
  kind: Pick<KindInfo, 'title' | 'singular'>,
  objects: readonly Pick<SelectedObject, 'name'>[],
): string {
  const [first] = objects;
  return objects.length === 1 && first
    ? `${inSentence(kind.singular)} ${visible(first.name)}`
    : `${objects.length.toLocaleString('en')} ${inSentence(kind.title)}`;
}

/** `Delete 3 pods`; verbs that are phrases of their own stay: `Edit labels of 3 pods`. */
export function actionTitle(
  verb: VerbId,
  kind: Pick<KindInfo, 'title' | 'singular'>,
  objects: readonly Pick<SelectedObject, 'name'>[],
): string {
  const { title } = verbs[verb];
  const what = objectsWords(kind, objects);
  switch (verb) {
    case 'set-image':
    case 'taint':
    case 'label':
    case 'annotate':
    case 'bounds':
      return `${title} of ${what}`;
    case 'pause':
    case 'resume':
      return `${title} of ${what}`;
    case 'remove-finalizer':
      return `${title} from ${what}`;
    case 'resize':
      return `Resize ${what} in place`;
    case 'trigger':
      return `Run ${what} now`;
    case 'rerun':
      return `Run ${what} again`;
    default:
      return `${title} ${what}`;
  }
}

export function targetOf(kind: KindInfo, { namespace, name, uid }: SelectedObject): Target {
  return {
    kind: kind.id,
    group: kind.group,
    version: kind.version,
    resource: kind.resource,
    kindName: kind.kind,
    namespace: kind.namespaced ? namespace : '',
    name,
    uid,
  };
}

/** The plan as one kubectl command line. */
export function planCommand(plan: Plan, target: Target, contextId: string): string | undefined {
  if (!plan.kubectl) return undefined;
  const context = useAppData.getState().contextById.get(contextId)?.name;
  return kubectlLine(plan.kubectl, { context, namespace: target.namespace }, plan.input);
}
