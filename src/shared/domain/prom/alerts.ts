/**
 * Alerts and rules as the screens show them, and which object of the cluster an alert is about,
 * by its labels. A label is a word of whoever wrote the rule: it names, it proves nothing.
 */
import type { Labels } from './answer';
import { readLabels } from './answer';

export interface AlertLink {
  /** Kind id: `pods`, `nodes`, `deployments.apps`, ... */
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
}

export interface Alert {
  readonly id: string;
  readonly name: string;
  readonly state: 'firing' | 'pending' | 'inactive' | 'unknown';
  readonly severity: string;
  readonly summary: string;
  /** Epoch ms; null: unknown. */
  readonly since: number | null;
  readonly value: string;
  readonly labels: Labels;
  readonly links: readonly AlertLink[];
}

export interface Rule {
  readonly group: string;
  readonly file: string;
  readonly name: string;
  readonly type: 'alerting' | 'recording';
  readonly query: string;
  /** Seconds it must hold; 0: at once. */
  readonly for: number;
  readonly state: string;
  readonly health: string;
  readonly error: string;
  /** Seconds of the last evaluation. */
  readonly took: number | null;
  readonly active: number;
}

export interface Target {
  readonly job: string;
  readonly instance: string;
  readonly url: string;
  readonly health: 'up' | 'down' | 'unknown';
  readonly error: string;
  readonly labels: Labels;
  /** Epoch ms. */
  readonly last: number | null;
  /** Seconds. */
  readonly took: number | null;
  readonly links: readonly AlertLink[];
}

const MOST = 5000;

type Json = Readonly<Record<string, unknown>>;
const object = (value: unknown): Json => (typeof value === 'object' && value !== null ? (value as Json) : {});
const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value.slice(0, MOST) : []);
const text = (value: unknown, most = 2000): string => (typeof value === 'string' ? value.slice(0, most) : '');
const number = (value: unknown): number | null =>
  typeof value === 'number' && Number.isFinite(value) ? value : null;

function time(value: unknown): number | null {
  const at = Date.parse(text(value, 64));
  // Prometheus writes year 1 for "never".
  return Number.isNaN(at) || at <= 0 ? null : at;
}

const workloads: readonly (readonly [label: string, kind: string])[] = [
  ['deployment', 'deployments.apps'],
  ['statefulset', 'statefulsets.apps'],
  ['daemonset', 'daemonsets.apps'],
  ['replicaset', 'replicasets.apps'],
  ['job_name', 'jobs.batch'],
  ['cronjob', 'cronjobs.batch'],
  ['horizontalpodautoscaler', 'horizontalpodautoscalers.autoscaling'],
  ['persistentvolumeclaim', 'persistentvolumeclaims'],
  ['service', 'services'],
  ['ingress', 'ingresses.networking.k8s.io'],
];

/** Names that may stand in a path; anything else is no object's name. */
const isName = (value: string | undefined): value is string =>
  value !== undefined && value.length <= 253 && /^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/.test(value);

/** The objects an alert names, the narrowest first. */
export function linksOf(labels: Labels): readonly AlertLink[] {
  const namespace = [labels['exported_namespace'], labels['namespace'], labels['kubernetes_namespace']].find(
    isName,
  );
  const pod = [labels['exported_pod'], labels['pod'], labels['pod_name'], labels['kubernetes_pod_name']].find(
    isName,
  );
  const node = [labels['exported_node'], labels['node'], labels['nodename'], labels['kubernetes_node']].find(
    isName,
  );
  const links: AlertLink[] = [];
  if (namespace !== undefined) {
    if (pod !== undefined) links.push({ kind: 'pods', namespace, name: pod });
    for (const [label, kind] of workloads) {
      const name = labels[label];
      if (isName(name)) links.push({ kind, namespace, name });
    }
  }
  if (node !== undefined) links.push({ kind: 'nodes', namespace: '', name: node });
  if (namespace !== undefined) links.push({ kind: 'namespaces', namespace: '', name: namespace });
  return links;
}

function summaryOf(annotations: Labels): string {
  for (const name of ['summary', 'message', 'description']) {
    const words = annotations[name];
    if (words !== undefined && words !== '') return words.slice(0, 2000);
  }
  return '';
}

const order: readonly string[] = ['critical', 'error', 'high', 'warning', 'info', 'none'];

/** Firing first, then by severity and name. */
export function readAlerts(data: unknown): readonly Alert[] {
  const found = list(object(data)['alerts']).map((raw, i): Alert => {
    const one = object(raw);
    const labels = readLabels(one['labels']);
    const { alertname = '', severity = '' } = labels;
    const state = one['state'];
    return {
      id: `${i} ${alertname}`,
      name: alertname === '' ? 'Alert without a name' : alertname,
      state: state === 'firing' || state === 'pending' || state === 'inactive' ? state : 'unknown',
      severity,
      summary: summaryOf(readLabels(one['annotations'])),
      since: time(one['activeAt']),
      value: text(one['value'], 64),
      labels,
      links: linksOf(labels),
    };
  });
  const place = (severity: string): number => {
    const at = order.indexOf(severity);
    return at < 0 ? 3.5 : at;
  };
  return found.sort(
    (a, b) =>
      Number(b.state === 'firing') - Number(a.state === 'firing') ||
      place(a.severity) - place(b.severity) ||
      (a.name < b.name ? -1 : a.name > b.name ? 1 : 0),
  );
}

export function readRules(data: unknown): readonly Rule[] {
  const out: Rule[] = [];
  for (const rawGroup of list(object(data)['groups'])) {
    const group = object(rawGroup);
    for (const raw of list(group['rules'])) {
      if (out.length >= MOST) return out;
      const one = object(raw);
      out.push({
        group: text(group['name'], 256),
        file: text(group['file'], 512),
        name: text(one['name'], 256),
        type: one['type'] === 'alerting' ? 'alerting' : 'recording',
        query: text(one['query'], 16_384),
        for: number(one['duration']) ?? 0,
        state: text(one['state'], 32),
        health: text(one['health'], 32),
        error: text(one['lastError']),
        took: number(one['evaluationTime']),
        active: list(one['alerts']).length,
      });
    }
  }
  return out;
}

/** What is down first, then by job and instance. */
export function readTargets(data: unknown): readonly Target[] {
  const found = list(object(data)['activeTargets']).map((raw): Target => {
    const one = object(raw);
    const labels = readLabels(one['labels']);
    const { health } = one;
    return {
      job: labels['job'] ?? text(one['scrapePool'], 256),
      instance: labels['instance'] ?? '',
      url: text(one['scrapeUrl'], 1024),
      health: health === 'up' || health === 'down' ? health : 'unknown',
      error: text(one['lastError']),
      labels,
      last: time(one['lastScrape']),
      took: number(one['lastScrapeDuration']),
      links: linksOf(labels),
    };
  });
  const rank = { down: 0, unknown: 1, up: 2 } as const;
  return found.sort(
    (a, b) =>
      rank[a.health] - rank[b.health] ||
      (a.job < b.job ? -1 : a.job > b.job ? 1 : 0) ||
      (a.instance < b.instance ? -1 : 1),
  );
}
