/** Our reading of kubeconfigs in the form kubectl prints: empty fields absent, known fields only. */
import { readFileSync } from 'node:fs';
import { decode, parseKubeconfig, type Entry, type LoadedFile } from '../../src/main/kubeconfig/load';
import { mergeKubeconfigs, type Merged } from '../../src/main/kubeconfig/merge';

type Plain = Record<string, unknown>;
type View = Readonly<Record<'contexts' | 'clusters' | 'users', Readonly<Record<string, unknown>>>> & {
  readonly current: string;
};

export interface Ours {
  readonly files: readonly LoadedFile[];
  readonly merged: Merged;
  readonly view: View;
}

export function readOurs(paths: readonly string[]): Ours {
  const files = paths.map((path) => {
    const text = decode(readFileSync(path));
    if (text === null) throw new Error(`${path} is not text`);
    return parseKubeconfig(path, text);
  });
  const merged = mergeKubeconfigs(files.map((file) => ({ file, shared: true })));
  const first = (list: 'clusters' | 'users'): Entry[] =>
    files.flatMap((file, at) =>
      [...file[list].values()].filter(
        (entry) => !files.slice(0, at).some((one) => one[list].has(entry.name)),
      ),
    );
  const view = {
    contexts: named(merged.contexts.filter((one) => !one.problem).map((one) => one.context)),
    clusters: named(first('clusters')),
    users: named(first('users')),
    current: files.map((file) => file.currentContext).find((name) => name !== null) ?? '',
  };
  return { files, merged, view };
}

function named(entries: readonly Entry[]): Plain {
  return Object.fromEntries(entries.map((entry) => [entry.name, normal(entry.value)]));
}

/** kubectl's answer in the same form. */
export function kubectlView(answer: Readonly<Record<string, unknown>>): View {
  const list = (name: string, inner: string): Plain =>
    Object.fromEntries(
      ((answer[name] ?? []) as Plain[]).map((one) => [one['name'], normal((one[inner] ?? {}) as Plain)]),
    );
  return {
    contexts: list('contexts', 'context'),
    clusters: list('clusters', 'cluster'),
    users: list('users', 'user'),
    current: (answer['current-context'] as string | undefined) ?? '',
  };
}

const known = new Set(
  `cluster user namespace extensions server tls-server-name insecure-skip-tls-verify certificate-authority
  certificate-authority-data proxy-url disable-compression client-certificate client-certificate-data client-key
  client-key-data token tokenFile as as-uid as-groups as-user-extra username password auth-provider exec`.split(
    /\s+/,
  ),
);

/** A plugin without a mode runs as if it were IfAvailable under v1beta1; kubectl prints that. */
function normal(value: Readonly<Plain>): unknown {
  const kept = Object.fromEntries(Object.entries(value).filter(([key]) => known.has(key)));
  const exec = kept['exec'] as Plain | undefined | null;
  if (exec?.['apiVersion'] === 'client.authentication.k8s.io/v1beta1')
    kept['exec'] = { ...exec, interactiveMode: exec['interactiveMode'] ?? 'IfAvailable' };
  for (const [key, one] of Object.entries(kept))
    if (key.endsWith('-data') && typeof one === 'string') kept[key] = one.replace(/\s/g, '');
  return withoutEmpty(kept, true);
}

/** Drops what Go leaves out; values of extensions stay as they are. */
function withoutEmpty(value: unknown, top: boolean): unknown {
  if (Array.isArray(value)) return value.map((one) => withoutEmpty(one, false));
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value)
    .filter(([key, one]) => key === 'extension' || !isNothing(one))
    .map(([key, one]) => [key, key === 'extension' ? one : withoutEmpty(one, false)] as const)
    .filter(([key, one]) => key === 'extension' || !(top && isNothing(one)));
  return Object.fromEntries(entries);
}

function isNothing(value: unknown): boolean {
  if (value === null || value === undefined || value === '' || value === false) return true;
  return typeof value === 'object' && Object.keys(value).length === 0;
}
