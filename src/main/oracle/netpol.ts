/**
 * `npm run -s oracle:netpol -- DIR`: JSON lines `{"from","to","port","protocol"}` in, verdicts out.
 * `from` and `to` are `ns/pod`, `ns/workload`, `ns/workload[Kind]` or an address.
 */
import { ask } from '#shared/domain/netpol/ask';
import { NetpolModel } from '#shared/domain/netpol/model';
import { verdictLine } from '#shared/domain/netpol/words';
import { answerLines, folderArgument } from './lines';
import { readManifests } from './manifests';
import { netpolSnapshot } from './netpol-manifests';

const model = new NetpolModel(netpolSnapshot(readManifests(folderArgument('netpol'))));

void answerLines(({ from, to, port, protocol }) => {
  if (typeof from !== 'string' || typeof to !== 'string') throw new Error('from and to must be text');
  if (typeof port !== 'number' && typeof port !== 'string')
    throw new Error('port must be a number or a name');
  return verdictLine(
    ask(model, { from, to, port, protocol: typeof protocol === 'string' ? protocol : 'TCP' }),
  );
});
