/** A name or a connection tried from inside a pod, and what network policies say about that way. */
import { useMemo, useState, type ReactNode } from 'react';
import { probe, type PodProbe, type ProbeResolver } from '#shared/contract/probe';
import type { RpcClient } from '#shared/rpc/client';
import type { Place } from '#shared/domain/netpol/places';
import { isCancelled } from '#shared/util/app-error';
import { visible } from '#shared/util/text';
import { useCommandList } from '../../data/command-registry';
import { Button } from '../../ui/Button';
import { ErrorState } from '../../ui/ErrorState';
import { StatusMark } from '../../ui/StatusMark';
import { TextField } from '../../ui/TextField';
import { Actions } from './Actions';
import { placeOf, portOf } from './destination';
import { HostField, type NamedPlace } from './HostField';
import { PolicyVerdict } from './PolicyVerdict';
import styles from './probe.module.css';
import { useTry } from './use-try';

export interface FromPodProps {
  readonly what: 'dns' | 'connect';
  readonly clusterId: string;
  readonly client: RpcClient | undefined;
  readonly namespace: string;
  readonly pod: string;
  readonly onClose: () => void;
}

/** The command that debugs a pod, when some feature brings it. */
const DEBUG_COMMAND = 'object.debug';

export function FromPod({ what, clusterId, client, namespace, pod, onClose }: FromPodProps): ReactNode {
  const [host, setHost] = useState('');
  const [port, setPort] = useState('80');
  /** What was chosen from the list, while the host still is what it gave. */
  const [chosen, setChosen] = useState<{ readonly host: string; readonly place: NamedPlace }>();
  const { busy, answer, error, start, stop } = useTry<PodProbe>();
  const to = host.trim();
  const number = portOf(port);
  const isConnect = what === 'connect';
  const badHost = to !== '' && !/^\w[\w.:-]*$/.test(to);
  const isReady = client !== undefined && to !== '' && !badHost && (!isConnect || number !== undefined);
  const place = useMemo(
    () => (chosen && chosen.host === to ? chosen.place : placeOf(to, namespace)),
    [chosen, to, namespace],
  );
  const from = useMemo(() => ({ type: 'pod', namespace, name: pod }) as const, [namespace, pod]);

  const run = (): void => {
    if (!client || !isReady) return;
    const where = { namespace, pod, host: to };
    start((signal) =>
      isConnect && number !== undefined
        ? client.call(probe, 'connect', { ...where, port: number }, signal)
        : client.call(probe, 'dns', where, signal),
    );
  };
  const choose = (next: NamedPlace): void => {
    if (!client) return;
    const kind = next.type === 'pod' ? 'pods' : 'services';
    client.call(probe, 'destination', { kind, namespace: next.namespace, name: next.name }).then(
      ({ host: name, ports }) => {
        setHost(name);
        setChosen({ host: name, place: next });
        const [first] = ports;
        if (first && !ports.some((one) => one.port === portOf(port))) setPort(String(first.port));
      },
      (thrown: unknown) => {
        if (!isCancelled(thrown)) start(() => Promise.reject(thrown as Error));
      },
    );
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
        <div className={styles.fields}>
          <HostField client={client} value={host} onChange={setHost} onChoose={choose} />
          {isConnect && (
            <TextField
              label="Port"
              className={styles.port}
              inputMode="numeric"
              value={port}
              error={number === undefined ? '1 to 65535' : undefined}
              onChange={(event) => setPort(event.target.value)}
            />
          )}
        </div>
        <button type="submit" hidden />
      </form>
      {busy && <p className={styles.muted}>Trying from {visible(pod)}…</p>}
      {error && (
        <ErrorState title="It could not be tried" error={error}>
          {error.code === 'no-shell' && (
            <DebugButton clusterId={clusterId} namespace={namespace} pod={pod} onOpen={onClose} />
          )}
        </ErrorState>
      )}
      {answer && (
        <div role="status" aria-label="Answer">
          <p className={styles.line}>
            <StatusMark tone={answer.ok ? 'ok' : 'bad'} /> <span>{visible(answer.words)}</span>
          </p>
          <p className={styles.muted}>
            Tried by {answer.program}
            {answer.container === undefined ? '' : ` in container ${visible(answer.container)}`}.
          </p>
          {answer.output !== '' && (
            <pre className={styles.body} aria-label="Output">
              {answer.output}
            </pre>
          )}
        </div>
      )}
      {isConnect && place && number !== undefined && (
        <PolicyVerdict client={client} from={from} to={place} port={number} passed={answer?.ok} />
      )}
      {isConnect && to !== '' && !place && (
        <p className={styles.muted}>
          No verdict of network policies: {visible(to)} is no address, Service or pod of this cluster.
        </p>
      )}
      {!isConnect && answer?.resolver && (
        <ResolverVerdict client={client} from={from} resolver={answer.resolver} />
      )}
      <Actions busy={busy} ready={isReady} onTry={run} onStop={stop} onClose={onClose} />
    </>
  );
}

const DNS_PORT = 53;

interface ResolverVerdictProps {
  readonly client: RpcClient | undefined;
  readonly from: Place;
  readonly resolver: ProbeResolver;
}

/** A name is not found where policies keep the pod from its name server: what they say of that way. */
function ResolverVerdict({ client, from, resolver }: ResolverVerdictProps): ReactNode {
  const { address, service, answered } = resolver;
  const to = useMemo<Place | undefined>(
    () =>
      service ? { type: 'service', ...service } : service === null ? { type: 'ip', address } : undefined,
    [service, address],
  );
  if (!to)
    return (
      <p className={styles.muted}>
        No verdict of network policies: whether a Service stands behind its name server {visible(address)} may
        not be read.
      </p>
    );
  return (
    <>
      <p className={styles.muted}>
        It asks {visible(address)}
        {service
          ? `, Service ${visible(`${service.namespace}/${service.name}`)}`
          : ', no Service of this cluster'}
        .
      </p>
      <PolicyVerdict client={client} from={from} to={to} port={DNS_PORT} protocol="UDP" passed={answered} />
    </>
  );
}

interface DebugButtonProps {
  readonly clusterId: string;
  readonly namespace: string;
  readonly pod: string;
  readonly onOpen: () => void;
}

/** A container without tools is helped by one beside it, in the same network. */
function DebugButton({ clusterId, namespace, pod, onOpen }: DebugButtonProps): ReactNode {
  const list = useCommandList();
  const debug = list.all.find((command) => command.id === DEBUG_COMMAND);
  if (!debug) return null;
  return (
    <Button
      onClick={() => {
        onOpen();
        void debug.run({
          ...list.context(),
          clusterId,
          selection: [{ kind: 'pods', namespace, name: pod, uid: '' }],
        });
      }}
    >
      Debug this pod
    </Button>
  );
}
