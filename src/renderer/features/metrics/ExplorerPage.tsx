/** PromQL by hand: several queries, completion, now or over time, as table or graph, history, export. */
import { useMemo, useRef, useState, type ReactNode } from 'react';
import type { RangeAnswer } from '#shared/contract/metrics';
import { axisFor, formatValue } from '#shared/domain/prom/units';
import { visible } from '#shared/util/text';
import { copyText } from '../../data/clipboard';
import { useApp, useCluster, useClusterId } from '../../data/connections';
import type { PageProps } from '../../data/feature';
import { saveFile } from '../../data/save-file';
import { Button } from '../../ui/Button';
import { Chart } from '../../ui/chart/Chart';
import { Choice } from '../../ui/Choice';
import { EmptyState } from '../../ui/EmptyState';
import { ExemplarList } from './ExemplarList';
import styles from './explorer.module.css';
import { instantCsv, instantJson, rangeCsv, rangeJson } from './export';
import { Favourites } from './Favourites';
import { History } from './History';
import shared from './metrics.module.css';
import { MetricSearch } from './MetricSearch';
import { namesOf } from './names';
import {
  addQuery,
  answeredOf,
  dotsOf,
  joinInstants,
  joinLines,
  joinRanges,
  MOST_QUERIES,
  removeQuery,
  resultWords,
  shownIds,
  shownResults,
  type QueryRow,
  type Shown,
} from './queries';
import { QueryRows } from './QueryRows';
import { ResultTable } from './ResultTable';
import { SourcePanel } from './SourcePanel';
import { setTime, useTime, zoomTo } from './time';
import { TimeBar } from './TimeBar';
import { useQueries, type Mode } from './use-queries';
import { useSource } from './use-source';

const axis = (min: number, max: number): ReturnType<typeof axisFor> => axisFor('none', min, max);
const format = (value: number): string => formatValue('none', value);

export function ExplorerPage({ tab, visible: shown }: PageProps): ReactNode {
  const clusterId = useClusterId();
  const client = useCluster();
  const source = useSource();
  const time = useTime(clusterId);
  const [rows, setRows] = useState<readonly QueryRow[]>([
    { id: 'A', text: tab.params['expr'] ?? '', hidden: false },
  ]);
  const [active, setActive] = useState('A');
  const [mode, setMode] = useState<Mode>('range');
  const [width, setWidth] = useState(900);
  const [copied, setCopied] = useState('');
  const [finding, setFinding] = useState(false);
  const inserters = useRef(new Map<string, (text: string) => void>());
  const names = useMemo(() => client && namesOf(client), [client]);
  const ready = source?.phase === 'ready';
  const first = useRef(rows.map(({ id, text }) => ({ id, expr: text }))).current;
  const { results, busy, run, cancel } = useQueries({ source, time, mode, width, shown, first });
  // What is written meanwhile makes no other answer.
  const ids = shownIds(rows);
  const { seen, answered, instant, range } = useMemo(() => {
    const all = shownResults(ids, results);
    const good = answeredOf(all);
    return { seen: all, answered: good, instant: joinInstants(good), range: joinRanges(good) };
  }, [ids, results]);

  const ask = (next: readonly QueryRow[]): void =>
    run(next.filter((row) => !row.hidden).map(({ id, text }) => ({ id, expr: text })));
  const change = (next: readonly QueryRow[]): void => {
    setRows(next);
    ask(next);
  };
  const current = rows.find(({ id }) => id === active) ?? rows[0];
  const write = (id: string, text: string): void =>
    setRows((now) => now.map((row) => (row.id === id ? { ...row, text } : row)));
  const add = (text: string): void => {
    // An empty row is there to be written into.
    if (current?.text.trim() === '' && text !== '') write(current.id, text);
    else {
      const next = addQuery(rows, text);
      if (!next) return;
      setRows(next);
      setActive(next.at(-1)?.id ?? 'A');
    }
  };

  if (source && !ready)
    return (
      <div className={shared.page}>
        <SourcePanel source={source} />
      </div>
    );
  const copy = (what: string, make: () => string): void => {
    void copyText(make()).then((done) => done && setCopied(what));
  };
  const csv = (): string => (instant ? instantCsv(instant) : range ? rangeCsv(range) : '');
  const json = (): string => (instant ? instantJson(instant) : range ? rangeJson(range) : '');
  return (
    <div className={styles.page}>
      <div className={styles.query}>
        <QueryRows
          rows={rows}
          results={results}
          names={names}
          onText={write}
          onRun={() => ask(rows)}
          onHide={(id) => change(rows.map((row) => (row.id === id ? { ...row, hidden: !row.hidden } : row)))}
          onRemove={(id) => change(removeQuery(rows, id))}
          onActive={setActive}
          onInserter={(id, insert) => inserters.current.set(id, insert)}
        />
        <div className={styles.tools}>
          <Button
            look="primary"
            disabled={!ready || rows.every((row) => row.hidden || row.text.trim() === '')}
            onClick={() => ask(rows)}
          >
            Run
          </Button>
          {busy && (
            <Button look="quiet" onClick={cancel}>
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
          <Button look="quiet" disabled={rows.length >= MOST_QUERIES} onClick={() => add('')}>
            Add query
          </Button>
          <Button look="quiet" aria-expanded={finding} disabled={!ready} onClick={() => setFinding(!finding)}>
            Find a metric
          </Button>
          <History onChoose={(expr) => current && write(current.id, expr)} />
          <Favourites text={current?.text ?? ''} onChoose={(expr) => current && write(current.id, expr)} />
          <TimeBar clusterId={clusterId} />
        </div>
        {finding && names && (
          <MetricSearch
            names={names}
            onInsert={(text) => current && inserters.current.get(current.id)?.(text)}
            onQuery={add}
          />
        )}
      </div>
      {answered.length > 0 && (
        <div className={styles.result}>
          <div className={styles.facts} role="status" aria-label="Result">
            {answered.map(({ id, result }) => (
              <span key={id}>
                {rows.length > 1 ? `${id}: ` : ''}
                {resultWords(result)}
                {(result.instant ?? result.range)?.warnings.map((warning) => (
                  <span key={warning} className={shared.warn}>
                    {' '}
                    {visible(warning)}
                  </span>
                ))}
              </span>
            ))}
            <span className={shared.grow} />
            {copied !== '' && <span className={shared.muted}>{copied} copied</span>}
            <Button look="quiet" onClick={() => copy('CSV', csv)}>
              Copy CSV
            </Button>
            <Button look="quiet" onClick={() => copy('JSON', json)}>
              Copy JSON
            </Button>
          </div>
          {mode === 'range' && range && (
            <Graph clusterId={clusterId} seen={answered} answer={range} onWidth={setWidth} />
          )}
          {mode === 'instant' &&
            answered.map(
              ({ id, result }) =>
                result.instant && (
                  <section key={id} aria-label={`Values of query ${id}`}>
                    {answered.length > 1 && (
                      <h3 className={styles.of}>
                        <span className={styles.letter}>{id}</span> <code>{visible(result.expr)}</code>
                      </h3>
                    )}
                    <ResultTable answer={result.instant} />
                  </section>
                ),
            )}
        </div>
      )}
      {seen.length === 0 && (
        <EmptyState>
          Write a query and run it with Ctrl Enter. Completion knows the metrics of this Prometheus.
        </EmptyState>
      )}
    </div>
  );
}

interface GraphProps {
  readonly clusterId: string;
  readonly seen: readonly Shown[];
  readonly answer: RangeAnswer;
  readonly onWidth: (width: number) => void;
}

function Graph({ clusterId, seen, answer, onWidth }: GraphProps): ReactNode {
  const app = useApp();
  const [saved, setSaved] = useState('');
  const chart = useMemo(() => joinLines(seen), [seen]);
  const dots = useMemo(() => dotsOf(seen), [seen]);
  const exemplars = seen.flatMap(({ result }) => result.exemplars?.found ?? []);
  const total = seen.reduce((sum, { result }) => sum + (result.exemplars?.total ?? 0), 0);
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
      dots={dots}
      axisFor={axis}
      format={format}
      height={320}
      note={saved || (chart.cut > 0 ? `${chart.cut} more series not drawn` : '')}
      empty="The query has no series in this time."
      onPng={
        app &&
        ((draw) => {
          const time = new Date(answer.end * 1000).toISOString().slice(0, 16).replace(':', '');
          const drawn = async function* (): AsyncGenerator<Uint8Array> {
            yield await draw();
          };
          void saveFile(app, `metrics-${time}.png`, drawn).then(setSaved);
        })
      }
      onWidth={onWidth}
      onZoom={(from, to) => zoomTo(clusterId, from, to)}
      onReset={() => setTime(clusterId, { zoom: null })}
    >
      {total > 0 && <ExemplarList found={exemplars} total={total} />}
    </Chart>
  );
}
