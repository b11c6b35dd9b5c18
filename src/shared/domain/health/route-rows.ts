/**
 * The rules of an Ingress, HTTPRoute or GRPCRoute as rows a person reads: host, what a request must
 * be like, where it goes, and what of that is there. Readiness is only told where it was read.
 */
import { at, list, map, namespace, word } from './read';
import type { ServiceBrief } from './types';

export interface RouteTarget {
  readonly text: string;
  /** '' where it is no Service. */
  readonly service: string;
  readonly namespace: string;
  readonly port: string | number | undefined;
  /** Share of the requests in percent; undefined: all of them. */
  readonly share?: number;
}

export interface RouteRow {
  /** `*`: any. */
  readonly hosts: string;
  /** `/cart and below`, `GET /x, header a=b`. */
  readonly match: string;
  readonly targets: readonly RouteTarget[];
  /** Redirects, rewrites and other filters. */
  readonly notes: readonly string[];
  /** Secret of the certificate; '' none is named; undefined: no TLS for these hosts. */
  readonly tls?: string;
}

const MOST = 200;

export function routeRows(kind: string, object: unknown): readonly RouteRow[] {
  const rows = kind === 'ingresses.networking.k8s.io' ? ingressRows(object) : gatewayRows(kind, object);
  return rows.slice(0, MOST);
}

function ingressRows(object: unknown): RouteRow[] {
  const tls = new Map<string, string>();
  for (const one of list(at(object, 'spec', 'tls'))) {
    const hosts = Array.isArray(one['hosts']) ? one['hosts'].map(word) : [];
    for (const host of hosts.length > 0 ? hosts : ['']) tls.set(host, word(one['secretName']));
  }
  const rows = list(at(object, 'spec', 'rules')).flatMap((rule): RouteRow[] => {
    const host = word(rule['host']);
    const secret = tls.get(host) ?? tls.get(host.replace(/^[^.]+/, '*')) ?? tls.get('');
    const secured = secret === undefined ? {} : { tls: secret };
    return list(at(rule, 'http', 'paths')).map((path) => ({
      hosts: host || '*',
      match: pathWords(word(path['path']) || '/', word(path['pathType'])),
      targets: [ingressTarget(path['backend'], namespace(object))],
      notes: [],
      ...secured,
    }));
  });
  const rest = at(object, 'spec', 'defaultBackend');
  if (rest === undefined || rest === null) return rows;
  return [
    ...rows,
    { hosts: '*', match: 'everything else', targets: [ingressTarget(rest, namespace(object))], notes: [] },
  ];
}

function pathWords(path: string, type: string): string {
  if (type === 'Exact') return `exactly ${path}`;
  if (type === 'Prefix' || type === 'PathPrefix') return path === '/' ? 'all paths' : `${path} and below`;
  if (type === 'RegularExpression') return `path like ${path}`;
  return `${path}, as the controller reads it`;
}

function ingressTarget(backend: unknown, space: string): RouteTarget {
  const service = word(at(backend, 'service', 'name'));
  const named = word(at(backend, 'service', 'port', 'name'));
  const number = at(backend, 'service', 'port', 'number');
  const port = named !== '' ? named : typeof number === 'number' ? number : undefined;
  if (service === '') {
    const kind = word(at(backend, 'resource', 'kind'));
    return {
      text: `${kind} ${word(at(backend, 'resource', 'name'))}`.trim(),
      service,
      namespace: space,
      port,
    };
  }
  return { text: port === undefined ? service : `${service}:${port}`, service, namespace: space, port };
}

function gatewayRows(kind: string, object: unknown): RouteRow[] {
  const names = at(object, 'spec', 'hostnames');
  const hosts = (Array.isArray(names) ? names.map(word).filter(Boolean) : []).join(', ') || '*';
  return list(at(object, 'spec', 'rules')).flatMap((rule): RouteRow[] => {
    const targets = weighed(list(rule['backendRefs']), namespace(object));
    const notes = list(rule['filters']).map(filterWords);
    const matches = list(rule['matches']).map((match) =>
      kind.startsWith('grpc') ? grpcWords(match) : httpWords(match),
    );
    return (matches.length > 0 ? matches : ['all requests']).map((match) => ({
      hosts,
      match,
      targets,
      notes,
    }));
  });
}

function httpWords(match: unknown): string {
  const path = word(at(match, 'path', 'value')) || '/';
  const method = word(at(match, 'method'));
  return [
    `${method === '' ? '' : `${method} `}${pathWords(path, word(at(match, 'path', 'type')) || 'PathPrefix')}`,
    ...headerWords(match),
    ...list(at(match, 'queryParams')).map((one) => `query ${word(one['name'])}=${word(one['value'])}`),
  ].join(', ');
}

function grpcWords(match: unknown): string {
  const [service, method] = [word(at(match, 'method', 'service')), word(at(match, 'method', 'method'))];
  const call = service === '' && method === '' ? 'all calls' : `${service || '*'}/${method || '*'}`;
  return [call, ...headerWords(match)].join(', ');
}

function headerWords(match: unknown): string[] {
  return list(at(match, 'headers')).map((one) => {
    const like = word(one['type']) === 'RegularExpression' ? ' like ' : '=';
    return `header ${word(one['name'])}${like}${word(one['value'])}`;
  });
}

function weighed(refs: readonly Readonly<Record<string, unknown>>[], space: string): RouteTarget[] {
  const weights = refs.map((one) => {
    const weight = one['weight'];
    return typeof weight === 'number' && weight >= 0 ? weight : 1;
  });
  const sum = weights.reduce((all, one) => all + one, 0);
  return refs.map((one, index) => {
    const kind = word(one['kind']) || 'Service';
    const name = word(one['name']);
    const port = typeof one['port'] === 'number' ? one['port'] : undefined;
    const there = word(one['namespace']) || space;
    const share = Math.round(((weights[index] ?? 0) / (sum || 1)) * 100);
    return {
      text: `${kind === 'Service' ? '' : `${kind} `}${there === space ? '' : `${there}/`}${name}${port === undefined ? '' : `:${port}`}`,
      service: kind === 'Service' ? name : '',
      namespace: there,
      port,
      ...(refs.length > 1 ? { share } : {}),
    };
  });
}

function filterWords(filter: unknown): string {
  const type = word(at(filter, 'type'));
  const redirect = at(filter, 'requestRedirect');
  if (type === 'RequestRedirect') {
    const code = at(redirect, 'statusCode');
    const to = [
      word(at(redirect, 'scheme')),
      word(at(redirect, 'hostname')),
      word(at(redirect, 'path', 'replaceFullPath')) || word(at(redirect, 'path', 'replacePrefixMatch')),
    ].filter(Boolean);
    return `redirects${to.length > 0 ? ` to ${to.join(' ')}` : ''} (${typeof code === 'number' ? code : 302})`;
  }
  if (type === 'URLRewrite') {
    const to = [
      word(at(filter, 'urlRewrite', 'hostname')),
      word(at(filter, 'urlRewrite', 'path', 'replaceFullPath')),
      word(at(filter, 'urlRewrite', 'path', 'replacePrefixMatch')),
    ].filter(Boolean);
    return `rewrites to ${to.join(' ') || '/'}`;
  }
  if (type === 'RequestMirror') return `copies to ${word(at(filter, 'requestMirror', 'backendRef', 'name'))}`;
  if (type === 'RequestHeaderModifier')
    return `changes ${headersOf(filter, 'requestHeaderModifier')} of requests`;
  if (type === 'ResponseHeaderModifier')
    return `changes ${headersOf(filter, 'responseHeaderModifier')} of answers`;
  return type;
}

function headersOf(filter: unknown, part: string): string {
  const removed = at(filter, part, 'remove');
  const all = [
    ...list(at(filter, part, 'set')).map((one) => word(one['name'])),
    ...list(at(filter, part, 'add')).map((one) => word(one['name'])),
    ...(Array.isArray(removed) ? removed.map(word) : []),
  ];
  return `header ${all.join(', ')}`;
}

export interface TargetState {
  readonly tone: 'ok' | 'warn' | 'bad' | 'idle';
  readonly words: string;
}

/** What is known of a target; undefined: it was not read, or is no Service. */
export function targetState(
  target: RouteTarget,
  services: readonly ServiceBrief[] | undefined,
): TargetState | undefined {
  if (target.service === '' || !services) return undefined;
  const found = services.find((one) => one.name === target.service && one.namespace === target.namespace);
  if (!found) return { tone: 'idle', words: 'in another namespace, not looked at' };
  if (!found.exists) return { tone: 'bad', words: 'does not exist' };
  const { port } = target;
  if (port !== undefined && !found.ports.some((one) => one.port === port || one.name === port))
    return { tone: 'bad', words: `has no port ${port}` };
  if (found.type === 'ExternalName') return { tone: 'idle', words: 'a name outside the cluster' };
  if (found.ready === null) return undefined;
  return found.ready === 0
    ? { tone: 'warn', words: 'none ready' }
    : { tone: 'ok', words: `${found.ready} ready` };
}

export interface ListenerRow {
  readonly name: string;
  /** `HTTPS 443` */
  readonly where: string;
  readonly host: string;
  readonly routes: number | undefined;
  readonly secrets: readonly string[];
  readonly tone: 'ok' | 'warn' | 'idle';
  readonly words: string;
}

/** Listeners of a Gateway with what its controller says of each. */
export function listenerRows(object: unknown): readonly ListenerRow[] {
  const states = new Map(list(at(object, 'status', 'listeners')).map((one) => [word(one['name']), one]));
  return list(at(object, 'spec', 'listeners'))
    .slice(0, MOST)
    .map((one) => {
      const state = states.get(word(one['name']));
      const attached = at(state, 'attachedRoutes');
      const conditions = list(at(state, 'conditions'));
      const wrong = conditions.find((cond) =>
        cond['type'] === 'Conflicted' ? cond['status'] === 'True' : cond['status'] === 'False',
      );
      const port = one['port'];
      return {
        name: word(one['name']),
        where: `${word(one['protocol'])} ${typeof port === 'number' ? port : ''}`.trim(),
        host: word(one['hostname']) || '*',
        routes: typeof attached === 'number' ? attached : undefined,
        secrets: list(at(one, 'tls', 'certificateRefs')).map((ref) => word(ref['name'])),
        tone: !state ? 'idle' : wrong ? 'warn' : 'ok',
        words: !state
          ? 'no controller has answered'
          : wrong
            ? [word(wrong['reason']), word(wrong['message'])].filter(Boolean).join(': ')
            : 'programmed',
      };
    });
}

/** Where a PersistentVolume's data is, as label and value; attributes of its driver last. */
export function volumePlace(object: unknown): readonly (readonly [string, string])[] {
  const spec = at(object, 'spec');
  const csi = at(spec, 'csi');
  const rows: [string, string][] = [];
  const add = (label: string, value: unknown): void => {
    if (typeof value === 'string' && value !== '') rows.push([label, value]);
  };
  if (csi !== undefined) {
    add('Driver', at(csi, 'driver'));
    add('Handle', at(csi, 'volumeHandle'));
    add('File system', at(csi, 'fsType'));
    for (const [key, value] of map(at(csi, 'volumeAttributes'))) add(key, value);
  }
  for (const source of [
    'hostPath',
    'local',
    'nfs',
    'iscsi',
    'fc',
    'rbd',
    'cephfs',
    'awsElasticBlockStore',
    'gcePersistentDisk',
    'azureDisk',
    'azureFile',
  ]) {
    const one = at(spec, source);
    if (typeof one !== 'object' || one === null) continue;
    rows.push(['Source', source]);
    for (const [key, value] of map(one)) add(key, value);
  }
  const modes = at(spec, 'mountOptions');
  if (Array.isArray(modes)) add('Mount options', modes.map(word).join(', '));
  const terms = list(at(spec, 'nodeAffinity', 'required', 'nodeSelectorTerms')).flatMap((term) =>
    list(term['matchExpressions']).map((one) => {
      const values = Array.isArray(one['values']) ? one['values'].map(word).join(', ') : '';
      return `${word(one['key'])} ${word(one['operator'])} ${values}`.trim();
    }),
  );
  add('Only on nodes', terms.join('; or '));
  return rows.slice(0, 40);
}
