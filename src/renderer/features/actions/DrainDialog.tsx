/** A drain before it begins: every pod of the node, what happens to it, and which budget holds it back. */
import { useEffect, useState, type ReactNode } from 'react';
import { actions, type DrainPlan } from '#shared/contract/actions';
import {
  drainCommand,
  drainSummary,
  kubectlDefaults,
  type DrainOptions,
  type DrainPod,
} from '#shared/domain/actions/drain';
import { kubectlLine } from '#shared/domain/actions/kubectl';
import type { RpcClient } from '#shared/rpc/client';
import { toAppError, type AppError } from '#shared/util/app-error';
import { visible } from '#shared/util/text';
import { useAppData } from '../../data/app-data';
import { clusterTitle, isProtected, readOnlyReason } from '../../data/confirm';
import { ConfirmDialog } from '../../ui/ConfirmDialog';
import { StatusMark, type MarkTone } from '../../ui/StatusMark';
import styles from './actions.module.css';
import { closeAction } from './dialog-state';
import { startDrain } from './drains';
import { CommandLine, Warnings } from './Preview';

export interface DrainDialogProps {
  readonly client: RpcClient | undefined;
  readonly clusterId: string;
  readonly node: string;
}

export function DrainDialog({ client, clusterId, node }: DrainDialogProps): ReactNode {
  const [options, setOptions] = useState<DrainOptions>(kubectlDefaults);
  const [plan, setPlan] = useState<DrainPlan | undefined>(undefined);
  const [failure, setFailure] = useState<AppError | undefined>(undefined);
  const context = useAppData((state) => state.contextById.get(clusterId)?.name);
  useEffect(() => {
    if (!client) return undefined;
    const abort = new AbortController();
    client.call(actions, 'drainPlan', { node, options }, abort.signal).then(
      (found) => {
        setPlan(found);
        setFailure(undefined);
      },
      (thrown: unknown) => {
        if (!abort.signal.aborted) setFailure(toAppError(thrown));
      },
    );
    return () => abort.abort();
  }, [client, node, options]);
  const stops = plan?.pods.some((pod) => pod.verdict === 'stops') === true;
  const answer = (yes: boolean): void => {
    closeAction();
    if (yes && client) startDrain(client, clusterId, node, options);
  };
  const set = (change: Partial<DrainOptions>): void => setOptions({ ...options, ...change });
  return (
    <ConfirmDialog
      title={`Drain ${visible(node)}`}
      place={clusterTitle(clusterId)}
      verb={`Drain ${visible(node)}`}
      danger
      wide
      typeToConfirm={isProtected(clusterId) ? clusterTitle(clusterId) : undefined}
      refused={readOnlyReason(clusterId)}
      notYet={!plan || stops || failure !== undefined}
      onAnswer={answer}
    >
      <div className={styles.form}>
        <Check
          label="Leave DaemonSet pods where they are"
          on={options.ignoreDaemonSets}
          set={(ignoreDaemonSets) => set({ ignoreDaemonSets })}
        />
        <Check
          label="Evict pods with emptyDir volumes; their data is lost"
          on={options.deleteEmptyDir}
          set={(deleteEmptyDir) => set({ deleteEmptyDir })}
        />
        <Check
          label="Evict pods that no controller makes again"
          on={options.force}
          set={(force) => set({ force })}
        />
      </div>
      {failure && <p className={styles.bad}>{visible(failure.message)}</p>}
      {!plan && !failure && <p className={styles.muted}>Reading the pods of {visible(node)}…</p>}
      {plan && (
        <div className={styles.preview}>
          <p role="status">
            {plan.cordoned ? 'Cordoned already. ' : 'The node is cordoned first. '}
            {drainSummary(plan.pods)}
          </p>
          <ul className={styles.many} aria-label="Pods of the node">
            {plan.pods.map((pod) => (
              <PodLine key={pod.uid} pod={pod} />
            ))}
          </ul>
          <Warnings warnings={plan.notes} />
          <CommandLine text={kubectlLine(drainCommand(node, options), { context, namespace: '' })} />
        </div>
      )}
    </ConfirmDialog>
  );
}

function toneOf(pod: DrainPod): MarkTone {
  if (pod.verdict === 'stops') return 'bad';
  if (pod.verdict === 'stays') return 'idle';
  return pod.held === undefined ? 'done' : 'warn';
}

const verdicts = { stops: 'Stops the drain', stays: 'Stays', evict: 'Goes' } as const;

function PodLine({ pod }: { readonly pod: DrainPod }): ReactNode {
  const what = pod.held !== undefined ? 'Held back' : verdicts[pod.verdict];
  return (
    <li>
      <StatusMark tone={toneOf(pod)} />
      <span className={styles.podName}>
        <span className={styles.muted}>{visible(pod.namespace)}/</span>
        {visible(pod.name)}
      </span>
      <span className={styles.verdict}>{what}</span>
      <span className={`${styles.grow} ${styles.muted}`}>
        {visible([pod.held, pod.why].filter(Boolean).join(' '))}
      </span>
    </li>
  );
}

function Check({
  label,
  on,
  set,
}: {
  readonly label: string;
  readonly on: boolean;
  readonly set: (on: boolean) => void;
}): ReactNode {
  return (
    <label className={styles.check}>
      <input type="checkbox" checked={on} onChange={(event) => set(event.target.checked)} />
      {label}
    </label>
  );
}
