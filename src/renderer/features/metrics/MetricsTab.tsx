/** The drawer's Metrics tab: pods, workloads, nodes, namespaces, claims, ingresses. */
import type { ReactNode } from 'react';
import type { MetricsTarget } from '#shared/domain/prom/charts';
import type { Controller } from '#shared/domain/prom/promql-text';
import type { DrawerTabProps } from '../../data/feature';
import { ChartGrid } from './ChartGrid';
import { ingressTarget } from './ingress-target';
import styles from './metrics.module.css';

const controllers: Readonly<Record<string, Controller>> = {
  'deployments.apps': 'Deployment',
  'replicasets.apps': 'ReplicaSet',
  'statefulsets.apps': 'StatefulSet',
  'daemonsets.apps': 'DaemonSet',
  'jobs.batch': 'Job',
  'cronjobs.batch': 'CronJob',
  replicationcontrollers: 'ReplicationController',
};

export function MetricsTab({ reference, object }: DrawerTabProps): ReactNode {
  const { kind, namespace, name } = reference;
  const controller = controllers[kind];
  const target: MetricsTarget | undefined =
    kind === 'pods'
      ? { kind: 'pod', namespace, name }
      : kind === 'nodes'
        ? { kind: 'node', name, addresses: addressesOf(object) }
        : kind === 'namespaces'
          ? { kind: 'namespace', name }
          : kind === 'persistentvolumeclaims'
            ? { kind: 'claim', namespace, name }
            : kind === 'ingresses.networking.k8s.io'
              ? ingressTarget(namespace, name, object)
              : controller && { kind: 'workload', controller, namespace, name };
  if (!target) return null;
  return (
    <div className={styles.tab}>
      <ChartGrid target={target} visible />
    </div>
  );
}

function addressesOf(object: Readonly<Record<string, unknown>>): readonly string[] {
  const status = object['status'] as { addresses?: unknown } | undefined;
  if (!Array.isArray(status?.addresses)) return [];
  return (status.addresses as readonly { address?: unknown }[])
    .map((one) => one.address)
    .filter((one): one is string => typeof one === 'string');
}
