/** What the host says to a request, shortly after it last changed: the object, warnings, Pod Security. */
import { useEffect, useState } from 'react';
import { debug, type DebugPlan, type DebugRequest } from '#shared/contract/debug';
import type { RpcClient } from '#shared/rpc/client';
import { toAppError, type AppError } from '#shared/util/app-error';

const QUIET_MS = 250;

export interface PlanState {
  /** Of the request as it is now; the one before until then, so that nothing jumps. */
  readonly plan: DebugPlan | undefined;
  readonly error: AppError | undefined;
  readonly current: boolean;
}

export function usePlan(client: RpcClient | undefined, request: DebugRequest | undefined): PlanState {
  const key = request ? JSON.stringify(request) : '';
  const [state, setState] = useState<{ key: string; plan?: DebugPlan; error?: AppError }>({ key: '' });
  useEffect(() => {
    if (!client || key === '') return undefined;
    const stop = new AbortController();
    const timer = setTimeout(() => {
      client.call(debug, 'plan', JSON.parse(key) as DebugRequest, stop.signal).then(
        (plan) => setState({ key, plan }),
        (thrown: unknown) => {
          if (!stop.signal.aborted) setState({ key, error: toAppError(thrown) });
        },
      );
    }, QUIET_MS);
    return () => {
      clearTimeout(timer);
      stop.abort();
    };
  }, [client, key]);
  return { plan: state.plan, error: state.error, current: state.key === key };
}
