/** One object, one operation: which webhooks and policies it would meet, in the server's order. */
import { useMemo, useState, type ReactNode } from 'react';
import { admission, type AdmissionStep } from '#shared/contract/admission';
import { OPERATIONS, type Operation } from '#shared/domain/admission/match';
import { plural, visible as visibleText } from '#shared/util/text';
import { useThisCluster } from '../../data/cluster-data';
import { Choice } from '../../ui/Choice';
import { EmptyState } from '../../ui/EmptyState';
import { ErrorState } from '../../ui/ErrorState';
import { StatusMark } from '../../ui/StatusMark';
import { TextField } from '../../ui/TextField';
import styles from './access.module.css';
import { AdmissionLacks } from './AdmissionPage';
import { NamespaceField, Pick } from './Fields';
import { useCall } from './use-call';
import { parseTarget, targetText } from './words';

const operations = OPERATIONS.map((value) => ({ value, label: value.toLowerCase() }));

export function AdmissionTestView({ visible }: { readonly visible: boolean }): ReactNode {
  const { kinds } = useThisCluster();
  const [operation, setOperation] = useState<Operation>('CREATE');
  const [target, setTarget] = useState('pods');
  const [namespace, setNamespace] = useState('default');
  const [name, setName] = useState('');
  const [labels, setLabels] = useState('');
  const targets = useMemo(
    () => (kinds?.kinds ?? []).map(({ group, resource }) => targetText(group, resource)),
    [kinds],
  );
  const { group, resource, subresource } = parseTarget(target);
  const kind = kinds?.kinds.find((one) => one.group === group && one.resource === resource);
  const place = kind?.namespaced ? namespace : '';
  const ready = kind && (!kind.namespaced || namespace !== '');
  const input = ready && {
    operation,
    group,
    version: kind.version,
    resource,
    subresource,
    namespace: kind.id === 'namespaces' ? name.trim() : place,
    name: name.trim(),
    labels: parseLabels(labels),
  };
  const { data, error, retry } = useCall(admission, 'test', input || undefined, { visible });
  const met = data?.steps.filter((step) => step.matches) ?? [];
  const passed = data?.steps.filter((step) => !step.matches) ?? [];
  const refused = met.some((step) => step.refuses);
  return (
    <>
      <div className={styles.form}>
        <div className={styles.choice}>
          <span className={styles.label}>Operation</span>
          <Choice label="Operation" options={operations} value={operation} onChange={setOperation} />
        </div>
        <Pick label="Resource" value={target} options={targets} onChange={setTarget} />
        {(!kind || kind.namespaced) && (
          <NamespaceField value={namespace} all="Choose a namespace" onChange={setNamespace} />
        )}
        <TextField
          label="Name"
          placeholder="of an object that is there"
          className={styles.field}
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
        {name.trim() === '' && (
          <TextField
            label="Labels"
            placeholder="app=web, tier=front"
            className={styles.field}
            value={labels}
            onChange={(event) => setLabels(event.target.value)}
          />
        )}
      </div>
      {!kind && <EmptyState>The server serves no resource {visibleText(target)}.</EmptyState>}
      {kind && !ready && <EmptyState>Choose a namespace.</EmptyState>}
      {error && <ErrorState title="It was not tried" error={error} onRetry={retry} />}
      {data && input && (
        <>
          <AdmissionLacks lacks={data.lacks} />
          {data.labelError && (
            <ErrorState title="Labels of the object cannot be read" error={data.labelError} />
          )}
          <p className={styles.headline} role="status" aria-label="Answer">
            {met.length === 0
              ? 'Nothing is asked about it.'
              : `It meets ${plural(met.length, 'check')}${refused ? ', and is refused as things are' : ''}.`}
          </p>
          <div role="list" aria-label="Checks it meets" className={styles.list}>
            {met.map((step, index) => (
              <Step key={index} step={step} />
            ))}
          </div>
          {passed.length > 0 && (
            <details>
              <summary>{plural(passed.length, 'check')} not asked</summary>
              <div role="list" aria-label="Checks not asked" className={styles.list}>
                {passed.map((step, index) => (
                  <Step key={index} step={step} />
                ))}
              </div>
            </details>
          )}
          <p className={styles.notes}>
            By rules and selectors; nothing is sent to a webhook, CEL is not evaluated. Built-in plugins of
            the server (quota, limit ranges, Pod Security) come besides.
          </p>
        </>
      )}
    </>
  );
}

function Step({ step }: { readonly step: AdmissionStep }): ReactNode {
  const { kind, name, of, matches, why, effect, refuses } = step;
  return (
    <div role="listitem" className={styles.line}>
      <div>
        <span className={styles.tag}>{kind}</span> <b>{visibleText(name)}</b>
        {of !== '' && <p className={styles.muted}>{visibleText(of)}</p>}
      </div>
      <div>
        {matches && (
          <p>
            {refuses && <StatusMark tone="bad" />} {visibleText(effect)}
          </p>
        )}
        <p className={styles.muted}>{visibleText(why)}</p>
      </div>
    </div>
  );
}

/** `a=b, c` as labels; a key alone has an empty value. */
export function parseLabels(text: string): Record<string, string> {
  const labels: Record<string, string> = {};
  for (const part of text.split(/[,\s]+/)) {
    const at = part.indexOf('=');
    const key = at < 0 ? part : part.slice(0, at);
    if (key !== '' && key !== '__proto__') labels[key] = at < 0 ? '' : part.slice(at + 1);
  }
  return labels;
}
