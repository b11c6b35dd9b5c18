/** One line above pages that show a last known state: why nothing new comes, and what can be done. */
import { memo, type ReactNode } from 'react';
import { cluster } from '#shared/contract/cluster';
import { useAppData } from '../data/app-data';
import { useClusterData } from '../data/cluster-data';
import { useConnections } from '../data/connections';
import { useSession } from '../data/session';
import { Button } from '../ui/Button';
import { StatusMark } from '../ui/StatusMark';
import { TroubleActions, troubleOf } from './Connecting';
import { clockWarning } from './live-status';
import styles from './trouble-bar.module.css';

export const TroubleBar = memo(function TroubleBar({ contextId }: { readonly contextId: string }): ReactNode {
  const host = useAppData((state) => state.hosts.get(contextId));
  const failure = useSession((state) => state.failures[contextId]);
  const { status } = useClusterData(contextId);
  const client = useConnections().cluster(contextId);
  // `stale` is the badge's to say: the data is moments old and the app is on it.
  if (host?.phase === 'running' && status?.phase === 'stale') return null;
  const trouble = troubleOf(undefined, host, status, failure);
  const clock = clockWarning(status);
  if (!trouble)
    return clock === undefined ? null : (
      <div className={styles.bar} data-tone="warn" role="status" aria-label="Clock">
        <StatusMark tone="warn" />
        <p className={styles.text}>{clock}</p>
      </div>
    );
  const retry = (): void => void client?.call(cluster, 'reconnect', undefined).catch(() => undefined);
  return (
    <div className={styles.bar} role="alert">
      <StatusMark tone="bad" />
      <p className={styles.text}>
        <b>{trouble.title}.</b> {trouble.error.message} What you see is the last known state.{' '}
        {trouble.error.hint}
      </p>
      <TroubleActions contextId={contextId} host={host} status={status} />
      {host?.phase === 'running' && <Button onClick={retry}>Try again</Button>}
    </div>
  );
});
