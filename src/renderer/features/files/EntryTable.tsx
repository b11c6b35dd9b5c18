/** What a folder holds. One click chooses, two or Enter open; folders come first. */
import { IconFile, IconFolder, IconLink } from '@tabler/icons-react';
import { useState, type KeyboardEvent, type ReactNode } from 'react';
import type { RemoteEntry, RemoteListing } from '#shared/contract/files';
import { formatBytes } from '#shared/util/quantity';
import { plural, visible } from '#shared/util/text';
import { Age } from '../../ui/Age';
import { Button } from '../../ui/Button';
import { EmptyState } from '../../ui/EmptyState';
import styles from './files.module.css';
import { modeText, typeText } from './words';

export interface EntryTableProps {
  readonly listing: RemoteListing | undefined;
  readonly busy: boolean;
  readonly chosen: ReadonlySet<string>;
  readonly onChoose: (names: ReadonlySet<string>) => void;
  readonly onOpen: (entry: RemoteEntry) => void;
  readonly onUp: () => void;
}

const STEP = 500;

export function EntryTable({ listing, busy, chosen, onChoose, onOpen, onUp }: EntryTableProps): ReactNode {
  const [limit, setLimit] = useState(STEP);
  if (!listing) return <p className={styles.reading}>{busy ? 'Reading the folder…' : ''}</p>;
  const { entries } = listing;
  if (entries.length === 0) return <EmptyState>{visible(listing.path)} is empty.</EmptyState>;
  const toggle = (name: string, only: boolean): void => {
    if (only) return onChoose(new Set([name]));
    const next = new Set(chosen);
    if (!next.delete(name)) next.add(name);
    onChoose(next);
  };
  const onKey = (event: KeyboardEvent<HTMLTableRowElement>, entry: RemoteEntry): void => {
    const row = event.currentTarget;
    const other =
      event.key === 'ArrowDown' || event.key === 'j'
        ? row.nextElementSibling
        : event.key === 'ArrowUp' || event.key === 'k'
          ? row.previousElementSibling
          : undefined;
    if (other instanceof HTMLElement) other.focus();
    else if (event.key === 'Enter') onOpen(entry);
    else if (event.key === ' ') toggle(entry.name, false);
    else if (event.key === 'Backspace') onUp();
    else if (other === undefined) return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <div className={styles.list} data-busy={busy || undefined}>
      <table className={styles.table} aria-label="Files">
        <thead>
          <tr>
            <th scope="col" className={styles.check} />
            <th scope="col">Name</th>
            <th scope="col" className={styles.number}>
              Size
            </th>
            <th scope="col">Modified</th>
            <th scope="col">Type</th>
            <th scope="col">Mode</th>
            <th scope="col">Owner</th>
          </tr>
        </thead>
        <tbody>
          {entries.slice(0, limit).map((entry, index) => (
            <tr
              key={entry.name}
              tabIndex={index === 0 ? 0 : -1}
              aria-selected={chosen.has(entry.name)}
              onClick={(event) => toggle(entry.name, !(event.ctrlKey || event.metaKey || event.shiftKey))}
              onDoubleClick={() => onOpen(entry)}
              onKeyDown={(event) => onKey(event, entry)}
            >
              <td className={styles.check}>
                <input
                  type="checkbox"
                  tabIndex={-1}
                  aria-label={`Choose ${visible(entry.name)}`}
                  checked={chosen.has(entry.name)}
                  onClick={(event) => event.stopPropagation()}
                  onChange={() => toggle(entry.name, false)}
                />
              </td>
              <td>
                <span className={styles.name}>
                  <Icon entry={entry} />
                  <button
                    type="button"
                    tabIndex={-1}
                    className={styles.open}
                    onClick={(event) => {
                      // Looking into it is not choosing it.
                      event.stopPropagation();
                      onOpen(entry);
                    }}
                  >
                    {visible(entry.name)}
                  </button>
                </span>
              </td>
              <td className={styles.number}>{entry.type === 'file' ? formatBytes(entry.size) : ''}</td>
              <td>{entry.modified !== null && entry.modified > 0 && <Age at={entry.modified} ago />}</td>
              <td className={styles.muted}>{typeText(entry)}</td>
              <td className={`mono ${styles.muted}`}>{modeText(entry)}</td>
              <td className={styles.muted}>
                {visible(entry.owner)}:{visible(entry.group)}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {entries.length > limit && (
        <Button look="quiet" onClick={() => setLimit(limit + STEP)}>
          Show more of {plural(entries.length, 'entry', 'entries')}
        </Button>
      )}
      {listing.incomplete !== undefined && <p className={styles.reading}>{listing.incomplete}</p>}
    </div>
  );
}

function Icon({ entry }: { readonly entry: RemoteEntry }): ReactNode {
  if (entry.type === 'directory') return <IconFolder size={14} stroke={1.5} />;
  if (entry.type === 'link') return <IconLink size={14} stroke={1.5} />;
  return <IconFile size={14} stroke={1.5} />;
}
