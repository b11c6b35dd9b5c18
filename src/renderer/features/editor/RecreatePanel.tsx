/**
 * An object that cannot be changed so: what deleting it and creating it anew would do, and the
 * progress of doing it. Nothing is deleted before the button that says so.
 */
import { useEffect, useState, type ReactNode } from 'react';
import { actions, type DependentsAnswer } from '#shared/contract/actions';
import type { RecreatePreview, RecreateState } from '#shared/contract/objects';
import type { ObjectRef } from '#shared/contract/resources';
import type { RpcClient } from '#shared/rpc/client';
import { visible } from '#shared/util/text';
import { Button } from '../../ui/Button';
import { Choice } from '../../ui/Choice';
import { lazy } from '../../ui/lazy';
import { Line } from './Line';
import styles from './editor.module.css';
import type { Propagation } from './use-edit';

const DiffView = lazy(() =>
  import('../../ui/code/DiffView').then((module) => ({ default: module.DiffView })),
);

const choices: readonly { value: Propagation; label: string }[] = [
  { value: 'Background', label: 'Delete what it owns' },
  { value: 'Orphan', label: 'Keep what it owns' },
];

export interface RecreatePanelProps {
  readonly client: RpcClient | undefined;
  readonly target: ObjectRef;
  readonly uid: string;
  readonly preview: RecreatePreview;
  readonly state: RecreateState | undefined;
  readonly noun: string;
  readonly locked: string | undefined;
  readonly onGo: (propagation: Propagation) => void;
  readonly onCancel: () => void;
}

export function RecreatePanel(props: RecreatePanelProps): ReactNode {
  const { client, target, uid, preview, state, noun, locked, onGo, onCancel } = props;
  const [propagation, setPropagation] = useState<Propagation>('Background');
  const [owned, setOwned] = useState<DependentsAnswer | undefined>(undefined);
  const { kind, namespace, name } = target;
  useEffect(() => {
    if (!client || uid === '') return undefined;
    const abort = new AbortController();
    client
      .call(actions, 'dependents', { items: [{ kind, namespace, name, uid }] }, abort.signal)
      .then(setOwned, () => undefined);
    return () => abort.abort();
  }, [client, kind, namespace, name, uid]);
  const running = state !== undefined && !isOver(state);
  return (
    <section className={styles.review} aria-label="Delete and create anew">
      {state && (
        <Line tone={toneOf(state)}>
          {visible(state.message)} {state.error && visible(state.error.message)} {state.error?.hint}
        </Line>
      )}
      {!state && (
        <>
          {preview.warnings.map((warning, index) => (
            <Line key={warning} tone={index === 0 && preview.loses ? 'bad' : 'warn'}>
              {visible(warning)}
            </Line>
          ))}
          {owned && owned.dependents.length > 0 && (
            <Line tone="warn">
              {propagation === 'Orphan' ? 'These stay, without an owner: ' : 'These are deleted with it: '}
              {owned.dependents
                .map(({ count, title }) => `${owned.partial ? 'at least ' : ''}${countWords(count, title)}`)
                .join(', ')}
              .
            </Line>
          )}
          {preview.problem && (
            <Line tone="bad">
              Tried under another name, the server refused the new one: {visible(preview.problem.message)}{' '}
              {preview.problem.hint} If it refuses the real one too, the old one is put back.
            </Line>
          )}
          {preview.left.length > 0 && (
            <Line tone="info">Set anew by the server: {visible(preview.left.join(', '))}.</Line>
          )}
        </>
      )}
      <div className={styles.reviewHead}>
        <p>
          {preview.problem
            ? 'Left: stored now. Right: what would be created.'
            : 'The server would accept it. Left: stored now. Right: what would be created, with its defaults.'}
        </p>
        {!state && (
          <Choice label="What it owns" options={choices} value={propagation} onChange={setPropagation} />
        )}
        {!state && (
          <Button
            look="danger"
            disabled={locked !== undefined}
            data-tip={locked}
            onClick={() => onGo(propagation)}
          >
            Delete and create {noun.toLowerCase()} anew
          </Button>
        )}
        {running && state.phase !== 'creating' && <Button onClick={onCancel}>Cancel</Button>}
      </div>
      <DiffView before={preview.before} after={preview.after} label="Changes" mode="side by side" />
    </section>
  );
}

/** `1 pod`, `3 pods`, `1 ReplicaSet`. */
function countWords(count: number, title: string): string {
  const words = /[a-z][A-Z]/.test(title) ? title : title.toLowerCase();
  return `${count} ${count === 1 ? words.replace(/s$/, '') : words}`;
}

export function isOver({ phase }: RecreateState): boolean {
  return phase === 'done' || phase === 'failed' || phase === 'cancelled';
}

function toneOf({ phase }: RecreateState): 'ok' | 'bad' | 'warn' | 'info' {
  if (phase === 'done') return 'ok';
  if (phase === 'failed') return 'bad';
  return phase === 'cancelled' ? 'warn' : 'info';
}
