/** The kept revisions of a workload, newest first. What one changes is the preview below. */
import type { ReactNode } from 'react';
import { revisionsOf } from '#shared/domain/actions/revisions';
import { formatAge } from '#shared/util/age';
import { visible } from '#shared/util/text';
import styles from './actions.module.css';
import type { FormProps } from './forms';

export function RevisionForm({
  object,
  target,
  extras,
  options,
  onChange,
}: FormProps<'rollback'>): ReactNode {
  const all = object ? revisionsOf(object, extras.revisions ?? [], target) : [];
  if (all.length < 2) return <p className={styles.muted}>No earlier revision is kept.</p>;
  return (
    <div className={styles.revisions} role="radiogroup" aria-label="Revision">
      {all.map((one) => (
        <label
          key={one.number}
          className={styles.revision}
          data-on={one.number === options.revision || undefined}
        >
          <input
            type="radio"
            name="revision"
            checked={one.number === options.revision}
            disabled={one.current}
            onChange={() => onChange({ revision: one.number })}
          />
          <span className={styles.number}>Revision {one.number}</span>
          <span className={styles.muted}>
            {one.current ? 'now' : `${formatAge(Date.parse(one.created), extras.now)} old`}
          </span>
          <span className={`mono ${styles.grow}`}>{one.images.map(visible).join(', ')}</span>
          {one.cause !== '' && <span className={styles.muted}>{visible(one.cause)}</span>}
        </label>
      ))}
    </div>
  );
}
