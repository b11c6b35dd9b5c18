/** A button that opens a small sheet of choices; closes on Esc and on a click elsewhere. */
import { useEffect, useLayoutEffect, useRef, useState, type CSSProperties, type ReactNode } from 'react';
import { Button } from '../../ui/Button';
import styles from './logs-panel.module.css';

export interface MenuProps {
  readonly title: string;
  /** Something other than usual is chosen. */
  readonly on?: boolean;
  readonly children: (close: () => void) => ReactNode;
}

export function Menu({ title, on, children }: MenuProps): ReactNode {
  const [open, setOpen] = useState(false);
  const box = useRef<HTMLDivElement>(null);
  const [place, setPlace] = useState<CSSProperties>({});
  useLayoutEffect(() => {
    if (!open) return undefined;
    const put = (): void => setPlace(placeOf(box.current));
    put();
    window.addEventListener('resize', put);
    return () => window.removeEventListener('resize', put);
  }, [open]);
  useEffect(() => {
    if (!open) return undefined;
    const outside = (event: Event): void => {
      if (event.target instanceof Node && !box.current?.contains(event.target)) setOpen(false);
    };
    document.addEventListener('pointerdown', outside, true);
    return () => document.removeEventListener('pointerdown', outside, true);
  }, [open]);
  return (
    <div
      ref={box}
      className={styles.menu}
      onKeyDown={(event) => {
        if (event.key !== 'Escape' || !open) return;
        event.stopPropagation();
        setOpen(false);
        box.current?.querySelector('button')?.focus();
      }}
    >
      <Button
        look="quiet"
        aria-expanded={open}
        aria-haspopup="dialog"
        data-on={on || undefined}
        onClick={() => setOpen(!open)}
      >
        {title}
      </Button>
      {open && (
        <div className={styles.sheet} style={place} role="dialog" aria-label={title}>
          {children(() => setOpen(false))}
        </div>
      )}
    </div>
  );
}

/** Below the button, or above it where there is more room: a dock may be only a few lines high. */
function placeOf(element: HTMLElement | null): CSSProperties {
  if (!element) return {};
  const { top, bottom, right } = element.getBoundingClientRect();
  const below = window.innerHeight - bottom - 12;
  const above = top - 12;
  const side = { right: Math.max(8, window.innerWidth - right) };
  return below >= Math.min(420, above)
    ? { ...side, top: bottom + 4, maxHeight: below }
    : { ...side, bottom: window.innerHeight - top + 4, maxHeight: above };
}
