/**
 * New objects from a template, pasted text, or files and folders dropped in: always dry first,
 * then for real, each with its own result.
 */
import { useEffect, useRef, useState, type DragEvent, type ReactNode } from 'react';
import { visible } from '#shared/util/text';
import { useCluster, useClusterId } from '../../data/connections';
import { clusterTitle, confirmChange, isProtected, readOnlyReason } from '../../data/confirm';
import { useThisCluster } from '../../data/cluster-data';
import { useBench } from '../../data/workbench';
import { Button } from '../../ui/Button';
import { Choice } from '../../ui/Choice';
import { lazy } from '../../ui/lazy';
import styles from './editor.module.css';
import batchStyles from './batch.module.css';
import { BatchList } from './BatchList';
import { dropDraft, findDraft, holdsSecret, keepDraft } from './drafts';
import { entriesOf, readEntries, readFiles, type DroppedText } from './dropped';
import { Line } from './Line';
import { Remarks } from './Remarks';
import { templates } from './templates';
import { useBatch, type BatchInput, type BatchRow } from './use-batch';
import { useChecked } from './use-checked';

const YamlEditor = lazy(() =>
  import('../../ui/code/YamlEditor').then((module) => ({ default: module.YamlEditor })),
);

const hows: readonly { value: 'apply' | 'create'; label: string }[] = [
  { value: 'apply', label: 'Create or change' },
  { value: 'create', label: 'Only create' },
];

const nobody: ReadonlySet<string> = new Set();

export function NewPage(): ReactNode {
  const clusterId = useClusterId();
  const client = useCluster();
  const { namespaces } = useThisCluster();
  const bench = useBench(clusterId);
  const draftId = `${clusterId}\nnew`;
  const [text, setText] = useState(() => findDraft(draftId)?.text ?? '');
  const [namespace, setNamespace] = useState(bench.namespaces[0] ?? 'default');
  const [how, setHow] = useState<'apply' | 'create'>('apply');
  const [forced, setForced] = useState<ReadonlySet<string>>(nobody);
  const [over, setOver] = useState(false);
  const [said, setSaid] = useState('');
  const [goTo, setGoTo] = useState<{ offset: number }>();
  const files = useRef<HTMLInputElement>(null);
  const check = useChecked(client, text);
  const batch = useBatch(client);
  const locked = readOnlyReason(clusterId);

  useEffect(() => {
    if (text.trim() === '') dropDraft(draftId);
    else keepDraft(draftId, { text, base: '', original: '', at: Date.now() });
  }, [draftId, text]);

  const write = (next: string): void => {
    setText(next);
    setForced(nobody);
    if (batch.rows.length > 0) batch.clear();
  };
  const add = (more: string): void => write(text.trim() === '' ? more : `${text.trimEnd()}\n---\n${more}`);
  const take = (reading: Promise<DroppedText>): void => {
    reading.then(
      (found) => {
        if (found.files > 0) add(found.text);
        setSaid(
          found.files === 0
            ? 'No manifests there: .yaml, .yml and .json files are read.'
            : `${found.files} ${found.files === 1 ? 'file' : 'files'} read. ${found.left}`,
        );
      },
      () => setSaid('These files cannot be read.'),
    );
  };
  const onDrop = (event: DragEvent): void => {
    event.preventDefault();
    setOver(false);
    take(readEntries(entriesOf(event.dataTransfer.items)));
  };

  const checked = check.of === text ? check.checked : undefined;
  const list = checked?.objects ?? [];
  const broken =
    checked?.remarks.some((one) => one.severity === 'error') === true &&
    list.some((one) => one.problem?.startsWith('This document'));
  const needsNamespace = list.some((one) => one.namespaced && one.namespace === '');
  const input: BatchInput | undefined = checked && { text, checked, namespace, how, forced };
  const failed = batch.rows.filter((row) => row.state === 'refused' || row.state === 'cancelled');
  const noun = list.length === 1 ? (list[0]?.kind ?? 'object') : `${list.length} objects`;
  const dryDone = batch.step === 'dry' && !batch.running;

  const real = (only?: ReadonlySet<string>): void => {
    const run = async (): Promise<void> => {
      if (!input) return;
      if (isProtected(clusterId)) {
        const title = `Write ${noun} to ${clusterTitle(clusterId)}?`;
        if (!(await confirmChange({ clusterId, title, verb: `Write ${noun}` }))) return;
      }
      await batch.run('real', input, only);
    };
    void run();
  };

  // Owned by others: taken over only by this choice, dry first where nothing was written yet.
  const takeOver = async ({ id, object, result }: BatchRow): Promise<void> => {
    if (!input || result?.ok !== false) return;
    const next = new Set([...forced, id]);
    const step = batch.step ?? 'dry';
    if (step === 'real') {
      const owners = [...new Set(result.owners?.map((one) => one.manager))].join(', ');
      const title = `Take over fields of ${visible(object.kind)} ${visible(object.name)} from ${visible(owners)} on ${clusterTitle(clusterId)}?`;
      if (!(await confirmChange({ clusterId, title, verb: 'Take over and apply', danger: true }))) return;
    }
    setForced(next);
    await batch.run(step, { ...input, forced: next }, new Set([id]));
  };

  return (
    <div
      className={`${styles.page} ${over ? batchStyles.drop : ''}`}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={onDrop}
    >
      <div className={styles.bar}>
        <select
          className={batchStyles.select}
          aria-label="Template"
          value=""
          onChange={(event) => {
            const found = templates.find((one) => one.kind === event.target.value);
            if (found) add(found.text);
          }}
        >
          <option value="">Add a template…</option>
          {templates.map((one) => (
            <option key={one.kind} value={one.kind}>
              {one.kind}
            </option>
          ))}
        </select>
        <Button look="quiet" onClick={() => files.current?.click()}>
          Add files…
        </Button>
        <input
          ref={files}
          type="file"
          hidden
          multiple
          accept=".yaml,.yml,.json"
          aria-label="Manifest files"
          onChange={(event) => {
            if (event.target.files) take(readFiles(event.target.files));
            event.target.value = '';
          }}
        />
        <Button look="quiet" disabled={text === ''} onClick={() => write('')}>
          Clear
        </Button>
        <span className={styles.space} />
        <label className={styles.muted}>
          Namespace{' '}
          <select
            className={batchStyles.select}
            aria-label="Namespace for objects that name none"
            value={namespace}
            disabled={!needsNamespace && list.length > 0}
            onChange={(event) => {
              setNamespace(event.target.value);
              batch.clear();
            }}
          >
            {[...new Set([namespace, ...(namespaces?.names ?? [])])].map((name) => (
              <option key={name} value={name}>
                {visible(name)}
              </option>
            ))}
          </select>
        </label>
        <Choice
          label="How to write"
          options={hows}
          value={how}
          onChange={(next) => {
            setHow(next);
            batch.clear();
          }}
        />
        {batch.running ? (
          <Button onClick={batch.cancel}>Cancel</Button>
        ) : (
          <Button
            look={dryDone ? 'plain' : 'primary'}
            disabled={!input || list.length === 0 || broken || batch.step === 'real'}
            onClick={() => input && void batch.run('dry', input)}
          >
            Dry run
          </Button>
        )}
        {dryDone && (
          <Button
            look="primary"
            disabled={locked !== undefined || failed.length === batch.rows.length}
            data-tip={locked}
            onClick={() => real()}
          >
            {how === 'create' ? 'Create' : 'Apply'} {noun}
          </Button>
        )}
        {batch.step === 'real' && !batch.running && failed.length > 0 && (
          <Button onClick={() => real(new Set(failed.map((row) => row.id)))}>
            Try {failed.length} again
          </Button>
        )}
      </div>
      {said !== '' && <Line tone="info">{said}</Line>}
      {holdsSecret(text) && (
        <Line tone="info">This text holds a Secret: its draft stays in memory only.</Line>
      )}
      <div className={styles.columns}>
        <div className={styles.code}>
          <YamlEditor
            text={text}
            onChange={write}
            label="YAML of new objects"
            outlineAt={check.outlineAt}
            onSubmit={() => input && !batch.running && void batch.run('dry', input)}
            autoFocus
            goTo={goTo}
            {...(checked ? { remarks: checked.remarks } : {})}
          />
        </div>
      </div>
      {batch.rows.length > 0 ? (
        <BatchList
          rows={batch.rows}
          step={batch.step}
          forced={forced}
          onForce={batch.running || locked !== undefined ? undefined : (row) => void takeOver(row)}
        />
      ) : text === '' ? (
        <Line tone="info">Choose a template, paste YAML, or drop files and folders here.</Line>
      ) : (
        checked && <Remarks text={text} remarks={checked.remarks} onGo={(offset) => setGoTo({ offset })} />
      )}
    </div>
  );
}
