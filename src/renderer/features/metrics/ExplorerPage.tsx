/** PromQL by hand: completion, now or over time, as table or graph, history, export. */
import { lazy, Suspense, useEffect, useMemo, useRef, useState, type ReactNode } from 'react';
import { metrics, type InstantAnswer, type RangeAnswer } from '#shared/contract/metrics';
import { rangeFor } from '#shared/domain/prom/range';
import { axisFor, formatValue } from '#shared/domain/prom/units';
import { toAppError, type AppError } from '#shared/util/app-error';
import { visible } from '#shared/util/text';
import { copyText } from '../../data/clipboard';
import { useCluster, useClusterId } from '../../data/connections';
import type { PageProps } from '../../data/feature';
import { Button } from '../../ui/Button';
import { Chart } from '../../ui/chart/Chart';
import { Choice } from '../../ui/Choice';
import { EmptyState } from '../../ui/EmptyState';
import styles from './explorer.module.css';
import { instantCsv, instantJson, rangeCsv, rangeJson } from './export';
import { Favourites } from './Favourites';
import { History } from './History';
import { remember } from './history-store';
import shared from './metrics.module.css';
import { namesOf } from './names';
import { ResultTable } from './ResultTable';
import { SourcePanel } from './SourcePanel';
import { setTime, useTime, zoomTo } from './time';
import { TimeBar } from './TimeBar';
import { toChart } from './to-chart';
import { useSource } from './use-source';

const PromqlEditor = lazy(async () => ({
  default: (await import('../../ui/chart/PromqlEditor')).PromqlEditor,
}));

type Mode = 'range' | 'instant';
interface Result {
  readonly expr: string;
  readonly instant?: InstantAnswer;
  readonly range?: RangeAnswer;
  readonly error?: AppError;
  readonly took: number;
}

const axis = (min: number, max: number): ReturnType<typeof axisFor> => axisFor('none', min, max);
const format = (value: number): string => formatValue('none', value);

export function ExplorerPage({ tab, visible: shown }: PageProps): ReactNode {
  const clusterId = useClusterId();
  const client = useCluster();
  const source = useSource();
  const time = useTime(clusterId);
  const given = tab.params['expr'] ?? '';
  const [text, setText] = useState(given);
  const [mode, setMode] = useState<Mode>('range');
  const [result, setResult] = useState<Result | undefined>(undefined);
  const [busy, setBusy] = useState(false);
  const [width, setWidth] = useState(900);
  const [copied, setCopied] = useState('');
  const running = useRef<AbortController | undefined>(undefined);
  const names = useMemo(() => client && namesOf(client), [client]);
  const ready = source?.phase === 'ready';

  const run = async (expr: string): Promise<void> => {
    if (!client || expr.trim() === '') return;
    running.current?.abort();
    const mine = new AbortController();
    running.current = mine;
    setBusy(true);
    const began = performance.now();
    const took = (): number => Math.round(performance.now() - began);
    try {
      const now = (Date.now() + (source?.clockSkew ?? 0)) / 1000;
      if (mode === 'instant') {
        const at = time.zoom?.to;
        const instant = await client.call(
          metrics,
          'query',
          { expr, ...(at === undefined ? {} : { at }) },
          mine.signal,
        );
        setResult({ expr, instant, took: took() });
      } else {
        const range = rangeFor(
          time.zoom?.from ?? now - time.span,
          time.zoom?.to ?? now,
          width,
          source?.schema?.scrape ?? 30,
        );
        setResult({
          expr,
          range: await client.call(metrics, 'range', { expr, ...range }, mine.signal),
          took: took(),
        });
      }
      remember(expr);
    } catch (thrown) {
      const error = toAppError(thrown);
      if (!mine.signal.aborted) setResult({ expr, error, took: took() });
    } finally {
      if (running.current === mine) setBusy(false);
    }
  };
  const latest = useRef(run);
  latest.current = run;
  const asked = result?.expr ?? given;
  useEffect(() => {
    if (ready && shown && asked !== '') void latest.current(asked);
    // eslint-disable-next-line react-hooks/exhaustive-deps -- a new query runs by hand; a new time or mode by itself
  }, [ready, mode, time.span, time.zoom, time.asked]);
  useEffect(() => {
    if (!shown || !ready || time.every === 0 || time.zoom || !result || busy) return undefined;
    const timer = setTimeout(() => void latest.current(result.expr), time.every * 1000);
    return () => clearTimeout(timer);
  }, [shown, ready, time.every, time.zoom, result, busy]);
  useEffect(() => () => running.current?.abort(), []);

  if (source && !ready && source.steps.length > 0)
    return (
      <div className={shared.page}>
        <SourcePanel source={source} />
      </div>
    );
  const answer = result?.instant ?? result?.range;
  const problem = answer?.problem;
  const copy = (what: string, make: () => string): void => {
    void copyText(make()).then((done) => done && setCopied(what));
  };
  return (
    <div className={styles.page}>
      <div className={styles.query}>
        {names && (
          <Suspense fallback={<div className={styles.placeholder} />}>
            <PromqlEditor
              text={text}
              onChange={setText}
              onRun={() => void run(text)}
              names={names}
              problem={problem && result?.expr === text ? problem : undefined}
            />
          </Suspense>
        )}
        <div className={styles.tools}>
          <Button look="primary" disabled={!ready || text.trim() === ''} onClick={() => void run(text)}>
            Run
          </Button>
          {busy && (
            <Button look="quiet" onClick={() => running.current?.abort()}>
              Cancel
            </Button>
          )}
          <Choice
            label="Kind of query"
            value={mode}
            options={[
              { value: 'range', label: 'Over time' },
              { value: 'instant', label: 'Now' },
            ]}
            onChange={setMode}
          />
          <History onChoose={setText} />
          <Favourites text={text} onChoose={setText} />
          <TimeBar clusterId={clusterId} />
        </div>
      </div>
      {(problem ?? result?.error) && (
        <p className={styles.problem} role="alert">
          {visible(problem?.message ?? result?.error?.message ?? '')} {result?.error?.hint}
        </p>
      )}
      {answer && !problem && (
        <div className={styles.result}>
          <div className={styles.facts} role="status" aria-label="Result">
            {words(answer, result?.took ?? 0)}
            {answer.warnings.map((warning) => (
              <span key={warning} className={shared.warn}>
                {visible(warning)}
              </span>
            ))}
            <span className={shared.grow} />
            {copied !== '' && <span className={shared.muted}>{copied} copied</span>}
            <Button
              look="quiet"
              onClick={() =>
                copy('CSV', () =>
                  result?.instant ? instantCsv(result.instant) : rangeCsv(answer as RangeAnswer),
                )
              }
            >
              Copy CSV
            </Button>
            <Button
              look="quiet"
              onClick={() =>
                copy('JSON', () =>
                  result?.instant ? instantJson(result.instant) : rangeJson(answer as RangeAnswer),
                )
              }
            >
              Copy JSON
            </Button>
          </div>
          {result?.range && <Graph clusterId={clusterId} answer={result.range} onWidth={setWidth} />}
          {result?.instant && <ResultTable answer={result.instant} />}
        </div>
      )}
      {!answer && !result?.error && (
        <EmptyState>
          Write a query and run it with Ctrl Enter. Completion knows the metrics of this Prometheus.
        </EmptyState>
      )}
    </div>
  );
}

function words(answer: InstantAnswer | RangeAnswer, took: number): string {
  const many = answer.total.toLocaleString('en');
  const parts = [
    'series' in answer ? `${many} series` : `${many} ${answer.total === 1 ? 'value' : 'values'}`,
  ];
  if ('series' in answer) {
    parts.push(`step ${answer.step} s`);
    if (answer.total - answer.duplicates > answer.series.length)
      parts.push(`the first ${answer.series.length.toLocaleString('en')} are here`);
    if (answer.duplicates > 0) parts.push(`${answer.duplicates} duplicates joined`);
    if (answer.notNumbers > 0) parts.push(`${answer.notNumbers} samples are NaN`);
  } else if (answer.total > answer.rows.length)
    parts.push(`the first ${answer.rows.length.toLocaleString('en')} are here`);
  if (answer.histograms > 0) parts.push(`${answer.histograms} native histograms are not shown`);
  return `${parts.join(', ')}, ${took} ms`;
}

interface GraphProps {
  readonly clusterId: string;
  readonly answer: RangeAnswer;
  readonly onWidth: (width: number) => void;
}

function Graph({ clusterId, answer, onWidth }: GraphProps): ReactNode {
  const chart = useMemo(() => toChart([{ expr: '', role: 'series', title: [] }], [answer]), [answer]);
  const grid = {
    start: answer.start,
    step: answer.step,
    points: Math.floor((answer.end - answer.start) / answer.step + 1e-9) + 1,
  };
  return (
    <Chart
      title="Graph"
      group={clusterId}
      grid={grid}
      series={chart.series}
      axisFor={axis}
      format={format}
      height={320}
      note={chart.cut > 0 ? `${chart.cut} more series not drawn` : ''}
      empty="The query has no series in this time."
      onWidth={onWidth}
      onZoom={(from, to) => zoomTo(clusterId, from, to)}
      onReset={() => setTime(clusterId, { zoom: null })}
    />
  );
}
