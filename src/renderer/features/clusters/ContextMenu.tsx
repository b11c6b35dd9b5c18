/** What can be done with one context, at a point: from its tile in the rail and its row in the list. */
import { useEffect, useLayoutEffect, useRef, type KeyboardEvent, type ReactNode } from 'react';
import { patchContextSettings, useAppData, useSettings } from '../../data/app-data';
import { contextTitle } from '../../data/context-title';
import { disconnect, openCluster } from '../../data/session';
import { useWorkbench } from '../../data/workbench';
import { clusterColor, clusterColors, clusterColorValue } from '../../ui/theme/cluster-color';
import { cssVars } from '../../ui/css-vars';
import { openContextDialog, type ContextDialogKind } from '../../data/cluster-dialogs';
import styles from './context-menu.module.css';

export interface ContextMenuProps {
  readonly contextId: string;
  readonly at: { readonly x: number; readonly y: number };
  readonly onClose: () => void;
}

export function ContextMenu({ contextId, at, onClose }: ContextMenuProps): ReactNode {
  const context = useAppData((state) => state.contextById.get(contextId));
  const phase = useAppData((state) => state.hosts.get(contextId)?.phase);
  const own = useSettings().contexts[contextId];
  const box = useRef<HTMLDivElement>(null);
  useMenuPlace(box, at);
  useOutside(box, onClose);
  if (!context) return null;
  const { title } = contextTitle(context, own?.alias);
  const running = phase !== undefined && phase !== 'stopped' && phase !== 'failed';
  const patch = (change: Readonly<Record<string, unknown>>): void => patchContextSettings(contextId, change);
  const dialog = (kind: ContextDialogKind) => (): void => {
    useWorkbench.getState().showAppPage('clusters');
    openContextDialog(kind, contextId);
  };
  const flag = (name: 'favourite' | 'hidden' | 'protected' | 'readOnly') => (): void =>
    patch({ [name]: own?.[name] === true ? null : true });
  const item = (label: string, run: () => void, more?: Partial<ItemProps>): ReactNode => (
    <Item
      label={label}
      onRun={() => {
        onClose();
        run();
      }}
      {...more}
    />
  );
  return (
    <div
      ref={box}
      className={styles.menu}
      role="menu"
      aria-label={title}
      tabIndex={-1}
      onKeyDown={moveIn(box, onClose)}
    >
      {item(running ? 'Show' : 'Connect', () => openCluster(contextId))}
      {running && item('Disconnect', () => disconnect(contextId))}
      <hr className={styles.rule} />
      <div className={styles.colors} role="group" aria-label="Colour">
        {clusterColors.map((each) => (
          <button
            key={each}
            type="button"
            role="menuitemradio"
            tabIndex={-1}
            aria-checked={each === clusterColor(context.name, own?.color)}
            aria-label={each}
            data-tip={each}
            className={styles.color}
            style={cssVars({ '--c': clusterColorValue(each) })}
            onClick={() => patch({ color: each })}
          />
        ))}
      </div>
      {item('Name, group, sign-in…', dialog('settings'))}
      {item('Favourite', flag('favourite'), { checked: own?.favourite === true })}
      {item('Protected', flag('protected'), {
        checked: own?.protected === true,
        tip: 'Its name must be typed before anything in it is changed.',
      })}
      {item('Read-only', flag('readOnly'), {
        checked: own?.readOnly === true,
        tip: 'Nothing that changes the cluster leaves Binnacle.',
      })}
      {item('Hidden', flag('hidden'), {
        checked: own?.hidden === true,
        tip: 'Only the Clusters page shows it.',
      })}
      {context.demo !== true && (
        <>
          <hr className={styles.rule} />
          {item('Edit kubeconfig entry…', dialog('entry'))}
          {item('Remove from kubeconfig…', dialog('remove'), { danger: true })}
        </>
      )}
    </div>
  );
}

interface ItemProps {
  readonly label: string;
  readonly onRun: () => void;
  /** Absent: no choice but an action. */
  readonly checked?: boolean;
  readonly danger?: boolean;
  readonly tip?: string;
}

function Item({ label, onRun, checked, danger, tip }: ItemProps): ReactNode {
  return (
    <button
      type="button"
      role={checked === undefined ? 'menuitem' : 'menuitemcheckbox'}
      aria-checked={checked}
      tabIndex={-1}
      className={styles.item}
      data-danger={danger || undefined}
      data-tip={tip}
      data-tip-side="right"
      onClick={onRun}
    >
      <span className={styles.check} aria-hidden>
        {checked ? '✓' : ''}
      </span>
      {label}
    </button>
  );
}

const itemsOf = (box: HTMLElement | null): HTMLElement[] => [
  ...(box?.querySelectorAll<HTMLElement>('button') ?? []),
];

function useMenuPlace(
  box: React.RefObject<HTMLDivElement | null>,
  at: { readonly x: number; readonly y: number },
): void {
  useLayoutEffect(() => {
    const menu = box.current;
    if (!menu) return undefined;
    const before = document.activeElement;
    const { width, height } = menu.getBoundingClientRect();
    menu.style.left = `${Math.max(4, Math.min(at.x, window.innerWidth - width - 4))}px`;
    menu.style.top = `${Math.max(4, Math.min(at.y, window.innerHeight - height - 4))}px`;
    itemsOf(menu)[0]?.focus();
    return () => {
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, [box, at.x, at.y]);
}

function useOutside(box: React.RefObject<HTMLDivElement | null>, onClose: () => void): void {
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
  }, [box, onClose]);
}

function moveIn(box: React.RefObject<HTMLDivElement | null>, onClose: () => void) {
  return (event: KeyboardEvent): void => {
    event.stopPropagation();
    const items = itemsOf(box.current);
    const at = items.indexOf(document.activeElement as HTMLElement);
    const go = (next: number): void => {
      event.preventDefault();
      items[(next + items.length) % items.length]?.focus();
    };
    if (event.key === 'ArrowDown' || event.key === 'ArrowRight') go(at + 1);
    else if (event.key === 'ArrowUp' || event.key === 'ArrowLeft') go(at - 1);
    else if (event.key === 'Home') go(0);
    else if (event.key === 'End') go(items.length - 1);
    else if (event.key === 'Escape' || event.key === 'Tab') {
      event.preventDefault();
      onClose();
    }
  };
}
