/**
 * Chooses the namespaces every page of a cluster shows: none chosen means all. Enter takes
 * the one under the cursor alone, Space adds or removes it, the star makes it a favourite.
 */
import { IconStar, IconStarFilled } from '@tabler/icons-react';
import { Popover } from '@mantine/core';
import { useEffect, useMemo, useRef, useState, type KeyboardEvent, type ReactNode } from 'react';
import { plural, visible as visibleText } from '#shared/util/text';
import { patchContextSettings, useSettings } from '../data/app-data';
import { useClusterData } from '../data/cluster-data';
import { setNamespaces } from '../data/session';
import { useBench } from '../data/workbench';
import { Kbd } from '../ui/Kbd';
import styles from './namespace-picker.module.css';
import { closeOverlays, openNamespaces, useOverlays } from './overlay-state';

export interface NamespacePickerProps {
  readonly contextId: string;
  readonly visible: boolean;
}

const none: readonly string[] = [];
/** More rows than this are never looked through by eye; the search finds the rest. */
const MOST = 200;

export function NamespacePicker({ contextId, visible }: NamespacePickerProps): ReactNode {
  const open = useOverlays((state) => state.namespaces) && visible;
  const { namespaces: chosen } = useBench(contextId);
  return (
    <Popover
      opened={open}
      onChange={(next) => !next && closeOverlays()}
      position="bottom-start"
      trapFocus
      returnFocus
      withinPortal
      classNames={{ dropdown: styles.drop ?? '' }}
    >
      <Popover.Target>
        <button
          type="button"
          className={styles.button}
          aria-haspopup="dialog"
          aria-expanded={open}
          aria-label={`Namespaces: ${namespacesText(chosen)}`}
          data-tip={chosen.length > 1 ? chosen.map(visibleText).join(', ') : undefined}
          onClick={() => (open ? closeOverlays() : openNamespaces())}
        >
          {namespacesText(chosen)}
        </button>
      </Popover.Target>
      <Popover.Dropdown aria-label="Namespaces">
        {open && <Picker contextId={contextId} chosen={chosen} />}
      </Popover.Dropdown>
    </Popover>
  );
}

/** A DNS label, as the server asks of namespaces. */
export function isNamespaceName(text: string): boolean {
  return text.length <= 63 && /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/.test(text);
}

/** `All namespaces`, `shop`, `shop, web`, `5 namespaces`. */
export function namespacesText(chosen: readonly string[]): string {
  if (chosen.length === 0) return 'All namespaces';
  const names = chosen.map(visibleText).join(', ');
  return chosen.length <= 2 && names.length <= 40 ? names : plural(chosen.length, 'namespace');
}

function Picker({
  contextId,
  chosen,
}: {
  readonly contextId: string;
  readonly chosen: readonly string[];
}): ReactNode {
  const { namespaces } = useClusterData(contextId);
  const favourites = useSettings().contexts[contextId]?.favourites ?? none;
  const [text, setText] = useState('');
  const [at, setAt] = useState(0);
  const list = useRef<HTMLDivElement>(null);
  // The order is fixed when the picker opens: rows must not move under the pointer.
  const [first] = useState<ReadonlySet<string>>(() => new Set([...chosen, ...favourites]));
  const rows = useMemo(() => {
    const all = new Set([...(namespaces?.names ?? []), ...chosen]);
    const wanted = text.trim().toLowerCase();
    // Who may not list namespaces can still name one: it is asked for as any other.
    if (namespaces?.source === 'known' && isNamespaceName(wanted)) all.add(wanted);
    return [...all]
      .filter((name) => name.toLowerCase().includes(wanted))
      .sort((a, b) => Number(first.has(b)) - Number(first.has(a)) || a.localeCompare(b))
      .slice(0, MOST);
  }, [namespaces, chosen, text, first]);
  const options = text.trim() === '' ? [null, ...rows] : rows;
  const cursor = Math.min(at, options.length - 1);

  useEffect(() => {
    list.current?.querySelector('[data-cursor]')?.scrollIntoView({ block: 'nearest' });
  }, [cursor, rows]);

  const only = (name: string | null): void => {
    setNamespaces(contextId, name === null ? [] : [name]);
    closeOverlays();
  };
  const toggle = (name: string | null): void => {
    if (name === null) setNamespaces(contextId, []);
    else if (chosen.includes(name)) {
      setNamespaces(
        contextId,
        chosen.filter((other) => other !== name),
      );
    } else setNamespaces(contextId, [...chosen, name].sort());
  };
  const star = (name: string): void => {
    const next = favourites.includes(name)
      ? favourites.filter((other) => other !== name)
      : [...favourites, name].sort();
    patchContextSettings(contextId, { favourites: next });
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const current = options[cursor];
    if (event.key === 'ArrowDown') setAt(Math.min(cursor + 1, options.length - 1));
    else if (event.key === 'ArrowUp') setAt(Math.max(cursor - 1, 0));
    else if (event.key === 'Enter' && current !== undefined) only(current);
    else if (event.key === ' ' && current !== undefined) toggle(current);
    else if (event.key === 'Escape') closeOverlays();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };

  return (
    <div className={styles.picker} onKeyDown={onKeyDown}>
      <input
        data-autofocus
        className={styles.search}
        role="combobox"
        aria-label="Find a namespace"
        aria-expanded
        aria-controls="namespace-list"
        aria-activedescendant={options.length > 0 ? `namespace-${cursor}` : undefined}
        placeholder={namespaces?.source === 'known' ? 'Find or name a namespace' : 'Find a namespace'}
        spellCheck={false}
        value={text}
        onChange={(event) => {
          setText(event.target.value);
          setAt(0);
        }}
      />
      {namespaces?.source === 'known' && (
        <p className={styles.note}>You may not list namespaces. Type the names of the ones you may read.</p>
      )}
      <div
        className={styles.list}
        ref={list}
        id="namespace-list"
        role="listbox"
        aria-label="Namespaces"
        aria-multiselectable
      >
        {options.map((name, index) => {
          const on = name === null ? chosen.length === 0 : chosen.includes(name);
          const starred = name !== null && favourites.includes(name);
          return (
            <div
              key={name ?? ''}
              id={`namespace-${index}`}
              role="option"
              aria-selected={on}
              aria-label={name === null ? 'All namespaces' : visibleText(name)}
              className={styles.row}
              data-cursor={index === cursor || undefined}
              onPointerMove={() => setAt(index)}
            >
              <span
                className={styles.check}
                data-on={on || undefined}
                onClick={() => toggle(name)}
                aria-hidden
              >
                {on ? '✓' : ''}
              </span>
              <span className={styles.name} onClick={() => only(name)}>
                {name === null ? 'All namespaces' : visibleText(name)}
              </span>
              {name !== null && (
                <button
                  type="button"
                  tabIndex={-1}
                  className={styles.star}
                  data-on={starred || undefined}
                  aria-label={starred ? `Remove ${name} from favourites` : `Make ${name} a favourite`}
                  onClick={() => star(name)}
                >
                  {starred ? <IconStarFilled /> : <IconStar />}
                </button>
              )}
            </div>
          );
        })}
        {options.length === 0 && (
          <p className={styles.note}>
            {namespaces === undefined ? 'Namespaces are not known yet.' : `No namespace matches “${text}”.`}
          </p>
        )}
      </div>
      <p className={styles.keys}>
        <Kbd keys="enter" /> only this one <Kbd keys="space" /> add or remove
      </p>
    </div>
  );
}
