/** One chart of many points that is given new data again and again; tells what each refresh cost. */
import '../../../src/renderer/ui/theme/tokens.css';
import '../../../src/renderer/ui/theme/base.css';
import { useState, type ReactNode } from 'react';
import { flushSync } from 'react-dom';
import { createRoot } from 'react-dom/client';
import { axisFor, formatValue } from '../../../src/shared/domain/prom/units';
import { Chart } from '../../../src/renderer/ui/chart/Chart';
import type { ChartSeries } from '../../../src/renderer/ui/chart/model';

interface Ask {
  readonly renderer: 'canvas' | 'recharts';
  readonly series: number;
  readonly points: number;
  readonly refreshes: number;
}

const axis = (min: number, max: number): ReturnType<typeof axisFor> => axisFor('cores', min, max);
const format = (value: number): string => formatValue('cores', value);
const frame = (): Promise<void> =>
  new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve, 0)));

function dataOf(turn: number, { series, points }: Ask): readonly ChartSeries[] {
  return Array.from({ length: series }, (_, s) => ({
    id: `web-${s}`,
    title: `web-${s}`,
    role: 'series' as const,
    values: Float64Array.from({ length: points }, (_, i) =>
      (i + turn) % 211 === 0 ? NaN : 1 + s / 3 + Math.sin((i + turn) / 30 + s),
    ),
  }));
}

async function measure(ask: Ask): Promise<readonly number[]> {
  const root = createRoot(document.getElementById('root')!);
  let show: (turn: number) => void = () => undefined;
  const prepared = Array.from({ length: ask.refreshes }, (_, turn) => dataOf(turn, ask));
  function Page(): ReactNode {
    const [turn, setTurn] = useState(0);
    show = setTurn;
    const grid = { start: 1_795_000_000 + turn * 15, step: 15, points: ask.points };
    return (
      <Chart
        title="CPU"
        group="bench"
        grid={grid}
        series={prepared[turn] ?? []}
        axisFor={axis}
        format={format}
        renderer={ask.renderer}
      />
    );
  }
  root.render(<Page />);
  for (let i = 0; i < 20; i += 1) await frame();
  const times: number[] = [];
  for (let turn = 1; turn < ask.refreshes; turn += 1) {
    await frame();
    const began = performance.now();
    flushSync(() => show(turn));
    // Style and layout are part of what a refresh costs.
    void document.body.offsetHeight;
    times.push(performance.now() - began);
  }
  const drawn = document.querySelector(ask.renderer === 'canvas' ? 'canvas' : '.recharts-line');
  root.unmount();
  if (!drawn) throw new Error('nothing was drawn');
  return times;
}

Object.assign(window, { measure });
