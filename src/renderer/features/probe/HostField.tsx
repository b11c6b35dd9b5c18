/**
 * Where the pod is to connect: a name or address as typed, or a Service or pod chosen from what the
 * cluster has. Arrow keys move, Enter takes a marked one, Escape closes the list and nothing else.
 */
import { useEffect, useId, useState, type KeyboardEvent, type ReactNode } from 'react';
import { netpol, type PlaceChoice } from '#shared/contract/netpol';
import type { RpcClient } from '#shared/rpc/client';
import { visible } from '#shared/util/text';
import { TextField } from '../../ui/TextField';
import styles from './probe.module.css';

export interface HostFieldProps {
  readonly client: RpcClient | undefined;
  readonly value: string;
  readonly onChange: (host: string) => void;
  readonly onChoose: (place: NamedPlace) => void;
}

export interface NamedPlace {
  readonly type: 'pod' | 'service';
  readonly namespace: string;
  readonly name: string;
}

const REST_MS = 80;
const ASKED = 60;
const SHOWN = 30;

export function HostField({ client, value, onChange, onChoose }: HostFieldProps): ReactNode {
  const id = useId();
  const [open, setOpen] = useState(false);
  const [choices, setChoices] = useState<readonly PlaceChoice[]>([]);
  const [at, setAt] = useState(-1);
  useEffect(() => {
    if (!client || !open) return undefined;
    const stop = new AbortController();
    const timer = setTimeout(() => {
      client.call(netpol, 'places', { text: value, services: true, limit: ASKED }, stop.signal).then(
        (found) => {
          setChoices(found.filter(({ place }) => isNamed(place)).slice(0, SHOWN));
          setAt(-1);
        },
        () => setChoices([]),
      );
    }, REST_MS);
    return () => {
      clearTimeout(timer);
      stop.abort();
    };
  }, [client, open, value]);
  const take = ({ place }: PlaceChoice): void => {
    setOpen(false);
    if (isNamed(place)) onChoose(place);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const marked = choices[at];
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      setOpen(true);
      setAt(Math.max(-1, Math.min(choices.length - 1, at + (event.key === 'ArrowDown' ? 1 : -1))));
    } else if (event.key === 'Enter' && open && marked) take(marked);
    else if (event.key === 'Escape' && open && choices.length > 0) setOpen(false);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  const shown = open && choices.length > 0;
  return (
    <div
      className={styles.host}
      onBlur={(event) => !event.currentTarget.contains(event.relatedTarget) && setOpen(false)}
    >
      <TextField
        label="To"
        placeholder="Name or address; a Service or pod of the cluster"
        role="combobox"
        aria-expanded={shown}
        aria-controls={`${id}-list`}
        aria-activedescendant={shown && at >= 0 ? `${id}-${at}` : undefined}
        aria-autocomplete="list"
        value={value}
        autoFocus
        onMouseDown={() => setOpen(true)}
        onChange={(event) => {
          setOpen(true);
          onChange(event.target.value);
        }}
        onKeyDown={onKeyDown}
      />
      {shown && (
        <ul id={`${id}-list`} className={styles.choices} role="listbox" aria-label="Services and pods">
          {choices.map((choice, index) => (
            <li
              key={`${choice.place.type} ${choice.label}`}
              id={`${id}-${index}`}
              ref={(element) => {
                if (index === at) element?.scrollIntoView({ block: 'nearest' });
              }}
              role="option"
              aria-selected={index === at}
              className={styles.choice}
              onMouseDown={(event) => {
                event.preventDefault();
                take(choice);
              }}
            >
              <span className={styles.choiceName}>{visible(choice.label)}</span>
              <span className={styles.muted}>{visible(choice.detail)}</span>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

function isNamed(place: PlaceChoice['place']): place is NamedPlace {
  return place.type === 'pod' || place.type === 'service';
}
