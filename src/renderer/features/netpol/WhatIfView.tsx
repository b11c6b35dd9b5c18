/**
 * What a change would do before it is made: policies written or removed, labels changed. The
 * difference follows the draft; nothing is written until Apply, which asks the server first.
 */
import { useEffect, useState, type ReactNode } from 'react';
import { netpol, type WhatIf } from '#shared/contract/netpol';
import { toAppError, type AppError } from '#shared/util/app-error';
import { visible } from '#shared/util/text';
import { useThisCluster } from '../../data/cluster-data';
import { useCluster, useClusterId } from '../../data/connections';
import { useBench } from '../../data/workbench';
import { Button } from '../../ui/Button';
import { Chip } from '../../ui/Chip';
import { EmptyState } from '../../ui/EmptyState';
import { lazy } from '../../ui/lazy';
import { applyDraft } from './apply';
import { DiffList } from './DiffList';
import { GenerateForm } from './GenerateForm';
import { LabelForm } from './LabelForm';
import { MistakeList } from './MistakeList';
import { emptyDraft, setNetpolPage, useNetpolPage, type Draft } from './page-state';
import { PolicyFormView } from './PolicyFormView';
import { templates } from './templates';
import styles from './what-if.module.css';

const YamlEditor = lazy(() =>
  import('../../ui/code/YamlEditor').then((module) => ({ default: module.YamlEditor })),
);

/** The draft rests this long before it is judged (ms). */
const REST = 300;

export function WhatIfView(): ReactNode {
  const clusterId = useClusterId();
  const client = useCluster();
  const { draft } = useNetpolPage(clusterId);
  const { namespaces } = useBench(clusterId);
  const known = useThisCluster().namespaces?.names ?? [];
  const [namespace, setNamespace] = useState(
    namespaces[0] ?? (known.includes('default') ? 'default' : (known[0] ?? 'default')),
  );
  const [said, setSaid] = useState('');
  const { result, error } = useWhatIf(draft);
  const set = (change: Partial<Draft>): void => {
    setSaid('');
    setNetpolPage(clusterId, { draft: { ...draft, ...change } });
  };
  const append = (text: string): void =>
    set({ text: draft.text.trim() === '' ? text : `${draft.text.trimEnd()}\n---\n${text}` });
  const idle = draft.text.trim() === '' && draft.remove.length === 0 && draft.labels.length === 0;
  return (
    <div className={styles.view}>
      <section className={styles.left} aria-label="Draft">
        <div className={styles.bar}>
          <select
            aria-label="Namespace of templates"
            className={styles.select}
            value={namespace}
            onChange={(event) => setNamespace(event.target.value)}
          >
            {[...new Set([namespace, ...known])].map((name) => (
              <option key={name}>{visible(name)}</option>
            ))}
          </select>
          <select
            aria-label="Add a template"
            className={styles.select}
            value=""
            onChange={(event) => {
              const made = templates.find(({ id }) => id === event.target.value);
              if (made) append(made.make(namespace));
            }}
          >
            <option value="">Add a template</option>
            {templates.map(({ id, title }) => (
              <option key={id} value={id}>
                {title}
              </option>
            ))}
          </select>
          <Button look="quiet" disabled={idle} onClick={() => set(emptyDraft)}>
            Start over
          </Button>
        </div>
        {(draft.remove.length > 0 || draft.labels.length > 0) && (
          <div className={styles.chips} aria-label="Changes beside the text">
            {draft.remove.map((ref) => (
              <Chip
                key={`${ref.kind} ${ref.namespace}/${ref.name}`}
                onRemove={() => set({ remove: draft.remove.filter((one) => one !== ref) })}
              >
                remove {ref.kind} {visible(`${ref.namespace ? `${ref.namespace}/` : ''}${ref.name}`)}
              </Chip>
            ))}
            {draft.labels.map((one, index) => (
              <Chip
                key={index}
                onRemove={() => set({ labels: draft.labels.filter((other) => other !== one) })}
              >
                {visible(one.id)}: {labelsText(one.labels)}
              </Chip>
            ))}
          </div>
        )}
        <div className={styles.editor}>
          <YamlEditor label="Policies as YAML" text={draft.text} onChange={(text) => set({ text })} />
        </div>
        <PolicyFormView namespace={namespace} onText={append} />
        <LabelForm onAdd={(change) => set({ labels: [...draft.labels, change] })} />
        <GenerateForm onText={append} />
      </section>
      <section className={styles.right} aria-label="Effect">
        {idle && (
          <EmptyState>
            Write a policy, take a template, change a label, or open a policy and choose What if. The flows
            that would appear and go are listed here.
          </EmptyState>
        )}
        {error && (
          <p className={styles.problem} role="alert">
            {visible(error.message)}
          </p>
        )}
        {!idle && !error && result && (
          <>
            <div className={styles.bar}>
              <p role="status" aria-label="Effect in numbers" className={styles.numbers}>
                {result.total.added} added, {result.total.removed} removed, {result.total.changed} with other
                ports
              </p>
              <Button
                look="primary"
                disabled={!client || draft.text.trim() === ''}
                data-tip="Server dry run first, then your word, then the write"
                onClick={() => {
                  if (client) void applyDraft(client, clusterId, draft.text, result).then(setSaid);
                }}
              >
                Apply the text
              </Button>
            </div>
            {draft.remove.length > 0 && (
              <p className={styles.muted}>
                Removals are only tried here: delete the policy from its details.
              </p>
            )}
            {said !== '' && <p role="status">{visible(said)}</p>}
            {result.mistakes
              .filter(({ mistakes }) => mistakes.length > 0)
              .map(({ policy, mistakes }) => (
                <div key={policy}>
                  <h3 className={styles.head}>{visible(policy)}</h3>
                  <MistakeList mistakes={mistakes} />
                </div>
              ))}
            <DiffList result={result} />
          </>
        )}
      </section>
    </div>
  );
}

function labelsText(labels: Readonly<Record<string, string | null>>): string {
  return visible(
    Object.entries(labels)
      .map(([key, value]) => (value === null ? `${key} taken away` : `${key}=${value}`))
      .join(', '),
  );
}

function useWhatIf(draft: Draft): { result: WhatIf | undefined; error: AppError | undefined } {
  const client = useCluster();
  const [state, setState] = useState<{ result: WhatIf | undefined; error: AppError | undefined }>({
    result: undefined,
    error: undefined,
  });
  useEffect(() => {
    const idle = draft.text.trim() === '' && draft.remove.length === 0 && draft.labels.length === 0;
    if (!client || idle) {
      setState({ result: undefined, error: undefined });
      return undefined;
    }
    const stop = new AbortController();
    const { text, remove, labels } = draft;
    const input = {
      text,
      remove: [...remove],
      labels: labels.map(({ target, id, labels: change }) => ({ target, id, labels: { ...change } })),
    };
    const timer = setTimeout(() => {
      client.call(netpol, 'whatIf', input, stop.signal).then(
        (result) => setState({ result, error: undefined }),
        (thrown: unknown) => {
          if (!stop.signal.aborted) setState({ result: undefined, error: toAppError(thrown) });
        },
      );
    }, REST);
    return () => {
      clearTimeout(timer);
      stop.abort();
    };
  }, [client, draft]);
  return state;
}
