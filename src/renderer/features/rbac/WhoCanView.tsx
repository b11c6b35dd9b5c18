/** Who can do this: every subject with the ways it has come by the right. */
import type { ReactNode } from 'react';
import type { SubjectPaths } from '#shared/contract/rbac';
import { visible } from '#shared/util/text';
import { useClusterId } from '../../data/connections';
import { EmptyState } from '../../ui/EmptyState';
import { ErrorState } from '../../ui/ErrorState';
import styles from './access.module.css';
import { setAccess, useAccess } from './access-store';
import { QuestionFields } from './Fields';
import { Notes, Paths, SubjectName } from './Links';
import type { ViewProps } from './AccessPage';
import { useAnswer } from './use-rbac';
import { questionText, toQuestion } from './words';

export function WhoCanView({ version, visible: shown }: ViewProps): ReactNode {
  const clusterId = useClusterId();
  const { question: typed } = useAccess(clusterId);
  const question = toQuestion(typed);
  const { data, error, retry } = useAnswer('whoCan', question && { question }, version, shown);
  return (
    <>
      <div className={styles.form}>
        <QuestionFields value={typed} onChange={(next) => setAccess(clusterId, { question: next })} />
      </div>
      {error && <ErrorState title="The question was not answered" error={error} onRetry={retry} />}
      {!question && <EmptyState>Name a verb and a resource.</EmptyState>}
      {question && data && (
        <>
          <p className={styles.headline} role="status" aria-label="Answer">
            {data.total === 0
              ? `No role grants anybody ${questionText(question)}.`
              : `${data.total.toLocaleString('en')} ${data.total === 1 ? 'subject' : 'subjects'} can ${questionText(question)}.`}
          </p>
          <div role="list" aria-label="Subjects" className={styles.list}>
            {data.subjects.map((one) => (
              <Subject key={`${one.subject.kind}/${one.subject.namespace}/${one.subject.name}`} one={one} />
            ))}
          </div>
          <Notes notes={data.notes} />
        </>
      )}
    </>
  );
}

function Subject({ one }: { readonly one: SubjectPaths }): ReactNode {
  const { subject, paths, more, you, members } = one;
  return (
    <div role="listitem" className={styles.line}>
      <div>
        <SubjectName of={subject} />
        {you && <span className={styles.you}> {subject.kind === 'Group' ? 'you are in it' : 'you'}</span>}
        {subject.kind === 'Group' && !members && (
          <p className={styles.muted}>members are not kept in the cluster</p>
        )}
        {members && (
          <details>
            <summary>{members.count.toLocaleString('en')} service accounts</summary>
            <p className={styles.muted}>
              {members.first.map(visible).join(', ')}
              {members.count > members.first.length && ' and more'}
            </p>
          </details>
        )}
      </div>
      <Paths paths={paths} more={more} />
    </div>
  );
}
