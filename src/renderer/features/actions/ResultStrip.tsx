/**
 * The last thing that was done, at the foot of the window where no dialog shows it: what, the
 * result, Undo. Goes after a while when all went well; a failure stays until it is read.
 */
import { IconX } from '@tabler/icons-react';
import { useEffect, type ReactNode } from 'react';
import { useConnections } from '../../data/connections';
import { Button, IconButton } from '../../ui/Button';
import { StatusMark } from '../../ui/StatusMark';
import { visible } from '#shared/util/text';
import styles from './actions.module.css';
import { openAction } from './dialog-state';
import { resultWords, runWords } from './Results';
import { undoRun } from './RunDialog';
import { forgetRun, undoOf, useRuns } from './runs';

const SHOWN_MS = 12_000;

export function ResultStrip(): ReactNode {
  const connections = useConnections();
  const run = useRuns((state) => [...state.runs].reverse().find((one) => !one.watched));
  const id = run?.id;
  const passes = run?.finished === true && run.failed === 0;
  useEffect(() => {
    if (id === undefined || !passes) return undefined;
    const timer = setTimeout(() => forgetRun(id), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [id, passes]);
  if (!run) return null;
  const [first] = run.results.values();
  const alone = run.items.length === 1 && run.finished && first;
  return (
    <div className={styles.strip} role="status" aria-label="Last action">
      <StatusMark tone={!run.finished ? 'progress' : run.failed > 0 ? 'bad' : 'done'} />
      <span className={styles.grow}>
        {visible(run.title)}: {alone ? resultWords(first) : runWords(run)}
      </span>
      {!run.finished && (
        <Button look="quiet" onClick={run.cancel}>
          Stop
        </Button>
      )}
      {(run.items.length > 1 || run.failed > 0) && (
        <Button
          look="quiet"
          onClick={() => openAction({ type: 'run', clusterId: run.clusterId, run: run.id })}
        >
          Show
        </Button>
      )}
      {run.finished && undoOf(run) && (
        <Button look="quiet" onClick={() => void undoRun(connections.cluster(run.clusterId), run)}>
          Undo
        </Button>
      )}
      <IconButton label="Close" onClick={() => forgetRun(run.id)}>
        <IconX />
      </IconButton>
    </div>
  );
}
