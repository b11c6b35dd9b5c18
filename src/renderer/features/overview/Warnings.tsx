/** The newest Warning events, live. Says why when there is nothing to show. */
import { useMemo, useSyncExternalStore, type ReactNode } from 'react';
import type { Cell } from '#shared/kinds/define';
import { visible as visibleText } from '#shared/util/text';
import { useThisCluster } from '../../data/cluster-data';
import { useCluster, useClusterId } from '../../data/connections';
import { kindTab } from '../../data/kind-tab';
import { useLiveView, type LiveView } from '../../data/live-view';
import { openTab, useBench } from '../../data/workbench';
import { Age } from '../../ui/Age';
import { Button } from '../../ui/Button';
import { StatusMark } from '../../ui/StatusMark';
import { deniedText } from '../../ui/ErrorState';
import styles from './overview.module.css';

const SHOWN = 8;

export function Warnings({ visible }: { readonly visible: boolean }): ReactNode {
  const contextId = useClusterId();
  const { namespaces } = useBench(contextId);
  const { status, kindById } = useThisCluster();
  const query = useMemo(
    () => ({ namespaces, filter: 'type:Warning', sort: { column: 'last-seen', desc: true } }),
    [namespaces],
  );
  const { view, head } = useLiveView(useCluster(), 'events', query, !visible);
  const { state } = head;
  const kind = kindById.get('events');
  const column = (id: string): number => head.columns?.findIndex((other) => other.id === id) ?? -1;
  const at = {
    reason: column('reason'),
    object: column('object'),
    message: column('message'),
    last: column('last-seen'),
  };
  const count = Math.min(SHOWN, head.matched);
  return (
    <section className={styles.events} aria-label="Recent warnings">
      <h2 className={styles.head}>Recent warnings</h2>
      {Array.from({ length: count }, (_, index) => (
        <Row key={index} view={view} index={index} at={at} offset={status?.clockOffset ?? 0} />
      ))}
      {count === 0 && <p className={styles.text}>{emptyText(state)}</p>}
      {head.matched > SHOWN && kind && (
        <div>
          <Button look="quiet" onClick={() => openTab(contextId, kindTab(kind))}>
            All events
          </Button>
        </div>
      )}
    </section>
  );
}

function emptyText(state: ReturnType<typeof useLiveView>['head']['state']): string {
  switch (state?.phase) {
    case undefined:
    case 'listing':
      return 'Events are being read.';
    case 'denied':
      return state.error.denied ? deniedText(state.error.denied) : state.error.message;
    case 'failed':
    case 'gone':
    case 'stale':
      return state.error.message;
    default:
      return 'No warning among the events the server keeps (one hour, as a rule).';
  }
}

interface RowProps {
  readonly view: LiveView;
  readonly index: number;
  readonly at: Readonly<Record<'reason' | 'object' | 'message' | 'last', number>>;
  readonly offset: number;
}

function Row({ view, index, at, offset }: RowProps): ReactNode {
  const row = useSyncExternalStore(
    (listener) => view.subscribeRow(index, listener),
    () => view.rowAt(index),
  );
  if (!row) return <div className={styles.event} />;
  const last = row.cells[at.last];
  return (
    <div className={styles.event}>
      <StatusMark tone="warn" />
      <span>{words(row.cells[at.reason])}</span>
      <span className={styles.text}>
        {words(row.cells[at.object])}
        {row.namespace !== '' && ` in ${visibleText(row.namespace)}`}: {words(row.cells[at.message])}
      </span>
      <span className={styles.age}>{typeof last === 'number' && <Age at={last} offset={offset} />}</span>
    </div>
  );
}

function words(cell: Cell | undefined): string {
  return typeof cell === 'string' ? visibleText(cell) : '';
}
