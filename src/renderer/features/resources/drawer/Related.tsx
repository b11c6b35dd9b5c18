import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { resources, type ObjectRef } from '#shared/contract/resources';
import type { RpcClient } from '#shared/rpc/client';
import { fail, toAppError } from '#shared/util/app-error';
import { visible } from '#shared/util/text';
import { useClusterId } from '../../../data/connections';
import styles from './drawer.module.css';
import type { FactLink } from './facts';

const MOST = 30;

export interface RelatedProps {
  readonly client: RpcClient | undefined;
  readonly reference: ObjectRef;
  readonly uid: string;
  readonly onGo: (link: FactLink) => void;
}

/** Owners and children, each a link. Asked again every 30 s while open. */
export function Related({ client, reference, uid, onGo }: RelatedProps): ReactNode {
  const clusterId = useClusterId();
  const { data, error } = useQuery({
    queryKey: ['related', clusterId, reference.kind, uid],
    enabled: client !== undefined && uid !== '',
    refetchInterval: 30_000,
    queryFn: ({ signal }) => {
      if (!client) throw fail('closed', 'The cluster is not connected.');
      return client.call(resources, 'related', { ...reference, uid }, signal);
    },
  });
  if (error && !data) {
    return (
      <section className={styles.section} aria-label="Related">
        <h3>Related</h3>
        <p className={styles.muted}>{toAppError(error).message}</p>
      </section>
    );
  }
  if (!data || data.length === 0) return null;
  return (
    <section className={styles.section} aria-label="Related">
      <h3>Related</h3>
      <ul className={styles.rows}>
        {data.slice(0, MOST).map((one) => (
          <li key={`${one.relation}/${one.kind}/${one.uid}`}>
            <span className={styles.muted}>
              {one.relation === 'owner' ? `of ${one.kindTitle}` : one.kindTitle}
            </span>
            {one.kind === '' || one.missing ? (
              <span>{visible(one.name)}</span>
            ) : (
              <button type="button" className={styles.link} onClick={() => onGo(one)}>
                {visible(one.name)}
              </button>
            )}
            <span className={styles.warnText}>{one.missing ? 'missing' : ''}</span>
          </li>
        ))}
      </ul>
      {data.length > MOST && <p className={styles.muted}>and {data.length - MOST} more</p>}
    </section>
  );
}
