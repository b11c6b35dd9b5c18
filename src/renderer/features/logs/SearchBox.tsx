/** Search in the lines: text or pattern, case, whole words; count, next, previous. */
import { IconChevronDown, IconChevronUp } from '@tabler/icons-react';
import {
  useEffect,
  useImperativeHandle,
  useRef,
  useState,
  type KeyboardEvent,
  type ReactNode,
  type Ref,
} from 'react';
import type { LogSearchState, LogTerm } from '#shared/contract/logs';
import { IconButton } from '../../ui/Button';
import styles from './logs-panel.module.css';

export interface SearchBoxHandle {
  focus(): void;
}

export interface SearchBoxProps {
  readonly ref: Ref<SearchBoxHandle>;
  readonly search: LogSearchState | undefined;
  /** Which hit the screen stands on. */
  readonly index: number | undefined;
  readonly onSearch: (term: LogTerm | null) => void;
  readonly onFind: (direction: 'next' | 'previous') => void;
  readonly onLeave: () => void;
}

/** Typing goes on for this long before a search starts (ms). */
const PAUSE = 120;

export function SearchBox({ ref, search, index, onSearch, onFind, onLeave }: SearchBoxProps): ReactNode {
  const input = useRef<HTMLInputElement>(null);
  const [text, setText] = useState('');
  const [regex, setRegex] = useState(false);
  const [matchCase, setCase] = useState(false);
  const [word, setWord] = useState(false);
  const send = useRef(onSearch);
  send.current = onSearch;
  useEffect(() => {
    const term: LogTerm = { type: regex ? 'regex' : 'text', text, case: matchCase, word };
    const timer = setTimeout(() => send.current(text === '' ? null : term), PAUSE);
    return () => clearTimeout(timer);
  }, [text, regex, matchCase, word]);
  useImperativeHandle(ref, () => ({
    focus: () => {
      input.current?.focus();
      input.current?.select();
    },
  }));
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'Enter') onFind(event.shiftKey ? 'previous' : 'next');
    else if (event.key === 'Escape') {
      if (text !== '') setText('');
      else onLeave();
    } else return;
    event.preventDefault();
    event.stopPropagation();
  };
  const count = search === undefined || text === '' ? '' : words(search, index);
  return (
    <div className={styles.search} role="search" data-error={search?.error !== undefined || undefined}>
      <input
        ref={input}
        type="text"
        className={styles.input}
        value={text}
        placeholder="Search"
        aria-label="Search in the lines"
        autoComplete="off"
        spellCheck={false}
        maxLength={1024}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={onKeyDown}
      />
      <span className={styles.hits} role="status" aria-label="Hits">
        {count}
      </span>
      <Toggle label="Match case" on={matchCase} onChange={setCase}>
        Aa
      </Toggle>
      <Toggle label="Whole words" on={word} onChange={setWord}>
        W
      </Toggle>
      <Toggle label="Regular expression (RE2)" on={regex} onChange={setRegex}>
        .*
      </Toggle>
      <IconButton label="Previous hit" onClick={() => onFind('previous')} disabled={!search?.count}>
        <IconChevronUp />
      </IconButton>
      <IconButton label="Next hit" onClick={() => onFind('next')} disabled={!search?.count}>
        <IconChevronDown />
      </IconButton>
      {search?.error !== undefined && (
        <p className={styles.popError} role="alert">
          {search.error}
        </p>
      )}
    </div>
  );
}

function words({ count, done }: LogSearchState, index: number | undefined): string {
  const total = `${count.toLocaleString('en')}${done ? '' : '…'}`;
  return index === undefined || count === 0 ? total : `${(index + 1).toLocaleString('en')} of ${total}`;
}

function Toggle({
  label,
  on,
  onChange,
  children,
}: {
  readonly label: string;
  readonly on: boolean;
  readonly onChange: (on: boolean) => void;
  readonly children: string;
}): ReactNode {
  return (
    <button
      type="button"
      className={styles.toggle}
      aria-label={label}
      aria-pressed={on}
      data-tip={label}
      onClick={() => onChange(!on)}
    >
      {children}
    </button>
  );
}
