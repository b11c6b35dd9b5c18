/**
 * One action before it is run: what it would change exactly, what else follows, the same as a
 * kubectl command. The plan is made here from the objects as they are now; the host makes it
 * again and runs nothing that differs.
 */
import { useEffect, useMemo, useState, type ReactNode } from 'react';
import { actions, type DependentsAnswer, type Inspection } from '#shared/contract/actions';
import type { KindInfo } from '#shared/contract/cluster';
import type { OptionsOf, VerbId } from '#shared/domain/actions/options';
import { fingerprint, verbs } from '#shared/domain/actions/table';
import type { Planner } from '#shared/domain/actions/types';
import type { RpcClient } from '#shared/rpc/client';
import { toAppError, type AppError } from '#shared/util/app-error';
import { visible } from '#shared/util/text';
import { clusterTitle, isProtected, readOnlyReason } from '../../data/confirm';
import type { SelectedObject } from '../../data/feature';
import { ConfirmDialog } from '../../ui/ConfirmDialog';
import styles from './actions.module.css';
import { closeAction, openAction } from './dialog-state';
import { firstOptions } from './first-options';
import { forms, type FormProps } from './forms';
import { CommandLine, ManyPreview, OnePreview, Warnings, type Planned } from './Preview';
import { startRun } from './runs';
import { actionTitle, inSentence, planCommand, targetOf } from './words';

/** The contract's cap on one inspection. */
const MOST_SEEN = 50;

export interface ActionDialogProps {
  readonly client: RpcClient | undefined;
  readonly clusterId: string;
  readonly verb: VerbId;
  readonly kind: KindInfo;
  readonly objects: readonly SelectedObject[];
}

export function ActionDialog({ client, clusterId, verb, kind, objects }: ActionDialogProps): ReactNode {
  const [inspection, setInspection] = useState<Inspection | undefined>(undefined);
  const [failure, setFailure] = useState<AppError | undefined>(undefined);
  const [options, setOptions] = useState<OptionsOf[VerbId] | undefined>(undefined);
  const seen = useMemo(() => objects.slice(0, MOST_SEEN), [objects]);
  const targets = useMemo(() => seen.map((object) => targetOf(kind, object)), [seen, kind]);
  const many = objects.length > 1;
  const spaces = [...new Set(objects.map((object) => object.namespace))];

  useEffect(() => {
    if (!client) return undefined;
    const abort = new AbortController();
    client.call(actions, 'inspect', { verb, items: seen.map(refOf) }, abort.signal).then(
      (found) => {
        setInspection(found);
        const [target] = targets;
        if (target)
          setOptions(
            (before) => before ?? firstOptions(verb, found.objects[0]?.object, target, found.extras),
          );
      },
      (thrown: unknown) => {
        if (!abort.signal.aborted) setFailure(toAppError(thrown));
      },
    );
    return () => abort.abort();
  }, [client, verb, seen, targets]);

  const planned = useMemo(
    () => planAll(verb, options, inspection, targets),
    [verb, options, inspection, targets],
  );
  const title = actionTitle(verb, kind, objects);
  const one = planned.length === 1 ? planned[0]?.plan : undefined;
  const refused =
    planned.length > 0 &&
    planned.length === objects.length &&
    planned.every((each) => each.plan === undefined || each.plan.refused !== undefined);
  const [firstTarget] = targets;
  const Form = forms[verb] as ((props: FormProps) => ReactNode) | undefined;
  const command = one && firstTarget ? planCommand(one, firstTarget, clusterId) : undefined;
  const danger = planned.some((each) => each.plan?.danger === true);

  const run = (yes: boolean): void => {
    if (!yes || !client || options === undefined) return closeAction();
    const items = objects.map((object, index) => {
      const plan = planned[index]?.plan;
      return {
        ...object,
        ...(plan && plan.refused === undefined ? { expect: fingerprint(plan.changes) } : {}),
      };
    });
    const id = startRun(client, { clusterId, verb, options, title, items }, true);
    openAction({ type: 'run', clusterId, run: id });
  };

  return (
    <ConfirmDialog
      title={many ? `${title}?` : title}
      place={clusterTitle(clusterId)}
      part={spaces.length === 1 && spaces[0] !== '' ? spaces[0] : undefined}
      verb={buttonWords(verb, title, options)}
      danger={danger}
      wide
      typeToConfirm={isProtected(clusterId) ? clusterTitle(clusterId) : undefined}
      refused={readOnlyReason(clusterId)}
      notYet={!inspection || refused}
      onAnswer={run}
    >
      {failure && <p className={styles.bad}>{visible(failure.message)}</p>}
      {!inspection && !failure && (
        <p className={styles.muted}>Reading {many ? `${seen.length} objects` : inSentence(kind.singular)}…</p>
      )}
      {inspection && options !== undefined && firstTarget && (
        <>
          {Form && (
            <div className={styles.form}>
              <Form
                object={inspection.objects[0]?.object}
                target={firstTarget}
                extras={inspection.extras}
                options={options as never}
                onChange={setOptions as never}
                many={many}
              />
            </div>
          )}
          <div className={styles.preview}>
            {planned.length === 1 && planned[0]?.problem !== undefined && (
              <p className={styles.bad}>{visible(planned[0].problem)}</p>
            )}
            {one && verb !== 'delete' && verb !== 'evict' && <OnePreview plan={one} />}
            {many && <ManyPreview planned={planned} total={objects.length} />}
            {verb === 'delete' && (
              <Goes
                client={client}
                objects={objects}
                keep={(options as OptionsOf['delete']).propagation === 'Orphan'}
              />
            )}
            <Warnings warnings={[...inspection.notes, ...warningsOf(planned)]} />
            {command !== undefined && <CommandLine text={command} />}
          </div>
        </>
      )}
    </ConfirmDialog>
  );
}

function refOf({ kind, namespace, name, uid }: SelectedObject): {
  kind: string;
  namespace: string;
  name: string;
  uid: string;
} {
  return { kind, namespace, name, uid };
}

function planAll(
  verb: VerbId,
  options: unknown,
  inspection: Inspection | undefined,
  targets: readonly ReturnType<typeof targetOf>[],
): readonly Planned[] {
  if (!inspection || options === undefined) return [];
  const { plan } = verbs[verb] as { plan: Planner<unknown> };
  return targets.map((target, index): Planned => {
    const { name, namespace } = target;
    const found = inspection.objects[index];
    if (!found?.object) return { name, namespace, problem: found?.error?.message ?? 'It cannot be read.' };
    return { name, namespace, plan: plan(found.object, options, target, inspection.extras) };
  });
}

/** Each consequence once; with several objects, how many it is about. */
function warningsOf(planned: readonly Planned[]): readonly string[] {
  const counted = new Map<string, number>();
  for (const { plan } of planned)
    for (const warning of new Set(plan?.warnings)) counted.set(warning, (counted.get(warning) ?? 0) + 1);
  const all = [...counted].map(([warning, count]) => (count > 1 ? `${warning} (${count} objects)` : warning));
  return planned.length > 1 && all.length > 8 ? [...all.slice(0, 8), `and ${all.length - 8} more`] : all;
}

function buttonWords(verb: VerbId, title: string, options: unknown): string {
  if (verb === 'scale') return `Scale to ${(options as OptionsOf['scale'] | undefined)?.replicas ?? '…'}`;
  if (verb === 'rollback')
    return `Roll back to revision ${(options as OptionsOf['rollback'] | undefined)?.revision ?? '…'}`;
  if (
    verb === 'label' ||
    verb === 'annotate' ||
    verb === 'taint' ||
    verb === 'bounds' ||
    verb === 'set-image'
  )
    return title.replace(/^Edit/, 'Change');
  return title.length > 40 ? verbs[verb].title : title;
}

/** What goes with the deleted objects by ownerReferences. */
function Goes({
  client,
  objects,
  keep,
}: {
  readonly client: RpcClient | undefined;
  readonly objects: readonly SelectedObject[];
  readonly keep: boolean;
}): ReactNode {
  const [answer, setAnswer] = useState<DependentsAnswer | undefined>(undefined);
  useEffect(() => {
    if (!client || objects.length > 20) return undefined;
    const abort = new AbortController();
    client
      .call(actions, 'dependents', { items: objects.map(refOf) }, abort.signal)
      .then(setAnswer, () => undefined);
    return () => abort.abort();
  }, [client, objects]);
  if (objects.length > 20)
    return <p className={styles.muted}>What these own is {keep ? 'kept' : 'deleted too'}.</p>;
  if (!answer) return <p className={styles.muted}>Looking for what it owns…</p>;
  if (answer.dependents.length === 0)
    return answer.partial ? (
      <p className={styles.muted}>What it may own in the cluster was not all searched.</p>
    ) : null;
  return (
    <div role="group" aria-label="What it owns">
      <p>{keep ? 'These are kept, without an owner:' : 'These are deleted with it:'}</p>
      <ul className={styles.many}>
        {answer.dependents.map(({ kind, title, count, names }) => (
          <li key={kind}>
            <span className={styles.number}>
              {answer.partial ? 'at least ' : ''}
              {count} {inSentence(title)}
            </span>
            <span className={`${styles.grow} ${styles.muted}`}>
              {names.map(visible).join(', ')}
              {count > names.length ? ', …' : ''}
            </span>
          </li>
        ))}
      </ul>
    </div>
  );
}
