/** The whole graph small, with what is on screen framed; a press or drag moves there. */
import { useEffect, useRef, type PointerEvent, type ReactNode, type RefObject } from 'react';
import type { GraphView } from './graph-view';
import styles from './graph.module.css';
import type { Scene } from './scene';

const WIDTH = 168;
const MOST_HEIGHT = 112;

export interface MinimapProps {
  readonly view: RefObject<GraphView | undefined>;
  readonly scene: Scene;
  readonly theme: string;
}

export function Minimap({ view, scene, theme }: MinimapProps): ReactNode {
  const canvas = useRef<HTMLCanvasElement>(null);
  const frame = useRef<HTMLDivElement>(null);
  const box = useRef<HTMLDivElement>(null);
  const scale = Math.min(WIDTH / Math.max(1, scene.width), MOST_HEIGHT / Math.max(1, scene.height));
  const width = Math.max(24, Math.round(scene.width * scale));
  const height = Math.max(16, Math.round(scene.height * scale));

  useEffect(() => {
    const shown = view.current;
    const ctx = canvas.current?.getContext('2d');
    if (!shown || !ctx) return undefined;
    const { colors } = shown;
    ctx.clearRect(0, 0, width, height);
    ctx.fillStyle = colors.line;
    for (let i = 0; i < scene.boxes.length; i += 4) {
      ctx.fillRect(
        scene.boxes[i]! * scale,
        scene.boxes[i + 1]! * scale,
        Math.max(1, scene.boxes[i + 2]! * scale - 1),
        Math.max(1, scene.boxes[i + 3]! * scale - 1),
      );
    }
    for (const tone of ['warn', 'bad'] as const) {
      ctx.fillStyle = colors.tone[tone];
      scene.nodes.forEach((node, i) => {
        if (node.tone === tone)
          ctx.fillRect(scene.places[i * 2]! * scale, scene.places[i * 2 + 1]! * scale, 3, 2);
      });
    }
    const follow = (): void => {
      const { camera, size } = shown;
      const style = frame.current?.style;
      if (!style) return;
      const left = Math.max(0, camera.x * scale);
      const top = Math.max(0, camera.y * scale);
      const right = Math.min(width, (camera.x + size.width / camera.zoom) * scale);
      const bottom = Math.min(height, (camera.y + size.height / camera.zoom) * scale);
      // Of no use where everything is in sight.
      const whole = left <= 0 && top <= 0 && right >= width && bottom >= height;
      if (box.current) box.current.style.visibility = whole ? 'hidden' : 'visible';
      style.transform = `translate(${left}px, ${top}px)`;
      style.width = `${Math.max(4, right - left)}px`;
      style.height = `${Math.max(4, bottom - top)}px`;
    };
    shown.onDrawn = follow;
    follow();
    return () => {
      shown.onDrawn = undefined;
    };
  }, [view, scene, theme, scale, width, height]);

  const go = (event: PointerEvent<HTMLDivElement>): void => {
    const shown = view.current;
    if (!shown || event.buttons !== 1) return;
    const rect = event.currentTarget.getBoundingClientRect();
    const { size, camera } = shown;
    shown.steer({
      zoom: camera.zoom,
      x: (event.clientX - rect.left) / scale - size.width / camera.zoom / 2,
      y: (event.clientY - rect.top) / scale - size.height / camera.zoom / 2,
    });
  };

  if (scene.nodes.length === 0) return null;
  return (
    <div
      ref={box}
      className={styles.minimap}
      style={{ width, height }}
      aria-hidden="true"
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        go(event);
      }}
      onPointerMove={go}
    >
      <canvas ref={canvas} width={width} height={height} />
      <div ref={frame} className={styles.window} />
    </div>
  );
}
