/**
 * Policies of other engines (Cilium, Calico, Antrea): found by their kinds, listed once per look by
 * name only, never evaluated (S30). A list that is denied shows nothing.
 */
import type { OtherPolicy } from '#shared/contract/netpol';
import type { Scope } from '#shared/rpc/scope';
import { resourcePath } from '../../k8s/path';
import type { LiveDeps } from './live';

const KINDS = [
  'ciliumnetworkpolicies.cilium.io',
  'ciliumclusterwidenetworkpolicies.cilium.io',
  'networkpolicies.crd.projectcalico.org',
  'globalnetworkpolicies.crd.projectcalico.org',
  'networkpolicies.projectcalico.org',
  'globalnetworkpolicies.projectcalico.org',
  'networkpolicies.crd.antrea.io',
  'clusternetworkpolicies.crd.antrea.io',
] as const;
const MOST = 500;

interface Names {
  readonly items?:
    readonly { readonly metadata?: { readonly name?: string; readonly namespace?: string } }[] | null;
}

/** Starts to read; the answer gives what is known so far. */
export function otherPolicies(
  { api, kinds }: Pick<LiveDeps, 'api' | 'kinds'>,
  scope: Scope,
  onChange: () => void,
  judged: (id: string) => boolean,
): () => readonly OtherPolicy[] {
  const found: OtherPolicy[] = [];
  const read = async (id: string): Promise<void> => {
    const kind = kinds.byId(id);
    if (!kind || judged(id)) return;
    const { group, version, resource } = kind;
    const accept = 'application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io,application/json;q=0.5';
    const path = resourcePath({ group, version, resource });
    const answer = await api.json<Names>({ path, query: { limit: MOST }, accept }, scope.signal);
    for (const { metadata } of answer.items ?? []) {
      if (typeof metadata?.name !== 'string') continue;
      const namespace = typeof metadata.namespace === 'string' ? metadata.namespace : '';
      found.push({ kind: kind.kind, kindId: id, group, namespace, name: metadata.name });
    }
    if (!scope.disposed) onChange();
  };
  void kinds.ready(scope.signal).then(
    () => {
      for (const id of KINDS) read(id).catch(() => undefined);
    },
    () => undefined,
  );
  return () => found;
}
