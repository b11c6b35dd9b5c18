/**
 * Whole lists with only the fields a mask names, for questions that are answered once: not watched, not
 * kept. Takes its place among the cluster's lists. Where all namespaces are denied it reads the given ones.
 */
import { defineKind, type FieldMask, type KubeObject } from '#shared/kinds/define';
import { toAppError, type AppError } from '#shared/util/app-error';
import type { Gate } from '../../engine/gate';
import { readList } from '../../engine/list';
import { sourceOf, type Served } from '../../engine/source';
import type { Api } from '../../k8s/api';

export interface ListDeps {
  readonly api: Api;
  readonly gate: Gate;
}

export interface Wanted extends Served {
  readonly kind: string;
  readonly namespaced: boolean;
  readonly mask: FieldMask;
}

export interface Listed<T> {
  readonly items: readonly T[];
  /** Not all could be read: why. */
  readonly error?: AppError;
}

const MOST_NAMESPACES = 50;

/** Empty `namespaces`: all of them; `known` are tried one by one where that is denied. Never throws but for a cancel. */
export async function listMasked<T extends KubeObject>(
  deps: ListDeps,
  wanted: Wanted,
  namespaces: readonly string[],
  known: readonly string[],
  signal: AbortSignal,
): Promise<Listed<T>> {
  const items: T[] = [];
  const read = async (namespace: string | undefined): Promise<void> => {
    const found: T[] = [];
    const descriptor = defineKind<T>({
      ...wanted,
      versions: [wanted.version],
      columns: [],
      title: wanted.kind,
      singular: wanted.kind,
      tag: wanted.kind,
      aliases: [],
      section: 'custom',
    });
    const source = sourceOf(wanted, descriptor, namespace);
    await readList({
      ...deps,
      source,
      watchList: false,
      signal,
      handlers: {
        onItem: (object) => found.push(object as T),
        onProgress: () => undefined,
        onRestart: () => {
          found.length = 0;
        },
      },
    });
    for (const one of found) items.push(one);
  };
  const some = async (names: readonly string[]): Promise<AppError | undefined> => {
    const all = await Promise.allSettled(names.slice(0, MOST_NAMESPACES).map(read));
    const failed = all.find((one) => one.status === 'rejected');
    return failed?.status === 'rejected' ? toAppError(failed.reason) : undefined;
  };
  let error: AppError | undefined;
  if (wanted.namespaced && namespaces.length > 0) error = await some(namespaces);
  else
    try {
      await read(undefined);
    } catch (thrown) {
      error = toAppError(thrown);
      if (error.code === 'forbidden' && wanted.namespaced && known.length > 0) {
        await some(known);
        if (items.length > 0)
          error = { ...error, message: `${error.message} Only the namespaces you may read are here.` };
      }
    }
  if (signal.aborted) throw signal.reason;
  return { items, ...(error ? { error } : {}) };
}
