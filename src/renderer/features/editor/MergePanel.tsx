/**
 * Somebody else saved first: what they changed, where both changed the same field (side by
 * side, with a choice), and the merged text against theirs. Nothing is taken before all
 * choices are made.
 */
import { useState, type ReactNode } from 'react';
import type { ConflictText, MergeState } from '#shared/contract/objects';
import type { Choice as Side } from '#shared/domain/merge/merge';
import { visible } from '#shared/util/text';
import { Button } from '../../ui/Button';
import { Choice } from '../../ui/Choice';
import { lazy } from '../../ui/lazy';
import { ageOf, Line } from './Line';
import styles from './editor.module.css';
import { diffModes, type DiffMode } from './ReviewPanel';

const DiffView = lazy(() =>
  import('../../ui/code/DiffView').then((module) => ({ default: module.DiffView })),
);

export interface MergePanelProps {
  readonly merge: MergeState;
  readonly choices: Readonly<Record<string, Side>>;
  readonly now: number;
  readonly onChoose: (id: string, side: Side) => void;
  readonly onTake: () => void;
}

export function MergePanel({ merge, choices, now, onChoose, onTake }: MergePanelProps): ReactNode {
  const [mode, setMode] = useState<DiffMode>('side by side');
  const open = merge.conflicts.filter((one) => choices[one.id] === undefined).length;
  const count = merge.conflicts.length;
  const age = ageOf(merge.at, now);
  return (
    <section className={styles.review} aria-label="Merge">
      <Line tone={count > 0 ? 'warn' : 'ok'}>
        {merge.by === '' ? 'Somebody' : visible(merge.by)} changed this{age === '' ? '' : ` ${age}`}:{' '}
        <span className="mono">{visible(merge.theirChanges.slice(0, 5).join(', '))}</span>
        {merge.theirChanges.length > 5 && ` and ${merge.theirChanges.length - 5} more`}.{' '}
        {count === 0
          ? 'Your changes and theirs fit together.'
          : count === 1
            ? 'One field was changed by both.'
            : `${count} fields were changed by both.`}
      </Line>
      {count > 0 && (
        <ul className={styles.conflicts} aria-label="Conflicts">
          {merge.conflicts.map((one) => (
            <ConflictRow key={one.id} conflict={one} chosen={choices[one.id]} onChoose={onChoose} />
          ))}
        </ul>
      )}
      <div className={styles.reviewHead}>
        <p>
          {open > 0
            ? `Left: theirs. Right: merged, with theirs at the ${open === 1 ? 'open field' : `${open} open fields`}.`
            : 'Left: theirs, as stored now. Right: merged.'}
        </p>
        <Choice label="Show differences" options={diffModes} value={mode} onChange={setMode} />
        <Button look="primary" disabled={open > 0} onClick={onTake}>
          {open > 0 ? `${open} to choose` : 'Use merged text'}
        </Button>
      </div>
      <DiffView before={merge.theirText} after={merge.text} label="Merged" mode={mode} />
    </section>
  );
}

interface RowProps {
  readonly conflict: ConflictText;
  readonly chosen: Side | undefined;
  readonly onChoose: (id: string, side: Side) => void;
}

const sides: readonly (readonly [Side, string])[] = [
  ['mine', 'Mine'],
  ['theirs', 'Theirs'],
  ['base', 'As it was'],
];

function ConflictRow({ conflict, chosen, onChoose }: RowProps): ReactNode {
  return (
    <li className={styles.conflict}>
      <div className={styles.conflictPath}>{visible(conflict.id)}</div>
      <div className={styles.sides} role="radiogroup" aria-label={conflict.id}>
        {sides.map(([side, title]) => (
          <label key={side} className={styles.side} data-on={chosen === side || undefined}>
            <span className={styles.sideHead}>
              <input
                type="radio"
                name={conflict.id}
                checked={chosen === side}
                onChange={() => onChoose(conflict.id, side)}
              />
              {title}
            </span>
            <pre>
              {conflict[side] === '' ? (
                <span className={styles.muted}>not there</span>
              ) : (
                conflict[side].trimEnd()
              )}
            </pre>
          </label>
        ))}
      </div>
    </li>
  );
}
