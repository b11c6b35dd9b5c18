/** Serves the `probe` slice. Where a target's pod is, the forwards know: the session joins them. */
import type { ForwardTarget } from '#shared/contract/forward';
import { probe } from '#shared/contract/probe';
import { implement, type Served } from '#shared/rpc/server';
import type { Api } from '../../k8s/api';
import type { Dialler } from '../../k8s/channel-socket';
import { destinationOf, serviceAt } from './destination';
import { connectProbe, dnsProbe } from './from-pod';
import { httpProbe } from './http';
import { inSomeContainer } from './in-some-container';

export interface ProbeDeps {
  readonly api: Api & Dialler;
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
    destination: (input, signal) => destinationOf(api, input, signal),
    dns: async (input, signal) => {
      const found = await inSomeContainer(api, input, signal, (target) =>
        dnsProbe(api, target, input.host, signal),
      );
      const { resolver } = found;
      if (!resolver) return found;
      const service = await serviceAt(api, resolver.address, signal);
      return { ...found, resolver: { ...resolver, ...(service === undefined ? {} : { service }) } };
    },
    connect: (input, signal) =>
      inSomeContainer(api, input, signal, (target) =>
        connectProbe(api, target, input.host, input.port, signal),
      ),
  });
}
