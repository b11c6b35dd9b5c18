/** The results of a run where it was started: progress, stop, retry of what failed, undo. */
import { useEffect, type ReactNode } from 'react';
import type { RpcClient } from '#shared/rpc/client';
import { clusterTitle, confirmChange } from '../../data/confirm';
import { Button } from '../../ui/Button';
import { Dialog } from '../../ui/Dialog';
import { closeAction, openAction } from './dialog-state';
import { Results } from './Results';
import { patchRun, retryOf, startRun, undoOf, useRuns, type NewRun, type Run } from './runs';

export function RunDialog({
  id,
  client,
}: {
  readonly id: number;
  readonly client: RpcClient | undefined;
}): ReactNode {
  const run = useRuns((state) => state.runs.find((one) => one.id === id));
  useEffect(() => {
    patchRun(id, { watched: true });
    return () => patchRun(id, { watched: false });
  }, [id]);
  const alone = run?.items.length === 1 && run.finished && run.failed === 0;
  // One object that went well needs no dialog: the strip says what was done.
  useEffect(() => {
    if (alone) closeAction();
  }, [alone]);
  if (!run || alone) return null;
  const again = run.finished ? retryOf(run) : undefined;
  const undo = run.finished ? undoOf(run) : undefined;
  const start = (next: NewRun): void => {
    if (client) openAction({ type: 'run', clusterId: run.clusterId, run: startRun(client, next, true) });
  };
  return (
    <Dialog
      label={run.title}
      wide
      onClose={closeAction}
      actions={
        <>
          {!run.finished && (
            <Button onClick={run.cancel} disabled={run.cancelled}>
              Stop
            </Button>
          )}
          {again && <Button onClick={() => start(again)}>{retryWords(run, again)}</Button>}
          {undo && <Button onClick={() => void undoRun(client, run)}>Undo</Button>}
          <Button onClick={closeAction}>{run.finished ? 'Close' : 'Go on in the background'}</Button>
        </>
      }
    >
      <Results run={run} />
    </Dialog>
  );
}

function retryWords(run: Run, again: NewRun): string {
  return run.failed > 0 ? `Retry ${again.items.length} failed` : `Do the other ${again.items.length}`;
}

/** Takes back what a run did; asks where the cluster is protected. */
export async function undoRun(client: RpcClient | undefined, run: Run): Promise<void> {
  const undo = undoOf(run);
  if (!client || !undo) return;
  const title = `Undo "${run.title}" in ${clusterTitle(run.clusterId)}?`;
  if (!(await confirmChange({ clusterId: run.clusterId, title, verb: 'Undo' }))) return;
  openAction({ type: 'run', clusterId: run.clusterId, run: startRun(client, undo, true) });
}
