/** What happens to an object on its way in: names, defaults, checks, and its own side effects. */
import { at, isFields, list, text, type Fields, type KObject } from '../model';
import { addTokenVolume, qosClass } from '../sim/owned';
import { apiVersionOf } from '../store/kinds';
import type { ResourceCall } from './context';
import { ApiError, badRequest, invalid } from './status';
import { fromWire } from './wire';

const subdomain = /^[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?$/;
/** Kinds whose names may be nearly anything. */
const freeNames = /^(roles|rolebindings|clusterroles|clusterrolebindings)$/;

/** A complete, checked object from what the client sent for this route. */
export function admit(call: ResourceCall, body: Fields): KObject {
  const { kind, route } = call;
  const apiVersion = apiVersionOf(kind);
  if (body['apiVersion'] !== undefined && body['apiVersion'] !== apiVersion)
    throw badRequest(
      `the API version in the data (${text(body['apiVersion'])}) does not match the expected API version (${apiVersion})`,
    );
  if (body['kind'] !== undefined && body['kind'] !== kind.kind)
    throw badRequest(`the kind in the data (${text(body['kind'])}) does not match ${kind.kind}`);
  const metadata = isFields(body['metadata']) ? body['metadata'] : {};
  const namespace = text(metadata['namespace']) || route.namespace;
  if (kind.namespaced && namespace !== route.namespace)
    throw badRequest('the namespace of the provided object does not match the namespace sent on the request');
  const name = text(metadata['name']) || route.name || '';
  if (route.name !== undefined && name !== route.name)
    throw badRequest(`the name of the object (${name}) does not match the name on the URL (${route.name})`);
  for (const field of ['labels', 'annotations']) {
    const map = metadata[field];
    if (
      map !== undefined &&
      map !== null &&
      (!isFields(map) || Object.values(map).some((v) => typeof v !== 'string'))
    )
      throw badRequest(`metadata.${field} must be a map of strings`);
  }
  const object = fromWire(kind, {
    ...body,
    apiVersion,
    kind: kind.kind,
    metadata: { ...metadata, name, ...(kind.namespaced ? { namespace } : {}) },
  } as unknown as KObject);
  if (!kind.namespaced) delete object.metadata.namespace;
  return object;
}

export function checkName(call: ResourceCall, object: KObject): void {
  const { kind } = call;
  const { name } = object.metadata;
  if (name === '')
    throw invalid(
      kind,
      '',
      'metadata.name',
      'Required value: name or generateName is required',
      'FieldValueRequired',
    );
  const bad = freeNames.test(kind.resource) ? /[/%]|^\.{1,2}$/.test(name) : !subdomain.test(name);
  if (bad)
    throw invalid(
      kind,
      name,
      'metadata.name',
      `Invalid value: "${name}": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character`,
    );
}

/** The defaults of a new object that clients and the simulation rely on. */
export function fillIn(call: ResourceCall, object: KObject): void {
  const spec = object['spec'] as Fields | undefined;
  switch (call.kind.storage) {
    case 'pods':
      defaultPod(call, object, spec ?? {});
      return;
    case 'namespaces':
      object.metadata.labels = {
        ...object.metadata.labels,
        'kubernetes.io/metadata.name': object.metadata.name,
      };
      object['spec'] = { finalizers: ['kubernetes'], ...spec };
      object['status'] = { phase: 'Active' };
      return;
    case 'deployments.apps':
      object['spec'] = {
        replicas: 1,
        strategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: '25%', maxSurge: '25%' } },
        revisionHistoryLimit: 10,
        progressDeadlineSeconds: 600,
        ...spec,
      };
      break;
    case 'replicasets.apps':
    case 'statefulsets.apps':
    case 'replicationcontrollers':
      object['spec'] = { replicas: 1, ...spec };
      break;
    case 'services':
      object['spec'] = {
        type: 'ClusterIP',
        sessionAffinity: 'None',
        internalTrafficPolicy: 'Cluster',
        ...spec,
      };
      object['status'] = { loadBalancer: {} };
      break;
    case 'persistentvolumeclaims':
      object['status'] = { phase: 'Pending' };
      break;
    case 'secrets':
      object['type'] ??= 'Opaque';
      if (isFields(object['stringData'])) {
        const encoded = Object.entries(object['stringData']).map(([k, v]) => [
          k,
          Buffer.from(text(v)).toString('base64'),
        ]);
        object['data'] = { ...(object['data'] as Fields | undefined), ...Object.fromEntries(encoded) };
        delete object['stringData'];
      }
      break;
    default:
  }
  if (call.kind.subresources.includes('status')) object['status'] ??= {};
  const template = at(object, 'spec', 'template');
  if (isFields(template)) {
    template['metadata'] ??= {};
    defaultPodSpec((template['spec'] ??= {}) as Fields);
  }
  const selector = at(object, 'spec', 'selector');
  const labels = at(template, 'metadata', 'labels');
  if (/^(deployments|replicasets|statefulsets|daemonsets)\.apps$/.test(call.kind.storage)) {
    for (const [key, value] of Object.entries((at(selector, 'matchLabels') ?? {}) as Fields))
      if (at(labels, key) !== value)
        throw invalid(
          call.kind,
          object.metadata.name,
          'spec.template.metadata.labels',
          `Invalid value: ${JSON.stringify(labels ?? {})}: \`selector\` does not match template \`labels\``,
        );
    if (selector === undefined)
      throw invalid(call.kind, object.metadata.name, 'spec.selector', 'Required value', 'FieldValueRequired');
  }
}

function defaultPodSpec(spec: Fields): void {
  spec['restartPolicy'] ??= 'Always';
  spec['terminationGracePeriodSeconds'] ??= 30;
  spec['dnsPolicy'] ??= 'ClusterFirst';
  spec['schedulerName'] ??= 'default-scheduler';
  spec['securityContext'] ??= {};
  for (const container of [...list(spec['containers']), ...list(spec['initContainers'])]) {
    container['terminationMessagePath'] ??= '/dev/termination-log';
    container['terminationMessagePolicy'] ??= 'File';
    container['imagePullPolicy'] ??= /:(?!latest$)[^/]+$/.test(text(container['image']))
      ? 'IfNotPresent'
      : 'Always';
    container['resources'] ??= {};
  }
}

function defaultPod(call: ResourceCall, object: KObject, spec: Fields): void {
  const containers = list(spec['containers']);
  if (containers.length === 0)
    throw invalid(call.kind, object.metadata.name, 'spec.containers', 'Required value', 'FieldValueRequired');
  for (const [index, container] of containers.entries())
    if (!text(container['image']))
      throw invalid(
        call.kind,
        object.metadata.name,
        `spec.containers[${index}].image`,
        'Required value',
        'FieldValueRequired',
      );
  defaultPodSpec(spec);
  spec['serviceAccountName'] ??= 'default';
  spec['serviceAccount'] ??= spec['serviceAccountName'];
  addTokenVolume(spec as never, call.context.suffix());
  object['spec'] = spec;
  object['status'] = { phase: 'Pending', qosClass: qosClass(containers as never) };
}

/** A namespace that is missing or ending takes no new objects. */
export function checkNamespace(call: ResourceCall): void {
  const { kind, route, context } = call;
  if (!kind.namespaced || route.namespace === undefined) return;
  const namespace = context.store.get('namespaces', undefined, route.namespace);
  if (!namespace)
    throw new ApiError(404, 'NotFound', `namespaces "${route.namespace}" not found`, {
      name: route.namespace,
      kind: 'namespaces',
    });
  if (namespace.metadata.deletionTimestamp)
    throw new ApiError(
      403,
      'Forbidden',
      `${kind.resource} is forbidden: unable to create new content in namespace ${route.namespace} because it is being terminated`,
      {
        kind: kind.resource,
        causes: [
          {
            reason: 'NamespaceTerminating',
            message: `namespace ${route.namespace} is being terminated`,
            field: 'metadata.namespace',
          },
        ],
      },
    );
}
