/** Label and field selectors as the API server reads them; a bad one throws with its reason. */
import { at, text, type KObject, type LabelSelector } from '../model';

export type Matcher = (object: KObject) => boolean;

type Labels = Readonly<Record<string, string>>;

const own = (labels: Labels, key: string): string | undefined =>
  Object.prototype.hasOwnProperty.call(labels, key) ? labels[key] : undefined;

function requirement(source: string): (labels: Labels) => boolean {
  const set = /^([^\s=!()]+)\s+(in|notin)\s*\(([^)]*)\)$/.exec(source);
  if (set) {
    const [, key = '', operator, list = ''] = set;
    const values = new Set(list.split(',').map((value) => value.trim()));
    return (labels) => {
      const value = own(labels, key);
      return operator === 'in'
        ? value !== undefined && values.has(value)
        : value === undefined || !values.has(value);
    };
  }
  const equal = /^([^\s=!()]+)\s*(==|=|!=)\s*([^\s=!()]*)$/.exec(source);
  if (equal) {
    const [, key = '', operator, wanted] = equal;
    return operator === '!=' ? (l) => own(l, key) !== wanted : (l) => own(l, key) === wanted;
  }
  const exists = /^(!?)\s*([^\s=!()]+)$/.exec(source);
  if (exists) {
    const [, not, key = ''] = exists;
    return (labels) => (own(labels, key) === undefined) === (not === '!');
  }
  throw new Error(`unable to parse requirement: ${source}`);
}

/** `a=b,c!=d,e in (f,g),!h` */
export function parseLabelSelector(source: string): (labels: Labels) => boolean {
  const parts = source.match(/(?:\([^)]*\)|[^,(])+/g) ?? [];
  const requirements = parts
    .map((part) => part.trim())
    .filter(Boolean)
    .map(requirement);
  return (labels) => requirements.every((matches) => matches(labels));
}

/** A LabelSelector object; an empty one matches everything. */
export function matchesSelector(selector: LabelSelector | undefined, labels: Labels = {}): boolean {
  for (const [key, value] of Object.entries(selector?.matchLabels ?? {}))
    if (own(labels, key) !== value) return false;
  for (const { key, operator, values = [] } of selector?.matchExpressions ?? []) {
    const value = own(labels, key);
    if (operator === 'Exists' && value === undefined) return false;
    if (operator === 'DoesNotExist' && value !== undefined) return false;
    if (operator === 'In' && (value === undefined || !values.includes(value))) return false;
    if (operator === 'NotIn' && value !== undefined && values.includes(value)) return false;
  }
  return true;
}

const involved = ['kind', 'namespace', 'name', 'uid', 'apiVersion', 'resourceVersion', 'fieldPath'];

/** Fields that may be selected beside metadata.name and metadata.namespace, by storage. */
const selectable: Readonly<Record<string, readonly string[]>> = {
  pods: [
    'spec.nodeName',
    'spec.restartPolicy',
    'spec.schedulerName',
    'spec.serviceAccountName',
    'spec.hostNetwork',
    'status.phase',
    'status.podIP',
    'status.nominatedNodeName',
  ],
  events: [
    ...involved.map((field) => `involvedObject.${field}`),
    ...involved.map((field) => `regarding.${field}`),
    'reason',
    'reportingComponent',
    'source',
    'type',
  ],
  nodes: ['spec.unschedulable'],
  namespaces: ['status.phase'],
  secrets: ['type'],
  'jobs.batch': ['status.successful'],
  'replicasets.apps': ['status.replicas'],
  replicationcontrollers: ['status.replicas'],
  'certificatesigningrequests.certificates.k8s.io': ['spec.signerName'],
};

function fieldValue(storage: string, object: KObject, field: string): string {
  if (storage === 'events') {
    if (field === 'source') return text(at(object, 'source', 'component'));
    if (field.startsWith('regarding.')) field = field.replace('regarding', 'involvedObject');
  }
  if (field === 'spec.unschedulable' || field === 'spec.hostNetwork')
    return text(at(object, ...field.split('.')) ?? false);
  return text(at(object, ...field.split('.')));
}

/** `metadata.name=a,status.phase!=Running`; an unknown field throws as the API server words it. */
export function parseFieldSelector(source: string, storage: string): Matcher {
  const requirements = source
    .split(',')
    .map((part) => part.trim())
    .filter(Boolean)
    .map((part): Matcher => {
      const match = /^([^=!]+)(==|=|!=)(.*)$/.exec(part);
      if (!match) throw new Error(`invalid field selector: ${part}`);
      const [, field = '', operator, wanted = ''] = match;
      if (
        field !== 'metadata.name' &&
        field !== 'metadata.namespace' &&
        !selectable[storage]?.includes(field)
      )
        throw new Error(`field label not supported: ${field}`);
      return (object) => (fieldValue(storage, object, field) === wanted) === (operator !== '!=');
    });
  return (object) => requirements.every((matches) => matches(object));
}
