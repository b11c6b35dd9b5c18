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

/** Who wrote it last, status aside, and when. */
export function lastWriter({ owners }: EditSource): { readonly by: string; readonly at: string } {
  let newest = { by: '', at: '' };
  for (const { manager, subresource, time } of owners)
    if (subresource !== 'status' && time >= newest.at) newest = { by: manager, at: time };
  return newest;
}

/** `kubectl-scale changed it 5s ago. Your changes are kept.` */
export function newerWords(source: EditSource, now: number): string {
  const { by, at } = lastWriter(source);
  const age = ageOf(at, now);
  return `${by === '' ? 'Somebody' : visible(by)} changed it on the server${age === '' ? '' : ` ${age}`}. Your changes are kept.`;
}

/** The uid in an `EditSource.base`. */
export function uidOf(base: string): string {
  if (base === '') return '';
  const { metadata } = JSON.parse(base) as { metadata?: { uid?: unknown } };
  return typeof metadata?.uid === 'string' ? metadata.uid : '';
}
