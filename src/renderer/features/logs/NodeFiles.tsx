/** Log files of a node as its kubelet serves them, and services of its journal where it answers queries. */
import { IconFileText, IconFolder } from '@tabler/icons-react';
import { useState, type ReactNode } from 'react';
import { logs, type NodeLogFiles } from '#shared/contract/logs';
import { visible } from '#shared/util/text';
import { useClusterId } from '../../data/connections';
import { logTab } from '../../data/log-tab';
import { openDock } from '../../data/workbench';
import { Button } from '../../ui/Button';
import { EmptyState } from '../../ui/EmptyState';
import { ErrorState } from '../../ui/ErrorState';
import { TextField } from '../../ui/TextField';
import styles from './open-logs.module.css';
import type { WayProps } from './PodsByLabel';
import { useAsked } from './use-asked';

const services = ['kubelet', 'containerd', 'crio', 'kube-proxy', 'docker', 'systemd-journald'] as const;

export function NodeFiles({
  choice,
  visible: shown,
  first,
}: WayProps & { readonly first: string | undefined }): ReactNode {
  const clusterId = useClusterId();
  const [chosen, setChosen] = useState(first ?? '');
  const [folder, setFolder] = useState('');
  const [service, setService] = useState('');
  const nodes = useAsked(shown ? 'nodes' : undefined, (client, signal) =>
    client.call(logs, 'nodes', {}, signal),
  );
  const names = nodes.answer?.names ?? [];
  const node = chosen === '' ? (names[0] ?? '') : chosen;
  const listing = useAsked<NodeLogFiles & { readonly of: string }>(
    shown && node !== '' ? `${node}\n${folder}` : undefined,
    async (client, signal) => ({
      ...(await client.call(logs, 'nodeFiles', { node, folder }, signal)),
      of: `${node}\n${folder}`,
    }),
  );
  const files = listing.answer?.of === `${node}\n${folder}` ? listing.answer : undefined;
  const follow = (path: string, query: boolean): void =>
    openDock(
      clusterId,
      logTab({ type: 'node', node, path, query }, `${path.split('/').pop() ?? path} on ${node}`),
    );
  const parts = folder.split('/').filter(Boolean);
  const up = parts.slice(0, -1).join('/');
  return (
    <>
      <div className={styles.tool}>
        {choice}
        <label className={styles.muted}>
          Node{' '}
          <select
            value={node}
            onChange={(event) => {
              setChosen(event.target.value);
              setFolder('');
            }}
          >
            {[...new Set([...(node === '' ? [] : [node]), ...names])].map((name) => (
              <option key={name} value={name}>
                {visible(name)}
              </option>
            ))}
          </select>
        </label>
        <span className={styles.path} aria-label="Folder">
          <button type="button" className={styles.crumb} onClick={() => setFolder('')}>
            /logs
          </button>
          {parts.map((part, at) => (
            <span key={`${at} ${part}`}>
              /
              <button
                type="button"
                className={styles.crumb}
                onClick={() => setFolder(parts.slice(0, at + 1).join('/'))}
              >
                {visible(part)}
              </button>
            </span>
          ))}
        </span>
        <span className={styles.muted} role="status" aria-label="Files found">
          {files
            ? `${files.entries.length.toLocaleString('en')} entries${files.truncated ? ', the first 2,000' : ''}`
            : listing.error || nodes.error
              ? ''
              : 'Asking the kubelet'}
        </span>
      </div>
      <div className={styles.list}>
        {nodes.error && node === '' && (
          <ErrorState title="Nodes cannot be listed" error={nodes.error} onRetry={nodes.again} />
        )}
        {listing.error && (
          <ErrorState
            title={`Log files of ${node} cannot be listed`}
            error={listing.error}
            onRetry={listing.again}
          />
        )}
        {files && folder === '' && (
          <>
            <p className={styles.section}>Services of the journal</p>
            {files.canQuery ? (
              <form
                className={styles.service}
                onSubmit={(event) => {
                  event.preventDefault();
                  if (service.trim() !== '') follow(service.trim(), true);
                }}
              >
                {services.map((name) => (
                  <Button key={name} onClick={() => follow(name, true)}>
                    {name}
                  </Button>
                ))}
                <TextField
                  hideLabel
                  label="Another service"
                  placeholder="Another service"
                  value={service}
                  onChange={(event) => setService(event.target.value)}
                />
                <Button type="submit" disabled={service.trim() === ''}>
                  Follow
                </Button>
              </form>
            ) : (
              <p className={styles.service}>
                This kubelet answers no log queries: NodeLogQuery and enableSystemLogQuery are off.
              </p>
            )}
            <p className={styles.section}>Files below /var/log</p>
          </>
        )}
        {files && (
          <ul aria-label="Log files">
            {folder !== '' && (
              <li>
                <button type="button" className={styles.entry} onClick={() => setFolder(up)}>
                  <IconFolder />
                  ..
                </button>
              </li>
            )}
            {files.entries.map((entry) => {
              const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
              return (
                <li key={entry.name}>
                  <button
                    type="button"
                    className={styles.entry}
                    onClick={() => (entry.folder ? setFolder(path) : follow(path, false))}
                  >
                    {entry.folder ? <IconFolder /> : <IconFileText />}
                    {visible(entry.name)}
                    {entry.folder ? '/' : ''}
                  </button>
                </li>
              );
            })}
          </ul>
        )}
        {files?.entries.length === 0 && <EmptyState>This folder is empty.</EmptyState>}
      </div>
    </>
  );
}
