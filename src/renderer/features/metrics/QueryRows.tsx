/** The queries of the explorer, one editor each; hidden ones are neither asked nor drawn. */
import { IconEye, IconEyeOff, IconX } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { visible } from '#shared/util/text';
import type { PromqlNames } from '../../ui/chart/PromqlEditor';
import { IconButton } from '../../ui/Button';
import { lazy } from '../../ui/lazy';
import styles from './explorer.module.css';
import type { QueryRow, Result } from './queries';

const PromqlEditor = lazy(
  async () => ({ default: (await import('../../ui/chart/PromqlEditor')).PromqlEditor }),
  <div className={styles.placeholder} />,
);

export interface QueryRowsProps {
  readonly rows: readonly QueryRow[];
  readonly results: Readonly<Record<string, Result>>;
  readonly names: PromqlNames | undefined;
  readonly onText: (id: string, text: string) => void;
  readonly onRun: () => void;
  readonly onHide: (id: string) => void;
  readonly onRemove: (id: string) => void;
  /** The row the person writes in. */
  readonly onActive: (id: string) => void;
  readonly onInserter: (id: string, insert: (text: string) => void) => void;
}

export function QueryRows(props: QueryRowsProps): ReactNode {
  const { rows, results, names, onText, onRun, onHide, onRemove, onActive, onInserter } = props;
  const several = rows.length > 1;
  return (
    <div className={styles.query}>
      {rows.map(({ id, text, hidden }, i) => {
        const result = results[id];
        const problem = (result?.instant ?? result?.range)?.problem;
        const name = `query ${id}`;
        return (
          <div
            key={id}
            className={styles.row}
            data-off={hidden || undefined}
            role="group"
            aria-label={`Query ${id}`}
            onFocus={() => onActive(id)}
          >
            {several && <span className={styles.letter}>{id}</span>}
            <div className={styles.cell}>
              {names && (
                <PromqlEditor
                  text={text}
                  onChange={(next) => onText(id, next)}
                  onRun={onRun}
                  names={names}
                  label={i === 0 ? 'PromQL' : `PromQL ${id}`}
                  onInserter={(insert) => onInserter(id, insert)}
                  problem={problem && result?.expr === text ? problem : undefined}
                />
              )}
              {!hidden && (problem ?? result?.error) && (
                <p className={styles.problem} role="alert">
                  {visible(problem?.message ?? result?.error?.message ?? '')} {result?.error?.hint}
                </p>
              )}
            </div>
            {several && (
              <>
                <IconButton
                  label={hidden ? `Show ${name}` : `Hide ${name}`}
                  pressed={hidden}
                  onClick={() => onHide(id)}
                >
                  {hidden ? <IconEyeOff /> : <IconEye />}
                </IconButton>
                <IconButton label={`Remove ${name}`} onClick={() => onRemove(id)}>
                  <IconX />
                </IconButton>
              </>
            )}
          </div>
        );
      })}
    </div>
  );
}
