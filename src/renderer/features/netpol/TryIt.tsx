/**
 * The same connection for real, from the pod the verdict is of: what the network did stands beside
 * what the policies say. Nothing is tried before the button is pressed; TCP only.
 */
import { useState, type ReactNode } from 'react';
import { probe, type PodProbe } from '#shared/contract/probe';
import { besideVerdict } from '#shared/domain/netpol/beside';
import type { Place } from '#shared/domain/netpol/places';
import type { Verdict } from '#shared/domain/netpol/verdict';
import { toAppError, type AppError } from '#shared/util/app-error';
import { visible } from '#shared/util/text';
import { useCluster } from '../../data/connections';
import { Button } from '../../ui/Button';
import { StatusMark } from '../../ui/StatusMark';
import styles from './netpol.module.css';

export interface TryItProps {
  readonly verdict: Verdict;
  /** What was asked about: a Service is tried by its name and port, as a program would. */
  readonly to: Place;
  readonly port: number | string | null;
  readonly enforced: boolean | undefined;
}

type State =
  | { readonly phase: 'idle' | 'busy' }
  | { readonly phase: 'done'; readonly result: PodProbe; readonly target: string }
  | { readonly phase: 'failed'; readonly error: AppError };

export function TryIt({ verdict, to, port, enforced }: TryItProps): ReactNode {
  const client = useCluster();
  const [state, setState] = useState<State>({ phase: 'idle' });
  const number = to.type === 'service' && typeof port === 'number' ? port : verdict.port;
  if (verdict.from.kind !== 'pod' || verdict.protocol !== 'TCP' || number === null || to.type === 'internet')
    return null;
  const [namespace, pod] = parts(verdict.from.name);
  const run = async (): Promise<void> => {
    if (!client) return;
    setState({ phase: 'busy' });
    try {
      const host = await hostOf();
      const result = await client.call(probe, 'connect', { namespace, pod, host, port: number });
      setState({ phase: 'done', result, target: `${host}:${number}` });
    } catch (thrown) {
      setState({ phase: 'failed', error: toAppError(thrown) });
    }
  };
  const hostOf = async (): Promise<string> => {
    if (to.type === 'service') return `${to.name}.${to.namespace}`;
    if (verdict.to.kind !== 'pod') return verdict.to.name;
    const [space, name] = parts(verdict.to.name);
    return (await client!.call(probe, 'destination', { kind: 'pods', namespace: space, name })).host;
  };
  return (
    <section className={styles.tryIt} aria-label={`Try it from ${verdict.from.name}`}>
      <Button disabled={!client || state.phase === 'busy'} onClick={() => void run()}>
        {state.phase === 'busy' ? 'Connecting' : `Connect for real from ${visible(pod)}`}
      </Button>
      <div aria-live="polite">
        {state.phase === 'done' && <Result state={state} verdict={verdict} enforced={enforced} />}
        {state.phase === 'failed' && (
          <p>
            <StatusMark tone="warn" /> Not tried: {visible(state.error.message)}{' '}
            {state.error.hint !== undefined && (
              <span className={styles.muted}>{visible(state.error.hint)}</span>
            )}
          </p>
        )}
      </div>
    </section>
  );
}

function Result({
  state: { result, target },
  verdict,
  enforced,
}: {
  readonly state: { readonly result: PodProbe; readonly target: string };
  readonly verdict: Verdict;
  readonly enforced: boolean | undefined;
}): ReactNode {
  const { agrees, text } = besideVerdict(verdict.allowed, enforced, {
    ok: result.ok,
    words: `${result.words} ${result.output}`,
  });
  return (
    <>
      <p>
        <StatusMark tone={agrees ? (result.ok ? 'ok' : 'idle') : 'warn'} /> <b>{text}</b>
      </p>
      <p className={styles.muted}>
        {visible(result.words)} Tried {visible(target)} with {result.program}
        {result.container === undefined ? '' : ` in container ${visible(result.container)}`}.
      </p>
    </>
  );
}

function parts(key: string): [string, string] {
  const slash = key.indexOf('/');
  return [key.slice(0, slash), key.slice(slash + 1)];
}
