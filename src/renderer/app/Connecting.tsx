/**
 * What stands in the centre until a cluster can be shown: each step with its state, and
 * when one fails, why, since when, and what can be done. Never a spinner.
 */
import type { ReactNode } from 'react';
import type { ContextSummary, HostState } from '#shared/contract/app';
import { cluster, type ClusterStatus } from '#shared/contract/cluster';
import type { AppError } from '#shared/util/app-error';
import { visible } from '#shared/util/text';
import { useAppData } from '../data/app-data';
import type { ClusterData } from '../data/cluster-data';
import { useClusterData } from '../data/cluster-data';
import { useConnections } from '../data/connections';
import { canSignIn, openSignIn } from '../data/open-terminals';
import { connect, useSession } from '../data/session';
import { useWorkbench } from '../data/workbench';
import { Age } from '../ui/Age';
import { Button } from '../ui/Button';
import { ErrorState } from '../ui/ErrorState';
import { StatusMark, type MarkTone } from '../ui/StatusMark';
import styles from './connecting.module.css';
import { PluginConsent } from './PluginConsent';

/** Pages can be shown: the kinds are known. A host that restarts or is stale does not take them away. */
export function isUsable(data: ClusterData, host: HostState | undefined): boolean {
  // The host's first word is an empty list: no cluster serves nothing.
  if (data.kinds === undefined || data.kinds.kinds.length === 0 || host === undefined) return false;
  return host.phase !== 'failed' && host.phase !== 'stopped';
}

export interface Step {
  readonly id: string;
  readonly text: string;
  readonly tone: MarkTone;
  readonly word: string;
}

/** The steps of a connection and how far each has come. */
export function connectionSteps(
  context: ContextSummary | undefined,
  host: HostState | undefined,
  status: ClusterStatus | undefined,
  kinds: boolean,
): readonly Step[] {
  const running = host?.phase === 'running';
  const phase = running ? status?.phase : undefined;
  const reached = phase !== undefined && !['connecting', 'unreachable', 'frozen'].includes(phase);
  const signedIn = reached && phase !== 'signing-in' && phase !== 'unauthorized';
  const process: Step = {
    id: 'process',
    text: "Start this cluster's process",
    ...(running
      ? done
      : host?.phase === 'failed'
        ? failed
        : {
            tone: 'progress',
            word: host?.phase === 'restarting' ? `restart ${host.restarts} of 5` : 'starting',
          }),
  };
  return [
    process,
    {
      id: 'reach',
      text: `Reach ${context ? visible(context.server) : 'the API server'}`,
      ...(reached
        ? done
        : phase === 'unreachable' || phase === 'frozen'
          ? failed
          : running
            ? doing
            : waiting),
    },
    {
      id: 'sign-in',
      text: context ? `Sign in as ${visible(context.user)}` : 'Sign in',
      ...(signedIn ? done : phase === 'unauthorized' ? failed : reached ? doing : waiting),
    },
    {
      id: 'kinds',
      text: 'Read which kinds the server has',
      ...(kinds ? done : phase === 'forbidden' ? failed : signedIn ? doing : waiting),
    },
  ];
}

type State = Pick<Step, 'tone' | 'word'>;
const done: State = { tone: 'done', word: 'done' };
const failed: State = { tone: 'bad', word: 'failed' };
const doing: State = { tone: 'progress', word: 'in progress' };
const waiting: State = { tone: 'idle', word: 'waiting' };

export function Connecting({ contextId }: { readonly contextId: string }): ReactNode {
  const context = useAppData((state) => state.contextById.get(contextId));
  const host = useAppData((state) => state.hosts.get(contextId));
  const failure = useSession((state) => state.failures[contextId]);
  const { status, kinds } = useClusterData(contextId);
  const client = useConnections().cluster(contextId);
  if (host?.phase === 'failed' && host.ask === 'plugin') return <PluginConsent contextId={contextId} />;
  const steps = connectionSteps(context, host, status, (kinds?.kinds.length ?? 0) > 0);
  const trouble = troubleOf(context, host, status, failure);
  const retry = (): void => {
    if (client && host?.phase === 'running')
      void client.call(cluster, 'reconnect', undefined).catch(() => undefined);
    else connect(contextId);
  };
  // A host that is gone from the list but has spoken before was disconnected.
  const stopped = !trouble && (host?.phase === 'stopped' || (host === undefined && status !== undefined));
  return (
    <section className={styles.connecting} aria-label="Connection">
      {trouble && (
        <ErrorState
          title={trouble.title}
          error={trouble.error}
          onRetry={host?.phase === 'restarting' ? undefined : retry}
        >
          <TroubleActions contextId={contextId} host={host} status={status} />
          {trouble.since !== undefined && (
            <span className={styles.since}>
              For <Age at={trouble.since} />; {againText(trouble.error)}
            </span>
          )}
        </ErrorState>
      )}
      {stopped ? (
        <div className={styles.stopped}>
          <p>Not connected. Nothing is asked of this cluster until you connect.</p>
          <Button look="primary" onClick={() => connect(contextId)}>
            Connect
          </Button>
        </div>
      ) : (
        <ol className={styles.steps} aria-label="Steps">
          {steps.map((step) => (
            <li key={step.id} className={styles.step} data-tone={step.tone}>
              <StatusMark tone={step.tone} />
              <span className={styles.text}>{step.text}</span>
              <span className={styles.word}>{step.word}</span>
            </li>
          ))}
        </ol>
      )}
    </section>
  );
}

/** A plugin that failed is never run again unasked; all else is tried with growing pauses. */
function againText(error: AppError): string {
  return error.code === 'credentials' ? 'not tried again until you say so.' : 'tried again by itself.';
}

/** What helps where a connection fails: the test of each step, and signing in where that makes sense. */
export function TroubleActions({
  contextId,
  host,
  status,
}: {
  readonly contextId: string;
  readonly host: HostState | undefined;
  readonly status: ClusterStatus | undefined;
}): ReactNode {
  if (host?.phase !== 'running') return null;
  return (
    <>
      {status?.phase === 'unauthorized' &&
        // A plugin that is not there cannot be run in a terminal either.
        status.error?.reason !== 'PluginMissing' &&
        canSignIn(contextId) && (
          <Button look="primary" onClick={() => openSignIn(contextId)}>
            Sign in again
          </Button>
        )}
      <Button onClick={() => useWorkbench.getState().showAppPage('connection')}>Test connection</Button>
    </>
  );
}

interface Trouble {
  readonly title: string;
  readonly error: AppError;
  readonly since?: number;
}

export function troubleOf(
  context: ContextSummary | undefined,
  host: HostState | undefined,
  status: ClusterStatus | undefined,
  failure: AppError | undefined,
): Trouble | undefined {
  if (context?.problem) return { title: 'This context cannot be used', error: context.problem };
  if (failure) return { title: "This cluster's process could not be started", error: failure };
  if (host?.phase === 'failed') {
    const message = host.reason ?? 'It ended without saying why.';
    return {
      title: `This cluster's process stopped ${host.restarts} times and was not started again`,
      error: { code: 'internal', message },
    };
  }
  if (host?.phase === 'restarting') {
    const message = host.reason ?? 'It ended without saying why.';
    return {
      title: `This cluster's process stopped (restart ${host.restarts} of 5)`,
      error: { code: 'closed', message, hint: 'It is started again by itself; the screens come back then.' },
    };
  }
  if (!status?.error) return undefined;
  const { error, since } = status;
  switch (status.phase) {
    case 'unreachable':
    case 'frozen':
    case 'stale':
      return { title: wayTitles[error.code] ?? 'The API server cannot be reached', error, since };
    case 'unauthorized':
      return {
        title:
          error.code === 'credentials'
            ? 'There are no credentials to sign in with'
            : 'The API server does not accept the credentials',
        error,
        since,
      };
    case 'forbidden':
      return { title: 'The API server refuses access', error, since };
    default:
      return undefined;
  }
}

/** Which step of the way failed. */
const wayTitles: Readonly<Partial<Record<AppError['code'], string>>> = {
  dns: 'The name of the API server is not known',
  refused: 'Nothing answers at the address of the API server',
  timeout: 'The API server does not answer',
  tls: 'There is no trusted connection to the API server',
  proxy: 'The proxy does not lead to the API server',
  network: 'The connection to the API server is lost',
  'bad-answer': 'What answers there is not a Kubernetes API',
  server: 'The API server answers with an error',
};
