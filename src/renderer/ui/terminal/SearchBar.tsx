/** Finds text in the scrollback of a terminal. Enter goes up, Shift+Enter down, Esc leaves. */
import { IconChevronDown, IconChevronUp, IconX } from '@tabler/icons-react';
import type { ISearchOptions, SearchAddon } from '@xterm/addon-search';
import { useEffect, useRef, useState, type KeyboardEvent, type ReactNode } from 'react';
import { IconButton } from '../Button';
import styles from './terminal.module.css';
import { searchColours } from './theme';

export interface SearchBarProps {
  readonly search: SearchAddon;
  readonly onClose: () => void;
}

export function SearchBar({ search, onClose }: SearchBarProps): ReactNode {
  const [text, setText] = useState('');
  const [found, setFound] = useState<{ index: number; count: number }>();
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => {
    field.current?.focus();
    const results = search.onDidChangeResults(({ resultIndex, resultCount }) =>
      setFound({ index: resultIndex, count: resultCount }),
    );
    return () => {
      results.dispose();
      search.clearDecorations();
    };
  }, [search]);
  const options = (incremental: boolean): ISearchOptions => ({ incremental, decorations: searchColours() });
  const change = (next: string): void => {
    setText(next);
    if (next === '') {
      search.clearDecorations();
      setFound(undefined);
    } else search.findPrevious(next, options(true));
  };
  const go = (up: boolean): void => {
    if (text === '') return;
    if (up) search.findPrevious(text, options(false));
    else search.findNext(text, options(false));
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    event.stopPropagation();
    if (event.key === 'Enter') go(!event.shiftKey);
    else if (event.key === 'Escape') onClose();
    else return;
    event.preventDefault();
  };
  const words =
    text === '' || !found ? '' : found.count === 0 ? 'none' : `${found.index + 1} of ${found.count}`;
  return (
    <div className={styles.search} role="search" aria-label="Find in terminal" onKeyDown={onKeyDown}>
      <input
        ref={field}
        type="text"
        aria-label="Find"
        placeholder="Find"
        spellCheck={false}
        autoComplete="off"
        value={text}
        onChange={(event) => change(event.target.value)}
      />
      <span className={styles.matches} role="status">
        {words}
      </span>
      <IconButton label="Previous match" onClick={() => go(true)}>
        <IconChevronUp />
      </IconButton>
      <IconButton label="Next match" onClick={() => go(false)}>
        <IconChevronDown />
      </IconButton>
      <IconButton label="Close search" onClick={onClose}>
        <IconX />
      </IconButton>
    </div>
  );
}
