/** Few points: recharts draws. Static on purpose; crosshair, brush and legend are drawn around it. */
import { useMemo, type ReactNode } from 'react';
import { CartesianGrid, Line, LineChart, XAxis, YAxis } from 'recharts';
import type { Picture } from './draw';
import { room, seriesColor, timeTick, timeTicks } from './model';

type Point = Readonly<Record<string, number | null>>;

export function RechartsPlot({ grid, axis, series, colors, width, height }: Picture): ReactNode {
  const span = Math.max(1, (grid.points - 1) * grid.step);
  const data = useMemo(() => {
    const out: Point[] = [];
    for (let i = 0; i < grid.points; i += 1) {
      const point: Record<string, number | null> = { at: grid.start + i * grid.step };
      for (let k = 0; k < series.length; k += 1) {
        const value = series[k]!.values[i]!;
        point[`s${k}`] = Number.isFinite(value) ? value : null;
      }
      out.push(point);
    }
    return out;
  }, [grid, series]);
  const low = axis.ticks[0] ?? 0;
  const high = axis.ticks[axis.ticks.length - 1] ?? 1;
  const text = { fill: 'var(--muted)', fontSize: 11 };
  return (
    <LineChart
      width={width}
      height={height}
      data={data}
      margin={{ top: room.top, right: room.right, bottom: 0, left: 0 }}
      accessibilityLayer={false}
    >
      <CartesianGrid vertical={false} stroke="var(--line)" />
      <XAxis
        dataKey="at"
        type="number"
        domain={[grid.start, grid.start + span]}
        ticks={timeTicks(grid, width - room.left - room.right) as number[]}
        tickFormatter={(at: number) => timeTick(at, span)}
        height={room.bottom}
        tickLine={false}
        axisLine={false}
        tick={text}
        interval={0}
      />
      <YAxis
        type="number"
        width={room.left}
        domain={[low, high]}
        ticks={axis.ticks as number[]}
        tickFormatter={axis.format}
        tickLine={false}
        axisLine={false}
        tick={text}
        interval={0}
        allowDataOverflow
      />
      {series.map((one, i) => (
        <Line
          key={one.id}
          dataKey={`s${i}`}
          type="linear"
          dot={false}
          activeDot={false}
          isAnimationActive={false}
          connectNulls={false}
          stroke={
            one.role === 'limit'
              ? 'var(--bad)'
              : one.role === 'request'
                ? 'var(--muted)'
                : seriesColor(colors[i] ?? 0)
          }
          strokeWidth={one.role === 'series' ? 1.5 : 1}
          {...(one.role === 'series' ? {} : { strokeDasharray: one.role === 'earlier' ? '2 3' : '5 4' })}
        />
      ))}
    </LineChart>
  );
}
