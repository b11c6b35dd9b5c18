/** All debug pods of a cluster, whoever made them: each can be deleted. */
import { useCallback, useEffect, useState, type ReactNode } from 'react';
import { debug, type DebugPods } from '#shared/contract/debug';
import { toAppError, type AppError } from '#shared/util/app-error';
import { formatAge } from '#shared/util/age';
import { visible } from '#shared/util/text';
import { clusterData } from '../../data/cluster-data';
import { clusterTitle, confirmChange } from '../../data/confirm';
import { useConnections } from '../../data/connections';
import { Button } from '../../ui/Button';
import { Dialog } from '../../ui/Dialog';
import styles from './debug.module.css';
import { isOpen, knownPods, removePod, showDebugPods } from './sessions';

export function DebugPodsDialog({ clusterId }: { readonly clusterId: string }): ReactNode {
  const connections = useConnections();
  const [found, setFound] = useState<DebugPods>();
  const [error, setError] = useState<AppError>();
  const look = useCallback((): void => {
    const client = connections.cluster(clusterId);
    if (!client) return setError({ code: 'closed', message: 'The cluster is not connected.' });
    setError(undefined);
    client
      .call(debug, 'pods', {
        namespaces: (clusterData(clusterId).namespaces?.names ?? []).slice(0, 100),
        known: knownPods(clusterId)
          .slice(0, 200)
          .map(({ namespace, pod }) => ({ namespace, pod })),
        labelled: true,
      })
      .then(setFound, (thrown: unknown) => setError(toAppError(thrown)));
  }, [connections, clusterId]);
  useEffect(look, [look]);
  const known = new Set(knownPods(clusterId).map(({ namespace, pod }) => `${namespace}/${pod}`));

  const remove = async ({ namespace, name, uid }: DebugPods['pods'][number]): Promise<void> => {
    const own = known.has(`${namespace}/${name}`);
    const yes = await confirmChange({
      clusterId,
      title: `Delete debug pod ${name}?`,
      body: own ? undefined : 'It was not made here: somebody may be working in it.',
      verb: 'Delete debug pod',
      danger: !own,
    });
    if (!yes) return;
    await removePod(clusterId, connections.cluster(clusterId), { namespace, pod: name, uid });
    look();
  };
  const close = (): void => showDebugPods(null);
  return (
    <Dialog
      label={`Debug pods in ${visible(clusterTitle(clusterId))}`}
      wide
      onClose={close}
      actions={<Button onClick={close}>Close</Button>}
    >
      {error && <p className={styles.bad}>{visible(error.message)}</p>}
      {!found && !error && <p className={styles.muted}>Looking…</p>}
      {found && found.pods.length === 0 && <p className={styles.muted}>There are none.</p>}
      {found && found.pods.length > 0 && (
        <ul className={styles.pods}>
          {found.pods.map((pod) => {
            const { namespace, name, phase, node, created, uid, byApp } = pod;
            const who = isOpen(clusterId, namespace, name)
              ? 'open here'
              : known.has(`${namespace}/${name}`)
                ? 'made here'
                : byApp
                  ? 'made by Binnacle, perhaps by somebody else'
                  : 'made by somebody else';
            return (
              <li key={uid}>
                <span className={styles.grow}>
                  {visible(namespace)} / {visible(name)}
                  <span className={styles.muted}>
                    {' '}
                    {visible(phase)}
                    {node === '' ? '' : ` on ${visible(node)}`}, {formatAge(created || null, Date.now())},{' '}
                    {who}
                  </span>
                </span>
                <Button aria-label={`Delete ${name}`} onClick={() => void remove(pod)}>
                  Delete
                </Button>
              </li>
            );
          })}
        </ul>
      )}
      {found?.searched !== undefined && (
        <p className={styles.muted}>
          {found.searched.length === 0
            ? 'No namespace may be searched for others.'
            : `Searched: ${found.searched.map(visible).join(', ')}.`}
        </p>
      )}
      <p className={styles.muted}>
        Found by the label of kubectl debug on pods of nodes, and by name for what was made here. Copies made
        elsewhere carry no mark.
      </p>
    </Dialog>
  );
}
