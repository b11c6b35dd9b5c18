/**
 * Text that goes into PromQL: label values come from the cluster, so that every one of them is
 * quoted, and those used in a pattern are escaped first. Nothing here checks an expression.
 */

/** A PromQL string literal of any text. */
export function quote(text: string): string {
  return `"${text.replace(/[\\"]/g, '\\$&').replace(/\n/g, '\\n').replace(/\r/g, '\\r')}"`;
}

/** The text as a pattern that matches only itself (RE2, anchored by Prometheus). */
export function escapePattern(text: string): string {
  return text.replace(/[\\^$.|?*+()[\]{}]/g, '\\$&');
}

export type Matcher = readonly [label: string, op: '=' | '!=' | '=~' | '!~', value: string];

/** `metric{a="b",c!=""}`; without matchers the metric alone. */
export function selector(metric: string, matchers: readonly Matcher[]): string {
  if (matchers.length === 0) return metric;
  return `${metric}{${matchers.map(([label, op, value]) => `${label}${op}${quote(value)}`).join(',')}}`;
}

/** Characters of names that Kubernetes generates. */
const SAFE = '[a-z0-9]';
/** Longest part of a generated name that is kept of its owner's (63 - 5). */
const KEPT = 58;

export type Controller =
  'Deployment' | 'ReplicaSet' | 'StatefulSet' | 'DaemonSet' | 'Job' | 'CronJob' | 'ReplicationController';

/**
 * A pattern for the names of a workload's pods, for metrics that know pods by name only. Names are
 * cut by the server after 58 characters, and so is the pattern. Another workload whose name
 * only adds parts of the same form may match too; a Deployment's pattern never matches a StatefulSet's pods.
 */
export function podPattern(controller: Controller, name: string): string {
  const made = (prefix: string, middle: string, longest: number): string => {
    const whole = `${prefix}-`;
    if (whole.length + longest <= KEPT) return `${escapePattern(whole)}${middle}${SAFE}{5}`;
    return `${escapePattern(whole.slice(0, KEPT))}[a-z0-9-]{0,${longest}}${SAFE}{5}`;
  };
  switch (controller) {
    case 'StatefulSet':
      return `${escapePattern(name)}-[0-9]+`;
    case 'Deployment':
      return made(name, `${SAFE}{1,10}-`, 11);
    case 'CronJob':
      return made(name, '[0-9]{8,11}-([0-9]+-)?', 18);
    case 'Job':
      return made(name, '([0-9]+-)?', 6);
    case 'DaemonSet':
    case 'ReplicaSet':
    case 'ReplicationController':
      return made(name, '', 0);
  }
}
