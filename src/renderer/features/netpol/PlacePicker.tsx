/**
 * One end of a question: type a part of a name or an address, choose from what the cluster has.
 * Arrow keys move, Enter takes, Escape leaves what was chosen before.
 */
import { useEffect, useId, useRef, useState, type KeyboardEvent, type ReactNode } from 'react';
import { netpol, type PlaceChoice } from '#shared/contract/netpol';
import { placeText, type Place } from '#shared/domain/netpol/places';
import { visible } from '#shared/util/text';
import { useCluster } from '../../data/connections';
import styles from './picker.module.css';

export interface PlacePickerProps {
  readonly label: string;
  readonly value: Place | null;
  readonly onChange: (place: Place) => void;
  /** Services are destinations only. */
  readonly services: boolean;
  readonly placeholder: string;
}

/** Typing rests this long before the host is asked (ms). */
const REST = 60;
const MOST = 60;

export function PlacePicker({ label, value, onChange, services, placeholder }: PlacePickerProps): ReactNode {
  const client = useCluster();
  const id = useId();
  const [text, setText] = useState<string | null>(null);
  const [choices, setChoices] = useState<readonly PlaceChoice[]>([]);
  /** The text the choices are of: Enter never takes one of a text before. */
  const [answered, setAnswered] = useState<string | null>(null);
  const [at, setAt] = useState(0);
  const list = useRef<HTMLUListElement>(null);
  const open = text !== null;
  useEffect(() => {
    if (!client || text === null) return undefined;
    const stop = new AbortController();
    const timer = setTimeout(() => {
      client.call(netpol, 'places', { text, services, limit: MOST }, stop.signal).then(
        (found) => {
          if (stop.signal.aborted) return;
          setChoices(found);
          setAnswered(text);
          setAt(0);
        },
        () => undefined,
      );
    }, REST);
    return () => {
      clearTimeout(timer);
      stop.abort();
    };
  }, [client, text, services]);
  useEffect(() => {
    list.current?.children[at]?.scrollIntoView({ block: 'nearest' });
  }, [at, choices]);

  const take = (choice: PlaceChoice | undefined): void => {
    if (!choice) return;
    onChange(choice.place);
    setText(null);
    setChoices([]);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      if (!open) setText('');
      else setAt(Math.max(0, Math.min(choices.length - 1, at + (event.key === 'ArrowDown' ? 1 : -1))));
    } else if (event.key === 'Enter' && open) {
      event.preventDefault();
      if (answered === text) take(choices[at]);
    } else if (event.key === 'Escape' && open) {
      event.preventDefault();
      event.stopPropagation();
      setText(null);
    }
  };
  return (
    <div
      className={styles.picker}
      onBlur={(event) => !event.currentTarget.contains(event.relatedTarget) && setText(null)}
    >
      <label className={styles.label} htmlFor={id}>
        {label}
      </label>
      <input
        id={id}
        className={styles.input}
        role="combobox"
        aria-expanded={open}
        aria-controls={`${id}-list`}
        aria-activedescendant={open && choices.length > 0 ? `${id}-${at}` : undefined}
        aria-autocomplete="list"
        autoComplete="off"
        spellCheck={false}
        placeholder={placeholder}
        value={text ?? (value ? visible(placeText(value)) : '')}
        onFocus={(event) => event.target.select()}
        onMouseDown={() => !open && setText('')}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={onKeyDown}
      />
      {open && (
        <ul
          id={`${id}-list`}
          ref={list}
          className={styles.list}
          role="listbox"
          aria-label={`${label}: places`}
        >
          {choices.map((choice, index) => (
            <li
              key={`${choice.place.type} ${choice.label} ${choice.detail}`}
              id={`${id}-${index}`}
              role="option"
              aria-selected={index === at}
              className={styles.option}
              onMouseDown={(event) => {
                event.preventDefault();
                take(choice);
              }}
              onMouseMove={() => setAt(index)}
            >
              <span className={styles.name}>{visible(choice.label)}</span>
              <span className={styles.detail}>{visible(choice.detail)}</span>
            </li>
          ))}
          {choices.length === 0 && (
            <li className={styles.none}>Nothing of that name. An IP address works too.</li>
          )}
        </ul>
      )}
    </div>
  );
}
