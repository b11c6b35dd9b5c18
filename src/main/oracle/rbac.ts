/** `npm run -s oracle:rbac -- DIR`: requests as JSON lines in, `{"allowed", "because"}` out. */
import { can } from '#shared/domain/rbac/can';
import { RbacIndex } from '#shared/domain/rbac/rbac-index';
import type { Grant } from '#shared/domain/rbac/types';
import { answerLines, folderArgument } from './lines';
import { readManifests } from './manifests';
import { rbacSnapshot } from './rbac-manifests';
import { requestOf } from './rbac-question';

const index = new RbacIndex(rbacSnapshot(readManifests(folderArgument('rbac'))));

void answerLines(
  (line) => {
    const verdict = can(index, requestOf(line));
    const because = verdict.grants.map(pathOf);
    return {
      allowed: verdict.allowed,
      because: verdict.masters ? ['group system:masters', ...because] : because,
    };
  },
  { allowed: false, because: [] },
);

function pathOf({ binding, role, ruleIndex, subject }: Grant): Record<string, unknown> {
  return {
    binding: `${binding.kind}/${binding.namespace ? `${binding.namespace}/` : ''}${binding.name}`,
    role: `${role.kind}/${role.namespace ? `${role.namespace}/` : ''}${role.name}`,
    rule: ruleIndex,
    subject: `${subject.kind}/${subject.namespace ? `${subject.namespace}/` : ''}${subject.name}`,
  };
}
