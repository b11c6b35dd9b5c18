/** The ConfigMap `kube-system/aws-auth` of EKS: IAM roles and users as Kubernetes names. */
import { parseDocument } from 'yaml';
import type { MappedIdentity } from '#shared/contract/authentication';
import { items, str, strings } from '#shared/k8s/read';

const MOST = 500;

/** Text that is no list of maps yields nothing; `broken` names the keys that could not be read. */
export function readAwsAuth(data: Readonly<Record<string, string>>): {
  readonly mapped: MappedIdentity[];
  readonly broken: string[];
} {
  const mapped: MappedIdentity[] = [];
  const broken: string[] = [];
  for (const [key, arn] of [
    ['mapRoles', 'rolearn'],
    ['mapUsers', 'userarn'],
  ] as const) {
    const text = Object.hasOwn(data, key) ? str(data[key]) : '';
    if (text.trim() === '') continue;
    const list = parsed(text);
    if (!list) broken.push(key);
    for (const entry of items(list ?? []).slice(0, MOST)) {
      mapped.push({
        from: str(entry[arn]),
        user: str(entry['username']),
        groups: strings(entry['groups'] as readonly string[]),
      });
    }
  }
  const accounts = Object.hasOwn(data, 'mapAccounts') ? parsed(str(data['mapAccounts'])) : undefined;
  for (const account of (accounts as unknown[] | undefined) ?? []) {
    if (typeof account === 'string' || typeof account === 'number')
      mapped.push({ from: `every user of account ${account}`, user: 'its ARN', groups: [] });
  }
  return { mapped, broken };
}

function parsed(text: string): Readonly<Record<string, unknown>>[] | undefined {
  try {
    const document = parseDocument(text, { version: '1.2', uniqueKeys: true });
    const value = document.errors.length > 0 ? undefined : (document.toJS({ maxAliasCount: 100 }) as unknown);
    return Array.isArray(value) ? (value as Readonly<Record<string, unknown>>[]) : undefined;
  } catch {
    return undefined;
  }
}
