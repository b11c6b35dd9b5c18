/** One JSON line as a question to the RBAC evaluator; missing fields are empty. */
import type { Question } from '#shared/domain/rbac/who-can';

export function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** `resource` may carry its subresource (`pods/log`), as kubectl writes it. */
export function questionOf(line: Record<string, unknown>): Question {
  const [resource = '', ...rest] = text(line.resource).split('/');
  return {
    verb: text(line.verb),
    apiGroup: text(line.apiGroup),
    resource,
    subresource: text(line.subresource) || rest.join('/'),
    name: text(line.name),
    namespace: text(line.namespace),
    path: text(line.path),
  };
}
