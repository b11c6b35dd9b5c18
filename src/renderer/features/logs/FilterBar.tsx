/** The filter of a log: words and rules as chips, typed and shared as text. */
import { useState, type KeyboardEvent, type ReactNode, type Ref } from 'react';
import type { LogFilter } from '#shared/contract/logs';
import { visible } from '#shared/util/text';
import { Chip } from '../../ui/Chip';
import { formatFilter, levelNames, parseFilter, termText } from './filter-text';
import styles from './logs-panel.module.css';

export interface FilterBarProps {
  readonly ref: Ref<HTMLInputElement>;
  readonly filter: LogFilter;
  readonly error: string | undefined;
  readonly onChange: (filter: LogFilter) => void;
  readonly onLeave: () => void;
}

const grammar: readonly (readonly [string, string])[] = [
  ['text', 'the line holds it'],
  ['-text', 'the line does not hold it'],
  ['/time.?out/', 'a regular expression (RE2)'],
  ['status>499', 'field of JSON or logfmt: = != > < ~'],
  ['level:warn+', 'these levels: warn+ is warn and worse'],
  ['from:TIME to:TIME', 'only this time'],
  ['fold:on', 'stack traces folded'],
  ['around:3', 'and 3 lines before and behind each'],
];

export function FilterBar({ ref, filter, error, onChange, onLeave }: FilterBarProps): ReactNode {
  const [text, setText] = useState('');
  const [help, setHelp] = useState(false);
  const add = (): void => {
    if (text.trim() === '') return;
    const more = parseFilter(text, filter);
    onChange({
      ...more,
      include: [...filter.include, ...more.include],
      exclude: [...filter.exclude, ...more.exclude],
    });
    setText('');
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'Enter') {
      if (text.trim() === '') onLeave();
      else add();
    } else if (event.key === 'Escape') {
      if (help) setHelp(false);
      else if (text === '') onLeave();
      else setText('');
    } else if (event.key === 'Backspace' && text === '') removeLast();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  const removeLast = (): void => {
    if (filter.exclude.length > 0) onChange({ ...filter, exclude: filter.exclude.slice(0, -1) });
    else if (filter.include.length > 0) onChange({ ...filter, include: filter.include.slice(0, -1) });
  };
  const without = <T,>(list: readonly T[], at: number): T[] => list.filter((_, index) => index !== at);
  return (
    <div className={styles.filter} data-error={error !== undefined || undefined}>
      {filter.include.map((term, at) => (
        <Chip
          key={`+${termText(term)}`}
          removeLabel={`Remove ${termText(term)}`}
          onRemove={() => onChange({ ...filter, include: without(filter.include, at) })}
        >
          {visible(termText(term))}
        </Chip>
      ))}
      {filter.exclude.map((term, at) => (
        <Chip
          key={`-${termText(term)}`}
          removeLabel={`Remove -${termText(term)}`}
          onRemove={() => onChange({ ...filter, exclude: without(filter.exclude, at) })}
        >
          −{visible(termText(term))}
        </Chip>
      ))}
      {filter.levels !== 0 && (
        <Chip removeLabel="Show all levels" onRemove={() => onChange({ ...filter, levels: 0 })}>
          {levelNames(filter.levels).join(', ')}
        </Chip>
      )}
      {(filter.from !== null || filter.to !== null) && (
        <Chip removeLabel="Show all times" onRemove={() => onChange({ ...filter, from: null, to: null })}>
          {rangeWords(filter)}
        </Chip>
      )}
      {filter.context > 0 && (
        <Chip removeLabel="No lines around" onRemove={() => onChange({ ...filter, context: 0 })}>
          ±{filter.context}
        </Chip>
      )}
      {filter.hidden.length > 0 && (
        <Chip removeLabel="Show all streams" onRemove={() => onChange({ ...filter, hidden: [] })}>
          {filter.hidden.length} hidden
        </Chip>
      )}
      <input
        ref={ref}
        type="text"
        className={styles.input}
        value={text}
        placeholder={formatFilter(filter) === '' ? 'Filter lines' : ''}
        aria-label="Filter lines"
        autoComplete="off"
        spellCheck={false}
        maxLength={4096}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={onKeyDown}
      />
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
      {error !== undefined && (
        <p className={styles.popError} role="alert">
          {error}
        </p>
      )}
      {help && error === undefined && (
        <div className={styles.help} role="note">
          <dl>
            {grammar.map(([term, words]) => (
              <div key={term}>
                <dt>{term}</dt>
                <dd>{words}</dd>
              </div>
            ))}
          </dl>
          <p>
            Enter adds; all must hold. A leading minus leaves out. A filter copied as text goes in here whole.
          </p>
        </div>
      )}
    </div>
  );
}

function rangeWords({ from, to }: LogFilter): string {
  const time = (at: number | null): string => (at === null ? '' : new Date(at).toLocaleTimeString('en-GB'));
  return `${time(from)} – ${time(to)}`;
}
