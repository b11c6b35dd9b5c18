/** Writes the policies of a draft: dry run of each, then the person's word, then the writes. */
import type { WhatIf } from '#shared/contract/netpol';
import { objects } from '#shared/contract/objects';
import type { RpcClient } from '#shared/rpc/client';
import { toAppError } from '#shared/util/app-error';
import { plural } from '#shared/util/text';
import { confirmChange } from '../../data/confirm';

/** What happened, in a sentence. */
export async function applyDraft(
  client: RpcClient,
  clusterId: string,
  text: string,
  { total }: WhatIf,
): Promise<string> {
  try {
    const { objects: found } = await client.call(objects, 'check', { text });
    const documents = found.map(({ from, to, name }) => ({ text: text.slice(from, to), name }));
    const write = (document: { text: string }, dryRun: boolean) =>
      client.call(objects, 'write', {
        text: document.text,
        how: 'apply',
        dryRun,
        force: false,
        reveal: false,
      });
    for (const document of documents) {
      const dry = await write(document, true);
      if (!dry.ok) return `${document.name}: the server would refuse it. ${dry.error.message}`;
    }
    const count = plural(documents.length, 'policy', 'policies');
    const yes = await confirmChange({
      clusterId,
      title: `Apply ${count}?`,
      body: `Where policies are enforced, ${plural(total.removed, 'flow')} would stop, ${plural(total.added, 'flow')} would open and ${total.changed} would have other ports.`,
      verb: `Apply ${count}`,
      danger: total.removed > 0 || total.changed > 0,
    });
    if (!yes) return 'Nothing was written.';
    for (const [index, document] of documents.entries()) {
      const done = await write(document, false);
      if (!done.ok) {
        return `${document.name} was refused: ${done.error.message} ${plural(index, 'policy', 'policies')} before it ${index === 1 ? 'was' : 'were'} written.`;
      }
    }
    return `${count} applied.`;
  } catch (thrown) {
    return toAppError(thrown).message;
  }
}
