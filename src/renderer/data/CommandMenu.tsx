/**
 * A context menu made of commands, with their keys beside them. Opened at a point; gives
 * the focus back when it closes. Commands that do not apply say why, or are left out.
 */
import { useEffect, useLayoutEffect, useRef, type KeyboardEvent, type ReactNode } from 'react';
import { createPortal } from 'react-dom';
import { Kbd } from '../ui/Kbd';
import { commandState, useCommandList } from './command-registry';
import { useAnswersVersion } from './use-can';
import styles from './command-menu.module.css';
import type { Command, CommandContext } from './feature';

export interface CommandMenuProps {
  /** Accessible name: what the menu is about ("Pod checkout-…"). */
  readonly label: string;
  /**
   * Commands of this group, or these ids in this order; `*` is every other command about objects,
   * `!id` leaves one out, `-` is a line.
   */
  readonly group?: Command['group'];
  readonly ids?: readonly string[];
  readonly at: { readonly x: number; readonly y: number };
  /** Instead of what is selected in the focused table. */
  readonly context?: Partial<CommandContext>;
  readonly onClose: () => void;
}

export function CommandMenu({ label, group, ids, at, context, onClose }: CommandMenuProps): ReactNode {
  const list = useCommandList();
  // What the person may do arrives while the menu is open.
  useAnswersVersion();
  const box = useRef<HTMLDivElement>(null);
  const now: CommandContext = { ...list.context(), ...context };
  const entries = apart(
    pick(list.all, group, ids).flatMap((command): readonly Entry[] => {
      if (command === LINE) return [LINE];
      const state = commandState(command, now);
      return state === 'hidden' ? [] : [{ command, state }];
    }),
  );

  // Again when commands come or go: the menu never leaves the window.
  useLayoutEffect(() => {
    const menu = box.current;
    if (!menu) return;
    const { width, height } = menu.getBoundingClientRect();
    menu.style.left = `${Math.max(4, Math.min(at.x, window.innerWidth - width - 4))}px`;
    menu.style.top = `${Math.max(4, Math.min(at.y, window.innerHeight - height - 4))}px`;
  }, [at.x, at.y, entries.length]);
  useLayoutEffect(() => {
    const before = document.activeElement;
    box.current?.querySelector<HTMLElement>('[role=menuitem]:not([aria-disabled])')?.focus();
    return () => {
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, []);

  useEffect(() => {
    const outside = (event: Event): void => {
      if (event.target instanceof Node && !box.current?.contains(event.target)) onClose();
    };
    document.addEventListener('pointerdown', outside, true);
    window.addEventListener('blur', onClose);
    return () => {
      document.removeEventListener('pointerdown', outside, true);
      window.removeEventListener('blur', onClose);
    };
  }, [onClose]);

  const onKeyDown = (event: KeyboardEvent): void => {
    event.stopPropagation();
    const items = [
      ...(box.current?.querySelectorAll<HTMLElement>('[role=menuitem]:not([aria-disabled])') ?? []),
    ];
    const index = items.indexOf(document.activeElement as HTMLElement);
    const go = (next: number): void => {
      event.preventDefault();
      items[(next + items.length) % items.length]?.focus();
    };
    if (event.key === 'ArrowDown') go(index + 1);
    else if (event.key === 'ArrowUp') go(index - 1);
    else if (event.key === 'Home') go(0);
    else if (event.key === 'End') go(items.length - 1);
    else if (event.key === 'Escape' || event.key === 'Tab') {
      event.preventDefault();
      onClose();
    }
  };

  const run = (command: Command): void => {
    onClose();
    void command.run(now);
  };

  // A pane may contain its fixed children; the menu belongs to the window.
  return createPortal(
    <div ref={box} className={styles.menu} role="menu" aria-label={label} tabIndex={-1} onKeyDown={onKeyDown}>
      {entries.length === 0 && <div className={styles.none}>Nothing can be done here.</div>}
      {entries.map((entry, index) =>
        entry === LINE ? (
          <hr key={index} className={styles.line} />
        ) : (
          <button
            key={entry.command.id}
            type="button"
            role="menuitem"
            tabIndex={-1}
            className={styles.item}
            aria-disabled={entry.state === undefined ? undefined : true}
            data-tip={entry.state}
            onClick={() => entry.state === undefined && run(entry.command)}
          >
            <span>{entry.command.title}</span>
            {entry.command.keys?.[0] !== undefined && <Kbd keys={entry.command.keys[0]} />}
          </button>
        ),
      )}
    </div>,
    document.body,
  );
}

/** Stands in `ids` for a line between two groups. */
const LINE = '-';

type Entry = typeof LINE | { readonly command: Command; readonly state: string | undefined };

/** Lines only between entries. */
function apart(entries: readonly Entry[]): readonly Entry[] {
  return entries.filter(
    (entry, index) =>
      entry !== LINE ||
      (index > 0 && entries[index - 1] !== LINE && entries.slice(index).some((e) => e !== LINE)),
  );
}

function pick(
  all: readonly Command[],
  group: Command['group'] | undefined,
  ids: readonly string[] | undefined,
): readonly (Command | typeof LINE)[] {
  if (ids) {
    const byId = new Map(all.map((command) => [command.id, command]));
    const named = new Set(ids.map((id) => id.replace(/^!/, '')));
    // `*` stands for every other command about objects.
    return ids.flatMap((id): readonly (Command | typeof LINE)[] =>
      id === LINE
        ? [LINE]
        : id === '*'
          ? all.filter((command) => !command.quiet && command.group === 'Object' && !named.has(command.id))
          : [byId.get(id) ?? []].flat(),
    );
  }
  return all.filter((command) => !command.quiet && (group === undefined || command.group === group));
}
