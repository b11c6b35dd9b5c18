/**
 * A modal dialog: the platform's own, which keeps the focus inside, makes the rest inert
 * and gives the focus back. Esc and a click beside it close it.
 */
import { useLayoutEffect, useRef, type MouseEvent, type ReactNode, type SyntheticEvent } from 'react';
import styles from './dialog.module.css';

export interface DialogProps {
  /** Accessible name; shown as the title unless `bare`. */
  readonly label: string;
  readonly onClose: () => void;
  readonly children: ReactNode;
  /** Buttons, right-aligned; the last one is the one that acts. */
  readonly actions?: ReactNode;
  readonly bare?: boolean;
  readonly wide?: boolean;
}

export function Dialog({ label, onClose, children, actions, bare, wide }: DialogProps): ReactNode {
  const ref = useRef<HTMLDialogElement>(null);
  // Before anything else can happen: a key pressed now belongs to the dialog.
  useLayoutEffect(() => {
    const dialog = ref.current;
    if (!dialog || dialog.open) return undefined;
    // jsdom has no modal dialogs.
    if (typeof dialog.showModal === 'function') dialog.showModal();
    else dialog.setAttribute('open', '');
    return () => dialog.close?.();
  }, []);
  const onCancel = (event: SyntheticEvent): void => {
    event.preventDefault();
    onClose();
  };
  const onPointerDown = (event: MouseEvent): void => {
    if (event.target === ref.current) onClose();
  };
  return (
    <dialog
      ref={ref}
      className={`${styles.dialog} ${bare ? styles.bare : ''} ${wide ? styles.wide : ''}`}
      aria-label={label}
      onCancel={onCancel}
      onPointerDown={onPointerDown}
    >
      <div className={styles.body}>
        {!bare && <h2 className={styles.title}>{label}</h2>}
        {children}
        {actions !== undefined && <div className={styles.actions}>{actions}</div>}
      </div>
    </dialog>
  );
}
