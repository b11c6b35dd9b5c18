/**
 * Pod Security of each namespace: the levels its labels set, and the running pods that would not be
 * admitted at a level now. Labels are read anew with each question.
 */
import type { NamespaceSecurity, PodSecurityAnswer } from '#shared/contract/rbac';
import type { Level } from '#shared/domain/pss/types';
import { entries, items, str } from '#shared/k8s/read';
import { toAppError } from '#shared/util/app-error';
import type { Api } from '../../k8s/api';
import type { AccountForm, PodForm } from './forms';

const PREFIX = 'pod-security.kubernetes.io/';
const MOST_PODS = 200;

interface NamespaceList {
  readonly items?:
    readonly { readonly metadata?: { readonly name?: string; readonly labels?: object } }[] | null;
}

export async function podSecurityOf(
  api: Api,
  pods: readonly PodForm[],
  accounts: readonly AccountForm[],
  signal: AbortSignal,
): Promise<Omit<PodSecurityAnswer, 'lacks'>> {
  let labels = new Map<string, ReadonlyMap<string, string>>();
  let labelError;
  try {
    const list = await api.json<NamespaceList>({ path: '/api/v1/namespaces' }, signal);
    labels = new Map(
      items(list.items ?? []).map((one) => [str(one.metadata?.name), new Map(entries(one.metadata?.labels))]),
    );
  } catch (thrown) {
    if (signal.aborted) throw thrown;
    labelError = toAppError(thrown);
  }
  const byNamespace = new Map<string, PodForm[]>([...labels.keys()].map((name) => [name, []]));
  for (const pod of pods) {
    // An ended pod is not admitted again.
    if (pod.phase === 'Succeeded' || pod.phase === 'Failed') continue;
    const list = byNamespace.get(pod.namespace);
    if (list) list.push(pod);
    else byNamespace.set(pod.namespace, [pod]);
  }
  const automount = new Map(
    accounts.filter((one) => one.name === 'default').map((one) => [one.namespace, one.automount]),
  );
  const namespaces = [...byNamespace]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, own]) => judge(name, labels.get(name), own, automount.get(name)));
  return { namespaces, ...(labelError ? { labelError } : {}) };
}

function judge(
  name: string,
  labels: ReadonlyMap<string, string> | undefined,
  pods: readonly PodForm[],
  automount: boolean | undefined,
): NamespaceSecurity {
  const level = (mode: string): Level | undefined => {
    const value = labels?.get(`${PREFIX}${mode}`);
    return value === 'privileged' || value === 'baseline' || value === 'restricted' ? value : undefined;
  };
  const [enforce, warn, audit] = [level('enforce'), level('warn'), level('audit')];
  const mounts = pods
    .filter((pod) => pod.token && pod.serviceAccount === 'default')
    .map(({ name: pod }) => pod);
  const violating = pods.filter((pod) => pod.level !== 'restricted');
  return {
    name,
    ...(enforce ? { enforce } : {}),
    ...(warn ? { warn } : {}),
    ...(audit ? { audit } : {}),
    pods: pods.length,
    beyondBaseline: pods.filter((pod) => pod.level === 'privileged').length,
    beyondRestricted: violating.length,
    ...(automount === undefined ? {} : { defaultAutomount: automount }),
    defaultMounts: { count: mounts.length, first: mounts.sort().slice(0, 20) },
    violating: violating
      .sort(
        (a, b) =>
          Number(a.level !== 'privileged') - Number(b.level !== 'privileged') || (a.name < b.name ? -1 : 1),
      )
      .slice(0, MOST_PODS)
      .map(({ name: pod, level: meets, violations }) => ({
        name: pod,
        meets,
        violations: violations.slice(0, 30),
      })),
  };
}
