/** Who put it there and what belongs together: Helm, Argo CD, Flux, OLM, labels: T56-T60, T65. */
import { own, str } from '../../../k8s/read';
import { VIRTUAL } from './kinds';
import { annotation, byName, byRef, get, isFields, row, rows, virtual } from './match';
import type { Matcher, Relation, Sink } from './types';

const ARGO = 'argoproj.io';
const FLUX_KS = 'Kustomization.kustomize.toolkit.fluxcd.io';
const FLUX_HR = 'HelmRelease.helm.toolkit.fluxcd.io';
const CSV = 'ClusterServiceVersion.operators.coreos.com';

/** T56: storage of a release; the label alone is not enough on a Secret. */
const helmStorage: Matcher = (value, sink) => {
  const { object, labels, kind, namespace } = sink.self;
  if (typeof value !== 'string' || value === '' || own(labels, 'owner') !== 'helm') return;
  if (kind === 'Secret' && get(object, 'type') !== 'helm.sh/release.v1') return;
  const [version, status] = [own(labels, 'version'), own(labels, 'status')];
  sink.link(virtual('HelmRelease', value, namespace), {
    note: `version ${version}${status && `, ${status}`}`,
  });
};

/** T56: both annotations and the label: a copy of the annotations alone does not make a member. */
const helmMember: Matcher = (value, sink) => {
  const { object, labels } = sink.self;
  const namespace = annotation(object, 'meta.helm.sh/release-namespace');
  if (typeof value !== 'string' || namespace === '' || own(labels, 'app.kubernetes.io/managed-by') !== 'Helm')
    return;
  sink.link(virtual('HelmRelease', value, namespace));
};

/** T57: `app:group/Kind:ns/name` must be this object, else the annotation was copied along. */
const trackingId: Matcher = (value, sink) => {
  if (typeof value !== 'string') return;
  const { group, kind, namespace, name } = sink.self;
  const parts = /^([^:]+):([^/:]*)\/([^:]+):([^/]*)\/(.+)$/.exec(value);
  if (!parts || parts[2] !== group || parts[3] !== kind || parts[5] !== name) return;
  // Cluster-scoped objects carry the namespace their application deploys to, or none.
  if (namespace !== '' && parts[4] !== namespace) return;
  linkApplication(sink, parts[1] ?? '', true);
};

/** `ns_app` for applications outside the namespace of Argo CD itself. */
function linkApplication(sink: Sink, app: string, certain: boolean): void {
  const split = app.indexOf('_');
  const name = split < 0 ? app : app.slice(split + 1);
  const options = { value: app, ...(!certain && { inferred: true, note: 'by label' }) };
  if (split > 0) {
    sink.link({ group: ARGO, kind: 'Application', namespace: app.slice(0, split), name }, options);
    return;
  }
  const known = sink.named(ARGO, 'Application', name);
  for (const one of known) sink.link(one, options);
  if (known.length === 0 && certain)
    sink.link({ group: ARGO, kind: 'Application', namespace: 'argocd', name }, options);
}

/** T57 with label tracking: the same label is used by others, so only a guess, and only for known applications. */
const trackingLabel: Matcher = (value, sink) => {
  const { object, group, kind } = sink.self;
  if (typeof value !== 'string' || value === '' || (group === ARGO && kind === 'Application')) return;
  if (annotation(object, 'argocd.argoproj.io/tracking-id') || annotation(object, 'meta.helm.sh/release-name'))
    return;
  linkApplication(sink, value, false);
};

/** T58: the namespace stands in the label beside. */
function fluxLabel(prefix: string): Matcher {
  return (value, sink, relation) => {
    const namespace = own(sink.self.labels, `${prefix}/namespace`);
    if (typeof value === 'string' && namespace) sink.link({ ...relation.target, namespace, name: value });
  };
}

/** T58: `<ns>_<name>_<group>_<kind>`; `__` stands for the colon RBAC names may have. */
const inventoryId: Matcher = (value, sink) => {
  if (typeof value !== 'string') return;
  const parts = /^([^_]*)_(.+)_([^_]*)_([^_]+)$/.exec(value);
  if (!parts) return;
  const [, namespace = '', name = '', group = '', kind = ''] = parts;
  sink.link({ group, kind, namespace, name: name.replaceAll('__', ':') });
};

const rancherOwner: Matcher = (value, sink) => {
  const { object, namespace } = sink.self;
  const key = (name: string): string => annotation(object, `objectset.rio.cattle.io/${name}`);
  const gvk = /^(?:([^/]*)\/)?[^,]*, ?Kind=(.+)$/.exec(key('owner-gvk'));
  if (typeof value !== 'string' || !gvk) return;
  sink.link({
    group: gvk[1] ?? '',
    kind: gvk[2] ?? '',
    namespace: key('owner-namespace') || namespace,
    name: value,
  });
};

/** T59: who applied it: server-side apply, or the kubectl kind of apply. */
const manager: Matcher = (value, sink) => {
  const name = str(get(value, 'manager'));
  if (str(get(value, 'subresource')) !== '' || name === '') return;
  if (get(value, 'operation') === 'Apply' || name === 'kubectl-client-side-apply') {
    sink.link(virtual('Manager', name), { field: `${sink.path()}.manager`, value: name });
  }
};

function labelled(kind: string): Matcher {
  return (value, sink) => {
    if (typeof value === 'string' && value) sink.link(virtual(kind, value, sink.self.namespace));
  };
}

const owningInventory: Matcher = (value, sink) => {
  if (typeof value === 'string' && value) sink.link(virtual('Inventory', value));
};

const olmOwner: Matcher = (value, sink, relation) => {
  if (typeof value !== 'string' || value === '') return;
  const { labels, namespace } = sink.self;
  const kind = own(labels, 'olm.owner.kind') || relation.target.kind;
  sink.link({
    ...relation.target,
    kind,
    namespace: own(labels, 'olm.owner.namespace') || namespace,
    name: value,
  });
};

const OPERATOR_LABEL = /^operators\.coreos\.com\/([^.]+\..+)$/;

/** T60: the label's key names the operator; its value is empty. */
const operatorLabel: Matcher = (value, sink, relation) => {
  if (!isFields(value)) return;
  for (const key of Object.keys(value)) {
    if (!key.startsWith('operators.')) continue;
    const name = OPERATOR_LABEL.exec(key)?.[1];
    if (name)
      sink.link(
        { ...relation.target, namespace: '', name },
        { field: `${sink.path()}["${key}"]`, value: key },
      );
  }
};

const operatorGroup: Matcher = (value, sink, relation) => {
  if (typeof value !== 'string') return;
  const namespace = annotation(sink.self.object, 'olm.operatorNamespace') || sink.self.namespace;
  sink.link({ ...relation.target, namespace, name: value });
};

/** T65: instance, else name, within the namespace. */
const appLabel: Matcher = (value, sink) => {
  if (typeof value !== 'string' || value === '' || sink.self.namespace === '') return;
  const component = own(sink.self.labels, 'app.kubernetes.io/component');
  const { namespace } = sink.self;
  if (component === '') sink.linkName(namespace, value);
  else sink.link(virtual('App', value, namespace), { note: `component ${component}` });
};

const appName: Matcher = (value, sink, relation) => {
  if (own(sink.self.labels, 'app.kubernetes.io/instance') === '') appLabel(value, sink, relation);
};

const label = (key: string): string => `metadata.labels["${key}"]`;
const note = (key: string): string => `metadata.annotations["${key}"]`;
const SECOND = { weak: true };

export const APP_RELATIONS: readonly Relation[] = [
  row('T56', 'stores', 'Secret ConfigMap', label('name'), `HelmRelease.${VIRTUAL}`, helmStorage),
  row('T56', 'part-of-release', '*', note('meta.helm.sh/release-name'), `HelmRelease.${VIRTUAL}`, helmMember),
  row('T56', 'installs', `HelmRelease.${VIRTUAL}`, 'status.resources[]', 'Resource', byRef()),
  row('T57', 'tracked-by', '*', note('argocd.argoproj.io/tracking-id'), `Application.${ARGO}`, trackingId),
  row('T57', 'tracked-by', '*', label('app.kubernetes.io/instance'), `Application.${ARGO}`, trackingLabel),
  row('T57', 'manages', `Application.${ARGO}`, 'status.resources[]', 'Resource', byRef()),
  row(
    'T58',
    'applied-by',
    '*',
    label('kustomize.toolkit.fluxcd.io/name'),
    FLUX_KS,
    fluxLabel('kustomize.toolkit.fluxcd.io'),
  ),
  row(
    'T58',
    'applied-by',
    '*',
    label('helm.toolkit.fluxcd.io/name'),
    FLUX_HR,
    fluxLabel('helm.toolkit.fluxcd.io'),
  ),
  row('T58', 'manages', FLUX_KS, 'status.inventory.entries[].id', 'Resource', inventoryId),
  ...rows(
    'T58',
    'source',
    `${FLUX_KS} ${FLUX_HR}`,
    ['spec.sourceRef', 'spec.chart.spec.sourceRef', 'spec.chartRef'],
    'GitRepository.source.toolkit.fluxcd.io',
    byRef(),
  ),
  row('T59', 'applied-by', '*', label('kapp.k14s.io/app'), 'KappApp.~', labelled('KappApp'), SECOND),
  row(
    'T59',
    'applied-by',
    '*',
    note('config.k8s.io/owning-inventory'),
    'Inventory.~',
    owningInventory,
    SECOND,
  ),
  row('T59', 'applied-by', '*', note('objectset.rio.cattle.io/owner-name'), 'Owner', rancherOwner),
  row('T59', 'applied-by', '*', 'metadata.managedFields[]', 'Manager.~', manager, SECOND),
  row('T60', 'olm-owner', '*', label('olm.owner'), CSV, olmOwner),
  row('T60', 'operator', '*', 'metadata.labels', 'Operator.operators.coreos.com', operatorLabel),
  row(
    'T60',
    'operator-group',
    CSV,
    note('olm.operatorGroup'),
    'OperatorGroup.operators.coreos.com',
    operatorGroup,
  ),
  row('T60', 'installed', 'Subscription.operators.coreos.com', 'status.installedCSV', CSV, byName),
  row('T65', 'part-of-app', '*', label('app.kubernetes.io/instance'), 'App.~', appLabel, SECOND),
  row('T65', 'part-of-app', '*', label('app.kubernetes.io/name'), 'App.~', appName, SECOND),
  row('T65', 'part-of', '*', label('app.kubernetes.io/part-of'), 'App.~', appLabel, SECOND),
];
