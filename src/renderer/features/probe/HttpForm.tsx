/** An HTTP request to a port of a Service, pod or workload, through a port-forward's connection. */
import { useEffect, useState, type ReactNode } from 'react';
import { forward, type ForwardOptions, type ForwardTarget } from '#shared/contract/forward';
import { probe, type HttpProbe } from '#shared/contract/probe';
import type { RpcClient } from '#shared/rpc/client';
import { visible } from '#shared/util/text';
import { Choice } from '../../ui/Choice';
import { ErrorState } from '../../ui/ErrorState';
import { StatusMark } from '../../ui/StatusMark';
import { TextField } from '../../ui/TextField';
import { Actions } from './Actions';
import styles from './probe.module.css';
import { useTry } from './use-try';

export interface HttpFormProps {
  readonly client: RpcClient | undefined;
  readonly target: ForwardTarget;
  readonly onClose: () => void;
}

type Scheme = 'http' | 'https';
type Method = 'GET' | 'HEAD';
const schemes = (['http', 'https'] as const).map((value) => ({ value, label: value }));
const methods = (['GET', 'HEAD'] as const).map((value) => ({ value, label: value }));

export function HttpForm({ client, target, onClose }: HttpFormProps): ReactNode {
  const [options, setOptions] = useState<ForwardOptions>();
  const [port, setPort] = useState('');
  const [scheme, setScheme] = useState<Scheme>('http');
  const [method, setMethod] = useState<Method>('GET');
  const [path, setPath] = useState('/');
  const [host, setHost] = useState('');
  const { busy, answer, error, start, stop } = useTry<HttpProbe>();
  useEffect(() => {
    const abort = new AbortController();
    client?.call(forward, 'options', { target }, abort.signal).then(
      (found) => {
        setOptions(found);
        const usual = found.ports.find((one) => one.scheme !== undefined) ?? found.ports[0];
        if (!usual) return;
        setPort((before) => (before === '' ? usual.remote : before));
        setScheme(usual.scheme ?? 'http');
      },
      // The try itself says why.
      () => undefined,
    );
    return () => abort.abort();
  }, [client, target]);
  const badPort =
    port !== '' && !/^[a-z0-9-]{1,63}$/.test(port) ? 'A number or the name of a port' : undefined;
  const badPath = /^\/[\x21-\x7e]*$/.test(path) ? undefined : 'Begins with / and has no spaces';
  const badHost = host === '' || /^[\w.:-]+$/.test(host) ? undefined : 'A name or an address';
  const isReady = client !== undefined && port !== '' && !badPort && !badPath && !badHost;
  const run = (): void => {
    if (!client || !isReady) return;
    const own = host.trim();
    const ask = { target, remote: port, scheme, method, path, ...(own === '' ? {} : { host: own }) };
    start((signal) => client.call(probe, 'http', ask, signal));
  };
  return (
    <>
      <form
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault();
          run();
        }}
      >
        <div className={styles.choicesLine}>
          <Choice label="Scheme" options={schemes} value={scheme} onChange={setScheme} />
          <Choice label="Method" options={methods} value={method} onChange={setMethod} />
        </div>
        <div className={styles.fields}>
          <TextField
            label="Port"
            className={styles.port}
            value={port}
            error={badPort}
            autoFocus
            onChange={(event) => setPort(event.target.value.trim())}
          />
          <TextField
            label="Path"
            mono
            value={path}
            error={badPath}
            onChange={(event) => setPath(event.target.value)}
          />
          <TextField
            label="Host header"
            placeholder={target.name}
            value={host}
            error={badHost}
            onChange={(event) => setHost(event.target.value)}
          />
        </div>
        {options && options.ports.length > 1 && (
          <p className={styles.muted}>
            It names{' '}
            {options.ports.map((one, index) => (
              <span key={one.remote}>
                {index > 0 && ', '}
                <button
                  type="button"
                  className={styles.link}
                  onClick={() => {
                    setPort(one.remote);
                    if (one.scheme) setScheme(one.scheme);
                  }}
                >
                  {one.number}
                  {one.name !== undefined && ` ${visible(one.name)}`}
                </button>
              </span>
            ))}
            .
          </p>
        )}
        <button type="submit" hidden />
      </form>
      {!answer && !error && !busy && (
        <p className={styles.muted}>
          {options?.problem
            ? visible(options.problem.message)
            : `Goes ${options?.pod ? `to ${visible(options.pod)} ` : ''}through the API server, as a port-forward does: network policies and the Service's address are not on this way.`}
        </p>
      )}
      {busy && <p className={styles.muted}>Waiting for the answer, at most 20 s…</p>}
      {error && <ErrorState title="No answer" error={error} />}
      {answer && <Answer answer={answer} />}
      <Actions busy={busy} ready={isReady} onTry={run} onStop={stop} onClose={onClose} />
    </>
  );
}

function Answer({ answer }: { readonly answer: HttpProbe }): ReactNode {
  const { status, statusText, pod, port, timing, headers, certificate, bodyBytes } = answer;
  return (
    <div role="status" aria-label="Answer">
      <p className={styles.line}>
        <StatusMark tone={status < 400 ? 'ok' : status < 500 ? 'warn' : 'bad'} />{' '}
        <b>
          {status} {visible(statusText)}
        </b>
        <span className={styles.muted}>
          from {visible(pod)}:{port}
        </span>
      </p>
      <p className={styles.muted}>
        Connection {timing.stream} ms
        {timing.tls === undefined ? '' : `, TLS ${timing.tls - timing.stream} ms`}, first byte after{' '}
        {timing.head} ms, all after {timing.total} ms.
      </p>
      {certificate && (
        <p className={styles.muted}>
          Certificate {visible(certificate.subject)}, issued by {visible(certificate.issuer)}, valid to{' '}
          {visible(certificate.validTo)}. It was not checked.
        </p>
      )}
      <pre className={styles.body} aria-label="Headers">
        {headers.map(([name, value]) => `${visible(name)}: ${visible(value)}`).join('\n')}
      </pre>
      {bodyBytes > 0 && (
        <pre className={styles.body} aria-label="Body">
          {answer.binary ? 'The body is no text.' : answer.body.split('\n').map(visible).join('\n')}
          {answer.cut && '\n… cut after 64 KiB'}
        </pre>
      )}
    </div>
  );
}
