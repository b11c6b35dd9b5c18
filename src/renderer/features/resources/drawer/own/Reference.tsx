/** An object that another one names by kind and name. */
import type { ReactNode } from 'react';
import { str } from '#shared/k8s/read';
import { visible } from '#shared/util/text';
import { useThisCluster } from '../../../../data/cluster-data';
import styles from '../drawer.module.css';
import { field } from '../facts';
import { Go } from '../Parts';
import type { DetailProps } from '../tabs';

/** A link where the cluster serves the kind. */
export function Reference({ of, onGo }: { readonly of: unknown } & Pick<DetailProps, 'onGo'>): ReactNode {
  const { kinds } = useThisCluster();
  const version = str(field(of, 'apiVersion'));
  const group = version.includes('/') ? (version.split('/')[0] ?? '') : '';
  const [kind, name] = [str(field(of, 'kind')), str(field(of, 'name'))];
  const found = kinds?.kinds.find((one) => one.kind === kind && (version === '' || one.group === group));
  const namespace = str(field(of, 'namespace'));
  if (!found) return `${visible(kind)} ${visible(name)}`;
  return (
    <>
      {found.singular}{' '}
      <Go
        link={{ kind: found.id, namespace: found.namespaced ? namespace : '', name }}
        onGo={onGo}
        text={name}
      />
      {namespace !== '' && found.namespaced && <span className={styles.muted}> in {visible(namespace)}</span>}
    </>
  );
}
