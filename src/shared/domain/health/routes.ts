/** Ingresses, gateways and their routes: D55-D63. Only what their fields, services and classes show. */
import { at, cond, finding, link, list, map, namespace, open, word } from './read';
import type { Evidence, Finding, ServiceBrief, Subject } from './types';

export interface Backend {
  readonly path: string;
  readonly namespace: string;
  readonly service: string;
  readonly port: string | number | undefined;
}

/** D55 for every backend of an ingress or route. */
export function backendFindings(
  backends: readonly Backend[],
  services: readonly ServiceBrief[] | undefined,
): readonly Finding[] {
  if (!services) return [];
  const byName = new Map(services.map((one) => [`${one.namespace}/${one.name}`, one]));
  const said = new Set<string>();
  return backends.flatMap((backend): Finding[] => {
    const key = `${backend.namespace}/${backend.service}/${backend.port ?? ''}`;
    const service = byName.get(`${backend.namespace}/${backend.service}`);
    if (!service || said.has(key)) return [];
    said.add(key);
    const target = link('services', backend.namespace, backend.service);
    const evidence: Evidence[] = [{ path: backend.path, value: `${backend.service}:${backend.port ?? ''}` }];
    if (!service.exists)
      return [
        finding('D55', `There is no service ${backend.service}`, {
          cause: `${backend.path} names it.`,
          next: `Create it in ${backend.namespace}, or correct the name.`,
          evidence,
        }),
      ];
    const hasPort =
      backend.port === undefined ||
      service.ports.some((one) => one.port === backend.port || one.name === backend.port);
    if (!hasPort)
      return [
        finding('D55', `Service ${backend.service} has no port ${backend.port ?? ''}`, {
          cause: `It has ${service.ports.map((one) => `${one.name === '' ? '' : `${one.name}:`}${one.port}`).join(', ')}.`,
          next: 'Make them the same.',
          steps: [open(`Open service ${backend.service}`, target)],
          evidence,
        }),
      ];
    if (service.ready === 0)
      return [
        finding('D50', `Service ${backend.service} has no ready endpoint`, {
          tone: 'warn',
          cause: 'Requests to it will fail.',
          next: 'Open the service: it tells why.',
          steps: [open(`Open service ${backend.service}`, target)],
          evidence: [...evidence, { path: 'ready endpoints', value: '0', of: target }],
        }),
      ];
    return [];
  });
}

export function ingressBackends(object: unknown): readonly Backend[] {
  const space = namespace(object);
  const of = (backend: unknown, path: string): Backend[] => {
    const service = word(at(backend, 'service', 'name'));
    const named = word(at(backend, 'service', 'port', 'name'));
    const port = at(backend, 'service', 'port', 'number');
    return service === ''
      ? []
      : [
          {
            path,
            namespace: space,
            service,
            port: named !== '' ? named : typeof port === 'number' ? port : undefined,
          },
        ];
  };
  return [
    ...of(at(object, 'spec', 'defaultBackend'), 'spec.defaultBackend'),
    ...list(at(object, 'spec', 'rules')).flatMap((rule) =>
      list(at(rule, 'http', 'paths')).flatMap((path) =>
        of(path['backend'], `${word(rule['host']) || '*'}${word(path['path']) || '/'}`),
      ),
    ),
  ];
}

export function routeBackends(object: unknown): readonly Backend[] {
  return list(at(object, 'spec', 'rules')).flatMap((rule, index) =>
    list(rule['backendRefs']).flatMap((backend): Backend[] => {
      const kind = word(backend['kind']) || 'Service';
      const service = word(backend['name']);
      if (kind !== 'Service' || service === '') return [];
      const port = backend['port'];
      return [
        {
          path: `spec.rules[${index}]`,
          namespace: word(backend['namespace']) || namespace(object),
          service,
          port: typeof port === 'number' ? port : undefined,
        },
      ];
    }),
  );
}

/** D55-D58 */
export function ingressFindings(subject: Subject): readonly Finding[] {
  const { object, around } = subject;
  const found = [...backendFindings(ingressBackends(object), around.services)];
  const className =
    word(at(object, 'spec', 'ingressClassName')) ||
    map(at(object, 'metadata', 'annotations')).get('kubernetes.io/ingress.class') ||
    '';
  const known = around.classes;
  const has = known?.some((one) => one.exists && (className === '' ? one.isDefault : one.name === className));
  if (known && has === false)
    found.push(
      finding(
        'D56',
        className === ''
          ? 'No ingress class, and the cluster has no default one'
          : `There is no ingress class ${className}`,
        {
          tone: 'warn',
          cause: 'No controller feels responsible for it.',
          next: `Classes of this cluster: ${
            known
              .filter((one) => one.exists)
              .map((one) => one.name)
              .join(', ') || 'none'
          }.`,
          evidence: [{ path: 'spec.ingressClassName', value: className === '' ? 'empty' : className }],
        },
      ),
    );
  else if (list(at(object, 'status', 'loadBalancer', 'ingress')).length === 0)
    found.push(
      finding('D57', 'It has no address', {
        tone: 'warn',
        cause: 'No controller has published one: it may not run, or its own service waits for an address.',
        next: 'Check the pods of the ingress controller.',
        evidence: [{ path: 'status.loadBalancer.ingress', value: 'empty' }],
      }),
    );
  for (const secret of around.secrets ?? []) {
    if (secret.exists && secret.type === 'kubernetes.io/tls') continue;
    found.push(
      finding(
        'D58',
        secret.exists ? `Secret ${secret.name} is no TLS secret` : `There is no TLS secret ${secret.name}`,
        {
          cause: secret.exists
            ? `Its type is ${secret.type}.`
            : 'The controller then serves its own certificate, or none.',
          next: secret.exists ? 'Make it of type kubernetes.io/tls.' : `Create it in ${namespace(object)}.`,
          steps: secret.exists
            ? [open(`Open secret ${secret.name}`, link('secrets', namespace(object), secret.name))]
            : [],
          evidence: [{ path: 'spec.tls[].secretName', value: secret.name }],
        },
      ),
    );
  }
  return found;
}

/** D55, D62, D63 */
export function routeFindings(subject: Subject): readonly Finding[] {
  const { object, around } = subject;
  const parents = list(at(object, 'status', 'parents'));
  const found = [...backendFindings(routeBackends(object), around.services)];
  if (parents.length === 0 && list(at(object, 'spec', 'parentRefs')).length > 0)
    found.push(
      finding('D62', 'No gateway has taken it up', {
        tone: 'warn',
        cause: 'Its status names no parent: no controller handles its parentRefs.',
        next: 'Check the names of parentRefs and the gateway’s controller.',
        evidence: [{ path: 'status.parents', value: 'empty' }],
      }),
    );
  for (const parent of parents) {
    const gateway = word(at(parent, 'parentRef', 'name'));
    for (const one of list(parent['conditions'])) {
      const type = word(one['type']);
      if (one['status'] !== 'False' || (type !== 'Accepted' && type !== 'ResolvedRefs')) continue;
      found.push(
        finding(
          type === 'Accepted' ? 'D62' : 'D63',
          type === 'Accepted'
            ? `Gateway ${gateway} does not accept it: ${word(one['reason'])}`
            : `A reference does not resolve: ${word(one['reason'])}`,
          {
            cause: word(one['message']),
            next:
              type === 'Accepted'
                ? 'Compare hostnames and allowedRoutes of the listener.'
                : 'Correct the reference, or grant it by a ReferenceGrant.',
            steps: [
              open(
                `Open gateway ${gateway}`,
                link(
                  'gateways.gateway.networking.k8s.io',
                  word(at(parent, 'parentRef', 'namespace')) || namespace(object),
                  gateway,
                ),
              ),
            ],
            evidence: [
              {
                path: `status.parents[${gateway}].conditions[${type}]`,
                value: `False, ${word(one['reason'])}`,
              },
            ],
          },
        ),
      );
    }
  }
  return found;
}

/** D59-D61 */
export function gatewayFindings({ object }: Subject): readonly Finding[] {
  const found: Finding[] = [];
  for (const type of ['Accepted', 'Programmed']) {
    const one = cond(object, type);
    if (one?.['status'] !== 'False' && one?.['status'] !== 'Unknown') continue;
    found.push(
      finding('D60', `Not ${type.toLowerCase()}: ${word(one['reason'])}`, {
        tone: one['status'] === 'False' ? 'bad' : 'warn',
        cause: word(one['message']),
        next: 'Check the gateway’s class and controller.',
        evidence: [
          { path: `status.conditions[${type}]`, value: `${word(one['status'])}, ${word(one['reason'])}` },
        ],
      }),
    );
  }
  for (const listener of list(at(object, 'status', 'listeners'))) {
    for (const one of list(listener['conditions'])) {
      const type = word(one['type']);
      const isBad =
        type === 'Conflicted'
          ? one['status'] === 'True'
          : one['status'] === 'False' && /^(Accepted|ResolvedRefs|Programmed)$/.test(type);
      if (!isBad) continue;
      found.push(
        finding('D61', `Listener ${word(listener['name'])}: ${word(one['reason'])}`, {
          tone: 'warn',
          cause: word(one['message']),
          next: 'Correct that listener.',
          evidence: [
            {
              path: `status.listeners[${word(listener['name'])}].conditions[${type}]`,
              value: word(one['status']),
            },
          ],
        }),
      );
    }
  }
  return found;
}

/** Services that an ingress or route sends requests to. */
export function backendsOf(kind: string, object: unknown): readonly Backend[] {
  return kind === 'ingresses.networking.k8s.io' ? ingressBackends(object) : routeBackends(object);
}
