/** The objects a selected node stands for, as commands take them; those of a set are asked of the host. */
import { useEffect, useState } from 'react';
import { topology, type WireNode } from '#shared/contract/topology';
import type { RpcClient } from '#shared/rpc/client';
import type { SelectedObject } from '../../data/feature';

const NONE: readonly SelectedObject[] = [];

export function useChosen(
  client: RpcClient | undefined,
  session: string,
  node: WireNode | undefined,
): readonly SelectedObject[] {
  const [members, setMembers] = useState<{ id: string; objects: readonly SelectedObject[] }>({
    id: '',
    objects: NONE,
  });
  const setId = node?.state === 'set' ? node.id : '';
  const count = node?.count ?? 0;
  useEffect(() => {
    if (setId === '' || !client) return undefined;
    const stop = new AbortController();
    client.call(topology, 'members', { session, id: setId }, stop.signal).then(
      (objects) => setMembers({ id: setId, objects }),
      () => setMembers({ id: setId, objects: NONE }),
    );
    return () => stop.abort();
  }, [client, session, setId, count]);
  if (!node) return NONE;
  // Never more than is known to be meant: nothing while the members are on their way.
  if (node.state === 'set') return members.id === node.id ? members.objects : NONE;
  if (node.state !== 'present' || node.resource === '') return NONE;
  return [{ kind: node.resource, namespace: node.namespace, name: node.name, uid: node.uid }];
}
