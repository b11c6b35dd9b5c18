/** Findings of the domain as rows for the screen: who, where, why, by which grants. */
import type { ObjectName, RiskRow } from '#shared/contract/rbac';
import type { RbacIndex } from '#shared/domain/rbac/rbac-index';
import { riskFindings, severityRank, type RiskFinding } from '#shared/domain/rbac/risks/findings';
import { hygieneFindings, type HygieneFinding } from '#shared/domain/rbac/risks/hygiene';
import type { Subject } from '#shared/domain/rbac/types';
import { pathOf } from './answers';
import type { AccountForm, PodForm } from './forms';

const MOST = 3_000;
const MOST_PATHS = 10;
const MOST_PODS = 10;

export function riskRows(
  index: RbacIndex,
  accounts: readonly AccountForm[],
  pods: readonly PodForm[],
  builtIn: boolean,
): { readonly rows: RiskRow[]; readonly total: number } {
  const risks = riskFindings(index);
  // A pod that ended carries no token any more.
  const running = pods.filter((pod) => pod.phase !== 'Succeeded' && pod.phase !== 'Failed');
  const hygiene = hygieneFindings(index, risks, { accounts, pods: running });
  const rows = [
    ...risks.filter((risk) => builtIn || !risk.builtIn).map(fromRisk),
    ...hygiene.map(fromHygiene).filter((row) => builtIn || !row.builtIn),
  ].sort(
    (a, b) =>
      Number(a.builtIn) - Number(b.builtIn) ||
      severityRank(b.severity) - severityRank(a.severity) ||
      compare(a.id, b.id),
  );
  return { rows: rows.slice(0, MOST), total: rows.length };
}

function fromRisk({
  id,
  permission,
  severity,
  subject,
  namespace,
  grants,
  names,
  builtIn,
}: RiskFinding): RiskRow {
  return {
    id,
    source: 'permission',
    severity,
    title: permission.title,
    why: permission.why,
    narrow: permission.narrow,
    subject: named(subject),
    namespace,
    names,
    builtIn,
    paths: grants.slice(0, MOST_PATHS).map(pathOf),
    more: Math.max(0, grants.length - MOST_PATHS),
  };
}

function fromHygiene(finding: HygieneFinding): RiskRow {
  const { id, severity, title, why, binding, subject, pods } = finding;
  return {
    id,
    source: 'hygiene',
    severity,
    title,
    why,
    ...(subject ? { subject: named(subject, binding?.namespace) } : {}),
    namespace: binding?.namespace ?? subject?.namespace ?? '',
    names: [],
    builtIn: binding !== undefined && isKubernetesOwn(binding.name),
    paths: [],
    more: 0,
    ...(binding ? { binding: { kind: binding.kind, namespace: binding.namespace, name: binding.name } } : {}),
    ...(pods && pods.length > 0
      ? {
          pods: pods.slice(0, MOST_PODS).map(({ namespace, name, node }) => ({ namespace, name, node })),
          podCount: pods.length,
        }
      : {}),
  };
}

function isKubernetesOwn(name: string): boolean {
  return name.startsWith('system:') || name.startsWith('kubeadm:');
}

function named({ kind, name, namespace }: Subject, fallback = ''): ObjectName {
  return { kind, name, namespace: kind === 'ServiceAccount' ? namespace || fallback : '' };
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
