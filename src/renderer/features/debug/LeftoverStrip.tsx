/**
 * Tells, once per connect, of debug pods that earlier sessions of this app left in the cluster, and of
 * a clean-up that failed. Asks only about pods it remembers: nothing is listed for it.
 */
import { IconX } from '@tabler/icons-react';
import { useEffect, useState, type ReactNode } from 'react';
import { debug, type DebugPod } from '#shared/contract/debug';
import type { RpcClient } from '#shared/rpc/client';
import { plural, visible } from '#shared/util/text';
import { useAppData } from '../../data/app-data';
import { useClusterData } from '../../data/cluster-data';
import { clusterTitle, confirmChange } from '../../data/confirm';
import { useConnections } from '../../data/connections';
import { shortName } from '../../data/open-terminals';
import { useWorkbench } from '../../data/workbench';
import { Button, IconButton } from '../../ui/Button';
import { StatusMark } from '../../ui/StatusMark';
import styles from './debug.module.css';
import {
  isOpen,
  knownPods,
  rememberPod,
  removePod,
  setTrouble,
  showDebugPods,
  useDebugDialogs,
} from './sessions';

/** Hosts that were asked already. */
const asked = new WeakSet<RpcClient>();

export function LeftoverStrip(): ReactNode {
  const clusterId = useWorkbench((state) => state.clusterId);
  return clusterId === null ? null : <Strip key={clusterId} clusterId={clusterId} />;
}

function Strip({ clusterId }: { readonly clusterId: string }): ReactNode {
  const connections = useConnections();
  const { status } = useClusterData(clusterId);
  const live = status?.phase === 'live';
  const [left, setLeft] = useState<readonly DebugPod[]>([]);
  const trouble = useDebugDialogs((state) => state.trouble[clusterId]);
  const ready = useAppData((state) => state.settings !== undefined);
  useEffect(() => {
    const client = connections.cluster(clusterId);
    if (!live || !client || !ready || asked.has(client)) return;
    // Also when there is nothing to ask about: what is made from now on was not left by anybody.
    asked.add(client);
    const known = knownPods(clusterId).filter((one) => !isOpen(clusterId, one.namespace, one.pod));
    if (known.length === 0) return;
    void find(client, clusterId, known).then(setLeft, () => undefined);
  }, [connections, clusterId, live, ready]);

  const remove = async (): Promise<void> => {
    const client = connections.cluster(clusterId);
    const yes = await confirmChange({
      clusterId,
      title: `Delete ${plural(left.length, 'debug pod')}?`,
      body: (
        <ul>
          {left.map((pod) => (
            <li key={pod.uid}>
              {visible(pod.namespace)} / {visible(pod.name)}
            </li>
          ))}
        </ul>
      ),
      verb: `Delete ${plural(left.length, 'debug pod')}`,
    });
    if (!yes) return;
    setLeft([]);
    for (const { namespace, name, uid } of left)
      if (!(await removePod(clusterId, client, { namespace, pod: name, uid }))) return;
  };
  const keep = (): void => {
    for (const { namespace, name } of left) rememberPod(clusterId, namespace, name, 'kept');
    setLeft([]);
  };
  if (trouble !== undefined) {
    return (
      <div className={styles.strip} role="status" aria-label="Debug pods">
        <StatusMark tone="bad" />
        <span className={styles.grow}>{visible(trouble)}</span>
        <Button look="quiet" onClick={() => showDebugPods(clusterId)}>
          Show
        </Button>
        <IconButton label="Close" onClick={() => setTrouble(clusterId, undefined)}>
          <IconX />
        </IconButton>
      </div>
    );
  }
  if (left.length === 0) return null;
  const [first] = left;
  return (
    <div className={styles.strip} role="status" aria-label="Debug pods">
      <StatusMark tone="warn" />
      <span className={styles.grow}>
        An earlier session left {plural(left.length, 'debug pod')} in {visible(clusterTitle(clusterId))}
        {first ? `: ${visible(shortName(first.name))}${left.length > 1 ? ', …' : ''}` : ''}
      </span>
      <Button onClick={() => void remove()}>Delete</Button>
      <Button look="quiet" onClick={() => showDebugPods(clusterId)}>
        Show
      </Button>
      <Button look="quiet" onClick={keep}>
        Keep
      </Button>
    </div>
  );
}

/** Those that are still there; the others are forgotten. */
async function find(
  client: RpcClient,
  clusterId: string,
  known: ReturnType<typeof knownPods>,
): Promise<readonly DebugPod[]> {
  const { pods } = await client.call(debug, 'pods', {
    namespaces: [],
    known: known.map(({ namespace, pod }) => ({ namespace, pod })),
    labelled: false,
  });
  const found = new Map(pods.map((pod) => [`${pod.namespace}/${pod.name}`, pod]));
  return known.flatMap(({ namespace, pod, way }) => {
    const there = found.get(`${namespace}/${pod}`);
    if (!there) rememberPod(clusterId, namespace, pod, null);
    return there && way !== 'kept' ? [there] : [];
  });
}
