/** `npm run -s oracle:rbac -- DIR`: requests as JSON lines in, `{"allowed", "because"}` out. */
import { can } from '#shared/domain/rbac/can';
import { impliedGroups } from '#shared/domain/rbac/identity';
import { RbacIndex } from '#shared/domain/rbac/rbac-index';
import type { AccessRequest, Grant } from '#shared/domain/rbac/types';
import { answerLines, folderArgument } from './lines';
import { readManifests } from './manifests';
import { rbacSnapshot } from './rbac-manifests';
import { questionOf, text } from './rbac-question';

const index = new RbacIndex(rbacSnapshot(readManifests(folderArgument('rbac'))));

void answerLines((line) => {
  const user = text(line.user);
  // Groups that are given are taken as they are; left out, they are those the server itself adds (A16).
  const groups = Array.isArray(line.groups) ? line.groups.map(String) : impliedGroups(user);
  const request: AccessRequest = { user, groups, ...questionOf(line) };
  const verdict = can(index, request);
  const because = verdict.grants.map(pathOf);
  return {
    allowed: verdict.allowed,
    because: verdict.masters ? ['group system:masters', ...because] : because,
  };
});

function pathOf({ binding, role, ruleIndex, subject }: Grant): Record<string, unknown> {
  return {
    binding: `${binding.kind}/${binding.namespace ? `${binding.namespace}/` : ''}${binding.name}`,
    role: `${role.kind}/${role.namespace ? `${role.namespace}/` : ''}${role.name}`,
    rule: ruleIndex,
    subject: `${subject.kind}/${subject.namespace ? `${subject.namespace}/` : ''}${subject.name}`,
  };
}
