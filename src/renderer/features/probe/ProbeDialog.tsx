/** Asks what to try and shows what came back: an HTTP answer, or the words of a test in the pod. */
import { useState, type ReactNode } from 'react';
import { probe, type HttpProbe, type PodProbe } from '#shared/contract/probe';
import { toAppError, type AppError } from '#shared/util/app-error';
import { visible } from '#shared/util/text';
import { useConnections } from '../../data/connections';
import { Button } from '../../ui/Button';
import { Choice } from '../../ui/Choice';
import { Dialog } from '../../ui/Dialog';
import { ErrorState } from '../../ui/ErrorState';
import { StatusMark } from '../../ui/StatusMark';
import { TextField } from '../../ui/TextField';
import { closeProbe, type AskedProbe } from './open';
import styles from './probe.module.css';

type What = 'http' | 'https' | 'dns' | 'connect';

export function ProbeDialog({ asked }: { readonly asked: AskedProbe }): ReactNode {
  const { clusterId, target } = asked;
  const connections = useConnections();
  const [client] = useState(() => connections.cluster(clusterId));
  const isPod = target.kind === 'pods';
  const [what, setWhat] = useState<What>('http');
  const [port, setPort] = useState(target.kind === 'services' ? '80' : '8080');
  const [path, setPath] = useState('/');
  const [host, setHost] = useState('');
  const [busy, setBusy] = useState(false);
  const [answer, setAnswer] = useState<HttpProbe>();
  const [test, setTest] = useState<PodProbe>();
  const [error, setError] = useState<AppError>();
  const isHttp = what === 'http' || what === 'https';
  const options: { value: What; label: string }[] = [
    { value: 'http', label: 'HTTP' },
    { value: 'https', label: 'HTTPS' },
    ...(isPod
      ? [
          { value: 'dns' as const, label: 'DNS from the pod' },
          { value: 'connect' as const, label: 'TCP from the pod' },
        ]
      : []),
  ];
  const run = async (): Promise<void> => {
    if (!client || busy) return;
    setBusy(true);
    setAnswer(undefined);
    setTest(undefined);
    setError(undefined);
    const where = { namespace: target.namespace, pod: target.name, host: host.trim() };
    try {
      if (isHttp)
        setAnswer(
          await client.call(probe, 'http', {
            target,
            remote: port.trim(),
            scheme: what,
            method: 'GET',
            path,
          }),
        );
      else if (what === 'dns') setTest(await client.call(probe, 'dns', where));
      else setTest(await client.call(probe, 'connect', { ...where, port: Number(port) }));
    } catch (thrown) {
      setError(toAppError(thrown));
    } finally {
      setBusy(false);
    }
  };
  return (
    <Dialog
      label={`Probe ${visible(target.name)}`}
      wide
      onClose={closeProbe}
      actions={
        <>
          <Button onClick={closeProbe}>Close</Button>
          <Button look="primary" disabled={busy} onClick={() => void run()}>
            {busy ? 'Trying…' : 'Try'}
          </Button>
        </>
      }
    >
      <Choice label="What to try" options={options} value={what} onChange={setWhat} />
      <form
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault();
          void run();
        }}
      >
        {!isHttp && (
          <TextField label="Host" value={host} autoFocus onChange={(event) => setHost(event.target.value)} />
        )}
        {what !== 'dns' && (
          <TextField label="Port" value={port} onChange={(event) => setPort(event.target.value)} />
        )}
        {isHttp && (
          <TextField label="Path" mono value={path} onChange={(event) => setPath(event.target.value)} />
        )}
        <button type="submit" hidden />
      </form>
      {error && <ErrorState title="No answer" error={error} />}
      {test && (
        <div role="status">
          <p className={styles.line}>
            <StatusMark tone={test.ok ? 'ok' : 'bad'} /> {visible(test.words)}{' '}
            <span className={styles.muted}>By {test.program}.</span>
          </p>
          {test.output !== '' && <pre className={styles.body}>{test.output}</pre>}
        </div>
      )}
      {answer && <Answer answer={answer} />}
    </Dialog>
  );
}

function Answer({ answer }: { readonly answer: HttpProbe }): ReactNode {
  const { status, statusText, pod, port, timing, headers, certificate } = answer;
  return (
    <div role="status">
      <p className={styles.line}>
        <StatusMark tone={status < 400 ? 'ok' : status < 500 ? 'warn' : 'bad'} /> {status}{' '}
        {visible(statusText)}{' '}
        <span className={styles.muted}>
          from {visible(pod)}:{port} after {timing.head} ms (connection {timing.stream} ms, all {timing.total}{' '}
          ms)
        </span>
      </p>
      {certificate && (
        <p className={styles.muted}>
          Certificate {visible(certificate.subject)}, issued by {visible(certificate.issuer)}, valid to{' '}
          {visible(certificate.validTo)}. It was not checked.
        </p>
      )}
      <pre className={styles.body}>
        {headers.map(([name, value]) => `${visible(name)}: ${visible(value)}`).join('\n')}
        {'\n\n'}
        {answer.binary ? 'The body is no text.' : answer.body.split('\n').map(visible).join('\n')}
        {answer.cut && '\n…'}
      </pre>
    </div>
  );
}
