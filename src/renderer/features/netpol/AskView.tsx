/** Can A reach B: two ends, a port, and the answer, live while it is on screen. */
import { IconArrowsExchange } from '@tabler/icons-react';
import { useEffect, useMemo, useState, type ReactNode } from 'react';
import { netpol, type AskBatch, type NetpolQuestion } from '#shared/contract/netpol';
import { PROTOCOLS } from '#shared/domain/netpol/ports';
import { visible } from '#shared/util/text';
import { useCluster, useClusterId } from '../../data/connections';
import { IconButton } from '../../ui/Button';
import { Choice } from '../../ui/Choice';
import { EmptyState } from '../../ui/EmptyState';
import { TextField } from '../../ui/TextField';
import { Answer } from './Answer';
import styles from './netpol.module.css';
import { setNetpolPage, useNetpolPage } from './page-state';
import { PlacePicker } from './PlacePicker';

const protocols = PROTOCOLS.map((value) => ({ value, label: value }));

export function AskView({
  shown,
  enforced,
}: {
  readonly shown: boolean;
  readonly enforced: boolean | undefined;
}): ReactNode {
  const clusterId = useClusterId();
  const { from, to, port, protocol } = useNetpolPage(clusterId);
  const wrong = portProblem(port);
  const question = useMemo(
    () =>
      from && to && wrong === undefined
        ? ({ from, to, port: parsePort(port), protocol } satisfies NetpolQuestion)
        : undefined,
    [from, to, port, protocol, wrong],
  );
  const batch = useAsk(shown ? question : undefined);
  return (
    <div className={styles.scroll}>
      <form className={styles.question} aria-label="Question" onSubmit={(event) => event.preventDefault()}>
        <PlacePicker
          label="From"
          placeholder="Pod, workload, namespace, address, internet"
          services={false}
          value={from}
          onChange={(place) => setNetpolPage(clusterId, { from: place })}
        />
        <IconButton
          label="Swap the two ends"
          className={styles.swap ?? ''}
          disabled={to?.type === 'service'}
          onClick={() => setNetpolPage(clusterId, { from: to, to: from })}
        >
          <IconArrowsExchange />
        </IconButton>
        <PlacePicker
          label="To"
          placeholder="Service, pod, workload, namespace, address"
          services
          value={to}
          onChange={(place) => setNetpolPage(clusterId, { to: place })}
        />
        <TextField
          label="Port"
          className={styles.port}
          placeholder="any"
          value={port}
          error={wrong}
          onChange={(event) => setNetpolPage(clusterId, { port: event.target.value })}
        />
        <div className={styles.protocol}>
          <Choice
            label="Protocol"
            value={protocol}
            options={protocols}
            onChange={(value) => setNetpolPage(clusterId, { protocol: value })}
          />
        </div>
      </form>
      {!question && (
        <EmptyState>
          Choose both ends. The port is a number or the name of a container port; without one the answer lists
          the open ports.
        </EmptyState>
      )}
      {question && batch?.problem !== undefined && (
        <p className={styles.problem} role="status">
          {visible(batch.problem)}
        </p>
      )}
      {question && !batch && <p className={styles.muted}>Reading pods and policies</p>}
      {question && batch?.answer && <Answer answer={batch.answer} enforced={enforced} question={question} />}
    </div>
  );
}

function parsePort(text: string): number | string | null {
  const plain = text.trim();
  if (plain === '') return null;
  return /^\d+$/.test(plain) ? Number(plain) : plain;
}

function portProblem(text: string): string | undefined {
  const port = parsePort(text);
  if (port === null) return undefined;
  if (typeof port === 'number') return port >= 1 && port <= 65535 ? undefined : '1 to 65535';
  return /^[a-z0-9-]{1,63}$/i.test(port) ? undefined : 'A number or a port name';
}

/** The newest answer; that of the question before stays until the next is there. */
export function useAsk(question: NetpolQuestion | undefined): AskBatch | undefined {
  const client = useCluster();
  const [batch, setBatch] = useState<AskBatch | undefined>(undefined);
  useEffect(() => {
    if (!client || !question) return undefined;
    const open = client.open(netpol, 'ask', question, { onData: setBatch, onEnd: () => undefined });
    return () => open.close();
  }, [client, question]);
  return question ? batch : undefined;
}
