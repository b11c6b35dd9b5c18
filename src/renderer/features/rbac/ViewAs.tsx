/** Choosing whom to see the cluster as, with what the server says of it beforehand. */
import { useState, type ReactNode } from 'react';
import { create } from 'zustand';
import type { Who } from '#shared/contract/rbac';
import { toAppError, type AppError } from '#shared/util/app-error';
import { visible } from '#shared/util/text';
import { ClusterIdContext, useClusterId } from '../../data/connections';
import { deniedWords, useCan, type AccessQuestion } from '../../data/use-can';
import { startViewAs } from '../../data/view-as';
import { Button } from '../../ui/Button';
import { Dialog } from '../../ui/Dialog';
import { ErrorState } from '../../ui/ErrorState';
import styles from './access.module.css';
import { WhoFields } from './Fields';
import { useAnswer, useRbacState } from './use-rbac';
import { isComplete, whoText } from './words';

const useDialog = create<{ readonly asked: { readonly contextId: string; readonly who: Who } | undefined }>()(
  () => ({ asked: undefined }),
);

export function askViewAs(contextId: string, who: Who): void {
  useDialog.setState({ asked: { contextId, who } });
}

const close = (): void => useDialog.setState({ asked: undefined });

export function ViewAsButton({ who }: { readonly who: Who }): ReactNode {
  const clusterId = useClusterId();
  if (who.kind === 'me' || !isComplete(who)) return null;
  return <Button onClick={() => askViewAs(clusterId, who)}>View the cluster as {visible(who.name)}</Button>;
}

export function ViewAsDialog(): ReactNode {
  const asked = useDialog((state) => state.asked);
  if (!asked) return null;
  return (
    <ClusterIdContext value={asked.contextId}>
      <Content contextId={asked.contextId} first={asked.who} />
    </ClusterIdContext>
  );
}

interface Impersonated {
  readonly user: string;
  readonly groups: readonly string[];
}

/** The server asks for a user even where only a group is meant. */
export function impersonated(who: Who): Impersonated {
  switch (who.kind) {
    case 'ServiceAccount':
      return { user: `system:serviceaccount:${who.namespace}:${who.name}`, groups: [] };
    case 'Group':
      return { user: 'somebody', groups: [who.name] };
    default:
      return { user: who.name, groups: who.groups.filter((group) => group.trim() !== '') };
  }
}

function questions(who: Who): AccessQuestion[] {
  const base = { verb: 'impersonate', group: '' };
  if (who.kind === 'ServiceAccount')
    return [{ ...base, resource: 'serviceaccounts', namespace: who.namespace, name: who.name }];
  const { user, groups } = impersonated(who);
  return [
    { ...base, resource: 'users', namespace: '', name: user },
    ...groups.map((name) => ({ ...base, resource: 'groups', namespace: '', name })),
  ];
}

function Content({ contextId, first }: { readonly contextId: string; readonly first: Who }): ReactNode {
  const [who, setWho] = useState(first);
  const [error, setError] = useState<AppError>();
  const state = useRbacState(true);
  const names = useAnswer('names', {}, state?.ready ? state.version : undefined).data;
  const complete = who.kind !== 'me' && isComplete(who);
  const asked = complete ? questions(who) : [];
  const verdicts = useCan(contextId, asked);
  const denied = asked.map((question, index) => deniedWords(question, verdicts[index])).find(Boolean);
  const go = (): void => {
    const { user, groups } = impersonated(who);
    startViewAs(contextId, user, groups).then(close, (thrown: unknown) => setError(toAppError(thrown)));
  };
  return (
    <Dialog
      label="View as somebody else"
      wide
      onClose={close}
      actions={
        <>
          <Button onClick={close}>Cancel</Button>
          <Button look="primary" disabled={!complete || denied !== undefined} onClick={go}>
            {complete ? `View as ${visible(who.name)}` : 'View'}
          </Button>
        </>
      }
    >
      <div className={styles.dialog}>
        <p>
          A second session of this context that asks the server as somebody else (impersonation). You see what
          they see and may do what they may do, no more.
        </p>
        <div className={styles.form}>
          <WhoFields value={who} names={names} onChange={setWho} withoutMe />
        </div>
        {who.kind === 'Group' && (
          <p className={styles.muted}>Shown as a user without a name of their own, in this group alone.</p>
        )}
        {denied !== undefined && <p className={styles.lacks}>{visible(denied)}</p>}
        {complete && denied === undefined && (
          <p className={styles.muted}>You will ask as {visible(whoText(who))}.</p>
        )}
        {error && <ErrorState title="The view could not be opened" error={error} />}
      </div>
    </Dialog>
  );
}
