/**
 * What stands around one object, live while it is open. Parts come as they are read; a part the
 * person may not read is named in `denied` and left out, which is not the same as empty.
 */
import type { KindInfo } from '#shared/contract/cluster';
import type { Around } from '#shared/domain/health/types';
import type { Scope } from '#shared/rpc/scope';
import { toAppError } from '#shared/util/app-error';
import type { Api } from '../../../k8s/api';
import { resourcePath } from '../../../k8s/path';
import { watchFew, type WholeObject } from '../../../k8s/watch-few';
import { MOST, sourcesOf, type Source } from './sources';

const COUNT_MS = 30_000;
const DENIED_MS = 5 * 60_000;
const NAMES_ONLY = 'application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1, application/json;q=0.5';

export interface AroundDeps {
  readonly api: Api;
  readonly byId: (id: string) => KindInfo | undefined;
}

export async function feedAround(
  { api, byId }: AroundDeps,
  of: { readonly kind: KindInfo; readonly namespace: string; readonly name: string },
  scope: Scope,
  onChange: (around: Around) => void,
): Promise<void> {
  const { kind, namespace, name } = of;
  const path = resourcePath({ ...kind, namespace: kind.namespaced ? namespace : undefined, name });
  const object = await api.json<WholeObject>({ path }, scope.signal);
  const sources = sourcesOf({ kind: kind.id, namespace, object }).filter((one) => byId(one.kind));
  const parts: (Around | undefined)[] = sources.map(() => undefined);
  const tell = (): void => onChange(merge(parts));
  if (sources.length === 0) tell();
  for (const [index, source] of sources.entries()) {
    if (source.count) {
      const info = byId(source.kind)!;
      keepCounting(api, { info, namespace: source.namespace }, scope, (part) => {
        parts[index] = part;
        tell();
      });
      continue;
    }
    watchFew({
      api,
      ...queryOf(source, byId),
      scope,
      onChange: ({ items, phase, error }) => {
        const refused = phase === 'denied' || phase === 'failed' || phase === 'gone';
        parts[index] = refused
          ? { denied: [{ what: byId(source.kind)?.title ?? source.kind, message: error?.message ?? '' }] }
          : source.part([...items.values()]);
        tell();
      },
    });
  }
}

/** How many there are, by a list of one with no content: cheap also for 10,000 secrets. */
function keepCounting(
  api: Api,
  { info, namespace }: { readonly info: KindInfo; readonly namespace: string | undefined },
  scope: Scope,
  onPart: (part: Around) => void,
): void {
  const path = resourcePath({ ...info, namespace: info.namespaced ? namespace : undefined });
  const ask = async (): Promise<void> => {
    let pause = COUNT_MS;
    try {
      const answer = await api.json<Counted>({ path, query: { limit: 1 }, accept: NAMES_ONLY }, scope.signal);
      const rest = answer.metadata?.remainingItemCount;
      const { length } = answer.items ?? [];
      const more = rest === undefined && Boolean(answer.metadata?.continue);
      const count = length + (typeof rest === 'number' ? rest : 0);
      onPart({ counts: [{ kind: info.id, title: info.title, count, ...(more && { more }) }] });
    } catch (thrown) {
      if (scope.disposed) return;
      const { code, message } = toAppError(thrown);
      if (code === 'forbidden') pause = DENIED_MS;
      onPart({ denied: [{ what: info.title, message }] });
    }
    if (!scope.disposed) scope.timeout(() => void ask(), pause);
  };
  void ask();
}

interface Counted {
  readonly items?: readonly unknown[] | null;
  readonly metadata?: { readonly continue?: string; readonly remainingItemCount?: number };
}

function queryOf(
  source: Source,
  byId: AroundDeps['byId'],
): { path: string; query: Record<string, string | number> } {
  const info = byId(source.kind)!;
  const query: Record<string, string | number> = { limit: MOST };
  if (source.labels !== undefined && source.labels !== '') query['labelSelector'] = source.labels;
  if (source.fields !== undefined) query['fieldSelector'] = source.fields;
  return {
    path: resourcePath({ ...info, namespace: info.namespaced ? source.namespace : undefined }),
    query,
  };
}

const joined = ['applies', 'secrets', 'counts', 'denied'] as const;

function merge(parts: readonly (Around | undefined)[]): Around {
  let all: Around = {};
  for (const part of parts) {
    if (!part) continue;
    const lists = Object.fromEntries(
      joined.flatMap((key) =>
        part[key] ? [[key, [...(all[key] ?? []), ...(part[key] as readonly unknown[])]]] : [],
      ),
    );
    all = { ...all, ...part, ...lists };
  }
  return withReady(all);
}

/** Ready endpoints, counted by another source, told with the services they belong to. */
function withReady(all: Around): Around {
  if (!all.services || !all.applies) return all;
  const words = new Map(
    all.applies.filter((one) => one.kind === 'services').map((one) => [one.name, one.words]),
  );
  return {
    ...all,
    services: all.services.map((one) => {
      const said = words.get(one.name);
      return said === undefined ? one : { ...one, ready: Number.parseInt(said, 10) };
    }),
    applies: all.applies.filter((one) => one.kind !== 'services'),
  };
}
