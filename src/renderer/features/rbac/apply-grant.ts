/** Creates the role and the binding of a grant: tried dry first, then the person's word, then written. Never overwrites. */
import { objects } from '#shared/contract/objects';
import type { GrantPlan } from '#shared/domain/rbac/grant';
import type { RpcClient } from '#shared/rpc/client';
import { toAppError } from '#shared/util/app-error';
import { confirmChange } from '../../data/confirm';

/** What happened, in a sentence. */
export async function applyGrant(
  client: RpcClient,
  clusterId: string,
  text: string,
  { namespace, subject, role, binding }: GrantPlan,
): Promise<string> {
  const documents = text.split('---\n');
  const write = (document: string, dryRun: boolean) =>
    client.call(objects, 'write', { text: document, how: 'create', dryRun, force: false, reveal: false });
  try {
    // A binding to a role that is not there yet cannot be tried: the server would look for the role.
    const dry = await write(documents[0] ?? '', true);
    if (!dry.ok) return `The server would refuse it, nothing was written: ${dry.error.message}`;
    const where = namespace === '' ? 'the whole cluster' : `namespace ${namespace}`;
    const yes = await confirmChange({
      clusterId,
      title: `Grant ${subject.kind} ${subject.name} the role ${role.name} in ${where}?`,
      body: `Creates ${'rules' in role ? `role ${role.name} and ` : ''}binding ${binding}.`,
      verb: 'Grant',
    });
    if (!yes) return 'Nothing was written.';
    for (const [index, document] of documents.entries()) {
      const done = await write(document, false);
      if (!done.ok)
        return `It was refused: ${done.error.message}${index > 0 ? ' The role before it was written.' : ''}`;
    }
    return `${binding} is there. The server takes a moment to count it.`;
  } catch (thrown) {
    return toAppError(thrown).message;
  }
}
