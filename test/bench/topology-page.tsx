/**
 * The page `bench topology` draws in: the app's own canvas with a generated map. Times are the page's:
 * from the map's arrival to the first frame that shows it, and between frames while it moves.
 */
import { useState, type ReactNode } from 'react';
import { flushSync } from 'react-dom';
import { createRoot } from 'react-dom/client';
import { GraphCanvas } from '../../src/renderer/ui/graph/GraphCanvas';
import type { GraphView } from '../../src/renderer/ui/graph/graph-view';
import { emptyScene, makeScene, type GraphInput, type Scene } from '../../src/renderer/ui/graph/scene';
import '../../src/renderer/ui/theme/tokens.css';

export interface MapData {
  readonly nodes: GraphInput['nodes'];
  readonly frames: GraphInput['frames'];
  readonly terms: GraphInput['terms'];
  readonly places: readonly number[];
  readonly boxes: readonly number[];
  readonly edges: readonly number[];
  readonly width: number;
  readonly height: number;
}

let view: GraphView | undefined;
let show: (scene: Scene, key: string) => void = () => undefined;
let received: MapData | undefined;
let turn = 0;

function Page(): ReactNode {
  const [shown, setShown] = useState<{ scene: Scene; key: string }>({ scene: emptyScene, key: '' });
  show = (scene, key) => flushSync(() => setShown({ scene, key }));
  return (
    <GraphCanvas
      label="bench"
      scene={shown.scene}
      mapKey={shown.key}
      visible
      selected={-1}
      onView={(made) => (view = made)}
      onSelect={() => undefined}
      onOpen={() => undefined}
      onMenu={() => undefined}
      onHover={() => undefined}
      onKeyDown={() => undefined}
    />
  );
}

const frame = (): Promise<number> => new Promise((done) => requestAnimationFrame(done));

async function paintOnce(): Promise<number> {
  if (!received) throw new Error('no data');
  const { places, boxes, edges, ...rest } = received;
  // As they come out of a port: typed arrays of their own.
  const input = {
    ...rest,
    places: Float32Array.from(places),
    boxes: Float32Array.from(boxes),
    edges: Int32Array.from(edges),
  };
  await frame();
  await frame();
  const began = performance.now();
  show(makeScene(input), `map ${(turn += 1)}`);
  // Drawn in the next frame; the one after begins when that is on its way to the screen.
  await frame();
  await frame();
  return performance.now() - began;
}

/** Zooms from the whole to where text is read and pans there, then back, for about `ms`. */
async function move(ms: number): Promise<number[]> {
  const shown = view;
  if (!shown) throw new Error('no view');
  shown.fitAll();
  for (let n = 0; n < 30; n += 1) await frame();
  const gaps: number[] = [];
  const began = performance.now();
  let last = await frame();
  const whole = shown.camera.zoom;
  while (performance.now() - began < ms) {
    const t = (performance.now() - began) / ms;
    // In, along, out again: every level of detail is passed twice.
    if (t < 0.4) shown.zoom((1.1 / whole) ** (1 / 60));
    else if (t < 0.6) shown.pan(14, 6);
    else if (shown.camera.zoom > whole) shown.zoom((whole / 1.1) ** (1 / 60));
    else shown.pan(-6, -3);
    const now = await frame();
    gaps.push(now - last);
    last = now;
  }
  return gaps;
}

declare global {
  interface Window {
    graphBench: {
      receive(data: MapData): void;
      paintOnce(): Promise<number>;
      move(ms: number): Promise<number[]>;
      stillFrames(count: number): Promise<number[]>;
    };
  }
}

window.graphBench = {
  receive: (data) => (received = data),
  paintOnce,
  move,
  stillFrames: async (count) => {
    const gaps: number[] = [];
    let last = await frame();
    for (let n = 0; n < count; n += 1) {
      const now = await frame();
      gaps.push(now - last);
      last = now;
    }
    return gaps;
  },
};

document.documentElement.dataset['theme'] = 'dark';
createRoot(document.getElementById('root') as HTMLElement).render(<Page />);
