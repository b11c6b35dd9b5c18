/** Draws many points fast. Redraws on new data, size or theme; the crosshair is not its business. */
import { useEffect, useLayoutEffect, useRef, type ReactNode } from 'react';
import { draw, type Palette, type Picture } from './draw';
import { COLORS } from './model';

export function CanvasPlot(picture: Picture): ReactNode {
  const canvas = useRef<HTMLCanvasElement>(null);
  const latest = useRef(picture);
  latest.current = picture;
  const paint = useRef(() => {
    const element = canvas.current;
    const pen = element?.getContext('2d');
    if (!element || !pen) return;
    const { width, height } = latest.current;
    const ratio = Math.min(3, window.devicePixelRatio || 1);
    const [wide, high] = [Math.round(width * ratio), Math.round(height * ratio)];
    if (element.width !== wide) element.width = wide;
    if (element.height !== high) element.height = high;
    pen.setTransform(ratio, 0, 0, ratio, 0, 0);
    draw(pen, latest.current, paletteOf(element));
  });
  useLayoutEffect(() => paint.current());
  useEffect(() => {
    const watcher = new MutationObserver(() => paint.current());
    watcher.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme'] });
    return () => watcher.disconnect();
  }, []);
  return <canvas ref={canvas} style={{ width: picture.width, height: picture.height, display: 'block' }} />;
}

/** Colours of the theme as they are now. */
export function paletteOf(element: Element): Palette {
  const style = getComputedStyle(element);
  const read = (name: string): string => style.getPropertyValue(name).trim();
  return {
    line: read('--line'),
    muted: read('--muted'),
    bad: read('--bad'),
    font: `11px ${read('--font')}`,
    series: Array.from({ length: COLORS }, (_, i) => read(`--series-${i + 1}`)),
  };
}
