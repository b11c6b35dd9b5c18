/** A change of labels to try: `app=web, tier-` on the pods of a workload or on a namespace. */
import { useState, type ReactNode } from 'react';
import type { Place } from '#shared/domain/netpol/places';
import { Button } from '../../ui/Button';
import { TextField } from '../../ui/TextField';
import type { LabelChange } from './page-state';
import { PlacePicker } from './PlacePicker';
import styles from './what-if.module.css';

export function LabelForm({ onAdd }: { readonly onAdd: (change: LabelChange) => void }): ReactNode {
  const [place, setPlace] = useState<Place | null>(null);
  const [text, setText] = useState('');
  const labels = parseLabels(text);
  const fits = place?.type === 'workload' || place?.type === 'namespace';
  return (
    <details className={styles.form}>
      <summary>Try other labels</summary>
      <div className={styles.fields}>
        <PlacePicker
          label="Workload or namespace"
          placeholder="Type a part of its name"
          services={false}
          value={place}
          onChange={setPlace}
        />
        <TextField
          label="Labels"
          placeholder="app=web, tier-"
          value={text}
          error={
            place && !fits
              ? 'A workload or a namespace'
              : text !== '' && !labels
                ? 'key=value, or key- to take away'
                : undefined
          }
          onChange={(event) => setText(event.target.value)}
        />
        <Button
          className={styles.last ?? ''}
          disabled={!fits || !labels}
          onClick={() => {
            if (!labels) return;
            if (place?.type === 'workload') onAdd({ target: 'workload', id: place.id, labels });
            if (place?.type === 'namespace') onAdd({ target: 'namespace', id: place.name, labels });
            setText('');
          }}
        >
          Try
        </Button>
      </div>
    </details>
  );
}

/** Undefined: not readable, or nothing in it. */
export function parseLabels(text: string): Record<string, string | null> | undefined {
  const parts = text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
  if (parts.length === 0) return undefined;
  const entries: [string, string | null][] = [];
  for (const part of parts) {
    const set = /^([A-Za-z0-9][\w./-]*)=([\w.-]*)$/.exec(part);
    const gone = /^([A-Za-z0-9][\w./-]*)-$/.exec(part);
    if (set) entries.push([set[1]!, set[2]!]);
    else if (gone) entries.push([gone[1]!, null]);
    else return undefined;
  }
  return Object.fromEntries(entries);
}
