/**
 * `npm run -s oracle:netpol -- DIR`: JSON lines `{"from","to","port","protocol"}` in, verdicts out.
 * `from` and `to` are `ns/pod`, `ns/workload`, `ns/workload[Kind]` or an address; `to` may be a
 * Service or its cluster address, too: then its backends and their target port are judged (S19).
 */
import { answerLines, folderArgument } from './lines';
import { answerQuestion } from './netpol-answer';
import { oracleWorld } from './netpol-model';

const world = oracleWorld(folderArgument('netpol'));

void answerLines((question) => answerQuestion(world, question));
