/** What became, or would become, of each object; a row opens to its difference or its refusal. */
import { useState, type ReactNode } from 'react';
import { plural, visible } from '#shared/util/text';
import { Button } from '../../ui/Button';
import { StatusMark, type MarkTone } from '../../ui/StatusMark';
import { lazy } from '../../ui/lazy';
import styles from './batch.module.css';
import type { BatchRow, Step } from './use-batch';

const DiffView = lazy(() =>
  import('../../ui/code/DiffView').then((module) => ({ default: module.DiffView })),
);

export function BatchList({
  rows,
  step,
  forced,
  onForce,
}: {
  readonly rows: readonly BatchRow[];
  readonly step: Step | undefined;
  readonly forced: ReadonlySet<string>;
  /** Takes over the fields of one row; undefined while a run is under way. */
  readonly onForce: ((row: BatchRow) => void) | undefined;
}): ReactNode {
  const [open, setOpen] = useState<string>();
  return (
    <ul className={styles.list} aria-label={step === 'real' ? 'Results' : 'Results of the dry run'}>
      {rows.map((row) => {
        const { object, result } = row;
        const [tone, said] = told(row, step);
        const words =
          forced.has(row.id) && result?.ok === true ? `${said}, taking over fields of others` : said;
        return (
          <li key={row.id}>
            <button
              type="button"
              className={styles.row}
              aria-expanded={open === row.id}
              disabled={result === undefined}
              onClick={() => setOpen(open === row.id ? undefined : row.id)}
            >
              <StatusMark tone={tone} label={row.state} />
              <span className={styles.name}>
                {visible(object.kind || 'object')} {row.namespace === '' ? '' : `${visible(row.namespace)}/`}
                {visible(object.name)}
              </span>
              <span className={styles.words}>{visible(words)}</span>
            </button>
            {open === row.id && result?.ok === true && (
              <div className={styles.diff}>
                <DiffView before={result.before} after={result.after} label={object.name} mode="unified" />
              </div>
            )}
            {open === row.id && result?.ok === false && (
              <div className={styles.more}>
                <p>{visible(result.error.message)}</p>
                {result.error.hint !== undefined && <p className={styles.words}>{result.error.hint}</p>}
                {result.refusal === 'owners' && onForce && (
                  <p>
                    <Button look="danger" onClick={() => onForce(row)}>
                      {plural(result.owners?.length ?? 0, 'field')}: take over from{' '}
                      {visible([...new Set(result.owners?.map((one) => one.manager))].join(', '))}
                    </Button>
                  </p>
                )}
                {result.owners?.map((one) => (
                  <p key={`${one.field}${one.manager}`} className="mono">
                    {visible(one.field)}: {visible(one.manager)}
                  </p>
                ))}
              </div>
            )}
          </li>
        );
      })}
    </ul>
  );
}

function told(
  { state, result, words, object }: BatchRow,
  step: Step | undefined,
): readonly [MarkTone, string] {
  switch (state) {
    case 'waiting':
      return ['idle', object.problem ?? 'waiting'];
    case 'running':
      return ['progress', step === 'real' ? 'writing' : 'asking the server'];
    case 'cancelled':
      return ['idle', 'cancelled: not sent'];
    case 'skipped':
      return ['idle', words ?? 'not checked'];
    case 'refused':
      return ['bad', result?.ok === false ? result.error.message : 'refused'];
    case 'ok': {
      if (result?.ok !== true) return ['ok', ''];
      const would = step === 'dry';
      const what = result.created
        ? would
          ? 'would be created'
          : 'created'
        : result.unchanged
          ? 'unchanged'
          : would
            ? 'would change'
            : 'changed';
      const warned = result.warnings.length > 0 ? `, the server warns: ${result.warnings.join(' ')}` : '';
      return [result.warnings.length > 0 ? 'warn' : 'ok', what + warned];
    }
  }
}
