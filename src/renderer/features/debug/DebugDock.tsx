/**
 * One debug session in the dock: waits for its container in words, attaches to it, tells how it ended.
 * A container that ended before anybody attached shows what it printed.
 */
import { useEffect, useRef, useState, type ReactNode } from 'react';
import { debug, type DebugState } from '#shared/contract/debug';
import { shell } from '#shared/contract/shell';
import { toAppError } from '#shared/util/app-error';
import { visible as visibleText } from '#shared/util/text';
import { useCluster, useClusterId, useStream } from '../../data/connections';
import type { PageProps } from '../../data/feature';
import { shortName } from '../../data/open-terminals';
import { TerminalPanel } from '../../data/TerminalPanel';
import { closeDock } from '../../data/workbench';
import { Button } from '../../ui/Button';
import { StatusMark } from '../../ui/StatusMark';
import styles from './debug.module.css';
import { knownPods, removePod } from './sessions';

/** After so long a wait the person is told that it may never come. */
const PATIENCE_MS = 5 * 60_000;

export function DebugDock({ tab, visible }: PageProps): ReactNode {
  const { namespace = '', pod = '', container = '', uid = '', way = '' } = tab.params;
  const contextId = useClusterId();
  const client = useCluster();
  const { data: state, error } = useStream(client, debug, 'follow', { namespace, pod, container });
  const [attached, setAttached] = useState(false);
  const running = state?.phase === 'running';
  useEffect(() => {
    if (running) setAttached(true);
  }, [running]);
  const close = (): void => closeDock(contextId, tab.id);
  const remove = async (): Promise<void> => {
    if (await removePod(contextId, client, { namespace, pod, uid })) close();
  };
  const made = way === 'copy' || way === 'node';
  const isKnown = made && knownPods(contextId).some((one) => one.pod === pod && one.namespace === namespace);
  const removal = isKnown && (
    <Button onClick={() => void remove()}>
      {way === 'node' ? 'Delete the debug pod' : 'Delete the copy'}
    </Button>
  );
  if (!attached) {
    return (
      <Waiting state={state} failed={error && `${error.message} ${error.hint ?? ''}`} title={tab.title}>
        {state?.phase === 'ended' && <Output namespace={namespace} pod={pod} container={container} />}
        <span className={styles.line}>
          {removal}
          <Button onClick={close}>{state?.phase === 'ended' || made ? 'Close' : 'Stop waiting'}</Button>
        </span>
      </Waiting>
    );
  }
  return (
    <TerminalPanel
      label={`Debug container ${container} of ${pod}`}
      title={`${shortName(pod)} / ${container}`}
      visible={visible}
      open={
        client &&
        ((size, listener) =>
          client.open(shell, 'open', { namespace, pod, container, attach: true, size }, listener))
      }
      {...(running ? { againVerb: 'Attach again' } : {})}
      remedy={() => removal}
      controls={
        way === 'node' ? <span className={styles.muted}>deleted when this tab is closed</span> : undefined
      }
    />
  );
}

function Waiting({
  state,
  failed,
  title,
  children,
}: {
  readonly state: DebugState | undefined;
  readonly failed: string | undefined;
  readonly title: string;
  readonly children: ReactNode;
}): ReactNode {
  const [late, setLate] = useState(false);
  const since = useRef(Date.now());
  useEffect(() => {
    const timer = setTimeout(() => setLate(true), Math.max(0, since.current + PATIENCE_MS - Date.now()));
    return () => clearTimeout(timer);
  }, []);
  const bad = failed !== undefined || state?.stuck === true || state?.phase === 'gone';
  const tone = bad ? 'bad' : state?.phase === 'ended' ? 'done' : 'progress';
  return (
    <section className={styles.wait} aria-label={title}>
      <p className={styles.line} role="status" aria-label="Debug session">
        <StatusMark tone={tone} />
        <span>{visibleText(failed ?? state?.words ?? 'Looking at the pod.')}</span>
      </p>
      {state?.stale === true && failed === undefined && (
        <p className={styles.muted}>The connection is interrupted: this is what was known last.</p>
      )}
      {late && state?.phase === 'waiting' && (
        <p className={styles.muted}>This has taken five minutes. It goes on waiting until you stop it.</p>
      )}
      {children}
    </section>
  );
}

/** What a container that is over printed. */
function Output(target: {
  readonly namespace: string;
  readonly pod: string;
  readonly container: string;
}): ReactNode {
  const { namespace, pod, container } = target;
  const client = useCluster();
  const [text, setText] = useState<string>();
  useEffect(() => {
    if (!client) return undefined;
    const stop = new AbortController();
    client
      .call(debug, 'output', { namespace, pod, container }, stop.signal)
      .then(setText, (thrown: unknown) => {
        if (!stop.signal.aborted) setText(`Its output cannot be read: ${toAppError(thrown).message}`);
      });
    return () => stop.abort();
  }, [client, namespace, pod, container]);
  if (text === undefined) return null;
  return (
    <pre className={styles.output} aria-label="Output">
      {text === '' ? 'It printed nothing.' : text.split('\n').map(visibleText).join('\n')}
    </pre>
  );
}
