/** Changes a context's entry in its kubeconfig: name, namespace, whether kubectl starts with it. */
import { useEffect, useState, type ReactNode } from 'react';
import { kubeconfig } from '#shared/contract/kubeconfig';
import { visible } from '#shared/util/text';
import { useAppData } from '../../data/app-data';
import { moveCluster } from '../../data/session';
import { Button } from '../../ui/Button';
import { Dialog } from '../../ui/Dialog';
import { ErrorState } from '../../ui/ErrorState';
import { TextField } from '../../ui/TextField';
import { useAsked, useDoing } from './calls';
import { closeContextDialog } from '../../data/cluster-dialogs';
import styles from './clusters.module.css';

export function EntryDialog({ contextId }: { readonly contextId: string }): ReactNode {
  const running = useAppData((state) => state.hosts.get(contextId)?.phase);
  const { data, error, again } = useAsked(`place ${contextId}`, (client, signal) =>
    client.call(kubeconfig, 'place', { contextId }, signal),
  );
  const [name, setName] = useState('');
  const [namespace, setNamespace] = useState('');
  const doing = useDoing();
  const close = (): void => closeContextDialog();
  const seen = data?.seen;
  useEffect(() => {
    if (!data) return;
    setName(data.name);
    setNamespace(data.namespace ?? '');
    // eslint-disable-next-line react-hooks/exhaustive-deps -- a new version of the file starts anew
  }, [seen]);
  const isChanged = data !== undefined && (name !== data.name || namespace.trim() !== (data.namespace ?? ''));
  const save = (): void =>
    void doing.run(async (client) => {
      if (!data || !isChanged) return;
      const done = await client.call(kubeconfig, 'change', {
        contextId,
        seen: data.seen,
        ...(name === data.name ? {} : { rename: name }),
        namespace: namespace.trim() === '' ? null : namespace.trim(),
      });
      if (done.contextId !== contextId) moveCluster(contextId, done.contextId);
      const what = name === data.name ? `Changed ${name}` : `Renamed ${data.name} to ${name}`;
      closeContextDialog(`${what} in ${done.file}. The file before is in ${done.backup ?? done.file}.`);
    });
  const makeCurrent = (): void =>
    void doing.run(async (client) => {
      const done = await client.call(kubeconfig, 'makeCurrent', { contextId });
      closeContextDialog(`${data?.name ?? ''} is the current-context in ${done.file}.`);
    });
  return (
    <Dialog
      label="Edit kubeconfig entry"
      onClose={close}
      actions={
        <>
          {data && !data.isCurrent && (
            <Button look="quiet" disabled={doing.busy} onClick={makeCurrent}>
              Make it the current-context
            </Button>
          )}
          <Button onClick={close}>Cancel</Button>
          <Button look="primary" disabled={!isChanged || name === '' || doing.busy} onClick={save}>
            Save
          </Button>
        </>
      }
    >
      {error && <ErrorState title="The entry cannot be edited" error={error} onRetry={again} />}
      {data && (
        <form
          className={styles.fields}
          onSubmit={(event) => {
            event.preventDefault();
            save();
          }}
        >
          <p className={styles.text}>
            Line {data.line} of {visible(data.file)}.{data.isCurrent && ' It is the current-context.'}
          </p>
          <TextField
            label="Name in the kubeconfig"
            value={name}
            maxLength={1024}
            onChange={(event) => setName(event.target.value)}
          />
          <TextField
            label="Namespace"
            placeholder="default"
            value={namespace}
            maxLength={63}
            onChange={(event) => setNamespace(event.target.value)}
          />
          <p className={styles.text}>
            Only the changed words are written; comments, order and everything else stay. The file before is
            kept as {visible(data.backup)}.
            {name !== data.name &&
              ' Alias, colour and protection move to the new name; scripts that use the old name will not find it.'}
            {name !== data.name &&
              running !== undefined &&
              running !== 'stopped' &&
              ' Its connection is made anew.'}
          </p>
          <button type="submit" hidden />
        </form>
      )}
      {doing.error && (
        <ErrorState title="Nothing was changed" error={doing.error}>
          <Button onClick={again}>Look at the new version</Button>
        </ErrorState>
      )}
    </Dialog>
  );
}
