/** What the person may, as far as the dialog's choice needs it. */
import type { AccessQuestion } from '#shared/contract/access';
import { deniedWords, useCan } from '../../data/use-can';
import type { DebugForm } from './form';

export interface Rights {
  /** What is missing to make it at all. */
  readonly denied: string | undefined;
  /** What is missing for the terminal, or for tidying up. */
  readonly warning: string | undefined;
}

export function useRights(clusterId: string, form: DebugForm, namespace: string, name: string): Rights {
  const [needed, wanted] = questions(form, form.way === 'node' ? form.namespace : namespace, name);
  const answers = useCan(clusterId, [...needed, ...wanted]);
  const words = (from: number, list: readonly AccessQuestion[]): string | undefined => {
    for (const [at, question] of list.entries()) {
      const said = deniedWords(question, answers[from + at]);
      if (said !== undefined) return said;
    }
    return undefined;
  };
  return { denied: words(0, needed), warning: words(needed.length, wanted) };
}

/** Without the first nothing is made; without the second something does not work after it. */
function questions(
  form: DebugForm,
  namespace: string,
  name: string,
): [readonly AccessQuestion[], readonly AccessQuestion[]] {
  const on = (verb: string, subresource?: string): AccessQuestion => ({
    verb,
    group: '',
    resource: 'pods',
    namespace,
    ...(subresource === undefined ? {} : { subresource }),
  });
  // Since 1.35 the WebSocket needs `create` as well.
  const attach = [on('get', 'attach'), on('create', 'attach'), on('watch')];
  if (form.way === 'ephemeral') return [[{ ...on('patch', 'ephemeralcontainers'), name }], attach];
  const needed = [on('create')];
  if (form.way === 'copy' && form.replace) needed.push({ ...on('delete'), name });
  return [needed, [...attach, on('delete')]];
}
