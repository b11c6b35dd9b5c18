/**
 * A folder of manifests -> the model the network policy oracles ask. What in the manifests cannot be
 * read, has no effect or no defined effect is told on standard error, a line each; the rest is
 * judged. A path that cannot be read ends the program with status 2.
 */
import { compilePolicy } from '#shared/domain/netpol/compile';
import { refText, type Policy } from '#shared/domain/netpol/compiled';
import { NetpolModel } from '#shared/domain/netpol/model';
import type { NetService } from '#shared/domain/netpol/services';
import { parseIp } from '#shared/domain/netpol/ip';
import type { KubeObject } from '#shared/k8s/meta';
import { compactService } from '../features/netpol/compact';
import { groupOf, readManifests, type Manifest } from './manifests';
import { netpolSnapshot } from './netpol-manifests';

export interface OracleWorld {
  readonly model: NetpolModel;
  /** By `ns/name`. */
  readonly services: ReadonlyMap<string, NetService>;
  readonly serviceByIp: ReadonlyMap<bigint, NetService>;
}

export function oracleWorld(path: string): OracleWorld {
  const say = (text: string): void => void process.stderr.write(`${text}\n`);
  let manifests: Manifest[];
  try {
    manifests = readManifests(path, say);
  } catch (thrown) {
    say(`${path}: ${thrown instanceof Error ? thrown.message : String(thrown)}`);
    process.exit(2);
  }
  const model = new NetpolModel(netpolSnapshot(manifests));
  for (const line of warnings(manifests, model)) say(line);
  return { model, ...servicesOf(manifests) };
}

/** What the person who wrote the manifests should know, in the order of the manifests. */
export function warnings(manifests: readonly Manifest[], model: NetpolModel): string[] {
  const lines: string[] = [];
  if (manifests.length === 0) lines.push('No Kubernetes objects were found (files *.yaml, *.yml, *.json).');
  const seen = new Set<string>();
  for (const object of manifests) {
    if (!String(object.kind).endsWith('NetworkPolicy')) continue;
    const policy = compilePolicy(object);
    const name = String(object.metadata?.name ?? '');
    if (!policy) {
      lines.push(`${String(object.apiVersion)} ${object.kind} ${name}: ${whyNot(object)}; left out`);
      continue;
    }
    const text = refText(policy.ref);
    if (name === '') lines.push(`${text}: no metadata.name`);
    if (seen.has(text)) lines.push(`${text}: is there twice, the last one counts`);
    seen.add(text);
    for (const { at, rule, text: words } of policy.problems) lines.push(`${text} ${at}: ${words} (${rule})`);
  }
  return [...lines, ...equalPriorities(model)];
}

function whyNot(object: Manifest): string {
  const group = groupOf(object.apiVersion);
  if (group === 'networking.k8s.io' || group === 'policy.networking.k8s.io')
    return object.kind === 'ClusterNetworkPolicy'
      ? 'neither Admin nor Baseline tier, or a version that is not known'
      : 'a kind or version that is not known';
  return 'judged by its own engine (S30)';
}

/** Nobody defines which of two policies of a tier wins at the same priority: the cells hold what is certain. */
function equalPriorities({ policies, groups }: NetpolModel): string[] {
  const byPlace = new Map<string, Policy[]>();
  for (const policy of policies) {
    if (policy.tier === 'networkPolicy') continue;
    const key = `${policy.tier} ${policy.priority}`;
    byPlace.set(key, [...(byPlace.get(key) ?? []), policy]);
  }
  const lines: string[] = [];
  for (const [key, list] of byPlace) {
    if (list.length < 2) continue;
    const clash = [...groups.values()].some(({ pods, sides }) =>
      [sides.ingress, sides.egress].some(
        ({ admin, baseline }) =>
          pods > 0 &&
          [...admin, ...baseline].some(
            (one) => one.policies.length > 1 && one.policies.some(({ live }) => list.includes(live.policy)),
          ),
      ),
    );
    if (clash) {
      const names = list.map(({ ref }) => refText(ref)).join(', ');
      lines.push(
        `${names}: the same ${key.replace(' ', ' tier priority ')} for some of the same pods; which of them wins is undefined, only what every order allows is listed (tiers)`,
      );
    }
  }
  return lines;
}

export function servicesOf(manifests: readonly Manifest[]): Omit<OracleWorld, 'model'> {
  const services = new Map<string, NetService>();
  const serviceByIp = new Map<bigint, NetService>();
  for (const object of manifests) {
    if (object.kind !== 'Service' || groupOf(object.apiVersion) !== '') continue;
    const { name } = object.metadata ?? {};
    if (typeof name !== 'string') continue;
    const namespace = String(object.metadata?.namespace || 'default');
    const service = compactService({
      ...object,
      metadata: { ...object.metadata, name, namespace },
    } as KubeObject);
    services.set(`${namespace}/${name}`, service);
    const spec = (typeof object['spec'] === 'object' && object['spec'] !== null ? object['spec'] : {}) as {
      clusterIP?: unknown;
      clusterIPs?: unknown;
    };
    for (const ip of [
      spec.clusterIP,
      ...(Array.isArray(spec.clusterIPs) ? (spec.clusterIPs as unknown[]) : []),
    ]) {
      const place = typeof ip === 'string' ? parseIp(ip) : undefined;
      if (place !== undefined) serviceByIp.set(place, service);
    }
  }
  return { services, serviceByIp };
}
