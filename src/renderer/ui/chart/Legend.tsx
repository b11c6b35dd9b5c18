/** The legend as a table: last, lowest, highest; under the crosshair the value of its moment. Sorts by any column. */
import { useMemo, useState, useSyncExternalStore, type ReactNode } from 'react';
import styles from './chart.module.css';
import { followMoment, momentOf } from './crosshair';
import { seriesColor, summarize, type ChartGrid, type ChartSeries } from './model';

export interface LegendProps {
  readonly group: string;
  readonly grid: ChartGrid;
  readonly series: readonly ChartSeries[];
  readonly colors: readonly number[];
  readonly hidden: ReadonlySet<string>;
  readonly format: (value: number) => string;
  /** A click shows only this line; with Ctrl it toggles. */
  readonly onToggle: (id: string, only: boolean) => void;
}

type By = 'title' | 'last' | 'min' | 'max';
const heads: readonly (readonly [By, string])[] = [
  ['last', 'Last'],
  ['min', 'Min'],
  ['max', 'Max'],
];

export function Legend(props: LegendProps): ReactNode {
  const { group, grid, series, colors, hidden, format, onToggle } = props;
  const [sort, setSort] = useState<{ by: By; desc: boolean } | null>(null);
  const moment = useSyncExternalStore(
    (listener) => followMoment(group, listener),
    () => momentOf(group),
  );
  const rows = useMemo(
    () => series.map((one, i) => ({ one, color: colors[i] ?? 0, ...summarize(one.values) })),
    [series, colors],
  );
  const sorted = useMemo(() => {
    if (!sort) return rows;
    const { by } = sort;
    const sign = sort.desc ? -1 : 1;
    return [...rows].sort((a, b) => {
      if (by === 'title') return a.one.title < b.one.title ? -sign : sign;
      const [x, y] = [a[by], b[by]];
      if (x !== x) return 1;
      return y !== y ? -1 : (x - y) * sign;
    });
  }, [rows, sort]);
  const place = moment === null ? -1 : Math.round((moment - grid.start) / grid.step);
  const inside = place >= 0 && place < grid.points;
  const order = (by: By): void =>
    setSort((now) => (now?.by !== by ? { by, desc: by !== 'title' } : now.desc ? { by, desc: false } : null));
  const aria = (by: By): 'ascending' | 'descending' | 'none' =>
    sort?.by === by ? (sort.desc ? 'descending' : 'ascending') : 'none';
  return (
    <div className={styles.legendBox}>
      <table className={styles.legend}>
        <thead>
          <tr>
            <th aria-sort={aria('title')}>
              <button type="button" onClick={() => order('title')}>
                Series
              </button>
            </th>
            {heads.map(([by, title]) => (
              <th key={by} aria-sort={aria(by)}>
                <button type="button" onClick={() => order(by)}>
                  {by === 'last' && inside ? 'Here' : title}
                </button>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {sorted.map(({ one, color, last, min, max }) => (
            <tr key={one.id} data-off={hidden.has(one.id) || undefined}>
              <td>
                <button
                  type="button"
                  className={styles.entry}
                  aria-pressed={!hidden.has(one.id)}
                  data-tip={one.title}
                  onClick={(event) => onToggle(one.id, !(event.ctrlKey || event.metaKey))}
                >
                  <span
                    className={styles.swatch}
                    data-role={one.role}
                    style={
                      one.role === 'series'
                        ? { background: seriesColor(color) }
                        : one.role === 'earlier'
                          ? { borderTopColor: seriesColor(color) }
                          : undefined
                    }
                  />
                  <span className={styles.cut}>{one.title}</span>
                </button>
              </td>
              <td>{format(inside ? (one.values[place] ?? NaN) : last)}</td>
              <td>{format(min)}</td>
              <td>{format(max)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
