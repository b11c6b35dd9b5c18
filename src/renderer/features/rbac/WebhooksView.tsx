/** Webhooks, those that refuse requests first: what they match, what answers them, what fails with them. */
import { useState, type ReactNode } from 'react';
import type { BackendState, WebhookInfo } from '#shared/contract/admission';
import { ruleText, type Constraints } from '#shared/domain/admission/match';
import { formatSelector } from '#shared/k8s/selector';
import { visible } from '#shared/util/text';
import { Badge } from '../../ui/Badge';
import { StatusMark, type MarkTone } from '../../ui/StatusMark';
import styles from './access.module.css';
import { ObjectLink } from './Links';

const tones: Readonly<Record<BackendState, MarkTone>> = {
  ready: 'ok',
  'not-ready': 'bad',
  missing: 'bad',
  outside: 'idle',
  unknown: 'idle',
};

const words: Readonly<Record<BackendState, string>> = {
  ready: 'ready',
  'not-ready': 'not ready',
  missing: 'missing',
  outside: 'outside',
  unknown: 'unknown',
};

const weight = (hook: WebhookInfo): number => (hook.blocking ? 0 : hook.warnings.length > 0 ? 1 : 2);

export function WebhooksView({ webhooks }: { readonly webhooks: readonly WebhookInfo[] }): ReactNode {
  const sorted = [...webhooks].sort((a, b) => weight(a) - weight(b) || (a.id < b.id ? -1 : 1));
  return (
    <table className={styles.table} aria-label="Webhooks">
      <thead>
        <tr>
          <th>Webhook</th>
          <th>Matches</th>
          <th>When it fails</th>
          <th>Backend</th>
        </tr>
      </thead>
      <tbody>
        {sorted.map((hook) => (
          <Webhook key={hook.id} hook={hook} />
        ))}
      </tbody>
    </table>
  );
}

function Webhook({ hook }: { readonly hook: WebhookInfo }): ReactNode {
  const [open, setOpen] = useState(false);
  const { backend, type, configuration, constraints, failurePolicy, timeoutSeconds } = hook;
  const kind = type === 'mutating' ? 'MutatingWebhookConfiguration' : 'ValidatingWebhookConfiguration';
  return (
    <>
      <tr>
        <td>
          <button type="button" className={styles.link} aria-expanded={open} onClick={() => setOpen(!open)}>
            {visible(hook.name)}
          </button>
          <p className={styles.muted}>
            {type}, <ObjectLink of={{ kind, namespace: '', name: configuration }} />
          </p>
          {hook.warnings.map((line) => (
            <p key={line}>
              <StatusMark tone={hook.blocking ? 'bad' : 'warn'} /> {line}
            </p>
          ))}
        </td>
        <td>
          <ConstraintLines of={constraints} />
        </td>
        <td>{failurePolicy === 'Fail' ? 'refuses the request' : 'lets it pass'}</td>
        <td>
          <Badge tone={tones[backend.state]}>{words[backend.state]}</Badge>
          <p className={styles.muted}>
            {backend.service && (
              <>
                <ObjectLink of={{ kind: 'Service', ...backend.service }} />{' '}
              </>
            )}
            {visible(backend.words)}
          </p>
        </td>
      </tr>
      {open && (
        <tr>
          <td colSpan={4}>
            <dl className={styles.facts}>
              <dt>Failure policy</dt>
              <dd>{visible(failurePolicy)}</dd>
              <dt>Timeout</dt>
              <dd>{timeoutSeconds} s</dd>
              <dt>Match policy</dt>
              <dd>{visible(constraints.matchPolicy)}</dd>
              <dt>Side effects</dt>
              <dd>{visible(hook.sideEffects) || 'not told'}</dd>
              {hook.caExpires !== undefined && (
                <>
                  <dt>CA bundle ends</dt>
                  <dd>
                    {new Date(hook.caExpires).toISOString().slice(0, 10)} (<Until at={hook.caExpires} />)
                  </dd>
                </>
              )}
            </dl>
            {constraints.conditions.map(({ name, expression }) => (
              <div key={name}>
                <p className={styles.label}>Only if {visible(name)}</p>
                <pre className={styles.yaml}>{visible(expression)}</pre>
              </div>
            ))}
          </td>
        </tr>
      )}
    </>
  );
}

/** `in 3 days`, `4d ago`. */
export function Until({ at }: { readonly at: number }): ReactNode {
  const days = Math.floor((at - Date.now()) / 86_400_000);
  if (days < 0) return days === -1 ? '1 day ago' : `${(-days).toLocaleString('en')} days ago`;
  return days === 0 ? 'today' : days === 1 ? 'in 1 day' : `in ${days.toLocaleString('en')} days`;
}

/** `quiet`: a rule that names everything says nothing and is left out. */
export function ConstraintLines({
  of,
  quiet = false,
}: {
  readonly of: Constraints;
  readonly quiet?: boolean;
}): ReactNode {
  const { rules, exclude, namespaceSelector, objectSelector, conditions } = of;
  const namespaces = namespaceSelector && formatSelector(namespaceSelector);
  const objects = objectSelector && formatSelector(objectSelector);
  return (
    <>
      {rules.map((rule, index) =>
        quiet && rule.resources.includes('*/*') ? null : <p key={index}>{visible(ruleText(rule))}</p>,
      )}
      {exclude.map((rule, index) => (
        <p key={index} className={styles.muted}>
          but not {visible(ruleText(rule))}
        </p>
      ))}
      {namespaces !== undefined && namespaces !== 'all' && (
        <p className={styles.muted}>namespaces {visible(namespaces)}</p>
      )}
      {objects !== undefined && objects !== 'all' && (
        <p className={styles.muted}>objects {visible(objects)}</p>
      )}
      {conditions.length > 0 && (
        <p className={styles.muted}>if {conditions.map(({ name }) => visible(name)).join(', ')}</p>
      )}
    </>
  );
}
