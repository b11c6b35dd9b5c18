/**
 * Asking the host's RBAC model: an answer stays on screen until a newer one is there, and is asked
 * again when roles or bindings changed.
 */
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { rbac, type RbacState } from '#shared/contract/rbac';
import type { RpcClient } from '#shared/rpc/client';
import type { AnyCall, InputOf, OutputOf } from '#shared/rpc/define';
import { fail, toAppError, type AppError } from '#shared/util/app-error';
import { useCluster, useClusterId, useStream } from '../../data/connections';

type Members = (typeof rbac)['members'];
type CallName = { [K in keyof Members]: Members[K] extends AnyCall ? K : never }[keyof Members] & string;

/** The model is read while this is on screen. */
export function useRbacState(visible: boolean, pods = false): RbacState | undefined {
  const client = useCluster();
  return useStream(visible ? client : undefined, rbac, 'state', { pods }).data;
}

export interface Asked<T> {
  readonly data: T | undefined;
  readonly error: AppError | undefined;
  readonly retry: () => void;
}

/** `input` undefined: nothing is asked. */
export function useAnswer<K extends CallName>(
  member: K,
  input: InputOf<Members[K]> | undefined,
  version: number | undefined,
  visible = true,
): Asked<OutputOf<Members[K]>> {
  const client = useCluster();
  const clusterId = useClusterId();
  const { data, error, refetch } = useQuery({
    queryKey: ['rbac', clusterId, member, input, version],
    enabled: client !== undefined && input !== undefined && visible && version !== undefined,
    placeholderData: keepPreviousData,
    staleTime: 30_000,
    retry: false,
    queryFn: async ({ signal }): Promise<OutputOf<Members[K]>> => ask(client, member, input, signal),
  });
  return {
    data: input === undefined ? undefined : (data as OutputOf<Members[K]> | undefined),
    error: error ? toAppError(error) : undefined,
    retry: () => void refetch(),
  };
}

async function ask<K extends CallName>(
  client: RpcClient | undefined,
  member: K,
  input: InputOf<Members[K]> | undefined,
  signal: AbortSignal,
): Promise<OutputOf<Members[K]>> {
  if (!client) throw fail('closed', 'The cluster is not connected.');
  const answer = await client.call(rbac, member as never, input as never, signal);
  return answer as OutputOf<Members[K]>;
}
