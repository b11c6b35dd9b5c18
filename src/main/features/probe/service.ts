/** Serves the `probe` slice. Where a target's pod is, the forwards know: the session joins them. */
import type { ForwardTarget } from '#shared/contract/forward';
import { probe } from '#shared/contract/probe';
import { implement, type Served } from '#shared/rpc/server';
import type { Dialler } from '../../k8s/channel-socket';
import type { ContainerTarget } from '../../k8s/exec-stream';
import { connectProbe, dnsProbe } from './from-pod';
import { httpProbe } from './http';

export interface ProbeDeps {
  readonly api: Dialler;
  /** The pod and port a connection to the target would reach now; AppFailure says why there is none. */
  readonly reach: (
    target: ForwardTarget,
    remote: string,
    signal: AbortSignal,
  ) => Promise<{ readonly pod: string; readonly port: number }>;
}

export function probeService({ api, reach }: ProbeDeps): Served {
  return implement(probe, {
    http: async ({ target, remote, scheme, method, path, host }, signal) => {
      const { pod, port } = await reach(target, remote, signal);
      const { namespace, name } = target;
      return httpProbe(api, { namespace, pod, port, scheme, method, path, host: host ?? name }, signal);
    },
    dns: (input, signal) => dnsProbe(api, targetOf(input), input.host, signal),
    connect: (input, signal) => connectProbe(api, targetOf(input), input.host, input.port, signal),
  });
}

interface Where {
  readonly namespace: string;
  readonly pod: string;
  readonly container?: string | undefined;
}

function targetOf({ namespace, pod, container }: Where): ContainerTarget {
  return { namespace, pod, ...(container === undefined ? {} : { container }) };
}
