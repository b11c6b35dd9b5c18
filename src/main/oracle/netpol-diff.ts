/** `npm run -s oracle:netpol-diff -- DIR1 DIR2`: connections added, removed and changed. */
import { diffConnections } from '#shared/domain/netpol/diff';
import { NetpolModel } from '#shared/domain/netpol/model';
import { readManifests } from './manifests';
import { netpolSnapshot } from './netpol-manifests';

const [before, after] = process.argv.slice(2);
if (before === undefined || after === undefined) {
  process.stderr.write('usage: npm run -s oracle:netpol-diff -- DIR1 DIR2\n');
  process.exit(2);
}
const model = (path: string): NetpolModel => new NetpolModel(netpolSnapshot(readManifests(path)));
process.stdout.write(`${JSON.stringify(diffConnections(model(before), model(after)), null, 2)}\n`);
