/** What stands around an object: pods, endpoints, revisions, runs, services, quotas and what applies to it. */
import type { ReactNode } from 'react';
import type { Around, PodBrief } from '#shared/domain/health/types';
import { formatBytes, formatCpu, parseQuantity } from '#shared/util/quantity';
import { formatDuration } from '#shared/util/age';
import { clip, visible } from '#shared/util/text';
import { Age } from '../../../ui/Age';
import { StatusMark } from '../../../ui/StatusMark';
import styles from './drawer.module.css';
import { Go, Pair, Section, Words } from './Parts';
import type { DetailProps } from './tabs';

const MOST = 50;

export function AroundSections(props: DetailProps): ReactNode {
  const { around, onGo, reference } = props;
  const { pods, endpoints, revisions, jobs, applies, classes, target, denied } = around;
  const go = (kind: string, namespace: string, name: string, text = name): ReactNode => (
    <Go link={{ kind, namespace, name }} onGo={onGo} text={text} />
  );
  const { namespace } = reference;
  return (
    <>
      {target && (
        <Section title="Scales">
          <ul className={styles.rows}>
            <li>
              <span>
                {target.exists ? go(target.kind, target.namespace, target.name) : visible(target.name)}
              </span>
              <Words tone={target.tone} words={target.exists ? target.words : 'does not exist'} />
              <span />
            </li>
          </ul>
        </Section>
      )}
      {revisions && revisions.length > 0 && (
        <Section title="Revisions">
          <ul className={styles.rows}>
            {revisions.slice(0, 12).map((one) => (
              <li key={one.name}>
                <span>{go(one.kind, namespace, one.name, `${one.number}${one.current ? ', now' : ''}`)}</span>
                <span>
                  <span className="mono">{visible(clip(one.images.join(', '), 200))}</span>
                  {one.cause !== '' && <span className={styles.muted}> {visible(clip(one.cause, 200))}</span>}
                  {one.replicas && one.replicas[1] > 0 && `, ${one.replicas[0]} of ${one.replicas[1]} ready`}
                </span>
                <span>{one.created !== null && <Age at={one.created} offset={props.clockOffset} />}</span>
              </li>
            ))}
          </ul>
        </Section>
      )}
      {endpoints && reference.kind === 'services' && <Endpoints {...props} />}
      {jobs && (
        <Section title={`Runs ${jobs.length}`}>
          {jobs.length === 0 && <p className={styles.muted}>No run is kept.</p>}
          <ul className={styles.rows}>
            {[...jobs]
              .sort((a, b) => (b.started ?? 0) - (a.started ?? 0))
              .slice(0, 12)
              .map((one) => (
                <li key={one.uid}>
                  <span>{go('jobs.batch', one.namespace, one.name)}</span>
                  <Words
                    tone={one.tone}
                    words={`${one.words}${one.started !== null && one.ended !== null ? `, ${formatDuration(one.ended - one.started)}` : ''}`}
                  />
                  <span>{one.started !== null && <Age at={one.started} offset={props.clockOffset} />}</span>
                </li>
              ))}
          </ul>
        </Section>
      )}
      {reference.kind === 'nodes' && pods && <Requested {...props} pods={pods} />}
      {pods && reference.kind !== 'poddisruptionbudgets.policy' && <Pods {...props} pods={pods} />}
      {applies && applies.length > 0 && (
        <Section title="Applies to it">
          <ul className={styles.rows}>
            {applies.map((one) => (
              <li key={`${one.kind}/${one.name}`}>
                <span>{go(one.kind, one.namespace, one.name)}</span>
                <Words tone={one.tone} words={one.words} />
                <span className={styles.muted}>{one.kind.split('.')[0]}</span>
              </li>
            ))}
          </ul>
        </Section>
      )}
      {classes && reference.kind === 'persistentvolumeclaims' && <Classes {...props} classes={classes} />}
      {denied?.map((one) => (
        <p key={one.what} className={styles.deniedPart}>
          {visible(one.what)} may not be read: {visible(clip(one.message, 300))}
        </p>
      ))}
    </>
  );
}

const rank = { bad: 0, warn: 1, progress: 2, idle: 3, ok: 4, done: 5 } as const;

/** Trouble first; live. */
function Pods({
  pods,
  around,
  onGo,
  clockOffset,
  reference,
}: DetailProps & { readonly pods: readonly PodBrief[] }): ReactNode {
  const sorted = [...pods].sort((a, b) => rank[a.tone] - rank[b.tone] || (b.created ?? 0) - (a.created ?? 0));
  const title = /^persistentvolume(?:claim)?s$/.test(reference.kind) ? 'Used by' : 'Pods';
  return (
    <Section title={`${title} ${pods.length}${around.podsCut ? ' or more' : ''}`}>
      {pods.length === 0 && (
        <p className={styles.muted}>
          {reference.kind === 'services' ? 'Its selector matches no pod.' : 'None.'}
        </p>
      )}
      <ul className={styles.podRows}>
        {sorted.slice(0, MOST).map((pod) => (
          <li key={pod.uid}>
            <Go
              link={{ kind: 'pods', namespace: pod.namespace, name: pod.name }}
              onGo={onGo}
              text={pod.name}
            />
            <Words tone={pod.tone} words={pod.words} />
            <span
              className={pod.ready[0] < pod.ready[1] && pod.tone !== 'done' ? styles.warnText : styles.muted}
            >
              {pod.ready[0]}/{pod.ready[1]}
            </span>
            <span className={styles.muted}>{pod.restarts > 0 ? `${pod.restarts}×` : ''}</span>
            <span>{pod.created !== null && <Age at={pod.created} offset={clockOffset} />}</span>
          </li>
        ))}
      </ul>
      {pods.length > MOST && <p className={styles.muted}>and {pods.length - MOST} more</p>}
    </Section>
  );
}

/** Addresses in and out of service, and why the ones outside are. */
function Endpoints({ around, onGo, reference }: DetailProps): ReactNode {
  const { endpoints = [], pods = [] } = around;
  const byName = new Map(pods.map((pod) => [pod.name, pod]));
  const ready = endpoints.filter((one) => one.ready).length;
  return (
    <Section title={`Endpoints ${ready} of ${endpoints.length} ready`}>
      {endpoints.length === 0 && <p className={styles.muted}>None: nothing can be reached through it.</p>}
      <ul className={styles.rows}>
        {endpoints.slice(0, MOST).map((one, index) => {
          const pod = byName.get(one.pod);
          const why = one.ready ? '' : one.terminating ? 'terminating' : (pod?.words ?? 'not ready');
          return (
            <li key={`${one.addresses.join()}-${index}`}>
              <span className="mono">{visible(one.addresses.join(', '))}</span>
              <span className={styles.words}>
                <StatusMark tone={one.ready ? 'ok' : 'warn'} label={one.ready ? 'ready' : 'not ready'} />
                {one.pod !== '' && (
                  <Go
                    link={{ kind: 'pods', namespace: reference.namespace, name: one.pod }}
                    onGo={onGo}
                    text={one.pod}
                  />
                )}
                <span className={styles.warnText}>{visible(why)}</span>
              </span>
              <span className={styles.muted}>{visible(one.ports.join(', '))}</span>
            </li>
          );
        })}
      </ul>
    </Section>
  );
}

function Requested({ object, pods }: DetailProps & { readonly pods: readonly PodBrief[] }): ReactNode {
  const running = pods.filter((pod) => pod.tone !== 'done');
  const sum = (read: (pod: PodBrief) => number | null): number =>
    running.reduce((all, pod) => all + (read(pod) ?? 0), 0);
  const status = object['status'] as { allocatable?: Record<string, unknown> } | undefined;
  const rows = [
    ['CPU', formatCpu(sum((pod) => pod.cpu)), formatCpu(parseQuantity(status?.allocatable?.['cpu']))],
    [
      'Memory',
      formatBytes(sum((pod) => pod.memory)),
      formatBytes(parseQuantity(status?.allocatable?.['memory'])),
    ],
    ['Pods', String(running.length), status?.allocatable?.['pods']],
  ] as const;
  return (
    <Section title="Requested by its pods">
      <dl className={styles.facts}>
        {rows.map(([label, used, most]) => (
          <Pair key={label} label={label}>
            {used} of {typeof most === 'string' ? visible(most) : '?'}
          </Pair>
        ))}
      </dl>
    </Section>
  );
}

function Classes({
  classes,
  object,
}: DetailProps & { readonly classes: NonNullable<Around['classes']> }): ReactNode {
  const spec = object['spec'] as { storageClassName?: unknown } | undefined;
  const own = classes.find((one) => one.name === spec?.storageClassName);
  if (!own) return null;
  return (
    <Section title="Storage class">
      <dl className={styles.facts}>
        <Pair label="Provisioner">{visible(own.provisioner)}</Pair>
        <Pair label="Binding">{visible(own.mode)}</Pair>
        <Pair label="Expansion">{own.expansion ? 'allowed' : 'not allowed'}</Pair>
      </dl>
    </Section>
  );
}
