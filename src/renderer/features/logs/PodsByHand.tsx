/** Pods picked one by one, across namespaces; what is picked stays while the filter changes. */
import { useMemo, useState, type ReactNode } from 'react';
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
import { whereWords, type WayProps } from './PodsByLabel';
import { useAsked } from './use-asked';

type Pod = LogPods['pods'][number];
const keyOf = ({ namespace, name }: Pod): string => `${namespace}/${name}`;

export function PodsByHand({ choice, visible: shown }: WayProps): ReactNode {
  const clusterId = useClusterId();
  const { namespaces } = useBench(clusterId);
  const [text, setText] = useState('');
  const [picked, setPicked] = useState<ReadonlyMap<string, Pod>>(new Map());
  const source: LogSource = { type: 'selector', namespace: '', namespaces: [...namespaces], selector: '' };
  const { answer, error, again } = useAsked<LogPods>(
    shown ? JSON.stringify(namespaces) : undefined,
    (client, signal) => client.call(logs, 'pods', { source }, signal),
  );
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  const listed = useMemo(
    () =>
      (answer?.pods ?? []).filter((pod) => words.every((word) => keyOf(pod).toLowerCase().includes(word))),
    // eslint-disable-next-line react-hooks/exhaustive-deps -- the text says which words
    [answer, text],
  );
  const set = (pods: readonly Pod[], on: boolean): void => {
    const next = new Map(picked);
    for (const pod of pods) {
      if (on) next.set(keyOf(pod), pod);
      else next.delete(keyOf(pod));
    }
    setPicked(next);
  };
  const open = (): void => {
    const pods = [...picked.values()].map(({ namespace, name }) => ({ namespace, name }));
    const [only] = pods;
    const title = pods.length === 1 && only ? only.name : plural(pods.length, 'pod');
    if (only) openDock(clusterId, logTab({ type: 'pods', pods }, title));
  };
  const all = listed.length > 0 && listed.every((pod) => picked.has(keyOf(pod)));
  return (
    <>
      <div className={styles.tool}>
        {choice}
        <TextField
          hideLabel
          label="Filter pods"
          className={styles.wide}
          placeholder="Namespace or name"
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
        <span className={styles.muted} role="status" aria-label="Pods found">
          {answer
            ? `${plural(listed.length, 'pod')} ${whereWords(namespaces)}${answer.truncated ? ', the first 1,000' : ''}`
            : error
              ? ''
              : 'Reading pods'}
        </span>
        <Button look="quiet" onClick={again}>
          Look again
        </Button>
        <span className={styles.space} />
        {picked.size > 0 && (
          <Button look="quiet" onClick={() => setPicked(new Map())}>
            Pick none
          </Button>
        )}
        <Button look="primary" disabled={picked.size === 0} onClick={open}>
          {picked.size === 0 ? 'Follow logs' : `Follow logs of ${plural(picked.size, 'pod')}`}
        </Button>
      </div>
      <div className={styles.list}>
        {error && <ErrorState title="Pods cannot be listed" error={error} onRetry={again} />}
        {answer && listed.length === 0 && (
          <EmptyState>
            {words.length > 0
              ? 'No pod has this in its name.'
              : `There are no pods ${whereWords(namespaces)}.`}
          </EmptyState>
        )}
        {listed.length > 1 && (
          <label className={styles.row}>
            <input type="checkbox" checked={all} onChange={(event) => set(listed, event.target.checked)} />
            <span className={styles.muted}>All {listed.length.toLocaleString('en')} listed</span>
          </label>
        )}
        <ul aria-label="Pods">
          {listed.map((pod) => (
            <li key={keyOf(pod)}>
              <label className={styles.row}>
                <input
                  type="checkbox"
                  aria-label={keyOf(pod)}
                  checked={picked.has(keyOf(pod))}
                  onChange={(event) => set([pod], event.target.checked)}
                />
                <span className={styles.muted}>{visible(pod.namespace)}</span>
                <span>{visible(pod.name)}</span>
                <span>{visible(pod.phase)}</span>
                <span className={styles.number}>{plural(pod.containers, 'container')}</span>
              </label>
            </li>
          ))}
        </ul>
      </div>
    </>
  );
}
