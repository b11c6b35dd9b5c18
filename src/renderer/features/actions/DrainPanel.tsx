/** A drain under way, in the dock: progress per pod, cancel, and what is true when it ended. */
import type { ReactNode } from 'react';
import type { DrainItem, DrainPhase } from '#shared/contract/actions';
import { visible } from '#shared/util/text';
import { useClusterId, useCluster } from '../../data/connections';
import type { PageProps } from '../../data/feature';
import { Button } from '../../ui/Button';
import { useClockText } from '../../ui/clock';
import { StatusMark, type MarkTone } from '../../ui/StatusMark';
import styles from './actions.module.css';
import { openAction } from './dialog-state';
import { drainId, isOver, startDrain, useDrains } from './drains';
import { startRun } from './runs';

const tones: Readonly<Record<DrainPhase, MarkTone>> = {
  waiting: 'idle',
  evicting: 'progress',
  held: 'warn',
  ending: 'progress',
  gone: 'done',
  failed: 'bad',
  left: 'idle',
};
const words: Readonly<Record<DrainPhase, string>> = {
  waiting: 'waits',
  evicting: 'asking',
  held: 'held back',
  ending: 'ending',
  gone: 'gone',
  failed: 'failed',
  left: 'not evicted',
};
const order: readonly DrainPhase[] = ['failed', 'held', 'evicting', 'ending', 'waiting', 'left', 'gone'];

export function DrainPanel({ tab }: PageProps): ReactNode {
  const clusterId = useClusterId();
  const client = useCluster();
  const node = tab.params['node'] ?? '';
  const drain = useDrains((state) => state.byId[drainId(clusterId, node)]);
  const uncordon = (): void => {
    if (!client) return;
    const item = { kind: 'nodes', namespace: '', name: node, uid: '' };
    startRun(
      client,
      { clusterId, verb: 'uncordon', options: {}, title: `Uncordon node ${node}`, items: [item] },
      false,
    );
  };
  if (!drain) {
    return (
      <div className={styles.panel}>
        <p>
          No drain of {visible(node)} is under way. An earlier one ended with the app; the node may still be
          cordoned.
        </p>
        <div className={styles.line}>
          <Button onClick={() => openAction({ type: 'drain', clusterId, node })}>
            Drain {visible(node)}
          </Button>
        </div>
      </div>
    );
  }
  const { state, lost, options, cancelling, cancel } = drain;
  const over = isOver(state) || lost !== undefined;
  const items = [...(state?.items ?? [])].sort((a, b) => order.indexOf(a.phase) - order.indexOf(b.phase));
  return (
    <div className={styles.panel}>
      <div className={styles.line}>
        <span role="status" className={styles.grow} aria-label={`Drain of ${node}`}>
          {lost
            ? `Interrupted: ${visible(lost.message)} ${state?.message ?? ''}`
            : (state?.message ?? 'Beginning.')}
          {state?.error && <span className={styles.bad}> {visible(state.error.message)}</span>}
        </span>
        {!over && (
          <Button disabled={cancelling} onClick={cancel}>
            {cancelling ? 'Cancelling' : 'Cancel drain'}
          </Button>
        )}
        {over && state?.phase !== 'done' && client && (
          <Button onClick={() => startDrain(client, clusterId, node, options)}>Go on draining</Button>
        )}
        {over && state?.cordoned && <Button onClick={uncordon}>Uncordon</Button>}
      </div>
      <ul className={styles.many} aria-label={`Pods of ${node}`}>
        {items.map((item) => (
          <Line key={item.uid} item={item} />
        ))}
      </ul>
    </div>
  );
}

function Line({ item }: { readonly item: DrainItem }): ReactNode {
  const next = useClockText((now) =>
    item.next === undefined ? '' : ` Next try in ${Math.max(0, Math.ceil((item.next - now) / 1000))} s.`,
  );
  return (
    <li>
      <StatusMark tone={tones[item.phase]} />
      <span className={styles.podName}>
        <span className={styles.muted}>{visible(item.namespace)}/</span>
        {visible(item.name)}
      </span>
      <span className={styles.verdict}>{words[item.phase]}</span>
      <span className={`${styles.grow} ${styles.muted}`}>
        {visible(item.message ?? '')}
        {next}
      </span>
    </li>
  );
}
