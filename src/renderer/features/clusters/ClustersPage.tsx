/** Every context of every kubeconfig: what it is, where it comes from, what is wrong with it. */
import { useState, type ReactNode } from 'react';
import type { ContextSummary, HostState } from '#shared/contract/app';
import { toAppError, type AppError } from '#shared/util/app-error';
import { plural, visible } from '#shared/util/text';
import { useAppData, useSettings } from '../../data/app-data';
import { useClusterData } from '../../data/cluster-data';
import { contextTitle } from '../../data/context-title';
import { addKubeconfig } from '../../data/kubeconfig';
import { disconnect, openCluster, openDemo } from '../../data/session';
import { Badge } from '../../ui/Badge';
import { Button } from '../../ui/Button';
import { EmptyState } from '../../ui/EmptyState';
import { ErrorState } from '../../ui/ErrorState';
import { TextField } from '../../ui/TextField';
import { clusterColor, clusterColorValue } from '../../ui/theme/cluster-color';
import { cssVars } from '../../ui/css-vars';
import styles from './clusters.module.css';

export function ClustersPage(): ReactNode {
  const contexts = useAppData((state) => state.contexts);
  const settings = useSettings();
  const [text, setText] = useState('');
  const [error, setError] = useState<AppError>();
  if (!contexts) return null;
  const add = (): void => {
    setError(undefined);
    addKubeconfig().catch((thrown: unknown) => setError(toAppError(thrown)));
  };
  const wanted = text.trim().toLowerCase();
  const shown = contexts.contexts.filter((context) =>
    [
      context.name,
      settings.contexts[context.id]?.alias ?? '',
      context.server,
      context.user,
      context.file,
    ].some((part) => part.toLowerCase().includes(wanted)),
  );
  const bad = contexts.files.filter((file) => file.state !== 'ok');
  return (
    <div className={styles.page}>
      <div className={styles.tools}>
        <TextField
          label="Filter clusters"
          hideLabel
          placeholder="Filter clusters"
          className={styles.filter}
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
        <span className="muted">{plural(shown.length, 'context')}</span>
        <span className={styles.space} />
        <Button onClick={add}>Add a kubeconfig</Button>
        <Button onClick={() => void openDemo()}>Open the demo cluster</Button>
      </div>
      {error && <ErrorState title="The file could not be added" error={error} />}
      {bad.map((file) => (
        <ErrorState
          key={file.path}
          title={`${visible(file.path)} ${file.state === 'missing' ? 'is missing' : 'cannot be read'}`}
          error={file.error ?? { code: 'kubeconfig', message: 'Contexts of other files are not affected.' }}
        />
      ))}
      <table className={styles.table} aria-label="Clusters">
        <thead>
          <tr>
            <th>Name</th>
            <th>State</th>
            <th>API server</th>
            <th>User</th>
            <th>Signs in with</th>
            <th>Kubeconfig</th>
            <th aria-label="Actions" />
          </tr>
        </thead>
        <tbody>
          {shown.map((context) => (
            <Row key={context.id} context={context} />
          ))}
        </tbody>
      </table>
      {shown.length === 0 && (
        <EmptyState>
          {contexts.contexts.length === 0
            ? 'No context is known. Add a kubeconfig, or set KUBECONFIG before you start the app.'
            : `No context matches “${text}”.`}
        </EmptyState>
      )}
    </div>
  );
}

function Row({ context }: { readonly context: ContextSummary }): ReactNode {
  const own = useSettings().contexts[context.id];
  const host = useAppData((state) => state.hosts.get(context.id));
  const { status } = useClusterData(context.id);
  const { title, provider } = contextTitle(context, own?.alias);
  const color = clusterColorValue(clusterColor(context.name, own?.color));
  const running = host !== undefined && host.phase !== 'stopped' && host.phase !== 'failed';
  return (
    <tr>
      <td>
        <span className={styles.name} style={cssVars({ '--c': color })} data-tip={visible(context.name)}>
          {title}
          {provider !== undefined && <span className="muted"> ({provider})</span>}
          {own?.protected && <span className={styles.protected}> PROTECTED</span>}
        </span>
      </td>
      <td>
        <State context={context} host={host} phase={status?.phase} />
      </td>
      <td data-tip={visible(context.server)}>{visible(context.server)}</td>
      <td data-tip={visible(context.user)}>{visible(context.user)}</td>
      <td>{context.auth.join(', ')}</td>
      <td data-tip={visible(context.file)}>{visible(context.file)}</td>
      <td className={styles.actions}>
        <Button
          onClick={() => openCluster(context.id)}
          aria-label={`${running ? 'Show' : 'Connect'} ${title}`}
        >
          {running ? 'Show' : 'Connect'}
        </Button>
        {running && (
          <Button look="quiet" onClick={() => disconnect(context.id)} aria-label={`Disconnect ${title}`}>
            Disconnect
          </Button>
        )}
      </td>
    </tr>
  );
}

interface StateProps {
  readonly context: ContextSummary;
  readonly host: HostState | undefined;
  readonly phase: string | undefined;
}

function State({ context, host, phase }: StateProps): ReactNode {
  if (context.problem) {
    return (
      <Badge tone="bad" tip={context.problem.hint}>
        <span className={styles.wrap}>{context.problem.message}</span>
      </Badge>
    );
  }
  if (host === undefined || host.phase === 'stopped') return <span className="muted">not connected</span>;
  if (host.phase === 'failed') return <Badge tone="bad">stopped</Badge>;
  if (host.phase !== 'running') return <Badge tone="progress">{host.phase}</Badge>;
  if (phase === 'live') return <Badge tone="ok">live</Badge>;
  const calm =
    phase === undefined || phase === 'connecting' || phase === 'catching-up' || phase === 'signing-in';
  return <Badge tone={calm ? 'progress' : 'warn'}>{(phase ?? 'connecting').replace('-', ' ')}</Badge>;
}
