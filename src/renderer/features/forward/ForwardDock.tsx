/** All forwards of a cluster, running and kept, with what is true of each now. */
import { IconCopy, IconExternalLink, IconPlayerPlay, IconPlayerStop, IconTrash } from '@tabler/icons-react';
import { useState, type ReactNode } from 'react';
import { app } from '#shared/contract/app';
import { forward, type ForwardRow, type ForwardTarget, type SavedForward } from '#shared/contract/forward';
import { toAppError } from '#shared/util/app-error';
import { formatBytes } from '#shared/util/quantity';
import { visible } from '#shared/util/text';
import { useAppData } from '../../data/app-data';
import { copyText } from '../../data/clipboard';
import { useCluster, useClusterId, useStream } from '../../data/connections';
import { readOnlyReason } from '../../data/confirm';
import type { PageProps } from '../../data/feature';
import { shortName } from '../../data/open-terminals';
import { openDrawer } from '../../data/workbench';
import { Button, IconButton } from '../../ui/Button';
import { EmptyState } from '../../ui/EmptyState';
import { StatusMark } from '../../ui/StatusMark';
import styles from './forward.module.css';
import { forget, keyOf, savedOf, useSaved } from './saved';
import { addressOf, stateOf, takenWords, whyOf } from './words';

export function ForwardDock({ visible: shown }: PageProps): ReactNode {
  const clusterId = useClusterId();
  const client = useCluster();
  const { data, open } = useStream(shown ? client : undefined, forward, 'list', undefined);
  const saved = useSaved(clusterId);
  const [problems, setProblems] = useState<Readonly<Record<string, string>>>({});
  // Forwards end with their process: rows of a closed stream are no longer true.
  const rows = open ? (data ?? []) : [];
  const running = new Set(rows.map((row) => keyOf(savedOf(row))));
  const stopped = saved.filter((one) => !running.has(keyOf(one)));
  const readOnly = readOnlyReason(clusterId);

  const start = async (one: SavedForward): Promise<void> => {
    if (!client) return;
    const { kind, namespace, name, remote, local, address } = one;
    const why = await client
      .call(forward, 'start', { target: { kind, namespace, name }, address, ports: [{ remote, local }] })
      .then(
        ([result]) => (result && 'error' in result ? takenWords(result) : undefined),
        (thrown: unknown) => toAppError(thrown).message,
      );
    setProblems(({ [keyOf(one)]: _, ...rest }) =>
      why === undefined ? rest : { ...rest, [keyOf(one)]: why },
    );
  };
  const stop = (id: string): void => void client?.call(forward, 'stop', { id }).catch(() => undefined);

  if (rows.length === 0 && stopped.length === 0) {
    return (
      <EmptyState>
        No forwards. Choose a pod, Service or workload and press Shift F to reach one of its ports from this
        machine.
      </EmptyState>
    );
  }
  return (
    <div className={styles.dock}>
      <table className={styles.table} aria-label="Forwards">
        <thead>
          <tr>
            <th scope="col">State</th>
            <th scope="col">On this machine</th>
            <th scope="col">To</th>
            <th scope="col">Pod</th>
            <th scope="col" className={styles.number}>
              Connections
            </th>
            <th scope="col" className={styles.number}>
              From pod
            </th>
            <th scope="col" className={`${styles.number} ${styles.sent}`}>
              To pod
            </th>
            <th scope="col" className={styles.last}>
              {stopped.length > 1 && (
                <Button
                  look="quiet"
                  disabled={readOnly !== undefined}
                  onClick={() => stopped.forEach((one) => void start(one))}
                >
                  Start all {stopped.length} stopped
                </Button>
              )}
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <Running key={row.id} row={row} onStop={() => stop(row.id)} />
          ))}
          {stopped.map((one) => (
            <tr key={keyOf(one)} className={styles.stopped}>
              <td>
                <span className={styles.state}>
                  <StatusMark tone="idle" /> Stopped
                </span>
              </td>
              <td className={styles.address}>
                {one.local === 0 ? 'a free port' : addressOf(one.address, one.local)}
              </td>
              <td>
                <Target target={one} remote={one.remote} />
              </td>
              <td colSpan={4} className={styles.why}>
                {problems[keyOf(one)] !== undefined && (
                  <span role="alert">{visible(problems[keyOf(one)] ?? '')}</span>
                )}
              </td>
              <td className={styles.last}>
                <IconButton
                  label={readOnly ?? 'Start'}
                  disabled={readOnly !== undefined}
                  onClick={() => void start(one)}
                >
                  <IconPlayerPlay />
                </IconButton>
                <IconButton label="Forget" onClick={() => forget(clusterId, one)}>
                  <IconTrash />
                </IconButton>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Running({ row, onStop }: { readonly row: ForwardRow; readonly onStop: () => void }): ReactNode {
  const clusterId = useClusterId();
  const { tone, text } = stateOf(row);
  const why = whyOf(row);
  const address = addressOf(row.address, row.localPort);
  const browse = (): void => {
    const url = `${row.scheme ?? 'http'}://${address}/`;
    void useAppData
      .getState()
      .client?.call(app, 'openExternal', { url })
      .catch(() => undefined);
  };
  return (
    <>
      <tr>
        <td>
          <span className={styles.state}>
            <StatusMark tone={tone} /> {text}
          </span>
        </td>
        <td className={styles.address}>
          {address}
          {row.address === '0.0.0.0' && (
            <span className={styles.open} data-tip="Other machines can connect">
              {' '}
              all addresses
            </span>
          )}
        </td>
        <td>
          <Target target={row.target} remote={row.remote} />
        </td>
        <td>
          {row.pod !== null && (
            <button
              type="button"
              className={styles.link}
              data-tip={row.pod}
              onClick={() =>
                openDrawer(clusterId, { kind: 'pods', namespace: row.target.namespace, name: row.pod ?? '' })
              }
            >
              {visible(shortName(row.pod))}
            </button>
          )}
          {row.podPort !== null && <span className={styles.muted}>:{row.podPort}</span>}
          {row.healed > 0 && (
            <span className={styles.muted} data-tip="Times another pod took over">
              {' '}
              replaced {row.healed === 1 ? 'once' : `${row.healed} times`}
            </span>
          )}
        </td>
        <td className={styles.number} data-tip="Open now / all since the start">
          {row.open} / {row.total}
        </td>
        <Traffic total={row.received} rate={row.receivedRate} />
        <Traffic total={row.sent} rate={row.sentRate} className={styles.sent} />
        <td className={styles.last}>
          <IconButton label="Open in browser" onClick={browse}>
            <IconExternalLink />
          </IconButton>
          <IconButton label="Copy address" onClick={() => void copyText(address)}>
            <IconCopy />
          </IconButton>
          <IconButton label="Stop" onClick={onStop}>
            <IconPlayerStop />
          </IconButton>
        </td>
      </tr>
      {why !== undefined && (
        <tr className={styles.whyRow}>
          <td colSpan={8} className={styles.why}>
            {visible(why)}
            {row.error?.hint !== undefined && ` ${row.error.hint}`}
          </td>
        </tr>
      )}
    </>
  );
}

function Target({ target, remote }: { readonly target: ForwardTarget; readonly remote: string }): ReactNode {
  const clusterId = useClusterId();
  const { kind, namespace, name } = target;
  return (
    <span data-tip={`${kind} ${namespace}/${name}`}>
      <button
        type="button"
        className={styles.link}
        onClick={() => openDrawer(clusterId, { kind, namespace, name })}
      >
        {visible(name)}
      </button>
      <span className={styles.muted}>:{remote}</span> <span className={styles.namespace}>{namespace}</span>
    </span>
  );
}

interface TrafficProps {
  readonly total: number;
  readonly rate: number;
  readonly className?: string | undefined;
}

function Traffic({ total, rate, className }: TrafficProps): ReactNode {
  return (
    <td
      className={`${styles.number} ${className ?? ''}`}
      data-tip={`${total.toLocaleString('en')} bytes in all`}
    >
      {rate > 0 ? `${formatBytes(rate)}/s` : formatBytes(total)}
    </td>
  );
}
