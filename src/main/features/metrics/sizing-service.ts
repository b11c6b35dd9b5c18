/** Serves the `sizing` slice: rightsizing from the chosen Prometheus, capacity from the cluster itself. */
import { sizing } from '#shared/contract/sizing';
import { fail } from '#shared/util/app-error';
import type { Scope } from '#shared/rpc/scope';
import { implement, type Served } from '#shared/rpc/server';
import { Capacity, type CapacityDeps } from './capacity';
import { rightsizing } from './rightsizing';
import type { Sources } from './source';

export function sizingService(sources: Sources, deps: CapacityDeps & { readonly scope: Scope }): Served {
  const capacity = new Capacity(deps, deps.scope.signal);
  return implement(sizing, {
    rightsizing: async (input, signal) => {
      const client = await sources.client();
      const { schema } = sources.state;
      if (!schema) throw fail('not-found', 'The labels of this Prometheus are not known yet. Try again.');
      return rightsizing(deps, client, schema, input, signal);
    },
    capacity: ({ fresh }) => capacity.answer(fresh),
    lose: ({ node }) => capacity.lose(node),
    fits: (input) => capacity.fits(input),
  });
}
