/** Events about the object and what owns it, newest first, live; the same ones are counted together. */
import type { ReactNode } from 'react';
import type { ObjectEventsState } from '#shared/contract/resources';
import { visible } from '#shared/util/text';
import { useClusterId } from '../../../data/connections';
import { hasLogs, openLogsAt } from '../../../data/log-tab';
import { Age } from '../../../ui/Age';
import { EmptyState } from '../../../ui/EmptyState';
import { ErrorState } from '../../../ui/ErrorState';
import { StatusMark } from '../../../ui/StatusMark';
import styles from './drawer.module.css';
import type { DetailProps } from './tabs';

export function EventsTab({ events, clockOffset, reference }: DetailProps): ReactNode {
  const clusterId = useClusterId();
  const onLogs = hasLogs(reference.kind)
    ? (at: number): void => openLogsAt(clusterId, reference, at)
    : undefined;
  return <EventList state={events} clockOffset={clockOffset} onLogs={onLogs} />;
}

export interface EventListProps {
  readonly state: ObjectEventsState | undefined;
  readonly clockOffset: number;
  /** Shows the object's logs as they were then. */
  readonly onLogs?: ((at: number) => void) | undefined;
}

export function EventList({ state, clockOffset, onLogs }: EventListProps): ReactNode {
  if (!state) return null;
  if (state.error && state.events.length === 0) {
    return <ErrorState title="Events cannot be listed" error={state.error} />;
  }
  if (state.events.length === 0) {
    return (
      <EmptyState>
        No events about it or its owners. Kubernetes keeps events for one hour by default; those seen here are
        kept while Binnacle runs.
      </EmptyState>
    );
  }
  return (
    <ul aria-label="Events">
      {state.events.map((event) => (
        <li key={event.id} className={styles.event}>
          <span className={styles.words}>
            {event.type === 'Normal' ? null : <StatusMark tone="warn" />}
            <b>{visible(event.reason)}</b>
            <span className={styles.muted}>
              {event.about.owner && `${visible(event.about.kind)} ${visible(event.about.name)}, `}
              {visible(event.source)}
            </span>
          </span>
          <span>
            {event.kept === true && (
              <span data-tip="The server has forgotten it; Binnacle has kept it since it was seen">
                kept by Binnacle,{' '}
              </span>
            )}
            {event.count > 1 && `${event.count} times, `}
            {event.last !== null && <Age at={event.last} offset={clockOffset} ago />}
            {event.last !== null && onLogs && (
              <button
                type="button"
                className={styles.logsThen}
                onClick={() => event.last !== null && onLogs(event.last)}
              >
                Logs then
              </button>
            )}
          </span>
          <p>{visible(event.message)}</p>
        </li>
      ))}
    </ul>
  );
}
