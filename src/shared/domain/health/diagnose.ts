/**
 * All findings of one object, worst first. Guards against false alarms are in the rules: completed
 * pods, paused, suspended and scaled-to-zero objects are states, and what events say counts only
 * while the fields agree. A rule that throws on garbage finds nothing.
 */
import {
  apiServiceFindings,
  autoscalerFindings,
  budgetFindings,
  definitionFindings,
  genericFindings,
  namespaceFindings,
  nodeFindings,
  signingFindings,
} from './cluster';
import { cronJobFindings, jobFindings } from './jobs';
import { serviceFindings } from './network';
import { podFindings } from './pod';
import { gatewayFindings, ingressFindings, routeFindings } from './routes';
import { claimFindings, quotaFindings, volumeFindings } from './storage';
import type { Finding, Rule, Subject } from './types';
import { workloadFindings } from './workloads';

const rules: Readonly<Record<string, Rule>> = {
  pods: podFindings,
  'deployments.apps': workloadFindings,
  'replicasets.apps': workloadFindings,
  'statefulsets.apps': workloadFindings,
  'daemonsets.apps': workloadFindings,
  replicationcontrollers: workloadFindings,
  'jobs.batch': jobFindings,
  'cronjobs.batch': cronJobFindings,
  services: serviceFindings,
  'ingresses.networking.k8s.io': ingressFindings,
  'httproutes.gateway.networking.k8s.io': routeFindings,
  'grpcroutes.gateway.networking.k8s.io': routeFindings,
  'gateways.gateway.networking.k8s.io': gatewayFindings,
  persistentvolumeclaims: claimFindings,
  persistentvolumes: volumeFindings,
  resourcequotas: quotaFindings,
  nodes: nodeFindings,
  namespaces: namespaceFindings,
  'horizontalpodautoscalers.autoscaling': autoscalerFindings,
  'poddisruptionbudgets.policy': budgetFindings,
  'apiservices.apiregistration.k8s.io': apiServiceFindings,
  'customresourcedefinitions.apiextensions.k8s.io': definitionFindings,
  'certificatesigningrequests.certificates.k8s.io': signingFindings,
};

const order = { bad: 0, warn: 1, info: 2 } as const;

export function diagnose(subject: Subject): readonly Finding[] {
  const own = Object.hasOwn(rules, subject.kind) ? rules[subject.kind] : undefined;
  const found = [...guarded(own ?? genericFindings, subject)];
  // Whatever the kind: an object that cannot go names who holds it.
  if (own && own !== podFindings)
    found.push(...guarded(genericFindings, subject).filter((one) => one.rule === 'D15'));
  return found
    .map((one, index) => ({ one, index }))
    .sort((a, b) => order[a.one.tone] - order[b.one.tone] || a.index - b.index)
    .map(({ one }) => one);
}

function guarded(rule: Rule, subject: Subject): readonly Finding[] {
  try {
    return rule(subject);
  } catch {
    return [];
  }
}
