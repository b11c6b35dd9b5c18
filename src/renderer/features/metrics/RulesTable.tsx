/** Rules with their state, targets with their health. */
import type { ReactNode } from 'react';
import type { Rule, Target } from '#shared/domain/prom/alerts';
import { visible } from '#shared/util/text';
import { useThisCluster } from '../../data/cluster-data';
import { useClusterId } from '../../data/connections';
import { Age } from '../../ui/Age';
import { Button } from '../../ui/Button';
import { EmptyState } from '../../ui/EmptyState';
import { StatusMark } from '../../ui/StatusMark';
import styles from './alerts.module.css';
import { explore } from './explore';
import shared from './metrics.module.css';

/** Lines in the document at once. */
const MOST = 500;

export function RulesTable({ rules }: { readonly rules: readonly Rule[] }): ReactNode {
  const clusterId = useClusterId();
  if (rules.length === 0) return <EmptyState>No rule.</EmptyState>;
  return (
    <div role="list" aria-label="Rules">
      {rules.slice(0, MOST).map((rule, i) => (
        <div key={i} role="listitem" className={styles.alert} aria-label={rule.name}>
          <StatusMark tone={rule.health === 'err' ? 'bad' : rule.state === 'firing' ? 'warn' : 'ok'} />
          <span className={styles.state}>
            {rule.health === 'err' ? 'fails' : rule.type === 'recording' ? 'records' : visible(rule.state)}
          </span>
          <span className={styles.age} data-tip="Time of the last evaluation">
            {rule.took === null ? '' : `${Number((rule.took * 1000).toPrecision(2))} ms`}
          </span>
          <div className={styles.body}>
            <span className={styles.name}>{visible(rule.name)}</span>
            <span className={shared.muted}>
              group {visible(rule.group)}
              {rule.for > 0 ? `, after ${rule.for} s` : ''}
              {rule.active > 0 ? `, ${rule.active} active` : ''}
            </span>
            {rule.error !== '' && <span className={shared.bad}>{visible(rule.error)}</span>}
            <div className={shared.query}>
              <code>{visible(rule.query)}</code>
              <Button look="quiet" onClick={() => explore(clusterId, rule.query)}>
                Open in explorer
              </Button>
            </div>
          </div>
        </div>
      ))}
    </div>
  );
}

interface TargetsProps {
  readonly targets: readonly Target[];
  readonly dropped: number;
}

export function TargetsTable({ targets, dropped }: TargetsProps): ReactNode {
  const { status } = useThisCluster();
  if (targets.length === 0) return <EmptyState>No target.</EmptyState>;
  return (
    <div role="list" aria-label="Targets">
      {targets.slice(0, MOST).map((target, i) => (
        <div key={i} role="listitem" className={styles.alert} aria-label={`${target.job} ${target.instance}`}>
          <StatusMark tone={target.health === 'up' ? 'ok' : target.health === 'down' ? 'bad' : 'idle'} />
          <span className={styles.state}>{target.health}</span>
          <span className={styles.age}>
            {target.last !== null && <Age at={target.last} offset={status?.clockOffset ?? 0} />}
          </span>
          <div className={styles.body}>
            <span className={styles.name}>{visible(target.job)}</span>
            <span className={styles.summary}>{visible(target.url)}</span>
            {target.error !== '' && <span className={shared.bad}>{visible(target.error)}</span>}
          </div>
        </div>
      ))}
      {targets.length + dropped > MOST && (
        <p className={shared.muted}>{targets.length + dropped - MOST} more targets; narrow the filter.</p>
      )}
    </div>
  );
}
