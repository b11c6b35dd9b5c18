/**
 * Which fields of a kind a map reads: those its relations start at (pod specs cut down to what they
 * point with), and those its state is told from. Secrets and ConfigMaps are metadata only.
 */
import { compileFields } from '#shared/domain/topology/relations/compile';
import { RELATIONS } from '#shared/domain/topology/relations/table';
import { podSpecPath } from '#shared/domain/topology/relations/kinds';
import { metadataMask, type FieldMask, type KindDescriptor } from '#shared/kinds/define';
import type { KindInfo } from '#shared/contract/cluster';

type Mask = FieldMask[string];

const container: FieldMask = {
  name: true,
  env: { valueFrom: true },
  envFrom: true,
};

const podSpec: FieldMask = {
  nodeName: true,
  serviceAccountName: true,
  serviceAccount: true,
  priorityClassName: true,
  runtimeClassName: true,
  volumes: true,
  imagePullSecrets: true,
  resourceClaims: true,
  containers: container,
  initContainers: container,
  ephemeralContainers: container,
};

const annotations: FieldMask = Object.fromEntries(
  [
    'meta.helm.sh/release-name',
    'meta.helm.sh/release-namespace',
    'argocd.argoproj.io/tracking-id',
    'kubernetes.io/config.mirror',
    'kubernetes.io/service-account.name',
    'kubernetes.io/service-account.uid',
    'kubernetes.io/ingress.class',
    'ingressclass.kubernetes.io/is-default-class',
    'storageclass.kubernetes.io/is-default-class',
    'storageclass.beta.kubernetes.io/is-default-class',
    'volume.beta.kubernetes.io/storage-class',
    'deployment.kubernetes.io/revision',
    'cronjob.kubernetes.io/instantiate',
    'cert-manager.io/issuer',
    'cert-manager.io/cluster-issuer',
    'cert-manager.io/certificate-name',
    'cert-manager.io/inject-ca-from',
    'config.k8s.io/owning-inventory',
    'objectset.rio.cattle.io/owner-name',
    'objectset.rio.cattle.io/owner-gvk',
    'objectset.rio.cattle.io/owner-namespace',
    'olm.operatorGroup',
  ].map((key) => [key, true as const]),
);

const metadata: FieldMask = { ...metadataMask, annotations };

/** Their content is nobody's business here. */
const METADATA_ONLY = new Set(['Secret', 'ConfigMap']);

export function maskOf(kind: KindInfo, descriptor: KindDescriptor | undefined): FieldMask {
  if (kind.group === '' && METADATA_ONLY.has(kind.kind))
    return kind.kind === 'Secret' ? { metadata, type: true } : { metadata };
  const mask: Record<string, Mask> = { metadata };
  const spec = podSpecPath(kind.group, kind.kind)?.split('.');
  for (const { key } of compileFields(RELATIONS, kind.group, kind.kind).children) {
    if (key === 'metadata') continue;
    mask[key] = key === 'spec' && spec ? (spec.length === 1 ? podSpec : withTemplate(spec)) : true;
  }
  // Reference-shaped fields of kinds nobody knows stand anywhere in their spec.
  if (!descriptor)
    return { ...mask, spec: mask['spec'] ?? true, status: mask['status'] ?? { conditions: true } };
  const { metadata: own, ...rest } = descriptor.mask;
  const joined = join(mask, rest) as FieldMask;
  return typeof own === 'object' ? { ...joined, metadata: join(metadata, own) } : joined;
}

/** `spec.jobTemplate.spec.template.spec` and what a map reads around it. */
function withTemplate(path: readonly string[]): FieldMask {
  let mask: FieldMask = { spec: podSpec, metadata: { labels: true } };
  for (const key of path.slice(1, -1).reverse()) mask = { [key]: mask };
  return {
    ...mask,
    selector: true,
    serviceName: true,
    volumeClaimTemplates: true,
    workloadRef: true,
    strategy: true,
  };
}

function join(a: Mask, b: Mask): Mask {
  if (a === true || b === true) return true;
  if (a === 'keys') return b === 'keys' ? 'keys' : b;
  if (b === 'keys') return a;
  const out: Record<string, Mask> = { ...a };
  for (const key of Object.keys(b)) {
    const mine = out[key];
    const theirs = b[key]!;
    out[key] = mine === undefined ? theirs : join(mine, theirs);
  }
  return out;
}
