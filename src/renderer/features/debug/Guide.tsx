/** Which way fits this pod, and debug containers that run in it already. */
import type { ReactNode } from 'react';
import type { DebuggablePod } from '#shared/contract/debug';
import { visible } from '#shared/util/text';
import { Button } from '../../ui/Button';
import { StatusMark } from '../../ui/StatusMark';
import styles from './debug.module.css';
import type { DebugForm } from './form';

export interface GuideProps {
  readonly pod: DebuggablePod;
  readonly form: DebugForm;
  readonly onAttach: (container: string) => void;
}

export function Guide({ pod, form, onAttach }: GuideProps): ReactNode {
  const running = pod.containers.filter((one) => one.type === 'debug' && one.state === 'running');
  const words = adviceOf(pod, form);
  return (
    <>
      {words !== undefined && (
        <p className={styles.advice}>
          <StatusMark tone="warn" />
          <span>{visible(words)}</span>
        </p>
      )}
      {form.way === 'ephemeral' && running.length > 0 && (
        <ul className={styles.running} aria-label="Debug containers that run in this pod">
          {running.map(({ name, image, target }) => (
            <li key={name}>
              <StatusMark tone="ok" />
              <span className={styles.grow}>
                <span className="mono">{visible(name)}</span> runs already: {visible(image)}
                {target === undefined ? '' : `, sees ${visible(target)}`}
              </span>
              <Button onClick={() => onAttach(name)}>Attach to it</Button>
            </li>
          ))}
        </ul>
      )}
    </>
  );
}

function adviceOf(pod: DebuggablePod, { way }: DebugForm): string | undefined {
  const { crashing } = pod;
  if (crashing) {
    return way === 'copy'
      ? `${crashing.words} In the copy it runs another command, so that it stays up and can be looked into.`
      : `${crashing.words} There is little to see in it between two ends: a copy with another command stays up.`;
  }
  if (pod.mirror && way === 'ephemeral') return undefined;
  if (way === 'ephemeral' && (pod.phase === 'Succeeded' || pod.phase === 'Failed'))
    return 'The pod is over: nothing starts in it any more. A copy runs again.';
  if (way === 'ephemeral' && pod.phase === 'Pending' && pod.node === undefined)
    return 'The pod has no node yet: a debug container starts only when it has one.';
  return undefined;
}
