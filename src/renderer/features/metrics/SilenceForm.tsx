/** A new silence: its matchers from an alert, how long, by whom and why; how many alerts it would hide now. */
import { useId, useState, type FormEvent, type ReactNode } from 'react';
import { alertmanager } from '#shared/contract/alertmanager';
import type { Labels } from '#shared/domain/prom/answer';
import {
  matcherText,
  silenceProblem,
  silences,
  type ManagedAlert,
  type SilenceMatcher,
} from '#shared/domain/prom/alertmanager';
import { toAppError, type AppError } from '#shared/util/app-error';
import { visible } from '#shared/util/text';
import { useThisCluster } from '../../data/cluster-data';
import { useCluster, useClusterId } from '../../data/connections';
import { clusterTitle, confirmChange, isProtected } from '../../data/confirm';
import { Button } from '../../ui/Button';
import { TextField } from '../../ui/TextField';
import styles from './alerts.module.css';
import shared from './metrics.module.css';

const durations: readonly (readonly [seconds: number, title: string])[] = [
  [1800, '30 min'],
  [3600, '1 h'],
  [7200, '2 h'],
  [28_800, '8 h'],
  [86_400, '1 d'],
  [259_200, '3 d'],
  [604_800, '7 d'],
];

/** Labels that say where an alert was seen, not what is wrong. */
const passing = new Set(['instance', 'prometheus', 'endpoint', 'uid', 'container_id']);

interface SilenceFormProps {
  /** Of the alert it began with; empty: from nothing. */
  readonly labels: Labels;
  readonly alerts: readonly ManagedAlert[];
  /** Why it cannot be sent; undefined: it can. */
  readonly denied: string | undefined;
  readonly onDone: () => void;
}

export function SilenceForm({ labels, alerts, denied, onDone }: SilenceFormProps): ReactNode {
  const client = useCluster();
  const clusterId = useClusterId();
  const { status } = useThisCluster();
  const [matchers, setMatchers] = useState<readonly SilenceMatcher[]>(() =>
    Object.entries(labels)
      .filter(([name]) => !passing.has(name))
      .map(([name, value]) => ({ name, value, isRegex: false, isEqual: true })),
  );
  const [lasts, setLasts] = useState(7200);
  const [by, setBy] = useState(status?.user?.name ?? '');
  const [comment, setComment] = useState('');
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<AppError | undefined>(undefined);
  const id = useId();
  const hit = alerts.filter((one) => silences(matchers, one.labels));
  const problem = silenceProblem(matchers, comment);
  const change = (at: number, part: Partial<SilenceMatcher>): void =>
    setMatchers(matchers.map((one, i) => (i === at ? { ...one, ...part } : one)));

  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    if (!client || problem !== undefined || denied !== undefined) return;
    if (isProtected(clusterId)) {
      const words = matchers.map(matcherText).join(', ');
      const yes = await confirmChange({
        clusterId,
        title: `Silence ${visible(words)} on ${clusterTitle(clusterId)}?`,
        verb: 'Silence',
      });
      if (!yes) return;
    }
    setBusy(true);
    setFailure(undefined);
    try {
      await client.call(alertmanager, 'silence', {
        matchers: [...matchers],
        lasts,
        by: by.trim(),
        comment: comment.trim(),
      });
      onDone();
    } catch (thrown) {
      setFailure(toAppError(thrown));
    } finally {
      setBusy(false);
    }
  };

  return (
    <form className={styles.silence} aria-label="New silence" onSubmit={(event) => void submit(event)}>
      <h3 className={shared.stepTitle}>New silence</h3>
      {matchers.map((one, i) => (
        <div key={i} className={styles.matcher}>
          <TextField
            hideLabel
            label="Label"
            value={one.name}
            onChange={(event) => change(i, { name: event.target.value })}
          />
          <select
            aria-label="How"
            value={`${one.isEqual ? '=' : '!'}${one.isRegex ? '~' : '='}`}
            onChange={(event) =>
              change(i, {
                isEqual: event.target.value.startsWith('='),
                isRegex: event.target.value.endsWith('~'),
              })
            }
          >
            <option value="==">is</option>
            <option value="!=">is not</option>
            <option value="=~">matches</option>
            <option value="!~">does not match</option>
          </select>
          <TextField
            hideLabel
            label={`Value of ${one.name}`}
            mono
            value={one.value}
            onChange={(event) => change(i, { value: event.target.value })}
          />
          <Button look="quiet" onClick={() => setMatchers(matchers.filter((_, at) => at !== i))}>
            Remove
          </Button>
        </div>
      ))}
      <div className={shared.row}>
        <Button
          look="quiet"
          onClick={() => setMatchers([...matchers, { name: '', value: '', isRegex: false, isEqual: true }])}
        >
          Add a matcher
        </Button>
      </div>
      <div className={styles.matcher}>
        <label className={shared.pick} htmlFor={id}>
          For
          <select id={id} value={lasts} onChange={(event) => setLasts(Number(event.target.value))}>
            {durations.map(([seconds, title]) => (
              <option key={seconds} value={seconds}>
                {title}
              </option>
            ))}
          </select>
        </label>
        <TextField label="By" value={by} onChange={(event) => setBy(event.target.value)} />
        <TextField
          label="Why"
          className={styles.why}
          value={comment}
          onChange={(event) => setComment(event.target.value)}
        />
      </div>
      <p className={shared.muted} role="status">
        {hit.length === 0
          ? 'It would match no alert that is there now.'
          : `It would hide ${hit.length} of ${alerts.length} alerts now: ${[...new Set(hit.map((one) => visible(one.name)))].slice(0, 6).join(', ')}.`}
      </p>
      <div className={shared.row}>
        <Button
          type="submit"
          look="primary"
          disabled={busy || problem !== undefined || denied !== undefined || by.trim() === ''}
        >
          Silence
        </Button>
        <Button onClick={onDone}>Cancel</Button>
        <span className={shared.muted}>{denied ?? problem}</span>
      </div>
      {failure && (
        <p className={shared.bad} role="alert">
          {visible(failure.message)} {failure.hint}
        </p>
      )}
    </form>
  );
}
