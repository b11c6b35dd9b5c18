/** Autoscalers, budgets, policies, admission, API machinery: T36-T40, T45-T50, T53. */
import { str, strings } from '../../../k8s/read';
import type { LabelSelector } from '../../../k8s/types';
import { groupOf } from './kinds';
import { byRef, bySelector, dig, get, isFields, list, row, rows, virtual } from './match';
import type { LinkOptions, Matcher, Relation, Sink, Target } from './types';

const ADMISSION = 'admissionregistration.k8s.io';
const WEBHOOKS = `ValidatingWebhookConfiguration.${ADMISSION} MutatingWebhookConfiguration.${ADMISSION}`;
const ANP = ['AdminNetworkPolicy', 'BaselineAdminNetworkPolicy', 'ClusterNetworkPolicy']
  .map((kind) => `${kind}.policy.networking.k8s.io`)
  .join(' ');
const NETPOL = 'NetworkPolicy.networking.k8s.io';

/** T37: the HPA that KEDA makes is named after its ScaledObject, or as it says. */
const kedaHpa: Matcher = (value, sink, relation) => {
  const chosen = str(dig(value, 'advanced', 'horizontalPodAutoscalerConfig', 'name'));
  const target = {
    ...relation.target,
    namespace: sink.self.namespace,
    name: chosen || `keda-hpa-${sink.self.name}`,
  };
  const field = chosen ? `${sink.path()}.advanced.horizontalPodAutoscalerConfig.name` : 'metadata.name';
  if (sink.has(target)) sink.link(target, { field, value: target.name });
};

/** T38: `{}` is all of the namespace, but was none in policy/v1beta1. */
const budgetPods: Matcher = (value, sink, relation) => {
  if (get(sink.self.object, 'apiVersion') === 'policy/v1beta1' && isEmpty(value)) return;
  bySelector()(value, sink, relation);
};

/** T39: a policy that names no pods is about all of its namespace. */
const policyPods: Matcher = (value, sink, relation) => {
  const selector = get(value, 'podSelector') ?? {};
  if (!isFields(value) || !isFields(selector)) return;
  const options = { field: sink.pathTo('.podSelector') };
  const namespaces = [sink.self.namespace];
  sink.select({ ...relation.target, namespaces, selector: selector as LabelSelector, options });
};

function isEmpty(selector: unknown): boolean {
  return (
    isFields(selector) &&
    list(selector.matchExpressions).length === 0 &&
    (!isFields(selector.matchLabels) || Object.keys(selector.matchLabels).length === 0)
  );
}

/** T39: peers, second class; whole namespaces stay namespaces. */
const policyPeer: Matcher = (value, sink) => {
  const cidr = str(dig(value, 'ipBlock', 'cidr'));
  if (cidr) {
    sink.link(virtual('Outside', cidr), { field: `${sink.path()}.ipBlock.cidr`, value: cidr });
    return;
  }
  const pods = get(value, 'podSelector');
  const namespaces = get(value, 'namespaceSelector');
  const everyPod = !isFields(pods) || isEmpty(pods);
  const anyNamespace = isFields(namespaces) ? (namespaces as LabelSelector) : undefined;
  if (!everyPod) {
    sink.select({
      group: '',
      kind: 'Pod',
      selector: pods as LabelSelector,
      namespaces: anyNamespace ? 'any' : [sink.self.namespace],
      ...(anyNamespace && !isEmpty(anyNamespace) && { namespaceSelector: anyNamespace }),
    });
  } else if (anyNamespace) selectNamespaces(sink, anyNamespace);
  else if (isFields(pods))
    sink.link(
      { group: '', kind: 'Namespace', namespace: '', name: sink.self.namespace },
      { field: `${sink.path()}.podSelector`, value: 'all' },
    );
};

function selectNamespaces(sink: Sink, selector: LabelSelector, options?: LinkOptions): void {
  sink.select({ group: '', kind: 'Namespace', namespaces: 'any', selector, ...(options && { options }) });
}

/** T40: `namespaces` as a selector, or as an object around one. */
const namespaceSubject: Matcher = (value, sink) => {
  if (isFields(value))
    selectNamespaces(
      sink,
      (isFields(value.namespaceSelector) ? value.namespaceSelector : value) as LabelSelector,
    );
};

const podSubject: Matcher = (value, sink) => {
  const namespaceSelector = get(value, 'namespaceSelector');
  const selector = get(value, 'podSelector');
  if (!isFields(namespaceSelector) || !isFields(selector)) return;
  sink.select({
    group: '',
    kind: 'Pod',
    namespaces: 'any',
    selector: selector as LabelSelector,
    namespaceSelector: namespaceSelector as LabelSelector,
  });
};

const serviceRef: Matcher = (value, sink) => {
  const name = str(get(value, 'name'));
  const namespace = str(get(value, 'namespace'));
  const port = get(value, 'port');
  if (name && namespace) {
    sink.link(
      { group: '', kind: 'Service', namespace, name },
      { value: `${namespace}/${name}`, port: String(typeof port === 'number' ? port : 443) },
    );
  }
};

const webhookNamespaces: Matcher = (value, sink) => {
  // Every namespace is no answer: only a selector that selects is drawn.
  if (isFields(value) && !isEmpty(value)) selectNamespaces(sink, value as LabelSelector, { weak: true });
};

const POLICY_OF = new Map([
  ['ValidatingAdmissionPolicyBinding', 'ValidatingAdmissionPolicy'],
  ['MutatingAdmissionPolicyBinding', 'MutatingAdmissionPolicy'],
]);

/** T46: the policy says the kind of the parameters, the binding which. */
const paramRef: Matcher = (value, sink) => {
  const policy: Target = {
    group: ADMISSION,
    kind: POLICY_OF.get(sink.self.kind) ?? '',
    namespace: '',
    name: str(dig(sink.self.object, 'spec', 'policyName')),
  };
  const paramKind = dig(sink.peek(policy), 'spec', 'paramKind');
  const kind = str(get(paramKind, 'kind'));
  if (kind === '') return;
  const group = groupOf(get(paramKind, 'apiVersion'));
  const name = str(get(value, 'name'));
  const namespace = str(get(value, 'namespace'));
  const selector = get(value, 'selector');
  if (name) {
    sink.link({ group, kind, namespace, name }, { value: name });
    sink.link({ group, kind, namespace, name }, { value: name, from: policy });
  } else if (isFields(selector)) {
    sink.select({
      group,
      kind,
      namespaces: namespace ? [namespace] : 'any',
      selector: selector as LabelSelector,
    });
  }
};

const crdObjects: Matcher = (value, sink) => {
  const kind = str(dig(value, 'names', 'kind'));
  const group = str(get(value, 'group'));
  if (kind && group)
    sink.select({
      group,
      kind,
      namespaces: 'any',
      options: { field: `${sink.path()}.names`, value: `${str(dig(value, 'names', 'plural'))}.${group}` },
    });
};

/** T49: by uid where it has one; a node's is its name, a static pod's the hash of its manifest. */
const about = byRef({ guess: true });

/** T50: a node's heartbeat has its name. */
const heartbeat: Matcher = (value, sink) => {
  if (sink.self.namespace === 'kube-node-lease' && typeof value === 'string') sink.linkName('', value);
};

/** T50: the pod or node that holds it, else the bare identity. */
const leaseHolder: Matcher = (value, sink) => {
  if (typeof value !== 'string' || value === '') return;
  const { namespace, name } = sink.self;
  if (namespace === 'kube-node-lease' && value === name) return;
  for (const candidate of new Set([value, value.split('_')[0] ?? ''])) {
    for (const pod of [
      { group: '', kind: 'Pod', namespace, name: candidate },
      { group: '', kind: 'Node', namespace: '', name: candidate },
    ]) {
      if (sink.has(pod)) return sink.link(pod, { value });
    }
  }
  sink.link(virtual('Holder', value, namespace));
};

const inNamespace: Matcher = (value, sink) => {
  const { namespace } = sink.self;
  if (typeof value === 'string')
    sink.link(
      { group: '', kind: 'Namespace', namespace: '', name: namespace },
      { field: 'metadata.namespace', value: namespace },
    );
};

const quotaScope: Matcher = (value, sink, relation) => {
  if (get(value, 'scopeName') !== 'PriorityClass' || get(value, 'operator') !== 'In') return;
  for (const name of strings(get(value, 'values') as string[]))
    sink.link({ ...relation.target, namespace: '', name }, { value: name });
};

export const POLICY_RELATIONS: readonly Relation[] = [
  row(
    'T36',
    'scales',
    'HorizontalPodAutoscaler.autoscaling',
    'spec.scaleTargetRef',
    'Scaled',
    byRef({ namespace: 'own', guess: true }),
  ),
  row(
    'T36',
    'measures',
    'HorizontalPodAutoscaler.autoscaling',
    'spec.metrics[].object.describedObject',
    'Measured',
    byRef({ namespace: 'own', guess: true }),
  ),
  row(
    'T37',
    'scales',
    'VerticalPodAutoscaler.autoscaling.k8s.io',
    'spec.targetRef',
    'Scaled',
    byRef({ namespace: 'own', guess: true }),
  ),
  row(
    'T37',
    'scales',
    'ScaledObject.keda.sh',
    'spec.scaleTargetRef',
    'Deployment.apps',
    byRef({ namespace: 'own', guess: true }),
  ),
  row(
    'T37',
    'authenticates-with',
    'ScaledObject.keda.sh ScaledJob.keda.sh',
    'spec.triggers[].authenticationRef',
    'TriggerAuthentication.keda.sh',
    byRef({ namespace: 'own', guess: true }),
  ),
  row('T37', 'owns', 'ScaledObject.keda.sh', 'spec', 'HorizontalPodAutoscaler.autoscaling', kedaHpa),
  row('T38', 'protects', 'PodDisruptionBudget.policy', 'spec.selector', 'Pod', budgetPods),
  row('T39', 'applies-to', NETPOL, 'spec', 'Pod', policyPods),
  row('T39', 'allows-from', NETPOL, 'spec.ingress[].from[]', 'Pod', policyPeer, { weak: true }),
  row('T39', 'allows-to', NETPOL, 'spec.egress[].to[]', 'Pod', policyPeer, { weak: true }),
  row('T40', 'applies-to', ANP, 'spec.subject.namespaces', 'Namespace', namespaceSubject),
  row('T40', 'applies-to', ANP, 'spec.subject.pods', 'Pod', podSubject),
  row('T45', 'calls', WEBHOOKS, 'webhooks[].clientConfig.service', 'Service', serviceRef),
  row('T45', 'applies-to', WEBHOOKS, 'webhooks[].namespaceSelector', 'Namespace', webhookNamespaces),
  row(
    'T46',
    'binds-policy',
    `ValidatingAdmissionPolicyBinding.${ADMISSION}`,
    'spec.policyName',
    `ValidatingAdmissionPolicy.${ADMISSION}`,
  ),
  row(
    'T46',
    'binds-policy',
    `MutatingAdmissionPolicyBinding.${ADMISSION}`,
    'spec.policyName',
    `MutatingAdmissionPolicy.${ADMISSION}`,
  ),
  row(
    'T46',
    'parameters',
    `ValidatingAdmissionPolicyBinding.${ADMISSION} MutatingAdmissionPolicyBinding.${ADMISSION}`,
    'spec.paramRef',
    'Parameters',
    paramRef,
  ),
  row('T47', 'served-by', 'APIService.apiregistration.k8s.io', 'spec.service', 'Service', serviceRef),
  row(
    'T48',
    'defines',
    'CustomResourceDefinition.apiextensions.k8s.io',
    'spec',
    'CustomResource',
    crdObjects,
  ),
  row(
    'T48',
    'converted-by',
    'CustomResourceDefinition.apiextensions.k8s.io',
    'spec.conversion.webhook.clientConfig.service',
    'Service',
    serviceRef,
  ),
  ...rows('T49', 'about', 'Event Event.events.k8s.io', ['involvedObject', 'regarding'], 'Pod', about),
  row('T49', 'related', 'Event Event.events.k8s.io', 'related', 'Pod', about),
  row('T50', 'held-by', 'Lease.coordination.k8s.io', 'metadata.name', 'Node', heartbeat),
  row('T50', 'held-by', 'Lease.coordination.k8s.io', 'spec.holderIdentity', 'Node', leaseHolder),
  row('T53', 'limited-by', 'ResourceQuota LimitRange', 'metadata.name', 'Namespace', inNamespace, {
    reverse: true,
  }),
  row(
    'T53',
    'scope',
    'ResourceQuota',
    'spec.scopeSelector.matchExpressions[]',
    'PriorityClass.scheduling.k8s.io',
    quotaScope,
  ),
];
