/** What fires and what is pending, with the objects it names; rules and targets beside it. */
import { useEffect, useMemo, useState, type ReactNode } from 'react';
import { metrics, type RulesAnswer, type TargetsAnswer } from '#shared/contract/metrics';
import type { Alert, AlertLink } from '#shared/domain/prom/alerts';
import { toAppError, type AppError } from '#shared/util/app-error';
import { visible } from '#shared/util/text';
import { useThisCluster } from '../../data/cluster-data';
import { useCluster, useClusterId } from '../../data/connections';
import type { PageProps } from '../../data/feature';
import { openDrawer } from '../../data/workbench';
import { Age } from '../../ui/Age';
import { Choice } from '../../ui/Choice';
import { EmptyState } from '../../ui/EmptyState';
import { ErrorState } from '../../ui/ErrorState';
import { StatusMark } from '../../ui/StatusMark';
import { TextField } from '../../ui/TextField';
import styles from './alerts.module.css';
import { RulesTable, TargetsTable } from './RulesTable';
import shared from './metrics.module.css';
import { SourcePanel } from './SourcePanel';
import { useSource } from './use-source';

const EVERY = 15_000;
type View = 'alerts' | 'rules' | 'targets';

interface Loaded<T> {
  readonly data: T | undefined;
  readonly error: AppError | undefined;
}

/** Asks at once and every 15 s while shown; the last answer stays. */
function usePolled<T>(ask: ((signal: AbortSignal) => Promise<T>) | undefined): Loaded<T> {
  const [state, setState] = useState<Loaded<T>>({ data: undefined, error: undefined });
  useEffect(() => {
    if (!ask) return undefined;
    const ended = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const turn = (): void => {
      ask(ended.signal).then(
        (data) => {
          if (ended.signal.aborted) return;
          setState({ data, error: undefined });
          timer = setTimeout(turn, EVERY);
        },
        (thrown: unknown) => {
          if (ended.signal.aborted) return;
          setState((before) => ({ ...before, error: toAppError(thrown) }));
          timer = setTimeout(turn, EVERY);
        },
      );
    };
    turn();
    return () => {
      ended.abort();
      clearTimeout(timer);
    };
  }, [ask]);
  return state;
}

export function AlertsPage({ visible: shown }: PageProps): ReactNode {
  const client = useCluster();
  const source = useSource();
  const [view, setView] = useState<View>('alerts');
  const [text, setText] = useState('');
  const ready = source?.phase === 'ready' && shown;
  const askRules = useMemo(
    () =>
      client && ready && view !== 'targets'
        ? (signal: AbortSignal): Promise<RulesAnswer> => client.call(metrics, 'rules', undefined, signal)
        : undefined,
    [client, ready, view],
  );
  const askTargets = useMemo(
    () =>
      client && ready && view === 'targets'
        ? (signal: AbortSignal): Promise<TargetsAnswer> => client.call(metrics, 'targets', undefined, signal)
        : undefined,
    [client, ready, view],
  );
  const rules = usePolled(askRules);
  const targets = usePolled(askTargets);
  if (source && source.phase !== 'ready')
    return (
      <div className={shared.page}>
        <SourcePanel source={source} />
      </div>
    );
  const error = view === 'targets' ? targets.error : (rules.error ?? rules.data?.error);
  const passes = (...words: readonly string[]): boolean =>
    words.join('\n').toLowerCase().includes(text.trim().toLowerCase());
  const alerts = (rules.data?.alerts ?? []).filter((one) =>
    passes(one.name, one.summary, one.severity, ...Object.values(one.labels)),
  );
  const firing = (rules.data?.alerts ?? []).filter((one) => one.state === 'firing').length;
  return (
    <div className={shared.page}>
      <div className={styles.tool}>
        <Choice
          label="What to show"
          value={view}
          options={[
            { value: 'alerts', label: `Alerts${rules.data ? ` ${firing}` : ''}` },
            { value: 'rules', label: 'Rules' },
            { value: 'targets', label: 'Targets' },
          ]}
          onChange={setView}
        />
        <TextField
          hideLabel
          label="Filter"
          placeholder="Name, label or summary"
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
        <span className={shared.muted}>From {source?.chosen?.title ?? 'Prometheus'}</span>
      </div>
      {error && <ErrorState title="Prometheus does not tell" error={error} />}
      {view === 'alerts' && rules.data && (
        <div role="list" aria-label="Alerts">
          {alerts.map((alert) => (
            <AlertLine key={alert.id} alert={alert} />
          ))}
          {alerts.length === 0 && (
            <EmptyState>
              {rules.data.alerts.length === 0
                ? 'No alert fires or is pending.'
                : 'No alert passes the filter.'}
            </EmptyState>
          )}
        </div>
      )}
      {view === 'rules' && rules.data && (
        <RulesTable
          rules={rules.data.rules.filter((one) => passes(one.name, one.group, one.query, one.state))}
        />
      )}
      {view === 'targets' && targets.data && (
        <TargetsTable
          targets={targets.data.targets.filter((one) =>
            passes(one.job, one.instance, one.url, one.health, one.error),
          )}
          dropped={targets.data.dropped}
        />
      )}
    </div>
  );
}

function AlertLine({ alert }: { readonly alert: Alert }): ReactNode {
  const { status } = useThisCluster();
  const { state, severity } = alert;
  const grave = severity === 'critical' || severity === 'error' || severity === 'high';
  const tone =
    state === 'pending'
      ? 'progress'
      : state !== 'firing'
        ? 'idle'
        : severity === 'none' || severity === 'info'
          ? 'idle'
          : grave
            ? 'bad'
            : 'warn';
  const { alertname: _name, severity: _severity, ...labels } = alert.labels;
  return (
    <div role="listitem" className={styles.alert} aria-label={alert.name}>
      <StatusMark tone={tone} />
      <span className={styles.state}>
        {state}
        {severity !== '' && severity !== 'none' ? `, ${visible(severity)}` : ''}
      </span>
      <span className={styles.age}>
        {alert.since !== null && <Age at={alert.since} offset={status?.clockOffset ?? 0} />}
      </span>
      <div className={styles.body}>
        <span className={styles.name}>{visible(alert.name)}</span>
        {alert.summary !== '' && <span className={styles.summary}>{visible(alert.summary)}</span>}
        <div className={styles.labels}>
          {alert.links.map((link) => (
            <ObjectLink key={`${link.kind}/${link.name}`} link={link} />
          ))}
          {Object.entries(labels)
            .filter(([, value]) => !alert.links.some((link) => link.name === value))
            .map(([key, value]) => (
              <span key={key} className={shared.muted}>
                {visible(key)}={visible(value)}
              </span>
            ))}
        </div>
      </div>
    </div>
  );
}

export function ObjectLink({ link }: { readonly link: AlertLink }): ReactNode {
  const clusterId = useClusterId();
  const { kindById } = useThisCluster();
  const kind = kindById.get(link.kind);
  const words = `${kind?.tag ?? link.kind} ${link.name}`;
  if (!kind) return <span className={shared.muted}>{visible(words)}</span>;
  return (
    <button
      type="button"
      className={styles.link}
      onClick={() => openDrawer(clusterId, { kind: link.kind, namespace: link.namespace, name: link.name })}
    >
      {visible(words)}
    </button>
  );
}
