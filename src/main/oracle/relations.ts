/**
 * `npm run -s oracle:relations -- DIR|-`: manifests in, one JSON line per edge out, sorted, each once.
 * Files that cannot be read are told on standard error; the rest is answered.
 */
import { folderArgument } from './lines';
import { readManifests } from './manifests';
import { relationLines } from './relation-lines';

const lines = relationLines(readManifests(folderArgument('relations')));
process.stdout.write(lines.map((line) => `${line}\n`).join(''));
