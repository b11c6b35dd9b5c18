/** What fires and what is pending, with the objects it names; rules and targets beside it. */
import { useEffect, useMemo, useState, type ReactNode } from 'react';
import { alertmanager, type AlertmanagerAnswer } from '#shared/contract/alertmanager';
import { metrics, type RulesAnswer, type TargetsAnswer } from '#shared/contract/metrics';
import type { ManagedAlert } from '#shared/domain/prom/alertmanager';
import type { Labels } from '#shared/domain/prom/answer';
import { toAppError, type AppError } from '#shared/util/app-error';
import { useCluster, useClusterId } from '../../data/connections';
import { readOnlyReason } from '../../data/confirm';
import type { PageProps } from '../../data/feature';
import { deniedWords, useCan, type AccessQuestion } from '../../data/use-can';
import { Choice } from '../../ui/Choice';
import { EmptyState } from '../../ui/EmptyState';
import { ErrorState } from '../../ui/ErrorState';
import { TextField } from '../../ui/TextField';
import { AlertLine } from './AlertLine';
import styles from './alerts.module.css';
import { RulesTable, TargetsTable } from './RulesTable';
import shared from './metrics.module.css';
import { GroupsView, NoAlertmanager, SilencesView } from './SilencesView';
import { SourcePanel } from './SourcePanel';
import { useSource } from './use-source';

const EVERY = 15_000;
type View = 'alerts' | 'groups' | 'silences' | 'rules' | 'targets';

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
      client && ready && (view === 'alerts' || view === 'rules')
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
  const [round, setRound] = useState(0);
  const askManaged = useMemo(
    () =>
      client && shown && (view === 'alerts' || view === 'groups' || view === 'silences')
        ? (signal: AbortSignal): Promise<AlertmanagerAnswer> =>
            client.call(alertmanager, 'read', { again: false }, signal)
        : undefined,
    // eslint-disable-next-line react-hooks/exhaustive-deps -- a new round asks at once
    [client, shown, view, round],
  );
  const managed = usePolled(askManaged).data;
  const denied = useSilenceRights(managed?.place);
  const managedOf = useMemo(() => indexOf(managed), [managed]);
  const all = useMemo(
    () => (managed?.place && !managed.error ? managed.groups.flatMap((group) => group.alerts) : undefined),
    [managed],
  );
  const onChanged = (): void => setRound((count) => count + 1);
  const rules = usePolled(askRules);
  const targets = usePolled(askTargets);
  if (source && source.phase !== 'ready')
    return (
      <div className={shared.page}>
        <SourcePanel source={source} />
      </div>
    );
  const error =
    view === 'targets'
      ? targets.error
      : view === 'groups' || view === 'silences'
        ? undefined
        : (rules.error ?? rules.data?.error);
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
            { value: 'groups', label: 'Groups' },
            { value: 'silences', label: 'Silences' },
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
        <span className={shared.muted}>
          From {source?.chosen?.title ?? 'Prometheus'}
          {managed?.place ? ` and ${managed.place.title}` : ''}
        </span>
      </div>
      {error && <ErrorState title="Prometheus does not tell" error={error} />}
      {view === 'alerts' && rules.data && (
        <div role="list" aria-label="Alerts">
          {alerts.map((alert) => (
            <AlertLine
              key={alert.id}
              alert={alert}
              managed={managedOf(alert.labels)}
              all={all}
              denied={denied.make}
              onChanged={onChanged}
            />
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
      {(view === 'groups' || view === 'silences') &&
        managed &&
        (managed.error ? (
          <ErrorState title="Alertmanager does not tell" error={managed.error} />
        ) : managed.place === undefined ? (
          <NoAlertmanager answer={managed} />
        ) : view === 'groups' ? (
          <GroupsView groups={managed.groups} />
        ) : (
          <SilencesView answer={managed} denied={denied} onChanged={onChanged} />
        ))}
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

/** May silences be made and ended there? Asked once it is known where. */
function useSilenceRights(place: AlertmanagerAnswer['place']): {
  readonly make: string | undefined;
  readonly end: string | undefined;
} {
  const clusterId = useClusterId();
  const questions = ['create', 'delete'].map((verb): AccessQuestion => ({
    verb,
    group: '',
    resource: 'services',
    subresource: 'proxy',
    namespace: place?.namespace ?? '',
  }));
  const verdicts = useCan(clusterId, place ? questions : []);
  const locked = readOnlyReason(clusterId);
  const of = (at: number): string | undefined =>
    locked ?? (place && questions[at] ? deniedWords(questions[at], verdicts[at]) : undefined);
  return { make: of(0), end: of(1) };
}

/** Alertmanager adds labels of its own: an alert is the same when all that Prometheus knows of it agrees. */
function indexOf(answer: AlertmanagerAnswer | undefined): (labels: Labels) => ManagedAlert | undefined {
  const byName = new Map<string, ManagedAlert[]>();
  for (const group of answer?.groups ?? [])
    for (const alert of group.alerts) byName.set(alert.name, [...(byName.get(alert.name) ?? []), alert]);
  return (labels) =>
    byName
      .get(labels['alertname'] ?? '')
      ?.find((one) => Object.entries(labels).every(([name, value]) => one.labels[name] === value));
}
