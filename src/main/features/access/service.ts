/**
 * Serves the `access` slice. A question the server cannot answer is no "no": its verdict is
 * `unknown`, and the act itself brings the truth.
 */
import { access, type AccessVerdict } from '#shared/contract/access';
import { implement, type Served } from '#shared/rpc/server';
import { isCancelled } from '#shared/util/app-error';
import type { Access } from '../../k8s/access';

export function accessService(asked: Pick<Access, 'can'>): Served {
  return implement(access, {
    can: ({ questions }, signal) =>
      Promise.all(
        questions.map(async ({ verb, group, resource, subresource, namespace, name }) => {
          const question = {
            verb,
            group,
            resource,
            ...(subresource ? { subresource } : {}),
            ...(namespace === '' ? {} : { namespace }),
            ...(name ? { name } : {}),
          };
          try {
            const { allowed, reason } = await asked.can(question, signal);
            return { allowed, ...(reason === '' ? {} : { reason }) } satisfies AccessVerdict;
          } catch (thrown) {
            if (isCancelled(thrown) && signal.aborted) throw thrown;
            return { allowed: true, unknown: true } satisfies AccessVerdict;
          }
        }),
      ),
  });
}
