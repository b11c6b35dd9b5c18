/** One JSON line as a question to the RBAC evaluator; missing fields are empty, fields of another type are told. */
import { impliedGroups } from '#shared/domain/rbac/identity';
import type { AccessRequest } from '#shared/domain/rbac/types';
import type { Question } from '#shared/domain/rbac/who-can';

type Line = Readonly<Record<string, unknown>>;

function text(line: Line, field: string): string {
  const value = line[field];
  if (value === undefined || value === null) return '';
  if (typeof value !== 'string') throw new TypeError(`${field} is no string`);
  return value;
}

/** `resource` may carry its subresource (`pods/log`), as kubectl writes it. */
export function questionOf(line: Line): Question {
  const [resource = '', ...rest] = text(line, 'resource').split('/');
  const verb = text(line, 'verb');
  const path = text(line, 'path');
  if (verb === '') throw new TypeError('verb is missing');
  if (resource === '' && path === '') throw new TypeError('neither resource nor path is asked');
  return {
    verb,
    apiGroup: text(line, 'apiGroup'),
    resource,
    subresource: text(line, 'subresource') || rest.join('/'),
    name: text(line, 'name'),
    namespace: text(line, 'namespace'),
    path,
  };
}

/** Groups that are given are taken as they are; left out, they are those the server itself adds (A16). */
export function requestOf(line: Line): AccessRequest {
  const user = text(line, 'user');
  const { groups } = line;
  if (groups === undefined || groups === null)
    return { ...questionOf(line), user, groups: impliedGroups(user) };
  if (!Array.isArray(groups) || !groups.every((one) => typeof one === 'string')) {
    throw new TypeError('groups is no list of strings');
  }
  return { ...questionOf(line), user, groups };
}
