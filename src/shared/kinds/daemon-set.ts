import {
  namespacedColumns,
  status,
  templateColumns,
  templateMask,
  terminating,
  type Status,
} from './columns';
import { defineKind } from './define';
import { notObserved, readyWords } from './workload-words';
import { count } from '../k8s/read';
import { formatLabels, formatSelector } from '../k8s/selector';
import type { DaemonSet } from '../k8s/types';

/** D81: a DaemonSet that no node wants may be meant so. */
export function daemonSetStatus(o: DaemonSet): Status {
  const deleting = terminating(o);
  if (deleting) return deleting;
  if (notObserved(o.metadata.generation, o.status?.observedGeneration)) {
    return status('progress', 'Change not picked up yet');
  }
  const desired = count(o.status?.desiredNumberScheduled);
  const updated = count(o.status?.updatedNumberScheduled);
  const misplaced = count(o.status?.numberMisscheduled);
  if (desired === 0) return status('idle', 'No matching node');
  const onDelete = o.spec?.updateStrategy?.type === 'OnDelete';
  if (updated < desired && !onDelete) {
    return status('progress', `Rolling out: ${updated} of ${desired} updated`);
  }
  const words = readyWords(count(o.status?.numberReady), desired);
  if (words.tone !== 'ok') return words;
  if (misplaced > 0) return status('warn', `${words.text}, ${misplaced} on wrong nodes`);
  const old = desired - updated;
  return old > 0 ? status('ok', `${words.text}, ${old} old until deleted`) : words;
}

export const daemonSet = defineKind<DaemonSet>({
  group: 'apps',
  resource: 'daemonsets',
  kind: 'DaemonSet',
  versions: ['v1'],
  namespaced: true,
  title: 'DaemonSets',
  singular: 'DaemonSet',
  tag: 'ds',
  aliases: ['ds'],
  section: 'workloads',
  order: 40,
  mask: {
    metadata: { generation: true },
    spec: {
      selector: true,
      updateStrategy: { type: true },
      template: { spec: { nodeSelector: true, containers: templateMask.spec.containers } },
    },
    status: {
      observedGeneration: true,
      desiredNumberScheduled: true,
      currentNumberScheduled: true,
      numberReady: true,
      numberAvailable: true,
      numberMisscheduled: true,
      updatedNumberScheduled: true,
    },
  },
  columns: namespacedColumns<DaemonSet>(
    { id: 'status', title: 'Status', type: 'status', width: 200, get: daemonSetStatus },
    {
      id: 'ready',
      title: 'Ready',
      type: 'ratio',
      width: 70,
      get: (o) => [count(o.status?.numberReady), count(o.status?.desiredNumberScheduled)],
    },
    {
      id: 'updated',
      title: 'Up to date',
      type: 'number',
      width: 90,
      get: (o) => count(o.status?.updatedNumberScheduled),
    },
    {
      id: 'available',
      title: 'Available',
      type: 'number',
      width: 90,
      get: (o) => count(o.status?.numberAvailable),
    },
    {
      id: 'current',
      title: 'Current',
      type: 'number',
      width: 80,
      optional: true,
      hint: 'Nodes that run a pod of it and should',
      get: (o) => count(o.status?.currentNumberScheduled),
    },
    {
      id: 'misscheduled',
      title: 'Misplaced',
      type: 'number',
      width: 90,
      optional: true,
      hint: 'Nodes that run a pod of it and should not',
      get: (o) => count(o.status?.numberMisscheduled),
    },
    {
      id: 'node-selector',
      title: 'Node selector',
      type: 'text',
      width: 180,
      optional: true,
      get: (o) => formatLabels(o.spec?.template?.spec?.nodeSelector),
    },
    {
      id: 'strategy',
      title: 'Strategy',
      type: 'text',
      width: 120,
      optional: true,
      get: (o) => o.spec?.updateStrategy?.type,
    },
    ...templateColumns<DaemonSet>((o) => o.spec?.template),
    {
      id: 'selector',
      title: 'Selector',
      type: 'text',
      width: 200,
      optional: true,
      get: (o) => formatSelector(o.spec?.selector),
    },
  ),
});
