/**
 * The `:` language: `:pods`, `:deploy -n shop,web`, `:deploy shop`, `:ctx prod`, `:ns shop,web`, `:ns all`.
 * Kinds go by id, resource, singular, tag, alias and the server's short names.
 */
import type { KindInfo } from '#shared/contract/cluster';

export type Jump =
  | { readonly to: 'kind'; readonly kind: KindInfo; readonly namespaces: readonly string[] | undefined }
  | { readonly to: 'context'; readonly text: string }
  | { readonly to: 'namespaces'; readonly names: readonly string[] }
  | { readonly to: 'page'; readonly page: 'overview' | 'clusters' | 'settings' | 'keys' }
  | { readonly to: 'nothing'; readonly why: string };

const pages: ReadonlyMap<string, 'overview' | 'clusters' | 'settings' | 'keys'> = new Map([
  ['overview', 'overview'],
  ['pulse', 'overview'],
  ['clusters', 'clusters'],
  ['contexts', 'clusters'],
  ['settings', 'settings'],
  ['help', 'keys'],
  ['keys', 'keys'],
]);

/** Kind by any of its names; built-in groups win over custom ones of the same name. */
export function kindByWord(kinds: readonly KindInfo[], word: string): KindInfo | undefined {
  const wanted = word.toLowerCase();
  const named = kinds.filter((kind) => namesOf(kind).includes(wanted));
  return named.find((kind) => kind.known) ?? named[0];
}

export function namesOf(kind: KindInfo): readonly string[] {
  return [kind.id, kind.resource, kind.kind, kind.singular, kind.tag, ...kind.aliases].map((name) =>
    name.toLowerCase(),
  );
}

/** `text` starts with `:`. */
export function parseJump(text: string, kinds: readonly KindInfo[]): Jump {
  const [word = '', ...rest] = text.slice(1).trim().split(/\s+/);
  if (word === '') return { to: 'nothing', why: 'Type a kind, ctx, ns or a page.' };
  if (word === 'ctx' || word === 'context') return { to: 'context', text: rest.join(' ') };
  if (word === 'ns' && rest.length > 0) return { to: 'namespaces', names: namesIn(rest) };
  const page = pages.get(word.toLowerCase());
  if (page !== undefined) return { to: 'page', page };
  const kind = kindByWord(kinds, word);
  if (!kind) return { to: 'nothing', why: `This server has no kind “${word}”.` };
  const flag = rest.findIndex((part) => part === '-n' || part === '--namespace');
  if (rest.includes('-A') || rest.includes('--all-namespaces')) return { to: 'kind', kind, namespaces: [] };
  if (flag >= 0) return { to: 'kind', kind, namespaces: namesIn(rest.slice(flag + 1)) };
  const joined = rest.find((part) => part.startsWith('--namespace='));
  if (joined !== undefined) return { to: 'kind', kind, namespaces: namesIn([joined.slice(12)]) };
  return { to: 'kind', kind, namespaces: rest.length > 0 ? namesIn(rest) : undefined };
}

function namesIn(parts: readonly string[]): readonly string[] {
  const names = parts.flatMap((part) => part.split(',')).filter((name) => name !== '');
  return names.includes('all') || names.includes('*') ? [] : [...new Set(names)];
}
