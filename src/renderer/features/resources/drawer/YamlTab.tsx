/** The object as YAML, read-only, asked again when its version changes. managedFields only on request. */
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { resources } from '#shared/contract/resources';
import { str } from '#shared/k8s/read';
import { fail, toAppError } from '#shared/util/app-error';
import { formatBytes } from '#shared/util/quantity';
import { copyText } from '../../../data/clipboard';
import { useClusterId } from '../../../data/connections';
import { openEdit } from '../../../data/edit-tab';
import { Button } from '../../../ui/Button';
import { ErrorState } from '../../../ui/ErrorState';
import { CodeView } from '../../../ui/code/CodeView';
import styles from './drawer.module.css';
import { field } from './facts';
import type { DetailProps } from './tabs';
import tool from '../resources.module.css';

export function YamlTab({ client, reference, object }: DetailProps): ReactNode {
  const version = str(field(object, 'metadata', 'resourceVersion'));
  const clusterId = useClusterId();
  const [managedFields, setManaged] = useState(false);
  const { data, error, refetch } = useQuery({
    queryKey: ['yaml', clusterId, reference, managedFields, version],
    enabled: client !== undefined,
    placeholderData: keepPreviousData,
    gcTime: 0,
    queryFn: ({ signal }) => {
      if (!client) throw fail('closed', 'The cluster is not connected.');
      return client.call(resources, 'yaml', { ...reference, managedFields }, signal);
    },
  });
  if (error && !data) {
    return (
      <ErrorState title="YAML cannot be read" error={toAppError(error)} onRetry={() => void refetch()} />
    );
  }
  return (
    <div className={styles.code}>
      <div className={tool.tool}>
        <span className={tool.count}>{data ? formatBytes(data.bytes) : ''}</span>
        <span className={tool.space} />
        <label className={tool.check}>
          <input
            type="checkbox"
            checked={managedFields}
            onChange={(event) => setManaged(event.target.checked)}
          />
          managedFields
        </label>
        <Button look="quiet" onClick={() => void copyText(data?.text ?? '')}>
          Copy
        </Button>
        <Button onClick={() => openEdit(clusterId, reference)}>Edit</Button>
      </div>
      {data && <CodeView text={data.text} label={`YAML of ${reference.name}`} />}
    </div>
  );
}
