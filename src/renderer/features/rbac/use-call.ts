/** A question to the host that is asked while its page is in sight; the last answer stays until a newer is there. */
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import type { AnyCall, InputOf, Members, OutputOf, Slice } from '#shared/rpc/define';
import { fail, toAppError } from '#shared/util/app-error';
import { useCluster, useClusterId } from '../../data/connections';
import type { Asked } from './use-rbac';

type CallName<M extends Members> = { [K in keyof M]: M[K] extends AnyCall ? K : never }[keyof M] & string;

export interface CallOptions {
  readonly visible?: boolean;
  /** Asked again this often while in sight, ms. */
  readonly every?: number;
}

/** `input` undefined: nothing is asked. */
export function useCall<M extends Members, K extends CallName<M>>(
  slice: Slice<M>,
  member: K,
  input: InputOf<M[K]> | undefined,
  { visible = true, every }: CallOptions = {},
): Asked<OutputOf<M[K]>> & { readonly busy: boolean } {
  const client = useCluster();
  const clusterId = useClusterId();
  const { data, error, refetch, isFetching } = useQuery({
    queryKey: [slice.name, clusterId, member, input],
    enabled: client !== undefined && input !== undefined && visible,
    placeholderData: keepPreviousData,
    staleTime: 10_000,
    retry: false,
    ...(every === undefined ? {} : { refetchInterval: every }),
    queryFn: async ({ signal }): Promise<unknown> => {
      if (!client) throw fail('closed', 'The cluster is not connected.');
      return client.call(slice as never, member as never, input as never, signal);
    },
  });
  return {
    data: input === undefined ? undefined : (data as OutputOf<M[K]> | undefined),
    error: error ? toAppError(error) : undefined,
    retry: () => void refetch(),
    busy: isFetching,
  };
}
