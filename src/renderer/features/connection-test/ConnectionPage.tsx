/** The steps of a connection test as they end, each with its words, time and details. */
import { useEffect, useState, type ReactNode } from 'react';
import { connectionTest, testSteps, type TestState, type TestStep } from '#shared/contract/connection-test';
import { copyText } from '../../data/clipboard';
import { useConnections } from '../../data/connections';
import { canSignIn, openSignIn } from '../../data/open-terminals';
import { useWorkbench } from '../../data/workbench';
import { Button } from '../../ui/Button';
import { StatusMark, type MarkTone } from '../../ui/StatusMark';
import styles from './connection.module.css';
import { testText } from './test-text';

const tones: Readonly<Record<TestStep['state'], MarkTone>> = {
  ok: 'ok',
  warn: 'warn',
  failed: 'bad',
  skipped: 'idle',
};

export function ConnectionPage(): ReactNode {
  const clusterId = useWorkbench((state) => state.clusterId);
  return clusterId === null ? (
    <p className={styles.page}>Open a cluster first.</p>
  ) : (
    <Test key={clusterId} id={clusterId} />
  );
}

function Test({ id }: { readonly id: string }): ReactNode {
  const client = useConnections().cluster(id);
  const [round, setRound] = useState({ number: 0, signIn: false });
  const [state, setState] = useState<TestState>({ steps: [], done: false });
  const [cancelled, setCancelled] = useState(false);
  const running = !state.done && !cancelled && client !== undefined;
  useEffect(() => {
    setState({ steps: [], done: false });
    if (!client || cancelled) return undefined;
    const open = client.open(
      connectionTest,
      'run',
      { signIn: round.signIn },
      {
        onData: setState,
        onEnd: () => setState((before) => ({ ...before, done: true })),
      },
    );
    return () => open.close();
  }, [client, round, cancelled]);
  const again = (signIn: boolean): void => {
    setCancelled(false);
    setRound({ number: round.number + 1, signIn });
  };
  const current = running ? testSteps[state.steps.length] : undefined;
  return (
    <div className={styles.page}>
      <div className={styles.actions}>
        {running ? (
          <Button onClick={() => setCancelled(true)}>Cancel</Button>
        ) : (
          <Button look="primary" onClick={() => again(false)}>
            Run again
          </Button>
        )}
        <Button disabled={running} onClick={() => again(true)}>
          Fetch credentials again
        </Button>
        {state.steps.some((step) => step.signIn) && canSignIn(id) && (
          <Button onClick={() => openSignIn(id)}>Sign in again</Button>
        )}
        <Button disabled={state.steps.length === 0} onClick={() => void copyText(testText(state))}>
          Copy as text
        </Button>
      </div>
      {!client && <p>The process of this cluster is not running. Connect first.</p>}
      <ol className={styles.steps} aria-label="Steps of the connection test" data-done={state.done}>
        {state.steps.map((step) => (
          <li key={step.id} className={styles.step} data-state={step.state}>
            <StatusMark tone={tones[step.state]} label={step.state} />
            <b className={styles.title}>{step.title}</b>
            <div className={styles.words}>
              <p>{step.words}</p>
              {step.hint !== undefined && <p className={styles.hint}>{step.hint}</p>}
              {step.details.length > 0 && (
                <details open={step.state === 'failed'}>
                  <summary>Details</summary>
                  <ul className={styles.details}>
                    {step.details.map((line, index) => (
                      <li key={index}>{line}</li>
                    ))}
                  </ul>
                </details>
              )}
            </div>
            <span className={styles.time}>{step.state === 'skipped' ? '' : `${step.ms} ms`}</span>
          </li>
        ))}
        {current !== undefined && (
          <li className={styles.step}>
            <StatusMark tone="progress" label="in progress" />
            <span className={styles.title}>{current}</span>
            <span className={styles.hint}>in progress</span>
          </li>
        )}
      </ol>
    </div>
  );
}
