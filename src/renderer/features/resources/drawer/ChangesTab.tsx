/**
 * What changed in the object: between the versions seen while it was open, and against another object,
 * of this or of another cluster. Both as a diff of YAML; values of Secrets are not in it.
 */
import { useQuery } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { resources } from '#shared/contract/resources';
import { fail, toAppError } from '#shared/util/app-error';
import { visible } from '#shared/util/text';
import { useAppData } from '../../../data/app-data';
import { useClusterId, useConnections } from '../../../data/connections';
import { Age } from '../../../ui/Age';
import { Button } from '../../../ui/Button';
import { DiffView } from '../../../ui/code/DiffView';
import { EmptyState } from '../../../ui/EmptyState';
import { ErrorState } from '../../../ui/ErrorState';
import own from './changes.module.css';
import styles from './drawer.module.css';
import { changedPaths, plainText } from './diff-text';
import { versionsOf } from './history';
import type { DetailProps } from './tabs';

export function ChangesTab(props: DetailProps): ReactNode {
  const [other, setOther] = useState(false);
  return (
    <div className={styles.code}>
      <div className={own.toolRow}>
        <Button look={other ? 'quiet' : 'plain'} aria-pressed={!other} onClick={() => setOther(false)}>
          Seen while open
        </Button>
        <Button look={other ? 'plain' : 'quiet'} aria-pressed={other} onClick={() => setOther(true)}>
          Compare with…
        </Button>
      </div>
      {other ? <Compare {...props} /> : <Versions {...props} />}
    </div>
  );
}

function Versions({ reference, uid }: DetailProps): ReactNode {
  const clusterId = useClusterId();
  const versions = versionsOf(`${clusterId}/${uid}`);
  const [chosen, setChosen] = useState<string | undefined>(undefined);
  if (versions.length < 2)
    return (
      <EmptyState>
        No change since it was opened. Versions that come while it is open are listed here.
      </EmptyState>
    );
  const at = Math.max(
    1,
    chosen === undefined ? versions.length - 1 : versions.findIndex((one) => one.version === chosen),
  );
  const before = versions[at - 1];
  const after = versions[at];
  if (!before || !after) return null;
  return (
    <>
      <ul className={own.versions} aria-label="Versions">
        {versions
          .slice(1)
          .map((one, index) => ({ one, paths: changedPaths(versions[index]?.object, one.object) }))
          .reverse()
          .map(({ one, paths }) => (
            <li key={one.version}>
              <button type="button" aria-pressed={one === after} onClick={() => setChosen(one.version)}>
                <Age at={one.at} ago />
                <span className={styles.muted}>{visible(paths.slice(0, 4).join(', '))}</span>
              </button>
            </li>
          ))}
      </ul>
      <DiffView
        before={plainText(before.object)}
        after={plainText(after.object)}
        label={`Changes of ${reference.name}`}
        mode="unified"
      />
    </>
  );
}

function Compare({ client, reference, object }: DetailProps): ReactNode {
  const here = useClusterId();
  const connections = useConnections();
  const contexts = useAppData((state) => state.contextById);
  const open = [...contexts.values()].filter((one) => connections.cluster(one.id) !== undefined);
  const [target, setTarget] = useState({ cluster: here, namespace: reference.namespace, name: '' });
  const asked = target.name.trim();
  const { data, error } = useQuery({
    queryKey: ['compare', target.cluster, reference.kind, target.namespace, asked],
    enabled: client !== undefined && asked !== '',
    gcTime: 0,
    retry: false,
    queryFn: ({ signal }) => {
      const other = connections.cluster(target.cluster);
      if (!other) throw fail('closed', 'That cluster is not connected.');
      const { kind } = reference;
      return other.call(
        resources,
        'yaml',
        { kind, namespace: target.namespace, name: asked, managedFields: false },
        signal,
      );
    },
  });
  return (
    <>
      <form className={own.toolRow} aria-label="Compare with" onSubmit={(event) => event.preventDefault()}>
        <select
          aria-label="Cluster"
          value={target.cluster}
          onChange={(event) => setTarget({ ...target, cluster: event.target.value })}
        >
          {open.map((one) => (
            <option key={one.id} value={one.id}>
              {visible(one.name)}
            </option>
          ))}
        </select>
        {reference.namespace !== '' && (
          <input
            aria-label="Namespace"
            value={target.namespace}
            onChange={(event) => setTarget({ ...target, namespace: event.target.value })}
          />
        )}
        <input
          aria-label="Name"
          placeholder="name"
          value={target.name}
          onChange={(event) => setTarget({ ...target, name: event.target.value })}
        />
      </form>
      {error && <ErrorState title="The other object cannot be read" error={toAppError(error)} />}
      {data && (
        <DiffView
          before={plainText(object)}
          after={plainText(data.text)}
          label={`${reference.name} and ${asked}`}
          mode="unified"
        />
      )}
    </>
  );
}
