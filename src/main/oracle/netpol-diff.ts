/** `npm run -s oracle:netpol-diff -- DIR1 DIR2`: connections added, removed and changed. */
import { diffConnections } from '#shared/domain/netpol/diff';
import { oracleWorld } from './netpol-model';

const [before, after] = process.argv.slice(2);
if (before === undefined || after === undefined) {
  process.stderr.write('usage: npm run -s oracle:netpol-diff -- DIR1 DIR2\n');
  process.exit(2);
}
const diff = diffConnections(oracleWorld(before).model, oracleWorld(after).model);
process.stdout.write(`${JSON.stringify(diff, null, 2)}\n`);
