/** Can they: RBAC's answer with its path, beside the server's own word. */
import type { ReactNode } from 'react';
import type { CanAnswer } from '#shared/contract/rbac';
import { visible } from '#shared/util/text';
import { useClusterId } from '../../data/connections';
import { Badge } from '../../ui/Badge';
import { EmptyState } from '../../ui/EmptyState';
import { ErrorState } from '../../ui/ErrorState';
import { StatusMark } from '../../ui/StatusMark';
import styles from './access.module.css';
import { setAccess, useAccess } from './access-store';
import type { ViewProps } from './AccessPage';
import { QuestionFields, WhoFields } from './Fields';
import { Notes, Paths } from './Links';
import { useAnswer } from './use-rbac';
import { ViewAsButton } from './ViewAs';
import { isComplete, questionText, toQuestion, whoText } from './words';

export function CanView({ version, visible: shown, names }: ViewProps): ReactNode {
  const clusterId = useClusterId();
  const { question: typed, who } = useAccess(clusterId);
  const question = toQuestion(typed);
  const complete = isComplete(who);
  const input = question && complete ? { who, question } : undefined;
  const { data, error, retry } = useAnswer('can', input, version, shown);
  return (
    <>
      <div className={styles.form}>
        <WhoFields value={who} names={names} onChange={(next) => setAccess(clusterId, { who: next })} />
        <ViewAsButton who={who} />
      </div>
      <div className={styles.form}>
        <QuestionFields value={typed} onChange={(next) => setAccess(clusterId, { question: next })} />
      </div>
      {error && <ErrorState title="The question was not answered" error={error} onRetry={retry} />}
      {!input && <EmptyState>Name a subject, a verb and a resource.</EmptyState>}
      {input && data && (
        <>
          <p className={styles.verdict} role="status" aria-label="Answer">
            <Badge tone={data.allowed ? 'ok' : 'idle'}>{data.allowed ? 'yes' : 'no'}</Badge>{' '}
            {data.allowed ? 'RBAC lets' : 'RBAC does not let'} {visible(whoText(who))}{' '}
            {visible(questionText(input.question))}.
          </p>
          <ServerWord answer={data} />
          {data.paths.length > 0 && (
            <section aria-label="Why">
              <h2 className={styles.head}>Why</h2>
              <Paths paths={data.paths} more={data.more} />
            </section>
          )}
          {!data.allowed && (
            <p className={styles.muted}>No rule of any binding covers it; nothing else denies.</p>
          )}
          <Notes notes={data.notes} />
        </>
      )}
    </>
  );
}

function ServerWord({ answer }: { readonly answer: CanAnswer }): ReactNode {
  const { review, reviewError, disagreement } = answer;
  if (disagreement !== undefined) {
    return (
      <div className={styles.loud} role="alert">
        <b>
          <StatusMark tone="bad" /> The API server says {review?.allowed ? 'yes' : 'no'}.
        </b>
        <p>{disagreement}</p>
        {review && review.reason !== '' && <p className={styles.muted}>Its words: {review.reason}</p>}
      </div>
    );
  }
  if (review) {
    return (
      <p className={styles.agree}>
        <StatusMark tone="ok" /> The API server agrees
        {review.reason === '' ? '' : `: ${review.reason}`} (SubjectAccessReview).
      </p>
    );
  }
  return (
    <p className={styles.muted}>
      Not verified:{' '}
      {reviewError?.code === 'forbidden' ? 'you may not create subjectaccessreviews' : reviewError?.message}.
      This is RBAC’s answer; other authorizers may allow more.
    </p>
  );
}
