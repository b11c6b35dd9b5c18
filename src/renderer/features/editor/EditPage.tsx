/**
 * One object as YAML to be changed: edit, review of what the server would store, save; a
 * merge where somebody else was faster. The text stays whatever happens.
 */
import { useMemo, useState, type ReactNode } from 'react';
import { formatAge } from '#shared/util/age';
import { visible } from '#shared/util/text';
import { useCluster, useClusterId } from '../../data/connections';
import { clusterTitle, confirmChange, isProtected, readOnlyReason } from '../../data/confirm';
import { useKind } from '../../data/cluster-data';
import type { PageProps } from '../../data/feature';
import { Button } from '../../ui/Button';
import { Choice } from '../../ui/Choice';
import { ErrorState } from '../../ui/ErrorState';
import { lazy } from '../../ui/lazy';
import styles from './editor.module.css';
import { Line } from './Line';
import { MergePanel } from './MergePanel';
import { OwnersPanel, ownerNotes } from './OwnersPanel';
import { RefusalPanel } from './RefusalPanel';
import { isOver, RecreatePanel } from './RecreatePanel';
import { Remarks } from './Remarks';
import { ReviewPanel } from './ReviewPanel';
import { useChecked } from './use-checked';
import { useEdit, type How, type Propagation } from './use-edit';
import { newerWords, uidOf } from './use-newer';

// Asked for with this page, not after it: the object is read meanwhile.
const editorCode = import('../../ui/code/YamlEditor').then((module) => ({ default: module.YamlEditor }));
const YamlEditor = lazy(() => editorCode);

const LAST_APPLIED = /^ {4}kubectl\.kubernetes\.io\/last-applied-configuration:/m;
const hows: readonly { value: How; label: string }[] = [
  { value: 'update', label: 'Update' },
  { value: 'apply', label: 'Server-side apply' },
];

export function EditPage({ tab }: PageProps): ReactNode {
  const { kind = '', namespace = '', name = '', changes } = tab.params;
  return (
    <EditOne
      key={`${kind}/${namespace}/${name}`}
      kind={kind}
      namespace={namespace}
      name={name}
      {...(changes === undefined ? {} : { changes })}
    />
  );
}

interface Target {
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  /** JSON of the fields a proposal changes. */
  readonly changes?: string;
}

function EditOne(target: Target): ReactNode {
  const clusterId = useClusterId();
  const client = useCluster();
  const kind = useKind(target.kind);
  const edit = useEdit(client, clusterId, target, target.changes);
  const check = useChecked(client, edit.text);
  const [showOwners, setOwners] = useState(false);
  const [goTo, setGoTo] = useState<{ offset: number }>();
  const { source, stage, busy } = edit;
  const now = Date.now();
  const notes = useMemo(
    () => (showOwners && source ? ownerNotes(source.owners, Date.now()) : undefined),
    [showOwners, source],
  );
  const remarks = check.of === edit.text ? check.checked?.remarks : undefined;
  const broken = remarks?.some((one) => one.severity === 'error') === true;
  const locked = readOnlyReason(clusterId);
  const where = target.namespace === '' ? '' : ` in ${visible(target.namespace)}`;
  const noun = kind?.singular ?? source?.kind ?? target.kind;

  const save = (): void => {
    const run = async (): Promise<void> => {
      if (isProtected(clusterId) || (stage.at === 'review' && stage.force)) {
        const yes = await confirmChange({
          clusterId,
          title: `Save ${noun} ${visible(target.name)}${where} on ${clusterTitle(clusterId)}?`,
          verb: `Save ${noun.toLowerCase()}`,
          danger: stage.at === 'review' && stage.force,
        });
        if (!yes) return;
      }
      edit.save();
    };
    void run();
  };

  if (edit.error && source === undefined && edit.text === '') {
    return (
      <div className={styles.page}>
        <ErrorState title={`${noun} cannot be read`} error={edit.error} onRetry={edit.reload} />
      </div>
    );
  }
  const reviewing = stage.at === 'review' || stage.at === 'merge' || stage.at === 'recreate';
  const recreating = stage.at === 'recreate' && stage.state !== undefined && !isOver(stage.state);
  const recreate = async (propagation: Propagation): Promise<void> => {
    const title = `Delete ${noun} ${visible(target.name)}${where} on ${clusterTitle(clusterId)} and create it anew?`;
    const verb = `Delete and create ${noun.toLowerCase()} anew`;
    if (await confirmChange({ clusterId, title, verb, danger: true })) edit.recreate(propagation);
  };
  return (
    <div className={styles.page} data-editor-ready={edit.text !== '' || undefined}>
      <div className={styles.bar}>
        <span className={styles.what}>
          <span className="mono">{kind?.tag}</span> <b>{visible(target.name)}</b>
          <span className={styles.muted}>
            {where}
            {source ? `, ${source.apiVersion}` : ''}
          </span>
        </span>
        <span className={styles.space} />
        {!reviewing && (
          <>
            {source?.owners && source.owners.length > 0 && (
              <Button look="quiet" aria-pressed={showOwners} onClick={() => setOwners(!showOwners)}>
                {showOwners ? 'Hide owners' : 'Owners'}
              </Button>
            )}
            {source?.kind === 'Secret' && (
              <Button
                look="quiet"
                disabled={edit.changed}
                data-tip={edit.changed ? 'Discard or save your changes first' : undefined}
                onClick={() => edit.setReveal(!edit.reveal)}
              >
                {edit.reveal ? 'Hide values' : 'Reveal values'}
              </Button>
            )}
            <Button look="quiet" disabled={!edit.changed} onClick={edit.discard}>
              Discard changes
            </Button>
            <Choice label="How to save" options={hows} value={edit.how} onChange={edit.setHow} />
            <Button
              look="primary"
              disabled={!edit.changed || busy !== undefined || locked !== undefined}
              data-tip={locked ?? (broken ? 'The text has errors; the server will tell' : 'Ctrl/Cmd S')}
              onClick={() => edit.review()}
            >
              {busy === 'checking' ? 'Asking the server…' : 'Review changes'}
            </Button>
          </>
        )}
        {stage.at === 'review' && (
          <>
            <Button onClick={edit.back}>Back to editing</Button>
            <Button
              look={stage.force ? 'danger' : 'primary'}
              disabled={busy !== undefined || stage.result.unchanged}
              onClick={save}
            >
              {busy === 'saving' ? 'Saving…' : stage.force ? 'Save and take over' : 'Save'}
            </Button>
          </>
        )}
        {(stage.at === 'merge' || (stage.at === 'recreate' && !recreating)) && (
          <Button onClick={edit.back}>Back to editing</Button>
        )}
      </div>
      {locked !== undefined && <Line tone="warn">{locked}</Line>}
      {edit.restored !== undefined && edit.changed && stage.at === 'edit' && (
        <Line tone="info">Your draft of {formatAge(edit.restored, now)} ago is back.</Line>
      )}
      {edit.proposed && edit.changed && stage.at === 'edit' && (
        <Line tone="info">These changes are a proposal. Nothing is written before you review and save.</Line>
      )}
      {edit.newer && stage.at === 'edit' && (
        <div className={styles.notice}>
          <Line tone="warn">{newerWords(edit.newer, edit.origin, now)}</Line>
          <Button onClick={edit.mergeNewer}>Merge now</Button>
        </div>
      )}
      {edit.deleted && stage.at !== 'recreate' && (
        <Line tone="warn">
          It was deleted on the server. Your text is kept: New object can create it again.
        </Line>
      )}
      {edit.volatile && stage.at === 'edit' && (
        <Line tone="info">This draft is kept in memory only: it is large or may hold a Secret.</Line>
      )}
      {source?.hidden === true && stage.at === 'edit' && (
        <Line tone="info">Values are hidden. One left as it is keeps what is stored.</Line>
      )}
      {stage.at === 'saved' && (
        <Line tone="ok">
          Saved.{stage.result.warnings.length > 0 && ` The server warns: ${stage.result.warnings.join(' ')}`}
        </Line>
      )}
      {edit.error && (
        <Line tone="bad">
          {edit.error.message} {edit.error.hint}
        </Line>
      )}
      {stage.at === 'refused' && (
        <RefusalPanel
          result={stage.result}
          dryRun={stage.dryRun}
          onForce={() => edit.review(true)}
          onUpdate={() => edit.setHow('update')}
          onRecreate={edit.askRecreate}
        />
      )}
      {stage.at === 'review' && <ReviewPanel result={stage.result} how={edit.how} force={stage.force} />}
      {stage.at === 'recreate' && (
        <RecreatePanel
          client={client}
          target={target}
          uid={uidOf(edit.base)}
          preview={stage.preview}
          state={stage.state}
          noun={noun}
          locked={locked}
          onGo={(propagation) => void recreate(propagation)}
          onCancel={edit.cancelRecreate}
        />
      )}
      {stage.at === 'merge' && (
        <MergePanel
          merge={stage.merge}
          choices={stage.choices}
          now={now}
          onChoose={edit.choose}
          onTake={edit.takeMerge}
        />
      )}
      {!reviewing && edit.text !== '' && (
        <div className={styles.columns}>
          <div className={styles.code}>
            <YamlEditor
              text={edit.text}
              onChange={edit.write}
              label={`YAML of ${target.name}`}
              outlineAt={check.outlineAt}
              onSubmit={() => edit.changed && locked === undefined && edit.review()}
              fold={LAST_APPLIED}
              autoFocus
              goTo={goTo}
              {...(remarks ? { remarks } : {})}
              {...(notes ? { notes } : {})}
            />
          </div>
          {showOwners && source && (
            <OwnersPanel
              owners={source.owners}
              now={now}
              text={edit.original}
              onGo={(offset) => setGoTo({ offset })}
            />
          )}
        </div>
      )}
      {!reviewing && remarks && (
        <Remarks text={edit.text} remarks={remarks} onGo={(offset) => setGoTo({ offset })} />
      )}
    </div>
  );
}
