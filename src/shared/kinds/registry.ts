/** Every kind we have columns of our own for. A new kind is its file and a line here. */
import { configMap } from './config-map';
import { cronJob } from './cron-job';
import { daemonSet } from './daemon-set';
import { kindId, type KindDescriptor, type KindId } from './define';
import { deployment } from './deployment';
import { event } from './event';
import { job } from './job';
import { namespace } from './namespace';
import { node } from './node';
import { pod } from './pod';
import { replicaSet } from './replica-set';
import { secret } from './secret';
import { service } from './service';
import { statefulSet } from './stateful-set';

export const knownKinds: readonly KindDescriptor[] = [
  pod,
  deployment,
  statefulSet,
  daemonSet,
  job,
  cronJob,
  replicaSet,
  service,
  configMap,
  secret,
  node,
  namespace,
  event,
];

export const kindById: ReadonlyMap<KindId, KindDescriptor> = new Map(
  knownKinds.map((kind) => [kindId(kind.group, kind.resource), kind]),
);

/** Words that lead to a kind, lower case; where two kinds claim one, the earlier in `knownKinds` has it. */
const byAlias: ReadonlyMap<string, KindDescriptor> = aliasMap();

function aliasMap(): Map<string, KindDescriptor> {
  const map = new Map<string, KindDescriptor>();
  const claim = (word: string, kind: KindDescriptor): void => {
    if (!map.has(word)) map.set(word, kind);
  };
  // Exact names of all kinds go before anybody's nicknames.
  for (const kind of knownKinds) claim(kindId(kind.group, kind.resource), kind);
  for (const kind of knownKinds) claim(kind.resource, kind);
  for (const kind of knownKinds) claim(kind.kind.toLowerCase(), kind);
  for (const kind of knownKinds) for (const alias of [kind.tag, ...kind.aliases]) claim(alias, kind);
  return map;
}

/** The kind that `pods`, `po`, `Pod`, `deployments.apps` or `config maps` means. */
export function kindByAlias(word: string): KindDescriptor | undefined {
  const plain = word.trim().toLowerCase();
  return byAlias.get(plain) ?? byAlias.get(plain.replace(/\s+/g, ''));
}
