/** Flows that must be allowed; the smallest policies that allow them go into the draft. */
import { useState, type ReactNode } from 'react';
import { netpol } from '#shared/contract/netpol';
import { placeText, type Place } from '#shared/domain/netpol/places';
import { toAppError } from '#shared/util/app-error';
import { visible } from '#shared/util/text';
import { useCluster } from '../../data/connections';
import { Button } from '../../ui/Button';
import { Chip } from '../../ui/Chip';
import { TextField } from '../../ui/TextField';
import { PlacePicker } from './PlacePicker';
import styles from './what-if.module.css';

interface Flow {
  readonly from: Place;
  readonly to: Place;
  readonly port: number | null;
}

function endOf(place: Place): string | undefined {
  if (place.type === 'workload') return place.id;
  if (place.type === 'internet') return 'internet';
  return place.type === 'ip' ? `${place.address}/${place.address.includes(':') ? 128 : 32}` : undefined;
}

export function GenerateForm({ onText }: { readonly onText: (text: string) => void }): ReactNode {
  const client = useCluster();
  const [from, setFrom] = useState<Place | null>(null);
  const [to, setTo] = useState<Place | null>(null);
  const [port, setPort] = useState('');
  const [flows, setFlows] = useState<readonly Flow[]>([]);
  const [notes, setNotes] = useState<readonly string[]>([]);
  const number = port === '' ? null : Number(port);
  const goodPort = number === null || (Number.isInteger(number) && number >= 1 && number <= 65535);
  const fits = from && to && endOf(from) !== undefined && endOf(to) !== undefined && goodPort;
  const generate = (both: boolean): void => {
    const list = flows.map((flow) => ({
      from: endOf(flow.from)!,
      to: endOf(flow.to)!,
      protocol: 'TCP' as const,
      port: flow.port,
    }));
    client?.call(netpol, 'generate', { flows: list, ingress: true, egress: both }).then(
      (made) => {
        setNotes(made.notes);
        if (made.text !== '') onText(made.text);
      },
      (thrown: unknown) => setNotes([toAppError(thrown).message]),
    );
  };
  return (
    <details className={styles.form}>
      <summary>Write policies that allow chosen flows</summary>
      <div className={styles.fields}>
        <PlacePicker
          label="Flow from"
          placeholder="Workload, internet, address"
          services={false}
          value={from}
          onChange={setFrom}
        />
        <PlacePicker
          label="Flow to"
          placeholder="Workload, internet, address"
          services={false}
          value={to}
          onChange={setTo}
        />
        <TextField
          label="TCP port"
          placeholder="all"
          value={port}
          error={goodPort ? undefined : '1 to 65535'}
          onChange={(event) => setPort(event.target.value.trim())}
        />
        <Button
          className={styles.last ?? ''}
          disabled={!fits}
          onClick={() => {
            if (from && to) setFlows([...flows, { from, to, port: number }]);
          }}
        >
          Add flow
        </Button>
      </div>
      {flows.length > 0 && (
        <>
          <div className={styles.chips}>
            {flows.map((flow, index) => (
              <Chip key={index} onRemove={() => setFlows(flows.filter((one) => one !== flow))}>
                {visible(placeText(flow.from))} to {visible(placeText(flow.to))}, TCP {flow.port ?? 'all'}
              </Chip>
            ))}
          </div>
          <div className={styles.bar}>
            <Button onClick={() => generate(false)}>Write ingress policies</Button>
            <Button onClick={() => generate(true)}>Write ingress and egress policies</Button>
          </div>
        </>
      )}
      {notes.map((note) => (
        <p key={note} className={styles.problem}>
          {visible(note)}
        </p>
      ))}
    </details>
  );
}
