/** A label selector, the pods it has now, and a button to follow them and all that will join. */
import { useState, type ReactNode } from 'react';
import { logs, type LogPods, type LogSource } from '#shared/contract/logs';
import { plural, visible } from '#shared/util/text';
import { useClusterId } from '../../data/connections';
import { logTab } from '../../data/log-tab';
import { openDock, useBench } from '../../data/workbench';
import { Button } from '../../ui/Button';
import { EmptyState } from '../../ui/EmptyState';
import { ErrorState } from '../../ui/ErrorState';
import { TextField } from '../../ui/TextField';
import styles from './open-logs.module.css';
import { useAsked } from './use-asked';

export interface WayProps {
  /** The choice between the ways, first in the bar. */
  readonly choice: ReactNode;
  readonly visible: boolean;
}

export function PodsByLabel({ choice, visible: shown }: WayProps): ReactNode {
  const clusterId = useClusterId();
  const { namespaces } = useBench(clusterId);
  const [text, setText] = useState('');
  const selector = text.trim();
  const source: LogSource = { type: 'selector', namespace: '', namespaces: [...namespaces], selector };
  const key = shown && selector !== '' ? JSON.stringify(source) : undefined;
  const { answer, error, waiting, again } = useAsked<LogPods>(key, (client, signal) =>
    client.call(logs, 'pods', { source }, signal),
  );
  // The server judges the selector.
  const wrong = error?.status === 400 ? error.message : undefined;
  const pods = key === undefined ? undefined : answer?.pods;
  const open = (): void => openDock(clusterId, logTab(source, selector));
  return (
    <>
      <form
        className={styles.tool}
        onSubmit={(event) => {
          event.preventDefault();
          if (key !== undefined && wrong === undefined) open();
        }}
      >
        {choice}
        <TextField
          hideLabel
          mono
          label="Label selector"
          className={styles.wide}
          placeholder="app=frontend,tier in (web,api),!canary"
          value={text}
          error={wrong}
          onChange={(event) => setText(event.target.value)}
        />
        <span className={styles.muted} role="status" aria-label="Pods found">
          {key === undefined
            ? whereWords(namespaces)
            : pods
              ? foundWords(pods, waiting)
              : error
                ? ''
                : 'Looking'}
        </span>
        <span className={styles.space} />
        <Button type="submit" look="primary" disabled={key === undefined || wrong !== undefined}>
          Follow logs
        </Button>
      </form>
      <div className={styles.list}>
        {error && wrong === undefined && (
          <ErrorState title="Pods cannot be listed" error={error} onRetry={again} />
        )}
        {key === undefined && (
          <EmptyState>
            Pods that carry these labels are followed, those that come later too. The namespaces are those
            chosen at the top.
          </EmptyState>
        )}
        {!error && pods?.length === 0 && !waiting && (
          <EmptyState>
            No pod carries these labels {whereWords(namespaces)}. New ones join as they appear.
          </EmptyState>
        )}
        {!error && pods && pods.length > 0 && (
          <ul aria-label="Pods of these labels">
            {pods.map((pod) => (
              <li key={`${pod.namespace}/${pod.name}`} className={styles.row}>
                <span />
                <span className={styles.muted}>{visible(pod.namespace)}</span>
                <span>{visible(pod.name)}</span>
                <span>{visible(pod.phase)}</span>
                <span className={styles.number}>{plural(pod.containers, 'container')}</span>
              </li>
            ))}
          </ul>
        )}
      </div>
    </>
  );
}

export function whereWords(namespaces: readonly string[]): string {
  if (namespaces.length === 0) return 'in all namespaces';
  return namespaces.length === 1 ? `in ${namespaces[0] ?? ''}` : `in ${namespaces.length} namespaces`;
}

export function foundWords(pods: LogPods['pods'], waiting: boolean): string {
  const containers = pods.reduce((sum, pod) => sum + pod.containers, 0);
  const spaces = new Set(pods.map((pod) => pod.namespace)).size;
  const words = `${plural(pods.length, 'pod')}, ${plural(containers, 'container')} in ${plural(spaces, 'namespace')}`;
  return waiting ? `${words}…` : words;
}
