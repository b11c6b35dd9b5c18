/**
 * Which Pod Security level a pod meets, and every field that keeps it from a stricter one.
 * Pure; init and ephemeral containers count like any other.
 */
import { items } from '../../k8s/read';
import { checkBaseline } from './baseline';
import { checkRestricted } from './restricted';
import type { Level, Placed, PodSpec, Report, SecuredPod, Violation } from './types';

export interface Verdict {
  /** The strictest level the pod meets. */
  readonly level: Level;
  readonly violations: readonly Violation[];
}

export function podSecurity(pod: SecuredPod): Verdict {
  const violations: Violation[] = [];
  const reporter =
    (level: Violation['level']): Report =>
    (control, field, value) => {
      const text = String(value);
      const known = violations.some(
        (one) => one.control === control && one.field === field && one.value === text,
      );
      if (!known) violations.push({ level, control, field, value: text });
    };
  const containers = containersOf(pod.spec);
  checkBaseline(pod, containers, reporter('baseline'));
  const privileged = violations.length > 0;
  checkRestricted(pod, containers, reporter('restricted'));
  return { level: privileged ? 'privileged' : violations.length > 0 ? 'baseline' : 'restricted', violations };
}

function containersOf(spec: PodSpec): Placed[] {
  const lists = ['initContainers', 'containers', 'ephemeralContainers'] as const;
  return lists.flatMap((list) =>
    items(spec[list]).map((container, at) => ({ path: `spec.${list}[${container.name ?? at}]`, container })),
  );
}
