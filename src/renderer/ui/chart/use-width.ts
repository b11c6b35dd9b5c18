import { useEffect, useRef, useState, type RefObject } from 'react';

/** Width of an element, px; 0 before it is known. Changes of less than 2 px are no news. */
export function useWidth(onWidth?: (width: number) => void): [RefObject<HTMLDivElement | null>, number] {
  const box = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(0);
  const told = useRef(onWidth);
  told.current = onWidth;
  useEffect(() => {
    const element = box.current;
    if (!element) return undefined;
    let known = 0;
    const read = (): void => {
      const now = Math.floor(element.clientWidth);
      if (Math.abs(now - known) < 2) return;
      known = now;
      setWidth(now);
      told.current?.(now);
    };
    const observer = new ResizeObserver(read);
    observer.observe(element);
    read();
    return () => observer.disconnect();
  }, []);
  return [box, width];
}
