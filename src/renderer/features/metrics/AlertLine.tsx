/** One alert of Prometheus: state, words, the objects it names; silenced ones say so. */
import { useState, type ReactNode } from 'react';
import type { Alert, AlertLink } from '#shared/domain/prom/alerts';
import type { ManagedAlert } from '#shared/domain/prom/alertmanager';
import { visible } from '#shared/util/text';
import { useThisCluster } from '../../data/cluster-data';
import { useClusterId } from '../../data/connections';
import { openDrawer } from '../../data/workbench';
import { Age } from '../../ui/Age';
import { Button } from '../../ui/Button';
import { StatusMark } from '../../ui/StatusMark';
import styles from './alerts.module.css';
import shared from './metrics.module.css';
import { SilenceForm } from './SilenceForm';

export interface AlertLineProps {
  readonly alert: Alert;
  /** The same alert at the Alertmanager; undefined: it has none of it. */
  readonly managed: ManagedAlert | undefined;
  /** All of the Alertmanager; undefined: there is none, so nothing can be silenced. */
  readonly all: readonly ManagedAlert[] | undefined;
  readonly denied: string | undefined;
  readonly onChanged: () => void;
}

export function AlertLine({ alert, managed, all, denied, onChanged }: AlertLineProps): ReactNode {
  const [silencing, setSilencing] = useState(false);
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
        {managed && managed.silencedBy.length > 0 && ', silenced'}
        {managed?.inhibited === true && ', inhibited'}
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
          {all && state === 'firing' && managed?.silencedBy.length !== 1 && !silencing && (
            <Button
              look="quiet"
              disabled={denied !== undefined}
              data-tip={denied}
              onClick={() => setSilencing(true)}
            >
              Silence
            </Button>
          )}
        </div>
        {all && silencing && (
          <SilenceForm
            labels={alert.labels}
            alerts={all}
            denied={denied}
            onDone={() => {
              setSilencing(false);
              onChanged();
            }}
          />
        )}
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
