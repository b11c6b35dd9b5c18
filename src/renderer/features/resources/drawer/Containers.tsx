/** Containers as cards: state, last end, image, probes, resources, ports, mounts, environment with its sources. */
import { useQuery } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { resources, type EnvVariable } from '#shared/contract/resources';
import { exitMeaning } from '#shared/domain/health/exit-codes';
import { podSpecPath } from '#shared/domain/actions/read';
import { items, str } from '#shared/k8s/read';
import { fail, toAppError } from '#shared/util/app-error';
import { clip, plural, visible } from '#shared/util/text';
import { useClusterId } from '../../../data/connections';
import { StatusMark } from '../../../ui/StatusMark';
import { containersOf } from './containers';
import { CopyText } from './CopyText';
import own from './containers.module.css';
import styles from './drawer.module.css';
import { field, type PlainObject } from './facts';
import { useInUse, type InUse } from './in-use';
import { mountsOf, portsOf, probesOf } from './probe-words';
import { SecretValue } from './SecretValue';
import type { DetailProps } from './tabs';

export function Containers(props: DetailProps): ReactNode {
  const { client, object, reference, clockOffset } = props;
  const used = useInUse(client, reference, object);
  const containers = containersOf(object, Date.now() + clockOffset);
  if (containers.length === 0) return null;
  const spec = field(object, ...(podSpecPath(reference.kind) ?? ['spec']));
  const raw = new Map(
    ['initContainers', 'containers', 'ephemeralContainers'].flatMap((key) => {
      const list = field(spec, key);
      return items(Array.isArray(list) ? (list as readonly PlainObject[]) : undefined).map((one) => [
        str(one['name']),
        one,
      ]);
    }),
  );
  return (
    <section className={styles.section} aria-label="Containers">
      <h3>Containers</h3>
      {containers.map((one) => {
        const container = raw.get(one.name);
        const meaning = one.exit === undefined ? '' : exitMeaning(one.exit);
        return (
          <div key={one.name} className={own.container} role="group" aria-label={`Container ${one.name}`}>
            <span className={styles.words}>
              {one.tone && <StatusMark tone={one.tone} />}
              <b>{visible(one.name)}</b>
            </span>
            <span>
              {[one.role, one.restarts > 0 ? plural(one.restarts, 'restart') : ''].filter(Boolean).join(', ')}
            </span>
            <dl className={styles.card}>
              {one.state !== '' && <Line label="State">{visible(clip(one.state, 400))}</Line>}
              {one.last !== '' && (
                <Line label="Last run">
                  {visible(clip(one.last, 400))}
                  {meaning !== '' && <span className={styles.muted}> ({meaning})</span>}
                </Line>
              )}
              <Line label="Image">
                <CopyText text={one.image} mono />
              </Line>
              {one.resources !== '' && <Line label="Resources">{visible(one.resources)}</Line>}
              <Use of={used.get(one.name)} />
              {portsOf(container) !== '' && <Line label="Ports">{visible(portsOf(container))}</Line>}
              {probesOf(container).map(([type, words]) => (
                <Line key={type} label={`${type.charAt(0).toUpperCase()}${type.slice(1)}`}>
                  {visible(clip(words, 300))}
                </Line>
              ))}
              <Mounts props={props} container={container} spec={spec} />
            </dl>
            <Environment props={props} container={container} name={one.name} />
          </div>
        );
      })}
    </section>
  );
}

function Use({ of }: { readonly of: InUse | undefined }): ReactNode {
  if (!of || of.words === '') return null;
  return (
    <Line label="In use">
      <span className={of.warn ? styles.warnText : undefined}>{of.words}</span>
    </Line>
  );
}

export function Line({
  label,
  children,
}: {
  readonly label: string;
  readonly children: ReactNode;
}): ReactNode {
  return (
    <>
      <dt>{label}</dt>
      <dd>{children}</dd>
    </>
  );
}

interface Part {
  readonly props: DetailProps;
  readonly container: unknown;
}

function Mounts({ props, container, spec }: Part & { readonly spec: unknown }): ReactNode {
  const mounts = mountsOf(container, spec, props.reference.namespace).filter(
    (one) => !one.path.startsWith('/var/run/secrets/kubernetes.io/serviceaccount'),
  );
  if (mounts.length === 0) return null;
  return (
    <Line label="Mounts">
      {mounts.map(({ path, from, link, readOnly }) => (
        <div key={path}>
          <span className="mono">{visible(path)}</span>{' '}
          {link ? (
            <button type="button" className={styles.link} onClick={() => props.onGo(link)}>
              {visible(from)}
            </button>
          ) : (
            <span className={styles.muted}>{visible(from)}</span>
          )}
          {readOnly && <span className={styles.muted}>, read-only</span>}
        </div>
      ))}
    </Line>
  );
}

function Environment({ props, container, name }: Part & { readonly name: string }): ReactNode {
  const { client, reference, object, uid } = props;
  const clusterId = useClusterId();
  const count = ['env', 'envFrom'].reduce((sum, key) => {
    const list = field(container, key);
    return sum + (Array.isArray(list) ? list.length : 0);
  }, 0);
  const [open, setOpen] = useState(false);
  const { data, error } = useQuery({
    queryKey: [
      'environment',
      clusterId,
      reference.kind,
      uid,
      str(field(object, 'metadata', 'resourceVersion')),
    ],
    enabled: open && client !== undefined,
    gcTime: 0,
    queryFn: ({ signal }) => {
      if (!client) throw fail('closed', 'The cluster is not connected.');
      return client.call(resources, 'environment', reference, signal);
    },
  });
  if (count === 0) return null;
  const found = data?.find((one) => one.container === name);
  return (
    <div className={own.image}>
      <button type="button" className={styles.more} aria-expanded={open} onClick={() => setOpen(!open)}>
        {open ? 'Hide environment' : `Environment, ${plural(count, 'entry', 'entries')}`}
      </button>
      {open && error && <p className={styles.warnText}>{toAppError(error).message}</p>}
      {open && found && (
        <ul className={own.env} aria-label={`Environment of ${name}`}>
          {found.variables.map((one, index) => (
            <Variable key={`${one.name}-${index}`} one={one} props={props} />
          ))}
        </ul>
      )}
    </div>
  );
}

const kinds = { configMap: ['configmaps', 'config map'], secret: ['secrets', 'secret'] } as const;

function Variable({ one, props }: { readonly one: EnvVariable; readonly props: DetailProps }): ReactNode {
  const { source } = one;
  const { namespace } = props.reference;
  const of =
    source && (source.type === 'configMap' || source.type === 'secret') ? kinds[source.type] : undefined;
  return (
    <li data-off={one.overridden || undefined}>
      <span className="mono">{visible(one.name)}</span>
      <span>
        {one.value !== null && <CopyText text={one.value} mono />}
        {source?.type === 'secret' && source.state === 'there' && (
          <SecretValue
            client={props.client}
            reference={{ kind: 'secrets', namespace, name: source.name }}
            name={source.key}
          />
        )}
        {source?.state === 'missing' && <span className={styles.warnText}>missing</span>}
        {source?.state === 'optional' && <span className={styles.muted}>not set (optional)</span>}
        {source?.state === 'denied' && <span className={styles.muted}>may not be read</span>}
        {source && of && (
          <span className={styles.muted}>
            {' from '}
            <button
              type="button"
              className={styles.link}
              onClick={() => props.onGo({ kind: of[0], namespace, name: source.name })}
            >
              {of[1]} {visible(source.name)}
            </button>
            {source.key !== '' && `, key ${visible(source.key)}`}
          </span>
        )}
        {source && !of && (
          <span className={styles.muted}>
            {source.type === 'field'
              ? `from field ${visible(source.name)}`
              : `from resource ${visible(source.key)}`}
          </span>
        )}
        {source?.newer && (
          <span className={styles.warnText}>
            {' '}
            changed after the container started: it has the value from before
          </span>
        )}
        {one.overridden && <span className={styles.muted}> a later entry wins</span>}
      </span>
    </li>
  );
}
