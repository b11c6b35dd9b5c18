/**
 * Tells while an object is edited that the server has another version of it, or none any more.
 * Changes of its status alone are not told. The versions themselves are read by the caller.
 */
import { useEffect, useRef } from 'react';
import type { EditSource } from '#shared/contract/objects';
import { resources, type ObjectRef } from '#shared/contract/resources';
import type { RpcClient } from '#shared/rpc/client';
import { visible } from '#shared/util/text';
import { useStream } from '../../data/connections';
import { ageOf } from './Line';

/** Ms that changes are gathered: a controller often writes several times in a row. */
const REST = 300;

type Plain = Readonly<Record<string, unknown>>;

/** Calls back after each change of what can be edited; true: the object is gone. */
export function useNewer(
  client: RpcClient | undefined,
  { kind, namespace, name }: ObjectRef,
  base: string,
  onNewer: () => void,
): boolean {
  const { data } = useStream(client, resources, 'object', { kind, namespace, name });
  const latest = useRef(onNewer);
  latest.current = onNewer;
  const seen = useRef<string | undefined>(undefined);
  const key = data?.object === undefined ? undefined : versionKey(data.object);
  useEffect(() => {
    seen.current = base === '' ? undefined : versionKey(JSON.parse(base) as Plain);
  }, [base]);
  useEffect(() => {
    if (key === undefined || base === '' || key === seen.current) return undefined;
    const timer = setTimeout(() => {
      seen.current = key;
      latest.current();
    }, REST);
    return () => clearTimeout(timer);
  }, [key, base]);
  return data?.phase === 'deleted' || data?.phase === 'gone';
}

/** The same for two versions that differ in status only, as far as the object tells. */
export function versionKey(object: Plain): string {
  const meta = (object['metadata'] ?? {}) as Plain;
  const { uid, generation, resourceVersion, labels, annotations, finalizers, ownerReferences } = meta;
  // What has no generation has no status either, or counts every change.
  return JSON.stringify(
    typeof generation === 'number'
      ? [uid, generation, labels, annotations, finalizers, ownerReferences]
      : [uid, resourceVersion],
  );
}

export interface Writer {
  readonly by: string;
  /** RFC 3339. */
  readonly at: string;
}

const nobody: Writer = { by: '', at: '' };

/** Who wrote it last, status aside. `changes`: only who owns one of these fields by now. */
export function lastWriter({ owners }: EditSource, changes?: readonly string[]): Writer {
  let newest = nobody;
  for (const { manager, subresource, time, path } of owners) {
    if (subresource === 'status' || time < newest.at) continue;
    if (changes?.some((one) => path.startsWith(one) || one.startsWith(path)) === false) continue;
    newest = { by: manager, at: time };
  }
  return newest;
}

/**
 * `kubectl-set changed it on the server 5s ago. Your changes are kept.` Not every write leaves its
 * manager behind (scaling does not): who wrote before `origin` is not named.
 */
export function newerWords(source: EditSource, origin: Writer, now: number): string {
  const last = lastWriter(source);
  const { by, at } = last.at > origin.at ? last : nobody;
  const age = ageOf(at, now);
  return `${by === '' ? 'Somebody' : visible(by)} changed it on the server${age === '' ? '' : ` ${age}`}. Your changes are kept.`;
}

/** The uid in an `EditSource.base`. */
export function uidOf(base: string): string {
  if (base === '') return '';
  const { metadata } = JSON.parse(base) as { metadata?: { uid?: unknown } };
  return typeof metadata?.uid === 'string' ? metadata.uid : '';
}
