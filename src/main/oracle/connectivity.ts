/** `npm run -s oracle:connectivity -- DIR`: every allowed connection of the manifests as a JSON array. */
import { connections } from '#shared/domain/netpol/connectivity';
import { NetpolModel } from '#shared/domain/netpol/model';
import { folderArgument } from './lines';
import { readManifests } from './manifests';
import { netpolSnapshot } from './netpol-manifests';

const model = new NetpolModel(netpolSnapshot(readManifests(folderArgument('connectivity'))));
const lines = connections(model).map((connection) => JSON.stringify(connection));
process.stdout.write(lines.length === 0 ? '[]\n' : `[\n${lines.join(',\n')}\n]\n`);
