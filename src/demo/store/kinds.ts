/**
 * The kinds the demo cluster serves. Built-in ones are the table below; kinds of custom
 * resource definitions are added and removed while the cluster runs. Several versions
 * (or two groups, as with events) may share one storage.
 */
import type { KObject } from '../model';

/** A column of `additionalPrinterColumns`, or of a Table answer. */
export interface PrinterColumn {
  readonly name: string;
  readonly type: string;
  readonly format?: string;
  readonly description?: string;
  readonly priority?: number;
  readonly jsonPath: string;
}

export interface Kind {
  readonly group: string;
  readonly version: string;
  readonly resource: string;
  readonly kind: string;
  readonly singular: string;
  readonly namespaced: boolean;
  readonly shortNames: readonly string[];
  readonly categories: readonly string[];
  readonly subresources: readonly string[];
  readonly verbs: readonly string[];
  /** Where the objects are kept: `pods`, `deployments.apps`. */
  readonly storage: string;
  /** Only for kinds of custom resource definitions. */
  readonly columns?: readonly PrinterColumn[];
  readonly custom?: boolean;
  readonly schema?: unknown;
}

const everyVerb = ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch'];

/** group/version, resource, Kind, namespaced|cluster, short names, categories, subresources, verbs */
const builtIn = `
v1 pods Pod n po all status,log,exec,attach,portforward,ephemeralcontainers,eviction,resize
v1 services Service n svc all status
v1 namespaces Namespace c ns - status,finalize
v1 nodes Node c no - status
v1 events Event n ev - -
v1 configmaps ConfigMap n cm - -
v1 secrets Secret n - - -
v1 serviceaccounts ServiceAccount n sa - token
v1 endpoints Endpoints n ep - -
v1 persistentvolumeclaims PersistentVolumeClaim n pvc - status
v1 persistentvolumes PersistentVolume c pv - status
v1 replicationcontrollers ReplicationController n rc all status,scale
v1 resourcequotas ResourceQuota n quota - status
v1 limitranges LimitRange n limits - -
v1 podtemplates PodTemplate n - - -
apiregistration.k8s.io/v1 apiservices APIService c - api-extensions status
apps/v1 deployments Deployment n deploy all status,scale
apps/v1 replicasets ReplicaSet n rs all status,scale
apps/v1 statefulsets StatefulSet n sts all status,scale
apps/v1 daemonsets DaemonSet n ds all status
apps/v1 controllerrevisions ControllerRevision n - - -
events.k8s.io/v1 events Event n ev - -
authentication.k8s.io/v1 tokenreviews TokenReview c - - - create
authentication.k8s.io/v1 selfsubjectreviews SelfSubjectReview c - - - create
authorization.k8s.io/v1 selfsubjectaccessreviews SelfSubjectAccessReview c - - - create
authorization.k8s.io/v1 selfsubjectrulesreviews SelfSubjectRulesReview c - - - create
authorization.k8s.io/v1 subjectaccessreviews SubjectAccessReview c - - - create
authorization.k8s.io/v1 localsubjectaccessreviews LocalSubjectAccessReview n - - - create
autoscaling/v2 horizontalpodautoscalers HorizontalPodAutoscaler n hpa all status
batch/v1 jobs Job n - all status
batch/v1 cronjobs CronJob n cj all status
certificates.k8s.io/v1 certificatesigningrequests CertificateSigningRequest c csr - status,approval
networking.k8s.io/v1 ingresses Ingress n ing - status
networking.k8s.io/v1 networkpolicies NetworkPolicy n netpol - -
networking.k8s.io/v1 ingressclasses IngressClass c - - -
networking.k8s.io/v1 servicecidrs ServiceCIDR c - - status
networking.k8s.io/v1 ipaddresses IPAddress c ip - -
policy/v1 poddisruptionbudgets PodDisruptionBudget n pdb - status
rbac.authorization.k8s.io/v1 roles Role n - - -
rbac.authorization.k8s.io/v1 rolebindings RoleBinding n - - -
rbac.authorization.k8s.io/v1 clusterroles ClusterRole c - - -
rbac.authorization.k8s.io/v1 clusterrolebindings ClusterRoleBinding c - - -
storage.k8s.io/v1 storageclasses StorageClass c sc - -
storage.k8s.io/v1 csidrivers CSIDriver c - - -
storage.k8s.io/v1 csinodes CSINode c - - -
storage.k8s.io/v1 csistoragecapacities CSIStorageCapacity n - - -
storage.k8s.io/v1 volumeattachments VolumeAttachment c - - status
storage.k8s.io/v1 volumeattributesclasses VolumeAttributesClass c vac - -
admissionregistration.k8s.io/v1 mutatingwebhookconfigurations MutatingWebhookConfiguration c - api-extensions -
admissionregistration.k8s.io/v1 validatingwebhookconfigurations ValidatingWebhookConfiguration c - api-extensions -
admissionregistration.k8s.io/v1 validatingadmissionpolicies ValidatingAdmissionPolicy c - api-extensions status
admissionregistration.k8s.io/v1 validatingadmissionpolicybindings ValidatingAdmissionPolicyBinding c - api-extensions -
admissionregistration.k8s.io/v1beta1 mutatingadmissionpolicies MutatingAdmissionPolicy c - api-extensions -
admissionregistration.k8s.io/v1beta1 mutatingadmissionpolicybindings MutatingAdmissionPolicyBinding c - api-extensions -
apiextensions.k8s.io/v1 customresourcedefinitions CustomResourceDefinition c crd,crds api-extensions status
scheduling.k8s.io/v1 priorityclasses PriorityClass c pc - -
coordination.k8s.io/v1 leases Lease n - - -
node.k8s.io/v1 runtimeclasses RuntimeClass c - - -
discovery.k8s.io/v1 endpointslices EndpointSlice n - - -
flowcontrol.apiserver.k8s.io/v1 flowschemas FlowSchema c - - status
flowcontrol.apiserver.k8s.io/v1 prioritylevelconfigurations PriorityLevelConfiguration c - - status
metrics.k8s.io/v1beta1 nodes NodeMetrics c - - - get,list
metrics.k8s.io/v1beta1 pods PodMetrics n - - - get,list
`;

const split = (cell: string | undefined): string[] =>
  cell === undefined || cell === '-' ? [] : cell.split(',');

/** `deployments.apps`, `pods`: kubectl's way of naming a resource. */
export function storageKey(group: string, resource: string): string {
  return group === '' ? resource : `${resource}.${group}`;
}

function parse(line: string): Kind {
  const [groupVersion = '', resource = '', kind = '', scope, short, categories, sub, verbs] = line.split(' ');
  const [group, version] = groupVersion.includes('/') ? groupVersion.split('/') : ['', groupVersion];
  // Both events groups show the same objects.
  const storage = kind === 'Event' ? 'events' : storageKey(group ?? '', resource);
  return {
    group: group ?? '',
    version: version ?? '',
    resource,
    kind,
    singular: kind.toLowerCase(),
    namespaced: scope === 'n',
    shortNames: split(short),
    categories: split(categories),
    subresources: split(sub),
    verbs: verbs === undefined ? everyVerb : split(verbs),
    storage,
  };
}

export const apiVersionOf = (kind: Kind): string =>
  kind.group === '' ? kind.version : `${kind.group}/${kind.version}`;

interface CustomResourceDefinition extends KObject {
  spec: {
    group: string;
    scope: string;
    names: {
      plural: string;
      singular?: string;
      kind: string;
      listKind?: string;
      shortNames?: string[];
      categories?: string[];
    };
    versions: {
      name: string;
      served: boolean;
      storage: boolean;
      schema?: { openAPIV3Schema?: unknown };
      subresources?: { status?: unknown; scale?: unknown };
      additionalPrinterColumns?: PrinterColumn[];
    }[];
  };
}

/** The served versions of a custom resource definition, storage version first. */
export function kindsOfDefinition(object: KObject): Kind[] {
  const { group, scope, names, versions } = (object as CustomResourceDefinition).spec;
  return versions
    .filter((version) => version.served)
    .sort((a, b) => Number(b.storage) - Number(a.storage))
    .map((version) => ({
      group,
      version: version.name,
      resource: names.plural,
      kind: names.kind,
      singular: names.singular ?? names.kind.toLowerCase(),
      namespaced: scope === 'Namespaced',
      shortNames: names.shortNames ?? [],
      categories: names.categories ?? [],
      subresources: [
        ...(version.subresources?.status ? ['status'] : []),
        ...(version.subresources?.scale ? ['scale'] : []),
      ],
      verbs: everyVerb,
      storage: storageKey(group, names.plural),
      columns: version.additionalPrinterColumns ?? [],
      custom: true,
      schema: version.schema?.openAPIV3Schema,
    }));
}

/** Who serves what; changes count up so that discovery can be cached. */
export class Registry {
  private readonly kinds = new Map<string, Kind>();
  revision = 0;

  constructor() {
    for (const line of builtIn.trim().split('\n')) this.add(parse(line));
  }

  add(kind: Kind): void {
    this.kinds.set(`${apiVersionOf(kind)}/${kind.resource}`, kind);
    this.revision++;
  }

  /** Forgets every version of a resource. */
  remove(storage: string): void {
    for (const [key, kind] of this.kinds) if (kind.storage === storage && kind.custom) this.kinds.delete(key);
    this.revision++;
  }

  find(group: string, version: string, resource: string): Kind | undefined {
    return this.kinds.get(`${group === '' ? version : `${group}/${version}`}/${resource}`);
  }

  /** The kind an object says it is. */
  ofObject(apiVersion: string, kind: string): Kind | undefined {
    for (const entry of this.kinds.values())
      if (entry.kind === kind && apiVersionOf(entry) === apiVersion) return entry;
    return undefined;
  }

  /** Any version of a storage; the one whose apiVersion stored objects carry. */
  ofStorage(storage: string): Kind | undefined {
    for (const entry of this.kinds.values()) if (entry.storage === storage) return entry;
    return undefined;
  }

  all(): Kind[] {
    return [...this.kinds.values()];
  }
}
