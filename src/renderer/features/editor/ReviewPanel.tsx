/** The dry run's answer: what the server would store beside what is there, and what it warns of. */
import { useState, type ReactNode } from 'react';
import { visible } from '#shared/util/text';
import { Choice } from '../../ui/Choice';
import { lazy } from '../../ui/lazy';
import styles from './editor.module.css';
import { Line } from './Line';
import type { Good, How } from './use-edit';

const DiffView = lazy(() =>
  import('../../ui/code/DiffView').then((module) => ({ default: module.DiffView })),
);

export type DiffMode = 'side by side' | 'unified';
export const diffModes: readonly { value: DiffMode; label: string }[] = [
  { value: 'side by side', label: 'Side by side' },
  { value: 'unified', label: 'Unified' },
];

export interface ReviewPanelProps {
  readonly result: Good;
  readonly how: How | 'create';
  readonly force: boolean;
}

export function ReviewPanel({ result, how, force }: ReviewPanelProps): ReactNode {
  const [mode, setMode] = useState<DiffMode>('side by side');
  return (
    <section className={styles.review} aria-label="Review">
      <div className={styles.reviewHead}>
        <p>
          {result.unchanged
            ? 'The server would store what it has already: nothing to save.'
            : result.before === ''
              ? 'Dry run passed. This is what the server would store, with its defaults.'
              : 'Dry run passed. Left: stored now. Right: what the server would store, defaults and webhooks included.'}
          {how === 'apply' &&
            ` By server-side apply as binnacle${force ? ', taking over fields of others' : ''}.`}
        </p>
        <Choice label="Show differences" options={diffModes} value={mode} onChange={setMode} />
      </div>
      {result.warnings.map((warning) => (
        <Line key={warning} tone="warn">
          The server warns: {visible(warning)}
        </Line>
      ))}
      {result.notRemovable.length > 0 && (
        <Line tone="warn">
          Apply cannot take away {visible(result.notRemovable.join(', '))}: others own it. Save as update to
          remove it.
        </Line>
      )}
      <DiffView before={result.before} after={result.after} label="Changes" mode={mode} />
    </section>
  );
}
