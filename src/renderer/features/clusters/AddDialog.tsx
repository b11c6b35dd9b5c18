/**
 * What a file, folder or pasted text holds, before it is added: contexts, servers, how they sign in,
 * problems. Then the choice: read it where it is, keep a copy, or merge it into a kubeconfig.
 */
import { useId, useState, type ReactNode } from 'react';
import {
  kubeconfig,
  type AddPreview,
  type InspectedContext,
  type Inspection,
  type KubeconfigText,
} from '#shared/contract/kubeconfig';
import { plural, visible } from '#shared/util/text';
import { useAppData } from '../../data/app-data';
import { Button } from '../../ui/Button';
import { Dialog } from '../../ui/Dialog';
import { ErrorState } from '../../ui/ErrorState';
import { useAsked, useDoing } from './calls';
import { nextAdd } from '../../data/cluster-dialogs';
import styles from './clusters.module.css';

export function AddDialog({ source: given }: { readonly source: KubeconfigText | 'paste' }): ReactNode {
  const [text, setText] = useState('');
  const source: KubeconfigText = given === 'paste' ? { text } : given;
  const isEmpty = 'text' in source && source.text.trim() === '';
  const [left, setLeft] = useState<ReadonlySet<string>>(new Set());
  const [where, setWhere] = useState('');
  const found = useAsked(isEmpty ? null : `inspect ${keyOf(source)}`, (client, signal) =>
    client.call(kubeconfig, 'inspect', { source }, signal),
  );
  const { data, error } = found;
  const usable = data?.contexts.filter((one) => !one.problem) ?? [];
  const chosen = usable.filter((one) => !left.has(one.name));
  const all = chosen.length === (data?.contexts.length ?? 0);
  const into = where === '' ? null : where;
  // Followed as it is, the whole file counts; a choice of contexts needs a copy.
  const follows = data !== undefined && data.path !== null && into === null;
  const preview = useAsked(
    data && into !== null && chosen.length > 0
      ? `preview ${keyOf(source)} ${into} ${chosen.map((one) => one.name).join('\n')}`
      : null,
    (client, signal) =>
      client.call(
        kubeconfig,
        'previewAdd',
        { source, contexts: chosen.map((one) => one.name), into },
        signal,
      ),
  );
  const doing = useDoing();
  const isReady =
    data !== undefined &&
    (follows ? data.contexts.length > 0 : chosen.length > 0) &&
    (into === null || preview.data !== undefined);
  const count = follows ? (data?.contexts.length ?? 0) : chosen.length;
  const add = (): void =>
    void doing.run(async (client) => {
      if (!data) return;
      if (follows && data.path !== null) {
        await client.call(kubeconfig, 'follow', { path: data.path });
        nextAdd(`${data.path} is read from now on, where it is.`);
        return;
      }
      const contexts = into === null && all ? undefined : chosen.map((one) => one.name);
      const done = await client.call(kubeconfig, 'add', { source, ...(contexts ? { contexts } : {}), into });
      nextAdd(doneText(done));
    });
  const title = 'path' in source ? `Add ${visible(source.path)}` : 'Paste a kubeconfig';
  return (
    <Dialog
      label={title}
      wide
      onClose={() => nextAdd()}
      actions={
        <>
          <Button onClick={() => nextAdd()}>Cancel</Button>
          <Button look="primary" disabled={!isReady || doing.busy} onClick={add}>
            {data === undefined || count === 0 ? 'Add' : `Add ${plural(count, 'context')}`}
          </Button>
        </>
      }
    >
      {given === 'paste' && (
        <textarea
          className={styles.paste}
          aria-label="Kubeconfig as YAML or JSON"
          placeholder={'apiVersion: v1\nkind: Config\nclusters: …'}
          spellCheck={false}
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
      )}
      {error && <ErrorState title="It cannot be read" error={error} onRetry={found.again} />}
      {data && (
        <>
          <Held data={data} left={left} fixed={follows} onLeft={setLeft} />
          {data.known && <p className={styles.warn}>It is read already.</p>}
          <Where data={data} value={where} onChange={setWhere} />
          {preview.error && (
            <ErrorState title="It cannot be merged" error={preview.error} onRetry={preview.again} />
          )}
          {into !== null && preview.data && <Effect preview={preview.data} />}
        </>
      )}
      {doing.error && <ErrorState title="Nothing was added" error={doing.error} />}
    </Dialog>
  );
}

function keyOf(source: KubeconfigText): string {
  return 'path' in source ? `path ${source.path}` : `text ${source.text}`;
}

function doneText(done: AddPreview): string {
  const added = done.added.length > 0 ? `Added ${done.added.map(visible).join(', ')}` : 'Nothing new';
  return `${added} in ${done.target}.${done.isNew ? '' : ` The file before is in ${done.target}.binnacle-backup.`}`;
}

interface HeldProps {
  readonly data: Inspection;
  readonly left: ReadonlySet<string>;
  /** All of it or nothing. */
  readonly fixed: boolean;
  readonly onLeft: (left: ReadonlySet<string>) => void;
}

function Held({ data, left, fixed, onLeft }: HeldProps): ReactNode {
  const other = data.problems.filter(
    (problem) => !data.contexts.some((one) => one.problem?.message === problem.message),
  );
  const toggle = (name: string): void => {
    const next = new Set(left);
    if (!next.delete(name)) next.add(name);
    onLeft(next);
  };
  return (
    <>
      <p className={styles.text}>
        {data.kind === 'folder' && `${plural(data.files.length, 'file')}: `}
        {plural(data.contexts.length, 'context')}, {plural(data.clusters, 'cluster')},{' '}
        {plural(data.users, 'user')}
        {other.length > 0 && `, ${plural(other.length, 'problem')}`}
      </p>
      {data.contexts.length > 0 && (
        <div className={styles.held} role="list" aria-label="Contexts in it">
          {data.contexts.slice(0, 500).map((one, at) => (
            <div key={`${one.name} ${at}`} className={styles.heldRow} role="listitem">
              <input
                type="checkbox"
                aria-label={`Add ${visible(one.name)}`}
                disabled={one.problem !== undefined || fixed}
                checked={fixed ? true : !one.problem && !left.has(one.name)}
                onChange={() => toggle(one.name)}
              />
              <Line one={one} />
            </div>
          ))}
        </div>
      )}
      {other.length > 0 && (
        <ul className={styles.text} aria-label="Problems in it">
          {other.slice(0, 50).map((problem) => (
            <li key={problem.message} className={styles.bad}>
              {visible(problem.message)}
            </li>
          ))}
        </ul>
      )}
    </>
  );
}

function Line({ one }: { readonly one: InspectedContext }): ReactNode {
  return (
    <>
      <span data-tip={visible(one.name)}>
        {visible(one.name)} {one.provider && <span className={styles.badge}>{one.provider.label}</span>}
      </span>
      <span data-tip={visible(one.server)}>
        {visible(one.server) || <span className="muted">no server</span>}
      </span>
      <span data-tip={visible(one.user)}>{one.auth.join(', ')}</span>
      {one.runs !== undefined && (
        <span className={`${styles.wide} muted`}>
          Runs <span className="mono">{visible(one.runs)}</span> when you open it
        </span>
      )}
      {one.problem && <span className={`${styles.wide} ${styles.bad}`}>{visible(one.problem.message)}</span>}
    </>
  );
}

interface WhereProps {
  readonly data: Inspection;
  readonly value: string;
  readonly onChange: (value: string) => void;
}

function Where({ data, value, onChange }: WhereProps): ReactNode {
  const files = useAppData((state) => state.contexts?.files) ?? [];
  const id = useId();
  if (data.kind === 'folder')
    return (
      <p className={styles.text}>
        The folder is read where it is; files that come or go there show by themselves.
      </p>
    );
  const targets = files.filter((file) => file.state === 'ok' && file.path !== data.path);
  return (
    <label className={styles.check} htmlFor={id}>
      <span>Goes to</span>
      <select
        id={id}
        className={styles.select}
        value={value}
        onChange={(event) => onChange(event.target.value)}
      >
        <option value="">
          {data.path === null ? 'a file of Binnacle’s own' : 'stays where it is, and is read there'}
        </option>
        {targets.map((file) => (
          <option key={file.path} value={file.path}>
            merge into {visible(file.path)}
          </option>
        ))}
      </select>
    </label>
  );
}

function Effect({ preview }: { readonly preview: AddPreview }): ReactNode {
  const { added, present, renamed, relativePaths, target } = preview;
  return (
    <ul className={styles.text} aria-label="What will happen">
      <li>
        {added.length === 0 ? 'Nothing is new.' : `New: ${added.map(visible).join(', ')}.`}
        {present.length > 0 && ` There already: ${present.map(visible).join(', ')}.`}
      </li>
      {renamed.map(({ kind, from, to }) => (
        <li key={`${kind} ${to}`}>
          The {kind} “{visible(from)}” is taken by another one; it comes as “{visible(to)}”.
        </li>
      ))}
      {relativePaths.map((path) => (
        <li key={path} className={styles.warn}>
          The relative path {visible(path)} will start at the folder of {visible(target)}.
        </li>
      ))}
      <li>Nothing else in the file changes. The file before is kept as {visible(target)}.binnacle-backup.</li>
    </ul>
  );
}
