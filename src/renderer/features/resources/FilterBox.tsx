/**
 * The filter box. What cannot be read is said under the box, with the place; the rows
 * stay those of the last good filter. Help opens with the button beside it.
 */
import { useId, useState, type KeyboardEvent, type ReactNode, type Ref } from 'react';
import type { TableColumn } from '../../ui/table/types';
import styles from './resources.module.css';

export interface FilterBoxProps {
  readonly ref: Ref<HTMLInputElement>;
  readonly value: string;
  readonly error: { readonly message: string; readonly at: number } | undefined;
  readonly columns: readonly TableColumn[];
  readonly onChange: (text: string) => void;
  /** Enter, or the arrow down: on to the rows. */
  readonly onLeave: () => void;
}

const grammar: readonly (readonly [string, string])[] = [
  ['text', 'any shown word holds it'],
  ['-text', 'no word holds it'],
  ['"two words"', 'with the space'],
  ['/regex/', 'a regular expression'],
  ['label:app=web', 'label app is web; label:app has it; label:app!=web'],
  ['ns:shop', 'namespace holds shop'],
  ['node:ip-10', 'node holds ip-10'],
  ['status:!=Running', 'column is not Running; = is, : holds'],
  ['restarts:>5', 'number, also >= < <='],
  ['age:<1h', 'younger than an hour'],
];

export function FilterBox({ ref, value, error, columns, onChange, onLeave }: FilterBoxProps): ReactNode {
  const [help, setHelp] = useState(false);
  const id = useId();
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'Enter' || event.key === 'ArrowDown') {
      event.preventDefault();
      onLeave();
    } else if (event.key === 'Escape') {
      event.stopPropagation();
      if (help) setHelp(false);
      else if (value !== '') onChange('');
      else onLeave();
    }
  };
  return (
    <div className={styles.filter}>
      <input
        ref={ref}
        type="text"
        className={styles.input}
        value={value}
        placeholder="Filter"
        aria-label="Filter"
        aria-invalid={error ? true : undefined}
        aria-describedby={error ? `${id}-error` : undefined}
        autoComplete="off"
        spellCheck={false}
        maxLength={4096}
        onChange={(event) => onChange(event.target.value)}
        onKeyDown={onKeyDown}
      />
      {value !== '' && (
        <button
          type="button"
          className={styles.inBox}
          aria-label="Clear the filter"
          onClick={() => onChange('')}
        >
          ×
        </button>
      )}
      <button
        type="button"
        className={styles.inBox}
        aria-label="What can stand in the filter"
        aria-expanded={help}
        onClick={() => setHelp(!help)}
        onBlur={() => setHelp(false)}
      >
        ?
      </button>
      {error && (
        <p className={styles.filterError} id={`${id}-error`} role="alert">
          {error.message}{' '}
          <span className={styles.count}>At character {error.at + 1}; the rows are those of before.</span>
        </p>
      )}
      {help && !error && (
        <div className={styles.help} role="note">
          <dl>
            {grammar.map(([term, words]) => (
              <div key={term}>
                <dt>{term}</dt>
                <dd>{words}</dd>
              </div>
            ))}
          </dl>
          <p className={styles.count}>
            All must hold. Columns here: {columns.map((column) => column.id).join(', ')}
          </p>
        </div>
      )}
    </div>
  );
}
