/**
 * The canvas a graph is drawn on, with pointer, wheel and pinch. Keys and words belong to the page
 * around it. Wheel pans, with Ctrl or Cmd (and pinch) it zooms, a drag moves the plane.
 */
import { useEffect, useRef, useSyncExternalStore, type KeyboardEvent, type ReactNode } from 'react';
import { GraphView, type Hover } from './graph-view';
import styles from './graph.module.css';
import { Minimap } from './Minimap';
import type { Scene } from './scene';

export interface GraphCanvasProps {
  readonly label: string;
  readonly scene: Scene;
  /** Another value: the scene is another map, shown whole. */
  readonly mapKey: string;
  readonly visible: boolean;
  readonly selected: number;
  readonly onView: (view: GraphView | undefined) => void;
  readonly onSelect: (node: number) => void;
  readonly onOpen: (node: number) => void;
  readonly onMenu: (node: number, x: number, y: number) => void;
  readonly onHover: (hover: Hover) => void;
  readonly onKeyDown: (event: KeyboardEvent) => void;
  readonly children?: ReactNode;
}

function onTheme(listener: () => void): () => void {
  const observer = new MutationObserver(listener);
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme'] });
  return () => observer.disconnect();
}

function themeNow(): string {
  return document.documentElement.dataset['theme'] ?? '';
}

/** A press that moves less than this is a click. */
const CLICK = 4;

export function GraphCanvas(props: GraphCanvasProps): ReactNode {
  const { label, scene, mapKey, visible, selected, onKeyDown, children } = props;
  const box = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const view = useRef<GraphView | undefined>(undefined);
  const shown = useRef('');
  const theme = useSyncExternalStore(onTheme, themeNow);
  const latest = useRef(props);
  useEffect(() => {
    latest.current = props;
  });

  useEffect(() => {
    if (!canvas.current || !box.current) return undefined;
    const made = new GraphView(canvas.current);
    view.current = made;
    latest.current.onView(made);
    const measure = (): void => {
      const rect = box.current?.getBoundingClientRect();
      if (rect && rect.width > 0)
        made.resize({ width: rect.width, height: rect.height }, window.devicePixelRatio || 1);
    };
    const observer = new ResizeObserver(measure);
    observer.observe(box.current);
    measure();
    const stop = listen(canvas.current, made, latest);
    return () => {
      stop();
      observer.disconnect();
      made.dispose();
      view.current = undefined;
      latest.current.onView(undefined);
    };
  }, []);

  useEffect(() => {
    view.current?.setTheme();
  }, [theme]);
  useEffect(() => {
    if (!visible) return;
    const fresh = shown.current !== mapKey && scene.nodes.length > 0;
    if (fresh) shown.current = mapKey;
    view.current?.setScene(scene, fresh);
  }, [scene, mapKey, visible]);
  useEffect(() => {
    if (view.current && view.current.selected !== selected) view.current.select(selected);
  }, [selected, scene]);

  return (
    <div ref={box} className={styles.box}>
      <canvas
        ref={canvas}
        className={styles.canvas}
        tabIndex={0}
        role="application"
        aria-label={label}
        aria-roledescription="graph"
        onKeyDown={onKeyDown}
      />
      <Minimap view={view} scene={scene} theme={theme} />
      {children}
    </div>
  );
}

/** Pointer and wheel; the answer takes the listeners away again. */
function listen(
  canvas: HTMLCanvasElement,
  view: GraphView,
  props: { current: GraphCanvasProps },
): () => void {
  const stop = new AbortController();
  const { signal } = stop;
  let press: { x: number; y: number; moved: boolean } | undefined;
  const at = (event: MouseEvent): readonly [number, number] => {
    const rect = canvas.getBoundingClientRect();
    return [event.clientX - rect.left, event.clientY - rect.top];
  };
  canvas.addEventListener(
    'wheel',
    (event) => {
      event.preventDefault();
      const [x, y] = at(event);
      const scale = event.deltaMode === 1 ? 18 : event.deltaMode === 2 ? 300 : 1;
      if (event.ctrlKey || event.metaKey) view.zoom(Math.exp(-event.deltaY * scale * 0.0025), x, y);
      else if (event.shiftKey) view.pan(event.deltaY * scale, 0);
      else view.pan(event.deltaX * scale, event.deltaY * scale);
    },
    { signal, passive: false },
  );
  canvas.addEventListener(
    'pointerdown',
    (event) => {
      if (event.button > 1) return;
      press = { x: event.clientX, y: event.clientY, moved: false };
      canvas.setPointerCapture(event.pointerId);
      canvas.focus();
    },
    { signal },
  );
  canvas.addEventListener(
    'pointermove',
    (event) => {
      const [x, y] = at(event);
      if (!press) return props.current.onHover(view.point(x, y));
      const dx = event.clientX - press.x;
      const dy = event.clientY - press.y;
      if (!press.moved && Math.hypot(dx, dy) < CLICK) return undefined;
      press = { x: event.clientX, y: event.clientY, moved: true };
      canvas.style.cursor = 'grabbing';
      view.pan(-dx, -dy);
      return props.current.onHover(undefined);
    },
    { signal },
  );
  const up = (event: PointerEvent): void => {
    const was = press;
    press = undefined;
    canvas.style.cursor = '';
    if (!was || was.moved || event.type === 'pointercancel') return;
    const hit = view.point(...at(event));
    props.current.onSelect(hit?.type === 'node' ? hit.node : -1);
  };
  canvas.addEventListener('pointerup', up, { signal });
  canvas.addEventListener('pointercancel', up, { signal });
  canvas.addEventListener(
    'pointerleave',
    () => {
      view.unpoint();
      props.current.onHover(undefined);
    },
    { signal },
  );
  canvas.addEventListener(
    'dblclick',
    (event) => {
      const hit = view.point(...at(event));
      if (hit?.type === 'node') props.current.onOpen(hit.node);
      else view.zoom(1.6, ...at(event));
    },
    { signal },
  );
  canvas.addEventListener(
    'contextmenu',
    (event) => {
      event.preventDefault();
      const hit = view.point(...at(event));
      if (hit?.type === 'node') props.current.onMenu(hit.node, event.clientX, event.clientY);
    },
    { signal },
  );
  return () => stop.abort();
}
