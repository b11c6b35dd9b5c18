/** The name of a policy; a click opens its details. Kinds beside NetworkPolicy show their group. */
import type { ReactNode } from 'react';
import type { PolicyRef } from '#shared/domain/netpol/types';
import { visible } from '#shared/util/text';
import { useClusterId } from '../../data/connections';
import { openDrawer } from '../../data/workbench';
import styles from './netpol.module.css';
import { policyTarget } from './policy-kinds';

export function PolicyLink({ policy }: { readonly policy: PolicyRef }): ReactNode {
  const clusterId = useClusterId();
  const { kind, group, namespace, name } = policy;
  return (
    <>
      <button
        type="button"
        className={styles.link}
        onClick={() => openDrawer(clusterId, policyTarget(policy))}
      >
        {visible(name)}
      </button>
      <span className={styles.muted}>
        {group === 'networking.k8s.io'
          ? ` in ${visible(namespace)}`
          : ` ${namespace === '' ? '' : `in ${visible(namespace)}, `}${kind} (${group})`}
      </span>
    </>
  );
}
