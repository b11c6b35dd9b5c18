/** Who set which field: managers with their time, and their fields; the editor shows the same at each line. */
import { useState, type ReactNode } from 'react';
import type { OwnedField } from '#shared/contract/objects';
import { visible } from '#shared/util/text';
import { ageOf } from './Line';
import styles from './editor.module.css';

export interface OwnersPanelProps {
  readonly owners: readonly OwnedField[];
  readonly now: number;
  /** The text the lines are of. */
  readonly text: string;
  readonly onGo: (offset: number) => void;
}

/** Behind each line: who owns it, and since when. */
export function ownerNotes(owners: readonly OwnedField[], now: number): ReadonlyMap<number, string> {
  const lines = new Map<number, string[]>();
  for (const owner of owners) {
    if (owner.line === 0) continue;
    const age = ageOf(owner.time, now);
    const text = `${visible(owner.manager)}${age === '' ? '' : `, ${age}`}`;
    const list = lines.get(owner.line);
    if (!list) lines.set(owner.line, [text]);
    else if (!list.includes(text)) list.push(text);
  }
  return new Map([...lines].map(([line, list]) => [line, list.join('; ')]));
}

interface Group {
  readonly id: string;
  readonly manager: string;
  readonly operation: string;
  readonly subresource: string;
  readonly time: string;
  readonly fields: OwnedField[];
}

export function OwnersPanel({ owners, now, text, onGo }: OwnersPanelProps): ReactNode {
  const groups = grouped(owners);
  const [open, setOpen] = useState<string | undefined>(groups[0]?.id);
  const offsetOf = (line: number): number =>
    text
      .split('\n')
      .slice(0, line - 1)
      .reduce((sum, one) => sum + one.length + 1, 0);
  return (
    <aside className={styles.owners} aria-label="Field owners">
      {groups.map((group) => (
        <section key={group.id}>
          <button
            type="button"
            className={styles.owner}
            aria-expanded={open === group.id}
            onClick={() => setOpen(open === group.id ? undefined : group.id)}
          >
            <b>{visible(group.manager)}</b>
            <span className={styles.muted}>
              {[
                group.operation.toLowerCase(),
                group.subresource,
                ageOf(group.time, now),
                `${group.fields.length} fields`,
              ]
                .filter(Boolean)
                .join(', ')}
            </span>
          </button>
          {open === group.id && (
            <ul>
              {group.fields.slice(0, 300).map((field) => (
                <li key={field.path}>
                  {field.line > 0 ? (
                    <button
                      type="button"
                      className={styles.fieldLink}
                      onClick={() => onGo(offsetOf(field.line))}
                    >
                      {visible(field.path)}
                    </button>
                  ) : (
                    <span className={styles.fieldText}>{visible(field.path)}</span>
                  )}
                </li>
              ))}
            </ul>
          )}
        </section>
      ))}
    </aside>
  );
}

function grouped(owners: readonly OwnedField[]): readonly Group[] {
  const found = new Map<string, Group>();
  for (const field of owners) {
    const { manager, operation, subresource, time } = field;
    const id = [manager, operation, subresource, time].join('\n');
    const group = found.get(id);
    if (group) group.fields.push(field);
    else found.set(id, { id, manager, operation, subresource, time, fields: [field] });
  }
  // Newest first; who only reports status comes last.
  const late = (group: Group): number => (group.subresource === 'status' ? 1 : 0);
  return [...found.values()].sort((a, b) => late(a) - late(b) || b.time.localeCompare(a.time));
}
