/** What an Alertmanager makes of the alerts: its groups with their receivers, and its silences. */
import { useState, type ReactNode } from 'react';
import { alertmanager, type AlertmanagerAnswer } from '#shared/contract/alertmanager';
import { matcherText, type AlertGroup, type Silence } from '#shared/domain/prom/alertmanager';
import { formatAge } from '#shared/util/age';
import { toAppError } from '#shared/util/app-error';
import { visible } from '#shared/util/text';
import { useThisCluster } from '../../data/cluster-data';
import { useCluster, useClusterId } from '../../data/connections';
import { clusterTitle, confirmChange } from '../../data/confirm';
import { Button } from '../../ui/Button';
import { EmptyState } from '../../ui/EmptyState';
import { StatusMark } from '../../ui/StatusMark';
import { ObjectLink } from './AlertLine';
import styles from './alerts.module.css';
import shared from './metrics.module.css';
import { SilenceForm } from './SilenceForm';

export interface ManagedProps {
  readonly answer: AlertmanagerAnswer;
  /** Of making and ending silences: why not; undefined: allowed. */
  readonly denied: { readonly make: string | undefined; readonly end: string | undefined };
  readonly onChanged: () => void;
}

export function NoAlertmanager({ answer }: { readonly answer: AlertmanagerAnswer }): ReactNode {
  return (
    <EmptyState>
      No Alertmanager was found: alerts are shown as Prometheus has them, and nothing can be silenced.
      <ul className={styles.looked} aria-label="Where it was looked for">
        {answer.looked.map((line) => (
          <li key={line}>{visible(line)}</li>
        ))}
      </ul>
    </EmptyState>
  );
}

export function SilencesView({ answer, denied, onChanged }: ManagedProps): ReactNode {
  const [making, setMaking] = useState(false);
  const [expired, setExpired] = useState(false);
  const { silences, groups } = answer;
  const alerts = groups.flatMap((group) => group.alerts);
  const shown = silences.filter((one) => expired || one.state !== 'expired');
  const ended = silences.length - silences.filter((one) => one.state !== 'expired').length;
  return (
    <>
      <div className={shared.row}>
        <Button disabled={denied.make !== undefined} data-tip={denied.make} onClick={() => setMaking(true)}>
          New silence
        </Button>
        {ended > 0 && (
          <Button look="quiet" aria-pressed={expired} onClick={() => setExpired(!expired)}>
            {expired ? 'Hide' : 'Show'} {ended} ended
          </Button>
        )}
      </div>
      {making && (
        <SilenceForm
          labels={{}}
          alerts={alerts}
          denied={denied.make}
          onDone={() => {
            setMaking(false);
            onChanged();
          }}
        />
      )}
      <div role="list" aria-label="Silences">
        {shown.map((one) => (
          <SilenceLine
            key={one.id}
            silence={one}
            hits={alerts.filter((alert) => alert.silencedBy.includes(one.id)).length}
            denied={denied.end}
            onChanged={onChanged}
          />
        ))}
        {shown.length === 0 && <EmptyState>No alert is silenced.</EmptyState>}
      </div>
    </>
  );
}

interface SilenceLineProps {
  readonly silence: Silence;
  readonly hits: number;
  readonly denied: string | undefined;
  readonly onChanged: () => void;
}

function SilenceLine({ silence, hits, denied, onChanged }: SilenceLineProps): ReactNode {
  const client = useCluster();
  const clusterId = useClusterId();
  const { status } = useThisCluster();
  const [problem, setProblem] = useState('');
  const now = Date.now() + (status?.clockOffset ?? 0);
  const { state, matchers, to, by, comment, id } = silence;
  const words = matchers.map(matcherText).join(', ');
  const end = async (): Promise<void> => {
    const yes = await confirmChange({
      clusterId,
      title: `End the silence of ${visible(words)} on ${clusterTitle(clusterId)}?`,
      body: `Its ${hits} alert${hits === 1 ? '' : 's'} will notify again.`,
      verb: 'End silence',
    });
    if (!yes || !client) return;
    try {
      await client.call(alertmanager, 'expire', { id });
      onChanged();
    } catch (thrown) {
      setProblem(toAppError(thrown).message);
    }
  };
  return (
    <div role="listitem" className={styles.alert} aria-label={words}>
      <StatusMark tone={state === 'active' ? 'progress' : 'idle'} />
      <span className={styles.state}>{state === 'expired' ? 'ended' : state}</span>
      <span className={styles.age}>{to !== null && state !== 'expired' ? formatAge(now, to) : ''}</span>
      <div className={styles.body}>
        <span className={styles.name}>{visible(words)}</span>
        <span className={styles.summary}>
          {visible(comment)}
          {by === '' ? '' : ` (${visible(by)})`}
          {to !== null &&
            `, ${state === 'expired' ? 'ended' : 'until'} ${new Date(to).toLocaleString('en-GB')}`}
          {state === 'active' && `, hides ${hits}`}
        </span>
        {problem !== '' && <span className={shared.bad}>{visible(problem)}</span>}
        {state !== 'expired' && (
          <div className={shared.row}>
            <Button look="quiet" disabled={denied !== undefined} data-tip={denied} onClick={() => void end()}>
              End now
            </Button>
          </div>
        )}
      </div>
    </div>
  );
}

export function GroupsView({ groups }: { readonly groups: readonly AlertGroup[] }): ReactNode {
  if (groups.length === 0) return <EmptyState>Alertmanager holds no alert.</EmptyState>;
  return groups.map((group) => {
    const words = Object.entries(group.labels)
      .map(([name, value]) => `${name}=${value}`)
      .join(', ');
    return (
      <section key={group.id} aria-label={words === '' ? 'Not grouped' : words}>
        <h2 className={styles.group}>
          {words === '' ? 'Not grouped' : visible(words)}
          <span className={shared.muted}> to {visible(group.receiver)}</span>
        </h2>
        <div role="list">
          {group.alerts.map((alert) => (
            <div key={alert.fingerprint} role="listitem" className={styles.alert} aria-label={alert.name}>
              <StatusMark
                tone={alert.state === 'active' ? (alert.severity === 'none' ? 'idle' : 'warn') : 'done'}
              />
              <span className={styles.state}>
                {alert.silencedBy.length > 0 ? 'silenced' : alert.inhibited ? 'inhibited' : alert.state}
                {alert.severity === '' || alert.severity === 'none' ? '' : `, ${visible(alert.severity)}`}
              </span>
              <span className={styles.age} />
              <div className={styles.body}>
                <span className={styles.name}>{visible(alert.name)}</span>
                <span className={styles.summary}>{visible(alert.summary)}</span>
                <div className={styles.labels}>
                  {alert.links.map((link) => (
                    <ObjectLink key={`${link.kind}/${link.name}`} link={link} />
                  ))}
                </div>
              </div>
            </div>
          ))}
        </div>
      </section>
    );
  });
}
