/**
 * Links into other tools (Grafana, Jaeger, Zipkin, Tempo) by templates with variables of an object.
 * Values come from the cluster, so each is percent-encoded: none can change the host or add a part of its own.
 * The host of a template holds no variable, and only https is opened.
 */

export interface LinkTemplate {
  readonly title: string;
  /** `https://grafana.example/d/pods?var-namespace={{namespace}}&from={{from}}&to={{to}}` */
  readonly url: string;
}

/** What a template may name; an absent one leaves the link out. */
export interface LinkValues {
  readonly cluster: string;
  readonly kind: string;
  readonly namespace?: string;
  readonly name: string;
  readonly pod?: string;
  readonly workload?: string;
  readonly node?: string;
  /** Epoch ms of the time on screen. */
  readonly from: number;
  readonly to: number;
}

export const linkVariables = [
  'cluster',
  'kind',
  'namespace',
  'name',
  'pod',
  'workload',
  'node',
  'from',
  'to',
] as const;

export type LinkTool = 'Grafana' | 'Jaeger' | 'Zipkin' | 'Tempo';

/** Forms to begin with; the host and the ids of dashboards are the person's. */
export const linkForms: Readonly<Record<LinkTool, string>> = {
  Grafana:
    'https://grafana.example/d/DASHBOARD?var-namespace={{namespace}}&var-pod={{pod}}&from={{from}}&to={{to}}',
  Jaeger: 'https://jaeger.example/search?service={{workload}}.{{namespace}}&start={{from}}000&end={{to}}000',
  Zipkin: 'https://zipkin.example/zipkin/?serviceName={{workload}}&endTs={{to}}',
  Tempo:
    'https://grafana.example/explore?left=%7B%22datasource%22%3A%22tempo%22%2C%22queries%22%3A%5B%7B%22query%22%3A%22%7B%20resource.k8s.pod.name%20%3D%20%5C%22{{pod}}%5C%22%20%7D%22%7D%5D%7D',
};

const variable = /\{\{\s*([a-z]+)\s*\}\}/g;

/** Why a template cannot be used; undefined: it can. */
export function linkProblem({ title, url }: LinkTemplate): string | undefined {
  if (title.trim() === '') return 'The link needs a name.';
  if (url.length > 2000) return 'The address is too long.';
  for (const [, name = ''] of url.matchAll(variable))
    if (!(linkVariables as readonly string[]).includes(name))
      return `There is no variable ${name}. There are ${linkVariables.join(', ')}.`;
  const end = /^https:\/\/[^/?#]*/.exec(url)?.[0];
  if (end === undefined || end === 'https://') return 'The address begins with https://.';
  if (/[{}@\\]/.test(end)) return 'The host cannot hold a variable, a user or a password.';
  // What opens it parses it once more; this tells early what no address holds.
  if (/[\s<>"^`|\\]/.test(url.replace(variable, 'x'))) return 'This is no address.';
  return undefined;
}

/** The address for an object; undefined: the template is wrong or names what the object does not have. */
export function fillLink(template: LinkTemplate, values: LinkValues): string | undefined {
  if (linkProblem(template) !== undefined) return undefined;
  let whole = true;
  const url = template.url.replace(variable, (_, name: keyof LinkValues) => {
    const value = values[name];
    if (value === undefined || value === '') whole = false;
    return encodeURIComponent(String(value ?? ''));
  });
  return whole ? url : undefined;
}
