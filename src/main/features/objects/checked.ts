/** Everything in a text: what it is, whether the server knows it, where it goes, what is odd about it. */
import type { KindInfo } from '#shared/contract/cluster';
import type { Checked, CheckedObject, Remark } from '#shared/contract/objects';
import { isRecord, metaOf, textOf, type Whole } from './form';
import { checkSchema } from './schema-check';
import { groupVersion, type Schemas } from './schemas';
import { parseText, type ParsedDocument } from './yaml-text';

export interface KindFinder {
  byGroupKind(group: string, kind: string): KindInfo | undefined;
  ready(signal: AbortSignal): Promise<unknown>;
}

export async function checkText(
  text: string,
  kinds: KindFinder,
  schemas: Schemas,
  signal: AbortSignal,
): Promise<Checked> {
  const { documents, remarks } = parseText(text);
  const all: Remark[] = [...remarks];
  const objects: CheckedObject[] = [];
  await kinds.ready(signal).catch(() => undefined);
  for (const document of documents) {
    for (const { value, item } of objectsIn(document)) {
      const found = describe(document, value, item, kinds);
      objects.push(found);
      if (found.problem !== undefined && document.value !== undefined && item === undefined) {
        const end = text.indexOf('\n', startOf(document));
        all.push({
          from: startOf(document),
          to: end < 0 ? document.to : end,
          severity: 'error',
          message: found.problem,
        });
      }
      if (found.kindId === undefined || item !== undefined) continue;
      const schema = await schemas.of(found.apiVersion, found.kind, signal);
      if (schema) all.push(...checkSchema(schema, document.node));
    }
  }
  return { objects, remarks: all.sort((a, b) => a.from - b.from) };
}

function startOf(document: ParsedDocument): number {
  return document.node?.range?.[0] ?? document.from;
}

/** The document, or the elements of the List it is. */
export function objectsIn(
  document: ParsedDocument,
): readonly { readonly value: unknown; readonly item?: number }[] {
  const { value } = document;
  if (isRecord(value) && textOf(value['kind']).endsWith('List') && Array.isArray(value['items'])) {
    return (value['items'] as unknown[]).map((one, item) => ({ value: one, item }));
  }
  return [{ value }];
}

function describe(
  document: ParsedDocument,
  value: unknown,
  item: number | undefined,
  kinds: KindFinder,
): CheckedObject {
  const object: Whole = isRecord(value) ? value : {};
  const meta = metaOf(object);
  const [apiVersion, kind] = [textOf(object['apiVersion']), textOf(object['kind'])];
  const [group, version] = groupVersion(apiVersion);
  const info = kinds.byGroupKind(group, kind);
  const name = textOf(meta['name']) || textOf(meta['generateName']);
  const problem =
    value === undefined
      ? 'This document cannot be read.'
      : !isRecord(value)
        ? 'This is no Kubernetes object: it needs apiVersion, kind and metadata.'
        : apiVersion === '' || kind === ''
          ? `${apiVersion === '' ? 'apiVersion' : 'kind'} is missing.`
          : !info
            ? `This cluster serves no ${kind} in ${apiVersion}.`
            : name === ''
              ? 'metadata.name is missing.'
              : undefined;
  return {
    from: document.from,
    to: document.to,
    ...(item === undefined ? {} : { item }),
    apiVersion,
    kind,
    ...(info && version !== '' ? { kindId: info.id } : {}),
    namespaced: info?.namespaced ?? true,
    namespace: textOf(meta['namespace']),
    name,
    order: orderOf(kind),
    ...(problem === undefined ? {} : { problem }),
  };
}

/** What others need goes first; webhooks last, so that they do not judge what comes with them. */
const sequence = [
  'CustomResourceDefinition',
  'Namespace',
  'PriorityClass',
  'StorageClass',
  'ResourceQuota',
  'LimitRange',
  'ServiceAccount',
  'ClusterRole',
  'ClusterRoleBinding',
  'Role',
  'RoleBinding',
  'Secret',
  'ConfigMap',
  'PersistentVolume',
  'PersistentVolumeClaim',
  'NetworkPolicy',
  'Service',
  'PodDisruptionBudget',
  'Pod',
  'ReplicaSet',
  'Deployment',
  'StatefulSet',
  'DaemonSet',
  'Job',
  'CronJob',
  'HorizontalPodAutoscaler',
  'Ingress',
];
const LATE = ['APIService', 'ValidatingWebhookConfiguration', 'MutatingWebhookConfiguration'];

export function orderOf(kind: string): number {
  const at = sequence.indexOf(kind);
  if (at >= 0) return at;
  return LATE.includes(kind) ? 1_000 : 500;
}
