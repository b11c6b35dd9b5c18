/**
 * What the model keeps of each object: the fields answers need and nothing else, read from
 * objects whose shape nobody vouches for. Values of Secrets are never asked for.
 */
import { podSecurity } from '#shared/domain/pss/evaluate';
import type { PodSpec, Violation, Level } from '#shared/domain/pss/types';
import type { AccountFacts, PodFacts } from '#shared/domain/rbac/risks/hygiene';
import type { Binding, LabelSelector, PolicyRule, Role, Subject } from '#shared/domain/rbac/types';
import { entries, items, str, strings } from '#shared/k8s/read';
import type { FieldMask, KubeObject } from '#shared/kinds/define';

type Loose = KubeObject & Readonly<Record<string, unknown>>;

/** A kind as the model reads it. */
export interface Form<T> {
  readonly group: string;
  readonly resource: string;
  readonly namespaced: boolean;
  readonly mask: FieldMask;
  readonly read: (object: Loose) => T;
}

const RBAC = 'rbac.authorization.k8s.io';

export const roleForm: Form<Role> = {
  group: RBAC,
  resource: 'roles',
  namespaced: true,
  mask: { rules: true },
  read: (object) => readRole(object, 'Role'),
};

export const clusterRoleForm: Form<Role> = {
  group: RBAC,
  resource: 'clusterroles',
  namespaced: false,
  mask: { rules: true, aggregationRule: true },
  read: (object) => readRole(object, 'ClusterRole'),
};

export const bindingForm: Form<Binding> = {
  group: RBAC,
  resource: 'rolebindings',
  namespaced: true,
  mask: { roleRef: true, subjects: true },
  read: (object) => readBinding(object, 'RoleBinding'),
};

export const clusterBindingForm: Form<Binding> = {
  group: RBAC,
  resource: 'clusterrolebindings',
  namespaced: false,
  mask: { roleRef: true, subjects: true },
  read: (object) => readBinding(object, 'ClusterRoleBinding'),
};

export interface AccountForm extends AccountFacts {
  /** Undefined: pods decide. */
  readonly automount: boolean | undefined;
}

const CLOUD =
  /^(?:eks\.amazonaws\.com\/role-arn|iam\.gke\.io\/gcp-service-account|azure\.workload\.identity\/client-id)$/;

export const accountForm: Form<AccountForm> = {
  group: '',
  resource: 'serviceaccounts',
  namespaced: true,
  mask: { metadata: { annotations: true }, automountServiceAccountToken: true },
  read: (object) => ({
    namespace: str(object.metadata.namespace),
    name: str(object.metadata.name),
    cloud: entries((object.metadata as { annotations?: object }).annotations)
      .filter(([key]) => CLOUD.test(key))
      .map(([key, value]) => `${key}=${value}`),
    automount:
      typeof object['automountServiceAccountToken'] === 'boolean'
        ? object['automountServiceAccountToken']
        : undefined,
  }),
};

/** A pod: whose token it carries, how it reaches its node, which security level it meets. */
export interface PodForm extends PodFacts {
  readonly phase: string;
  readonly owner: string;
  readonly level: Level;
  readonly violations: readonly Violation[];
}

const context: FieldMask = {
  privileged: true,
  allowPrivilegeEscalation: true,
  runAsNonRoot: true,
  runAsUser: true,
  procMount: true,
  capabilities: true,
  seccompProfile: true,
  appArmorProfile: true,
  seLinuxOptions: true,
  windowsOptions: true,
  sysctls: true,
};
const hosts: FieldMask = { httpGet: { host: true }, tcpSocket: { host: true } };
const container: FieldMask = {
  name: true,
  securityContext: context,
  ports: { hostPort: true },
  livenessProbe: hosts,
  readinessProbe: hosts,
  startupProbe: hosts,
  lifecycle: { postStart: hosts, preStop: hosts },
};

export const podForm: Form<PodForm> = {
  group: '',
  resource: 'pods',
  namespaced: true,
  mask: {
    metadata: { annotations: true },
    spec: {
      serviceAccountName: true,
      nodeName: true,
      hostNetwork: true,
      hostPID: true,
      hostIPC: true,
      os: true,
      securityContext: context,
      containers: container,
      initContainers: container,
      ephemeralContainers: container,
      volumes: true,
    },
    status: { phase: true },
  },
  read: readPod,
};

type Volume = Readonly<Record<string, unknown>> & {
  readonly hostPath?: { readonly path?: string };
  readonly projected?: { readonly sources?: readonly Readonly<Record<string, unknown>>[] };
};

function readPod(object: Loose): PodForm {
  const spec = (object['spec'] ?? {}) as PodSpec & { serviceAccountName?: string; nodeName?: string };
  const annotations = Object.fromEntries(
    entries((object.metadata as { annotations?: object }).annotations),
  ) as Record<string, string>;
  const volumes = items(spec.volumes as readonly Volume[] | undefined);
  const verdict = podSecurity({ annotations, spec });
  const [owner] = items(
    (object.metadata as { ownerReferences?: readonly { kind?: string; name?: string }[] }).ownerReferences,
  );
  return {
    namespace: str(object.metadata.namespace),
    name: str(object.metadata.name),
    serviceAccount: str(spec.serviceAccountName) || 'default',
    // The admission plugin has written it into the volumes: no guess is needed.
    token: volumes.some((volume) =>
      items(volume.projected?.sources).some((source) => source['serviceAccountToken'] !== undefined),
    ),
    escape: escapes(spec, volumes),
    node: str(spec.nodeName),
    phase: str((object['status'] as { phase?: string } | undefined)?.phase),
    owner: owner ? `${str(owner.kind)}/${str(owner.name)}` : '',
    level: verdict.level,
    violations: verdict.violations,
  };
}

function escapes(spec: PodSpec, volumes: readonly Volume[]): string[] {
  const words: string[] = [];
  const all = [...items(spec.containers), ...items(spec.initContainers), ...items(spec.ephemeralContainers)];
  if (all.some((one) => one.securityContext?.privileged === true)) words.push('privileged');
  if (spec.hostPID === true) words.push('hostPID');
  for (const { hostPath } of volumes) if (hostPath) words.push(`hostPath ${str(hostPath.path)}`);
  return words.slice(0, 8);
}

function readRole(object: Loose, kind: Role['kind']): Role {
  const aggregation = object['aggregationRule'] as
    { clusterRoleSelectors?: readonly LabelSelector[] | null } | null | undefined;
  return {
    kind,
    namespace: kind === 'Role' ? str(object.metadata.namespace) : '',
    name: str(object.metadata.name),
    labels: Object.fromEntries(entries(object.metadata.labels)),
    rules: items(object['rules'] as readonly PolicyRule[] | undefined).map(readRule),
    ...(aggregation ? { aggregation: items(aggregation.clusterRoleSelectors ?? []) } : {}),
  };
}

function readRule(rule: PolicyRule): PolicyRule {
  const names = strings(rule.resourceNames);
  const urls = strings(rule.nonResourceURLs);
  return {
    verbs: strings(rule.verbs),
    apiGroups: strings(rule.apiGroups),
    resources: strings(rule.resources),
    ...(names.length > 0 ? { resourceNames: names } : {}),
    ...(urls.length > 0 ? { nonResourceURLs: urls } : {}),
  };
}

function readBinding(object: Loose, kind: Binding['kind']): Binding {
  const ref = (object['roleRef'] ?? {}) as { apiGroup?: string; kind?: string; name?: string };
  return {
    kind,
    namespace: kind === 'RoleBinding' ? str(object.metadata.namespace) : '',
    name: str(object.metadata.name),
    roleRef: { apiGroup: str(ref.apiGroup), kind: str(ref.kind), name: str(ref.name) },
    subjects: items(object['subjects'] as readonly Subject[] | undefined).map((subject) => ({
      kind: str(subject.kind),
      apiGroup: str(subject.apiGroup),
      name: str(subject.name),
      ...(str(subject.namespace) === '' ? {} : { namespace: str(subject.namespace) }),
    })),
  };
}
