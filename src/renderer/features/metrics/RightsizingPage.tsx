/**
 * Requests and limits of workloads beside what they used, what they could be with the reasons, and the
 * waste. Changes nothing: a suggestion opens in the editor, where it is dry-run, compared and saved.
 */
import { useMemo, useState, type ReactNode } from 'react';
import { sizing } from '#shared/contract/sizing';
import { hoursText } from '#shared/domain/prom/rightsizing';
import { formatBytes, formatCpu } from '#shared/util/quantity';
import { visible } from '#shared/util/text';
import { useCluster } from '../../data/connections';
import { useClusterId } from '../../data/connections';
import type { PageProps } from '../../data/feature';
import { useBench } from '../../data/workbench';
import { Button } from '../../ui/Button';
import { EmptyState } from '../../ui/EmptyState';
import { ErrorState } from '../../ui/ErrorState';
import { TextField } from '../../ui/TextField';
import shared from './metrics.module.css';
import styles from './sizing.module.css';
import { orderRows, sizingRows, type SizingOrder } from './sizing-rows';
import { SizingRows } from './SizingRows';
import { SourcePanel } from './SourcePanel';
import { useAsked } from './use-asked';
import { useSource } from './use-source';

const spans: readonly (readonly [seconds: number, title: string])[] = [
  [3600, '1 h'],
  [21_600, '6 h'],
  [86_400, '1 d'],
  [604_800, '7 d'],
  [1_209_600, '14 d'],
  [2_592_000, '30 d'],
];
const headrooms = [0.1, 0.15, 0.25, 0.5] as const;
const MOST = 400;

export function RightsizingPage({ visible: shown }: PageProps): ReactNode {
  const clusterId = useClusterId();
  const client = useCluster();
  const source = useSource();
  const { namespaces } = useBench(clusterId);
  const [span, setSpan] = useState(86_400);
  const [headroom, setHeadroom] = useState(0.15);
  const [text, setText] = useState('');
  const [order, setOrder] = useState<{ by: SizingOrder; desc: boolean }>({ by: 'cpu', desc: true });
  const ready = source?.phase === 'ready';
  const names = useMemo(() => [...namespaces], [namespaces]);
  const asked = useAsked(
    client && ready && shown
      ? (signal) => client.call(sizing, 'rightsizing', { namespaces: names, span }, signal)
      : undefined,
    JSON.stringify([names, span, source?.chosen?.id]),
  );
  const { data, error, busy } = asked;
  const rows = useMemo(() => sizingRows(data?.workloads ?? [], headroom), [data, headroom]);
  const wanted = text.trim().toLowerCase();
  const found = useMemo(
    () =>
      orderRows(
        rows.filter(({ id }) => id.toLowerCase().includes(wanted)),
        order.by,
        order.desc,
      ),
    [rows, wanted, order],
  );
  if (source && !ready)
    return (
      <div className={shared.page}>
        <p className={shared.missing}>
          Rightsizing compares requests with use over days; that history is in a Prometheus.
        </p>
        <SourcePanel source={source} />
      </div>
    );
  const sum = (key: 'cpu' | 'memory'): number =>
    rows.reduce((all, row) => all + Math.max(0, row.waste[key]), 0);
  const lack = (key: 'cpu' | 'memory'): number =>
    rows.reduce((all, row) => all + Math.min(0, row.waste[key]), 0);
  const bare = rows.filter(({ workload }) =>
    workload.containers.some((one) => one.cpuRequest === null || one.memoryRequest === null),
  ).length;
  return (
    <div className={styles.page}>
      <div className={styles.tool} role="toolbar" aria-label="Rightsizing">
        <label className={styles.pick}>
          Use of the last
          <select aria-label="Time" value={span} onChange={(event) => setSpan(Number(event.target.value))}>
            {spans.map(([seconds, title]) => (
              <option key={seconds} value={seconds}>
                {title}
              </option>
            ))}
          </select>
        </label>
        <label className={styles.pick}>
          to spare
          <select
            aria-label="To spare"
            value={headroom}
            onChange={(event) => setHeadroom(Number(event.target.value))}
          >
            {headrooms.map((one) => (
              <option key={one} value={one}>
                {Math.round(one * 100)}%
              </option>
            ))}
          </select>
        </label>
        <TextField
          hideLabel
          label="Filter"
          placeholder="Workload or namespace"
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
        <Button onClick={asked.again} disabled={busy}>
          {busy ? 'Measuring' : 'Measure again'}
        </Button>
        <span className={styles.grow} />
        <span className={styles.muted}>
          {names.length === 0 ? 'All namespaces' : names.map((name) => visible(name)).join(', ')}
        </span>
      </div>
      {error && !data && <ErrorState title="Use cannot be measured" error={error} onRetry={asked.again} />}
      {data && (
        <>
          <div className={styles.facts} role="status" aria-label="Summary">
            <span>
              Reserved and not used: <b>{formatCpu(sum('cpu'))}</b> cores, <b>{formatBytes(sum('memory'))}</b>
            </span>
            <span>
              Used beyond what is reserved: <b>{formatCpu(-lack('cpu'))}</b> cores,{' '}
              <b>{formatBytes(-lack('memory'))}</b>
            </span>
            <span>
              {bare} of {rows.length} workloads lack a request
            </span>
            <span className={styles.muted}>
              over {hoursText(data.span)}, a value each {data.step} s
            </span>
          </div>
          {(data.notes.length > 0 || error) && (
            <div className={styles.notes}>
              {error && <p>Not measured again: {visible(error.message)}</p>}
              {data.notes.map((note) => (
                <p key={note}>{visible(note)}</p>
              ))}
            </div>
          )}
          <div className={styles.scroll}>
            {found.length === 0 ? (
              <EmptyState>
                {rows.length === 0
                  ? 'No Deployment, StatefulSet or DaemonSet here.'
                  : 'No workload passes the filter.'}
              </EmptyState>
            ) : (
              <SizingRows
                rows={found.slice(0, MOST)}
                order={order}
                onOrder={(by) => setOrder((now) => ({ by, desc: now.by === by ? !now.desc : by !== 'name' }))}
              />
            )}
            {found.length > MOST && (
              <p className={styles.muted}>
                {found.length - MOST} more workloads. Filter, or choose namespaces above.
              </p>
            )}
          </div>
        </>
      )}
      {!data && !error && <EmptyState>Measuring the last {hoursText(span)}.</EmptyState>}
    </div>
  );
}
