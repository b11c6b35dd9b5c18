/** /openapi/v3: an index and one modest document per group and version. */
import { createHash } from 'node:crypto';
import type { Fields } from '../model';
import { apiVersionOf, type Kind } from '../store/kinds';
import type { Call } from './context';
import { noSuchPath } from './status';

const metaSchema = 'io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta';

function schemaName(kind: Kind): string {
  const group = kind.group === '' ? 'core' : (kind.group.split('.')[0] ?? kind.group);
  if (kind.custom) return `${kind.group.split('.').reverse().join('.')}.${kind.version}.${kind.kind}`;
  return `io.k8s.api.${group}.${kind.version}.${kind.kind}`;
}

function schemaOf(kind: Kind): Fields {
  const own = kind.schema as Fields | undefined;
  const properties: Fields = {
    apiVersion: { type: 'string', description: 'The version of the schema of this object.' },
    kind: { type: 'string', description: 'What this object is.' },
    ...((own?.['properties'] as Fields | undefined) ?? {
      spec: {
        type: 'object',
        description: `The wanted state of the ${kind.kind}.`,
        'x-kubernetes-preserve-unknown-fields': true,
      },
      status: {
        type: 'object',
        description: `The state of the ${kind.kind} as last observed.`,
        'x-kubernetes-preserve-unknown-fields': true,
      },
    }),
    metadata: { allOf: [{ $ref: `#/components/schemas/${metaSchema}` }], default: {} },
  };
  return {
    type: 'object',
    description: String(own?.['description'] ?? `${kind.kind} of ${apiVersionOf(kind)}.`),
    properties,
    'x-kubernetes-group-version-kind': [{ group: kind.group, version: kind.version, kind: kind.kind }],
  };
}

function document(kinds: readonly Kind[], prefix: string): Fields {
  const paths: Fields = {};
  const schemas: Fields = {
    [metaSchema]: {
      type: 'object',
      description: 'Metadata every stored object has.',
      properties: {
        name: { type: 'string' },
        namespace: { type: 'string' },
        generateName: { type: 'string' },
        labels: { type: 'object', additionalProperties: { type: 'string' } },
        annotations: { type: 'object', additionalProperties: { type: 'string' } },
        finalizers: { type: 'array', items: { type: 'string' } },
      },
    },
  };
  for (const kind of kinds) {
    const name = schemaName(kind);
    schemas[name] = schemaOf(kind);
    const content = { 'application/json': { schema: { $ref: `#/components/schemas/${name}` } } };
    const gvk = { group: kind.group, version: kind.version, kind: kind.kind };
    const operation = (action: string): Fields => ({
      responses: { 200: { description: 'OK', content } },
      'x-kubernetes-action': action,
      'x-kubernetes-group-version-kind': gvk,
    });
    const base = `/${prefix}${kind.namespaced ? '/namespaces/{namespace}' : ''}/${kind.resource}`;
    const query = { parameters: [{ name: 'fieldValidation', in: 'query', schema: { type: 'string' } }] };
    paths[base] = { get: operation('list'), post: { ...operation('post'), ...query } };
    paths[`${base}/{name}`] = {
      get: operation('get'),
      put: operation('put'),
      patch: { ...operation('patch'), ...query },
      delete: operation('delete'),
    };
  }
  return {
    openapi: '3.0.0',
    info: { title: 'Kubernetes', version: 'v1.34.1-demo' },
    paths,
    components: { schemas },
  };
}

export async function openapi(call: Call): Promise<void> {
  const byPath = new Map<string, Kind[]>();
  for (const kind of call.context.registry.all()) {
    const path = kind.group === '' ? `api/${kind.version}` : `apis/${kind.group}/${kind.version}`;
    byPath.set(path, [...(byPath.get(path) ?? []), kind]);
  }
  const { pathname } = call.url;
  if (pathname === '/openapi/v3') {
    const paths: Fields = {};
    for (const [path, kinds] of byPath) {
      const hash = createHash('sha512').update(JSON.stringify(kinds)).digest('hex').toUpperCase();
      paths[path] = { serverRelativeURL: `/openapi/v3/${path}?hash=${hash}` };
    }
    return call.output.json(200, { paths });
  }
  const path = pathname.replace(/^\/openapi\/v3\//, '');
  const kinds = byPath.get(path);
  if (!kinds) throw noSuchPath();
  return call.output.json(200, document(kinds, path));
}
