/** A terminal of this machine in the dock: the person's shell, or a sign-in that reconnects when it worked. */
import { useState, type ReactNode } from 'react';
import { cluster } from '#shared/contract/cluster';
import { visible as visibleText } from '#shared/util/text';
import { useAppData } from '../../data/app-data';
import { useApp, useClusterId, useConnections } from '../../data/connections';
import { clusterTitle } from '../../data/confirm';
import type { PageProps } from '../../data/feature';
import { localTerminal } from '../../data/local-terminal';
import { connect } from '../../data/session';
import { TerminalPanel } from '../../data/TerminalPanel';
import styles from './shell.module.css';

export function LocalDock({ tab, visible }: PageProps): ReactNode {
  const contextId = useClusterId();
  const connections = useConnections();
  const app = useApp();
  const [done, setDone] = useState(false);
  const signIn = tab.params['kind'] === 'sign-in';
  const namespace = tab.params['namespace'];
  const name = clusterTitle(contextId);
  const reconnect = (): void => {
    setDone(true);
    const host = useAppData.getState().hosts.get(contextId);
    const client = connections.cluster(contextId);
    if (client && host?.phase === 'running') {
      client.call(cluster, 'reconnect', undefined).catch(() => undefined);
    } else connect(contextId);
  };
  return (
    <TerminalPanel
      label={signIn ? `Sign in to ${name}` : `Terminal for ${name}`}
      title={
        signIn
          ? `Sign in to ${visibleText(name)}`
          : `This machine, ${visibleText(name)}${namespace ? ` / ${visibleText(namespace)}` : ''}`
      }
      visible={visible}
      open={
        app &&
        localTerminal(connections, app, {
          contextId,
          kind: signIn ? 'sign-in' : 'local',
          ...(namespace === undefined ? {} : { namespace }),
        })
      }
      againVerb={signIn ? 'Sign in again' : 'Open again'}
      onEnd={(end) => {
        if (signIn && 'code' in end && end.code === 0) reconnect();
      }}
      remedy={(end) => {
        if (!signIn || !('code' in end)) return null;
        return (
          <span className={styles.words}>
            {end.code === 0 && done
              ? 'Connecting again.'
              : 'Not signed in; the connection was left as it is.'}
          </span>
        );
      }}
    />
  );
}
