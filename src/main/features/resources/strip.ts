/**
 * Takes the values out of Secrets before they leave the host: keys stay, values become
 * null. The annotation that `kubectl apply` leaves holds the values too, so it goes.
 */
import type { WholeObject } from '../../k8s/watch-few';

const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';

export function isSecret(object: WholeObject): boolean {
  return object.kind === 'Secret' && (object.apiVersion === undefined || object.apiVersion === 'v1');
}

/** The same object where it is no Secret; a copy without values otherwise. */
export function stripSecrets(object: WholeObject, hidden: unknown = null): WholeObject {
  if (!isSecret(object)) return object;
  const { metadata } = object;
  const annotations = metadata?.annotations as Record<string, string> | undefined;
  const kept =
    annotations && Object.fromEntries(Object.entries(annotations).filter(([key]) => key !== LAST_APPLIED));
  return {
    ...object,
    ...(object.data ? { data: emptied(object.data, hidden) } : {}),
    ...(object.stringData ? { stringData: emptied(object.stringData, hidden) } : {}),
    metadata: { ...metadata, ...(kept ? { annotations: kept } : {}) },
  };
}

function emptied(map: unknown, hidden: unknown): Record<string, unknown> {
  if (typeof map !== 'object' || map === null) return {};
  return Object.fromEntries(Object.keys(map).map((key) => [key, hidden]));
}
