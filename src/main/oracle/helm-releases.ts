/**
 * What stored Helm releases installed: the newest revision of each, its manifest unpacked. Payloads that
 * cannot be read are no releases; their size is bounded, so that a small one cannot grow without end.
 */
import { gunzipSync } from 'node:zlib';
import { dig } from '#shared/domain/topology/relations/match';
import { str } from '#shared/k8s/read';
import { manifestsIn, type Manifest } from './manifests';

const MAX_PAYLOAD = 32 * 1024 * 1024;

interface Release {
  readonly name: string;
  readonly namespace: string;
  readonly version: number;
  readonly manifest: string;
}

/** Objects of their own that name what they installed (`status.resources`). */
export function helmReleases(manifests: readonly Manifest[]): unknown[] {
  const newest = new Map<string, Release>();
  for (const object of manifests) {
    const release = releaseOf(object);
    if (!release) continue;
    const key = `${release.namespace}/${release.name}`;
    if (release.version > (newest.get(key)?.version ?? -1)) newest.set(key, release);
  }
  return [...newest.values()].map(({ name, namespace, manifest }) => ({
    apiVersion: '~/v1',
    kind: 'HelmRelease',
    metadata: { name, namespace },
    status: {
      resources: manifestsIn(manifest).map((one) => ({
        apiVersion: one.apiVersion,
        kind: one.kind,
        name: dig(one, 'metadata', 'name'),
        namespace: dig(one, 'metadata', 'namespace'),
      })),
    },
  }));
}

function releaseOf(object: Manifest): Release | undefined {
  const { kind } = object;
  const payload = str(dig(object, 'data', 'release'));
  const isStored = kind === 'Secret' ? object.type === 'helm.sh/release.v1' : kind === 'ConfigMap';
  if (!isStored || payload === '' || dig(object, 'metadata', 'labels', 'owner') !== 'helm') return undefined;
  try {
    // A Secret's values are base64 already; what is in them is base64 too.
    const packed = kind === 'Secret' ? Buffer.from(payload, 'base64').toString('latin1') : payload;
    const bytes = Buffer.from(packed, 'base64');
    const isZipped = bytes[0] === 0x1f && bytes[1] === 0x8b;
    const text = isZipped ? gunzipSync(bytes, { maxOutputLength: MAX_PAYLOAD }) : bytes;
    const told = JSON.parse(text.toString('utf8')) as unknown;
    const name = str(dig(told, 'name'));
    const namespace = str(dig(told, 'namespace')) || str(dig(object, 'metadata', 'namespace')) || 'default';
    const version = Number(dig(told, 'version') ?? 0);
    return name === '' ? undefined : { name, namespace, version, manifest: str(dig(told, 'manifest')) };
  } catch {
    return undefined;
  }
}
