/**
 * One tooltip for everything that has `data-tip`. One listener per window instead of one
 * component per cell; plain text only, so cluster data is safe in it.
 */
import { useEffect, useRef, type ReactNode } from 'react';
import styles from './tips.module.css';

const DELAY = 350;
const MARGIN = 8;

export function Tips(): ReactNode {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let owner: Element | null = null;
    const hide = (): void => {
      clearTimeout(timer);
      owner = null;
      if (box.current) box.current.hidden = true;
    };
    const show = (): void => {
      const tip = box.current;
      const text = owner?.getAttribute('data-tip');
      if (!tip || !owner?.isConnected || text === null || text === undefined || text === '') return;
      tip.textContent = text;
      tip.hidden = false;
      place(tip, owner);
    };
    const over = (event: PointerEvent): void => {
      const next = event.target instanceof Element ? event.target.closest('[data-tip]') : null;
      if (next === owner) return;
      hide();
      owner = next;
      if (next) timer = setTimeout(show, DELAY);
    };
    const focus = (event: FocusEvent): void => {
      const next = event.target instanceof Element ? event.target.closest('[data-tip]') : null;
      hide();
      if (!next?.matches(':focus-visible')) return;
      owner = next;
      timer = setTimeout(show, DELAY);
    };
    document.addEventListener('pointerover', over);
    document.addEventListener('focusin', focus);
    document.addEventListener('pointerdown', hide, true);
    document.addEventListener('keydown', hide, true);
    document.addEventListener('scroll', hide, true);
    return () => {
      hide();
      document.removeEventListener('pointerover', over);
      document.removeEventListener('focusin', focus);
      document.removeEventListener('pointerdown', hide, true);
      document.removeEventListener('keydown', hide, true);
      document.removeEventListener('scroll', hide, true);
    };
  }, []);
  return <div ref={box} className={styles.tip} role="tooltip" hidden />;
}

function place(tip: HTMLElement, owner: Element): void {
  const at = owner.getBoundingClientRect();
  const { width, height } = tip.getBoundingClientRect();
  const beside = owner.getAttribute('data-tip-side') === 'right';
  let left = beside ? at.right + MARGIN : at.left;
  let top = beside ? at.top : at.bottom + 4;
  if (left + width > window.innerWidth - MARGIN) left = window.innerWidth - MARGIN - width;
  if (top + height > window.innerHeight - MARGIN) top = at.top - height - 4;
  tip.style.left = `${Math.max(MARGIN, left)}px`;
  tip.style.top = `${Math.max(MARGIN, top)}px`;
}
