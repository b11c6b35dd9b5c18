/**
 * Debug sessions of this window: which dock tab shows what, and what happens when it is closed.
 * Guarantees: a pod made for a session is remembered in the settings before it is made and forgotten
 * once it is gone, so that what a crash leaves is offered at the next connect; closing the tab of a
 * node's pod deletes it; closing that of a copy asks.
 */
import { create } from 'zustand';
import { debug, type DebugTarget } from '#shared/contract/debug';
import type { RpcClient } from '#shared/rpc/client';
import { toAppError } from '#shared/util/app-error';
import { patchContextSettings, patchSettings, useAppData } from '../../data/app-data';
import { clusterTitle, confirmChange } from '../../data/confirm';
import { MOST_IMAGES, USUAL_IMAGE } from '../../data/debug-images';
import type { SelectedObject } from '../../data/feature';
import { shortName } from '../../data/open-terminals';
import { openDock, useWorkbench } from '../../data/workbench';

export const DEBUG_DOCK = 'debug';

export interface DebugDialogs {
  readonly asked: { readonly id: number; readonly clusterId: string; readonly object: SelectedObject } | null;
  /** The list of debug pods is open, for this cluster. */
  readonly list: string | null;
  /** What went wrong in the background, by cluster. */
  readonly trouble: Readonly<Record<string, string>>;
}

export const useDebugDialogs = create<DebugDialogs>()(() => ({ asked: null, list: null, trouble: {} }));
let nextId = 1;

export function askDebug(clusterId: string, object: SelectedObject): void {
  useDebugDialogs.setState({ asked: { id: nextId++, clusterId, object } });
}

export function closeDebug(): void {
  useDebugDialogs.setState({ asked: null });
}

export function showDebugPods(clusterId: string | null): void {
  useDebugDialogs.setState({ list: clusterId });
}

export function setTrouble(clusterId: string, text: string | undefined): void {
  useDebugDialogs.setState(({ trouble }) => {
    const rest = Object.fromEntries(Object.entries(trouble).filter(([id]) => id !== clusterId));
    return { trouble: text === undefined ? rest : { ...rest, [clusterId]: text } };
  });
}

/** Images to offer, the last used first. */
export function knownImages(): readonly string[] {
  const used = useAppData.getState().settings?.debugImages ?? [];
  return used.includes(USUAL_IMAGE) ? used : [...used, USUAL_IMAGE];
}

export function rememberImage(image: string): void {
  const rest = knownImages().filter((one) => one !== image);
  patchSettings({ debugImages: [image, ...rest].slice(0, MOST_IMAGES) });
}

export interface KnownPod {
  readonly namespace: string;
  readonly pod: string;
  readonly way: 'copy' | 'node' | 'kept';
}

/** Pods that sessions of this app made in a cluster and that may still be there. */
export function knownPods(clusterId: string): readonly KnownPod[] {
  const found = useAppData.getState().settings?.contexts[clusterId]?.debugPods ?? {};
  return Object.entries(found).flatMap(([key, way]) => {
    const [namespace, pod] = key.split('/');
    return namespace && pod ? [{ namespace, pod, way }] : [];
  });
}

export function rememberPod(
  clusterId: string,
  namespace: string,
  pod: string,
  way: KnownPod['way'] | null,
): void {
  patchContextSettings(clusterId, { debugPods: { [`${namespace}/${pod}`]: way } });
}

interface Session {
  readonly clusterId: string;
  readonly target: DebugTarget;
  readonly client: () => RpcClient | undefined;
}

/** By dock tab. */
const sessions = new Map<string, Session>();
let watching = false;
let opened = 0;

/** Opens the dock tab of what was made. `client` is asked when the tab is closed. */
export function openSession(clusterId: string, target: DebugTarget, client: Session['client']): void {
  opened += 1;
  const id = `debug:${opened}`;
  const { way, namespace, pod, uid, container } = target;
  if (container === undefined) return;
  openDock(clusterId, {
    id,
    page: DEBUG_DOCK,
    title: way === 'node' ? `Node: ${shortName(pod)}` : `Debug: ${shortName(pod)}`,
    params: { way, namespace, pod, uid, container },
  });
  if (way === 'ephemeral') return;
  sessions.set(id, { clusterId, target, client });
  if (watching) return;
  watching = true;
  useWorkbench.subscribe(({ benches }) => {
    for (const [tab, session] of sessions) {
      if (benches[session.clusterId]?.dock.some((panel) => panel.id === tab)) continue;
      sessions.delete(tab);
      void endSession(session);
    }
  });
}

/** Pods that are being made: remembered, but perhaps not there yet. */
const making = new Set<string>();

/** Remembers a pod, makes it, and forgets it again when the server says that there is none. */
export async function makePod<T>(
  clusterId: string,
  { namespace, pod, way }: KnownPod,
  make: () => Promise<T>,
): Promise<T> {
  const key = `${clusterId} ${namespace}/${pod}`;
  making.add(key);
  rememberPod(clusterId, namespace, pod, way);
  try {
    return await make();
  } catch (thrown) {
    // A lost answer may mean that it was made: what is there is found at the next connect.
    if (toAppError(thrown).status !== undefined) rememberPod(clusterId, namespace, pod, null);
    throw thrown;
  } finally {
    making.delete(key);
  }
}

/** True while a tab of this window shows that pod, or is about to. */
export function isOpen(clusterId: string, namespace: string, pod: string): boolean {
  if (making.has(`${clusterId} ${namespace}/${pod}`)) return true;
  for (const { clusterId: id, target } of sessions.values())
    if (id === clusterId && target.namespace === namespace && target.pod === pod) return true;
  return false;
}

async function endSession({ clusterId, target, client }: Session): Promise<void> {
  const { way, namespace, pod } = target;
  const known = knownPods(clusterId).some((one) => one.namespace === namespace && one.pod === pod);
  // Deleted from its tab already.
  if (!known) return;
  if (way === 'copy') {
    const yes = await confirmChange({
      clusterId,
      title: `Delete the copy ${pod}?`,
      body: `The debug session in ${clusterTitle(clusterId)} / ${namespace} is closed; its pod still runs. Kept, it stays in the list of debug pods.`,
      verb: 'Delete copy',
    });
    if (!yes) return rememberPod(clusterId, namespace, pod, 'kept');
  }
  await removePod(clusterId, client(), target);
}

/** Deletes it and forgets it; what fails is told and offered again. */
export async function removePod(
  clusterId: string,
  client: RpcClient | undefined,
  { namespace, pod, uid }: Pick<DebugTarget, 'namespace' | 'pod' | 'uid'>,
): Promise<boolean> {
  const failed = (why: string): false => {
    setTrouble(clusterId, `Debug pod ${pod} in ${namespace} is still there: ${why}`);
    return false;
  };
  if (!client) return failed('the cluster is not connected.');
  try {
    await client.call(debug, 'remove', { namespace, pod, uid });
  } catch (thrown) {
    return failed(toAppError(thrown).message);
  }
  rememberPod(clusterId, namespace, pod, null);
  return true;
}
