/**
 * Who may connect to whom, workload by workload, drawn on a canvas of the size of the screen part.
 * Pointer or arrow keys move; Enter or a click shows ports and why beside it.
 */
import {
  useEffect,
  useMemo,
  useRef,
  useState,
  type KeyboardEvent,
  type MouseEvent,
  type ReactNode,
} from 'react';
import { netpol, type MatrixBatch, type NetpolQuestion } from '#shared/contract/netpol';
import { visible } from '#shared/util/text';
import { useCluster, useClusterId, useStream } from '../../data/connections';
import { useBench } from '../../data/workbench';
import { IconButton } from '../../ui/Button';
import { EmptyState } from '../../ui/EmptyState';
import { IconX } from '@tabler/icons-react';
import { Answer } from './Answer';
import { useAsk } from './AskView';
import { CELL, coloursOf, drawMatrix, LEFT, TOP, type At } from './matrix-draw';
import styles from './matrix.module.css';
import { openWords, shortId } from './words';

export function MatrixView({
  shown,
  enforced,
}: {
  readonly shown: boolean;
  readonly enforced: boolean | undefined;
}): ReactNode {
  const clusterId = useClusterId();
  const client = useCluster();
  const { namespaces } = useBench(clusterId);
  const input = useMemo(() => ({ namespaces: [...namespaces] }), [namespaces]);
  const { data } = useStream(shown ? client : undefined, netpol, 'matrix', input);
  const [chosen, setChosen] = useState<{ readonly from: string; readonly to: string } | null>(null);
  const question = useMemo(
    (): NetpolQuestion | undefined =>
      chosen
        ? {
            from: { type: 'workload', id: chosen.from },
            to: { type: 'workload', id: chosen.to },
            port: null,
            protocol: 'TCP',
          }
        : undefined,
    [chosen],
  );
  const answer = useAsk(shown ? question : undefined);
  if (!data) return <EmptyState>Reading pods and policies.</EmptyState>;
  if (data.tooMany !== undefined) {
    return (
      <EmptyState>
        {data.tooMany.toLocaleString('en')} workloads are too many for one picture. Choose namespaces above.
      </EmptyState>
    );
  }
  if (data.workloads.length === 0) return <EmptyState>No pods run in these namespaces.</EmptyState>;
  return (
    <div className={styles.view}>
      <Grid batch={data} chosen={chosen} onChoose={setChosen} />
      {chosen && (
        <aside className={styles.why} aria-label="Why">
          <div className={styles.whyHead}>
            <h2>
              {visible(shortId(chosen.from))} to {visible(shortId(chosen.to))}
            </h2>
            <IconButton label="Close" onClick={() => setChosen(null)}>
              <IconX />
            </IconButton>
          </div>
          {answer?.problem !== undefined && <p>{visible(answer.problem)}</p>}
          {answer?.answer && <Answer answer={answer.answer} enforced={enforced} />}
        </aside>
      )}
    </div>
  );
}

interface GridProps {
  readonly batch: MatrixBatch;
  readonly chosen: { readonly from: string; readonly to: string } | null;
  readonly onChoose: (pair: { readonly from: string; readonly to: string }) => void;
}

function Grid({ batch, chosen, onChoose }: GridProps): ReactNode {
  const scroller = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const [cursor, setCursor] = useState<At | null>(null);
  const [box, setBox] = useState({ width: 0, height: 0, left: 0, top: 0 });
  const [theme, setTheme] = useState(0);
  const size = batch.workloads.length;
  const places = useMemo(() => new Map(batch.workloads.map(({ id }, at) => [id, at])), [batch]);

  useEffect(() => {
    const element = scroller.current;
    if (!element) return undefined;
    const measure = (): void =>
      setBox({
        width: element.clientWidth,
        height: element.clientHeight,
        left: element.scrollLeft,
        top: element.scrollTop,
      });
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    element.addEventListener('scroll', measure, { passive: true });
    const themes = new MutationObserver(() => setTheme((before) => before + 1));
    themes.observe(document.documentElement, { attributeFilter: ['data-theme'] });
    return () => {
      observer.disconnect();
      themes.disconnect();
      element.removeEventListener('scroll', measure);
    };
  }, []);

  useEffect(() => {
    const element = canvas.current;
    if (!element || box.width === 0) return;
    const row = chosen ? places.get(chosen.from) : undefined;
    const column = chosen ? places.get(chosen.to) : undefined;
    const at = row === undefined || column === undefined ? null : { row, column };
    drawMatrix(element, batch, { ...box, cursor, chosen: at }, coloursOf(element));
  }, [batch, box, cursor, chosen, places, theme]);

  const cellAt = (event: MouseEvent<HTMLCanvasElement>): At | null => {
    const { left, top } = event.currentTarget.getBoundingClientRect();
    const column = Math.floor((event.clientX - left - LEFT + box.left) / CELL);
    const row = Math.floor((event.clientY - top - TOP + box.top) / CELL);
    if (event.clientX - left < LEFT || event.clientY - top < TOP) return null;
    return row >= 0 && row < size && column >= 0 && column < size ? { row, column } : null;
  };
  const choose = (at: At | null): void => {
    if (at) onChoose({ from: batch.workloads[at.row]!.id, to: batch.workloads[at.column]!.id });
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const step: readonly [number, number] | undefined = (
      { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] } as const
    )[event.key as 'ArrowUp'];
    if (event.key === 'Enter') choose(cursor);
    if (!step) return;
    event.preventDefault();
    const from = cursor ?? { row: 0, column: 0 };
    const bound = (value: number): number => Math.max(0, Math.min(size - 1, value));
    const next = cursor ? { row: bound(from.row + step[0]), column: bound(from.column + step[1]) } : from;
    setCursor(next);
    reveal(scroller.current, next);
  };
  return (
    <div className={styles.grid}>
      <p className={styles.legend}>
        <Legend />
        <span className={styles.now} role="status" aria-label="Cell">
          {cursor ? cellWords(batch, cursor) : ''}
        </span>
      </p>
      <div ref={scroller} className={styles.scroller}>
        <canvas
          ref={canvas}
          className={styles.canvas}
          style={{ width: box.width, height: box.height }}
          tabIndex={0}
          role="application"
          aria-label={`Matrix of ${size} workloads: arrow keys move, Enter shows why`}
          onKeyDown={onKeyDown}
          onMouseMove={(event) => setCursor(cellAt(event))}
          onMouseLeave={() => setCursor(null)}
          onClick={(event) => choose(cellAt(event))}
        />
        <div style={{ width: LEFT + size * CELL, height: TOP + size * CELL - box.height }} />
      </div>
    </div>
  );
}

function reveal(element: HTMLDivElement | null, { row, column }: At): void {
  if (!element) return;
  const x = column * CELL;
  const y = row * CELL;
  const [width, height] = [element.clientWidth - LEFT, element.clientHeight - TOP];
  if (x < element.scrollLeft) element.scrollLeft = x;
  else if (x + CELL > element.scrollLeft + width) element.scrollLeft = x + CELL - width;
  if (y < element.scrollTop) element.scrollTop = y;
  else if (y + CELL > element.scrollTop + height) element.scrollTop = y + CELL - height;
}

function cellWords({ workloads, cells, uneven, conns }: MatrixBatch, { row, column }: At): string {
  const from = workloads[row];
  const to = workloads[column];
  if (!from || !to) return '';
  const at = row * workloads.length + column;
  const part = uneven[at] === 1 ? ', not between all pods' : '';
  return visible(
    `${shortId(from.id)} to ${shortId(to.id)}: ${openWords(conns[cells[at] ?? 0] ?? '')}${part}`,
  );
}

function Legend(): ReactNode {
  return (
    <>
      <span className={styles.all} aria-hidden /> every port
      <span className={styles.part} aria-hidden /> some ports or pods
      <span className={styles.no} aria-hidden>
        ×
      </span>{' '}
      nothing
    </>
  );
}
