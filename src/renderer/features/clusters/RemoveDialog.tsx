/** Removes a context from its kubeconfig: shows the very lines that go, and where the copy stays. */
import { useState, type ReactNode } from 'react';
import { kubeconfig } from '#shared/contract/kubeconfig';
import { visible } from '#shared/util/text';
import { useAppData, useSettings } from '../../data/app-data';
import { contextTitle } from '../../data/context-title';
import { Button } from '../../ui/Button';
import { Dialog } from '../../ui/Dialog';
import { ErrorState } from '../../ui/ErrorState';
import { useAsked, useDoing } from './calls';
import { closeContextDialog } from '../../data/cluster-dialogs';
import styles from './clusters.module.css';

export function RemoveDialog({ contextId }: { readonly contextId: string }): ReactNode {
  const context = useAppData((state) => state.contextById.get(contextId));
  const own = useSettings().contexts[contextId];
  const [withCluster, setCluster] = useState(true);
  const [withUser, setUser] = useState(true);
  const { data, error, again } = useAsked(`remove ${contextId}`, (client, signal) =>
    client.call(kubeconfig, 'previewRemove', { contextId }, signal),
  );
  const doing = useDoing();
  const title = context ? contextTitle(context, own?.alias).title : contextId;
  const close = (): void => closeContextDialog();
  const lines = (data?.lines ?? []).filter(
    ({ part }) => part === 'context' || (part === 'cluster' ? withCluster : withUser),
  );
  const remove = (): void =>
    void doing.run(async (client) => {
      if (!data) return;
      const done = await client.call(kubeconfig, 'remove', {
        contextId,
        cluster: withCluster && data.cluster !== undefined,
        user: withUser && data.user !== undefined,
        seen: data.seen,
      });
      closeContextDialog(
        `Removed ${data.name} from ${done.file}. The file before is in ${done.backup ?? done.file}.`,
      );
    });
  return (
    <Dialog
      label={`Remove ${title}?`}
      wide
      onClose={close}
      actions={
        <>
          <Button onClick={close}>Cancel</Button>
          <Button look="danger" disabled={!data || doing.busy} onClick={remove}>
            Remove context
          </Button>
        </>
      }
    >
      {error && <ErrorState title="It cannot be removed" error={error} onRetry={again} />}
      {data && (
        <>
          <p>
            {lines.length === 1 ? 'This line goes' : 'These lines go'} from {visible(data.file)}; every other
            byte of it stays. The cluster itself is not touched.
          </p>
          <ol className={styles.lines} aria-label="Lines that go">
            {lines.map((line, at) => (
              <li key={`${line.number} ${at}`}>
                <span className={styles.number}>{line.number}</span>
                <span>{visible(line.text)}</span>
              </li>
            ))}
          </ol>
          {data.cluster !== undefined && (
            <Also
              label={`Also the cluster entry “${visible(data.cluster)}”, which no other context uses`}
              checked={withCluster}
              onChange={setCluster}
            />
          )}
          {data.user !== undefined && (
            <Also
              label={`Also the user entry “${visible(data.user)}” with its credentials, which no other context uses`}
              checked={withUser}
              onChange={setUser}
            />
          )}
          {data.isCurrent && (
            <p className={styles.warn}>
              It is the current-context: kubectl has none it can use until you choose another one.
            </p>
          )}
          <p className={styles.text}>The file as it is now is kept as {visible(data.backup)}.</p>
        </>
      )}
      {doing.error && (
        <ErrorState title="Nothing was removed" error={doing.error}>
          <Button onClick={again}>Look at the new version</Button>
        </ErrorState>
      )}
    </Dialog>
  );
}

interface AlsoProps {
  readonly label: string;
  readonly checked: boolean;
  readonly onChange: (checked: boolean) => void;
}

function Also({ label, checked, onChange }: AlsoProps): ReactNode {
  return (
    <label className={styles.check}>
      <input type="checkbox" checked={checked} onChange={(event) => onChange(event.target.checked)} />
      {label}
    </label>
  );
}
