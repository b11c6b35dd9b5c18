/** `npm run -s oracle:who-can -- DIR`: questions as JSON lines in, lists of subjects out. */
import { RbacIndex } from '#shared/domain/rbac/rbac-index';
import { whoCan } from '#shared/domain/rbac/who-can';
import { answerLines, folderArgument } from './lines';
import { readManifests } from './manifests';
import { rbacSnapshot } from './rbac-manifests';
import { questionOf } from './rbac-question';

const index = new RbacIndex(rbacSnapshot(readManifests(folderArgument('who-can'))));

void answerLines((line) =>
  whoCan(index, questionOf(line)).map(({ kind, name, namespace }) => ({ kind, name, namespace })),
);
