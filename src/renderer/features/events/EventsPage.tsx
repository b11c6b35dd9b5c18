/** What the cluster says of itself, newest first: the same said again is one line with its count. */
import { useMemo, useState, type ReactNode } from 'react';
import type { EventGroup } from '#shared/contract/events';
import type { ObjectRef } from '#shared/contract/resources';
import { visible } from '#shared/util/text';
import { useThisCluster } from '../../data/cluster-data';
import { useCluster, useClusterId } from '../../data/connections';
import type { PageProps } from '../../data/feature';
import { hasLogs, openLogsAt } from '../../data/log-tab';
import { openDrawer, useBench } from '../../data/workbench';
import { Age } from '../../ui/Age';
import { Button } from '../../ui/Button';
import { Choice } from '../../ui/Choice';
import { EmptyState } from '../../ui/EmptyState';
import { ErrorState } from '../../ui/ErrorState';
import { StatusMark } from '../../ui/StatusMark';
import { TextField } from '../../ui/TextField';
import styles from './events.module.css';
import { useEvents } from './use-events';

type TypeFilter = 'all' | 'Normal' | 'Warning';
const STEP = 200;

export function EventsPage({ visible: shown }: PageProps): ReactNode {
  const clusterId = useClusterId();
  const client = useCluster();
  const { namespaces } = useBench(clusterId);
  const { status, kinds } = useThisCluster();
  const [type, setType] = useState<TypeFilter>('all');
  const [reason, setReason] = useState('');
  const [text, setText] = useState('');
  const [limit, setLimit] = useState(STEP);
  const filter = useMemo(
    () => ({ namespaces: [...namespaces], type, reason, text, uids: [], limit }),
    [namespaces, type, reason, text, limit],
  );
  const batch = useEvents(shown ? client : undefined, filter);
  const byKind = useMemo(() => {
    const out = new Map<string, { readonly id: string; readonly namespaced: boolean }>();
    for (const kind of kinds?.kinds ?? []) out.set(`${kind.group}/${kind.kind}`, kind);
    return out;
  }, [kinds]);
  const referenceOf = (group: EventGroup): ObjectRef | undefined => {
    const api = group.apiVersion.includes('/') ? (group.apiVersion.split('/')[0] ?? '') : '';
    const kind = byKind.get(`${api}/${group.kind}`);
    if (!kind) return undefined;
    return { kind: kind.id, namespace: kind.namespaced ? group.namespace : '', name: group.name };
  };
  const open = (group: EventGroup): (() => void) | undefined => {
    const reference = referenceOf(group);
    return reference && ((): void => openDrawer(clusterId, reference));
  };
  const logsThen = (group: EventGroup): (() => void) | undefined => {
    const reference = referenceOf(group);
    const { last } = group;
    if (!reference || !hasLogs(reference.kind) || last === null) return undefined;
    return () => openLogsAt(clusterId, reference, last);
  };
  if (batch?.phase === 'denied' && batch.error && batch.kept === 0)
    return <ErrorState title="Events cannot be read" error={batch.error} />;
  return (
    <div className={styles.page}>
      <div className={styles.tool}>
        <TextField
          hideLabel
          label="Filter by object or message"
          placeholder="Object or message"
          className={styles.text}
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
        <Choice
          label="Type"
          value={type}
          options={[
            { value: 'all', label: 'All' },
            { value: 'Warning', label: 'Warnings' },
            { value: 'Normal', label: 'Normal' },
          ]}
          onChange={setType}
        />
        <select
          aria-label="Reason"
          className={styles.select}
          value={reason}
          onChange={(event) => setReason(event.target.value)}
        >
          <option value="">Every reason</option>
          {reason !== '' && !batch?.reasons.some((one) => one.reason === reason) && <option>{reason}</option>}
          {batch?.reasons.map((one) => (
            <option key={one.reason} value={one.reason}>
              {visible(one.reason)} ({one.count.toLocaleString('en')})
            </option>
          ))}
        </select>
        <span className={styles.count} role="status" aria-label="Events shown">
          {batch ? words(batch.matched, batch.kept, batch.dropped) : 'Reading events'}
        </span>
        {batch?.phase === 'stale' && (
          <span className={styles.warn}>stale: {visible(batch.error?.message ?? '')}</span>
        )}
      </div>
      <div className={styles.list} role="list" aria-label="Events">
        {batch?.groups.map((group) => (
          <Line
            key={group.id}
            group={group}
            offset={status?.clockOffset ?? 0}
            onOpen={open(group)}
            onLogs={logsThen(group)}
          />
        ))}
        {batch && batch.matched > batch.groups.length && (
          <div className={styles.more}>
            <Button
              look="quiet"
              onClick={() => setLimit(Math.min(1000, limit + STEP))}
              disabled={limit >= 1000}
            >
              {limit >= 1000 ? 'Narrow the filter to see older ones' : 'Show older'}
            </Button>
          </div>
        )}
      </div>
      {batch && batch.phase !== 'reading' && batch.matched === 0 && (
        <EmptyState>
          {batch.kept === 0 ? 'No events. The server keeps them for an hour.' : 'No event passes the filter.'}
        </EmptyState>
      )}
    </div>
  );
}

function words(matched: number, kept: number, dropped: number): string {
  const base = `${matched.toLocaleString('en')} of ${kept.toLocaleString('en')} events kept`;
  return dropped > 0 ? `${base}, ${dropped.toLocaleString('en')} older let go` : base;
}

interface LineProps {
  readonly group: EventGroup;
  readonly offset: number;
  readonly onOpen: (() => void) | undefined;
  readonly onLogs: (() => void) | undefined;
}

function Line({ group, offset, onOpen, onLogs }: LineProps): ReactNode {
  const object = `${group.kind} ${group.name}`;
  return (
    <div role="listitem" className={styles.line}>
      <StatusMark tone={group.type === 'Warning' ? 'warn' : 'idle'} />
      <span className={styles.age}>{group.last !== null && <Age at={group.last} offset={offset} />}</span>
      <span className={styles.times}>{group.count > 1 ? `${group.count.toLocaleString('en')}×` : ''}</span>
      <span className={group.type === 'Warning' ? styles.warnReason : styles.reason}>
        {visible(group.reason)}
      </span>
      <span className={styles.object}>
        {onOpen ? (
          <button type="button" className={styles.link} onClick={onOpen}>
            {visible(object)}
          </button>
        ) : (
          visible(object)
        )}
        {group.namespace !== '' && <span className={styles.muted}> {visible(group.namespace)}</span>}
      </span>
      <span className={styles.message}>
        {visible(group.message)}
        {group.forgotten && <span className={styles.muted}> (no longer at the server)</span>}
        {onLogs && (
          <>
            {' '}
            <button type="button" className={styles.link} onClick={onLogs}>
              Logs then
            </button>
          </>
        )}
      </span>
    </div>
  );
}
