/**
 * What the person told kubectl about credential plugins (kuberc, kubectl 1.35): an upper bound on
 * what Binnacle runs, whatever was agreed to here. A kuberc that cannot be read allows nothing less:
 * kubectl itself warns and goes on, so does this.
 */
import { join } from 'node:path';
import { parse } from 'yaml';
import { readSmallFileSync } from './read-file';

export interface PluginPolicy {
  readonly file: string;
  readonly policy: 'DenyAll' | 'Allowlist';
  /** Commands of the list, as written. */
  readonly allowed: readonly string[];
}

/** Undefined: everything is allowed (no file, `KUBERC=off`, `AllowAll`). */
export function pluginPolicy(
  environment: Readonly<Record<string, string | undefined>>,
  home: string,
): PluginPolicy | undefined {
  const named = environment['KUBERC'];
  if (named === 'off') return undefined;
  const file = named === undefined || named === '' ? join(home, '.kube', 'kuberc') : named;
  let found: unknown;
  try {
    found = parse(readSmallFileSync(file, 1024 * 1024).toString('utf8'), { maxAliasCount: 100 });
  } catch {
    return undefined;
  }
  if (typeof found !== 'object' || found === null) return undefined;
  const { credentialPluginPolicy: policy, credentialPluginAllowlist: list } = found as Record<
    string,
    unknown
  >;
  if (policy !== 'DenyAll' && policy !== 'Allowlist') return undefined;
  const allowed = (Array.isArray(list) ? (list as unknown[]) : []).flatMap((entry) => {
    const { command, name } = (entry ?? {}) as { command?: unknown; name?: unknown };
    const one = command ?? name;
    return typeof one === 'string' && one !== '' ? [one] : [];
  });
  return { file, policy, allowed };
}
