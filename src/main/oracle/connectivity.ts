/** `npm run -s oracle:connectivity -- DIR`: every allowed connection of the manifests as a JSON array. */
import { connections } from '#shared/domain/netpol/connectivity';
import { folderArgument } from './lines';
import { oracleWorld } from './netpol-model';

const { model } = oracleWorld(folderArgument('connectivity'));
const lines = connections(model).map((connection) => JSON.stringify(connection));
process.stdout.write(lines.length === 0 ? '[]\n' : `[\n${lines.join(',\n')}\n]\n`);
