/**
 * Tells, once per connect, of debug pods that earlier sessions of this app left in the cluster, and of
 * a clean-up that failed. Those it remembers it offers to delete. Old ones that it does not remember,
 * found by the label of kubectl debug and the maker the server noted, it shows: they may be somebody else's.
 */
import { IconX } from '@tabler/icons-react';
import { useEffect, useState, type ReactNode } from 'react';
import { debug, type DebugPod } from '#shared/contract/debug';
import type { RpcClient } from '#shared/rpc/client';
import { plural, visible } from '#shared/util/text';
import { useAppData } from '../../data/app-data';
import { clusterData, useClusterData } from '../../data/cluster-data';
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

const MOST_SEARCHED = 100;
const MOST_KNOWN = 200;
/** A younger one that runs may be somebody's session of now. */
const OLD_MS = 60 * 60_000;

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
  const [strange, setStrange] = useState<readonly DebugPod[]>([]);
  const trouble = useDebugDialogs((state) => state.trouble[clusterId]);
  const ready = useAppData((state) => state.settings !== undefined);
  useEffect(() => {
    const client = connections.cluster(clusterId);
    if (!live || !client || !ready || asked.has(client)) return;
    // Also when there is nothing to ask about: what is made from now on was not left by anybody.
    asked.add(client);
    const known = knownPods(clusterId).filter((one) => !isOpen(clusterId, one.namespace, one.pod));
    const namespaces = (clusterData(clusterId).namespaces?.names ?? []).slice(0, MOST_SEARCHED);
    void find(client, clusterId, known, namespaces).then(
      (found) => {
        setLeft(found.own);
        setStrange(found.strange);
      },
      () => undefined,
    );
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
    for (const { namespace, name } of left.length > 0 ? left : strange)
      rememberPod(clusterId, namespace, name, 'kept');
    if (left.length > 0) setLeft([]);
    else setStrange([]);
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
  if (left.length === 0 && strange.length === 0) return null;
  const [first] = left.length > 0 ? left : strange;
  if (left.length === 0) {
    return (
      <div className={styles.strip} role="status" aria-label="Debug pods">
        <StatusMark tone="warn" />
        <span className={styles.grow}>
          {plural(strange.length, 'debug pod of a node is', 'debug pods of nodes are')} still in{' '}
          {visible(clusterTitle(clusterId))}
          {first ? `: ${visible(shortName(first.name))}${strange.length > 1 ? ', …' : ''}` : ''}, made by
          Binnacle, here or elsewhere
        </span>
        <Button onClick={() => showDebugPods(clusterId)}>Show</Button>
        <Button look="quiet" onClick={keep}>
          Keep
        </Button>
      </div>
    );
  }
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

interface Found {
  /** Remembered here. */
  readonly own: readonly DebugPod[];
  /** Not remembered, but made by this app, and old or over. */
  readonly strange: readonly DebugPod[];
}

/** What is still there; what is not is forgotten. */
async function find(
  client: RpcClient,
  clusterId: string,
  known: ReturnType<typeof knownPods>,
  namespaces: readonly string[],
): Promise<Found> {
  const { pods } = await client.call(debug, 'pods', {
    namespaces: [...namespaces],
    known: known.slice(0, MOST_KNOWN).map(({ namespace, pod }) => ({ namespace, pod })),
    labelled: true,
  });
  const found = new Map(pods.map((pod) => [`${pod.namespace}/${pod.name}`, pod]));
  const own = known.flatMap(({ namespace, pod, way }) => {
    const there = found.get(`${namespace}/${pod}`);
    if (!there) rememberPod(clusterId, namespace, pod, null);
    return there && way !== 'kept' ? [there] : [];
  });
  const remembered = new Set(known.map(({ namespace, pod }) => `${namespace}/${pod}`));
  const strange = pods.filter(
    (pod) =>
      pod.byApp &&
      !remembered.has(`${pod.namespace}/${pod.name}`) &&
      !isOpen(clusterId, pod.namespace, pod.name) &&
      (pod.phase !== 'Running' || Date.now() - pod.created > OLD_MS),
  );
  return { own, strange };
}
