/** The taints of a node as rows. */
import { IconPlus, IconTrash } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import type { Taint } from '#shared/domain/actions/options';
import { Button, IconButton } from '../../ui/Button';
import { TextField } from '../../ui/TextField';
import styles from './actions.module.css';
import type { FormProps } from './forms';

const effects: readonly Taint['effect'][] = ['NoSchedule', 'PreferNoSchedule', 'NoExecute'];

export function TaintForm({ options, onChange }: FormProps<'taint'>): ReactNode {
  const { taints } = options;
  const set = (index: number, change: Partial<Taint>): void =>
    onChange({ taints: taints.map((one, at) => (at === index ? { ...one, ...change } : one)) });
  return (
    <div className={styles.rows}>
      {taints.map((taint, index) => (
        <div key={index} className={styles.pair}>
          <TextField
            mono
            hideLabel
            label={`Key of taint ${index + 1}`}
            placeholder="key"
            value={taint.key}
            onChange={(event) => set(index, { key: event.target.value.trim() })}
          />
          <TextField
            mono
            hideLabel
            label={`Value of taint ${index + 1}`}
            placeholder="value (none)"
            value={taint.value ?? ''}
            onChange={(event) => set(index, { value: event.target.value.trim() || undefined })}
          />
          <select
            className={styles.select}
            aria-label={`Effect of taint ${index + 1}`}
            value={taint.effect}
            onChange={(event) => set(index, { effect: event.target.value as Taint['effect'] })}
          >
            {effects.map((effect) => (
              <option key={effect}>{effect}</option>
            ))}
          </select>
          <IconButton
            label={`Remove taint ${taint.key}`}
            onClick={() => onChange({ taints: taints.filter((_one, at) => at !== index) })}
          >
            <IconTrash />
          </IconButton>
        </div>
      ))}
      <Button
        look="quiet"
        onClick={() => onChange({ taints: [...taints, { key: '', effect: 'NoSchedule' }] })}
      >
        <IconPlus size={14} /> Add taint
      </Button>
    </div>
  );
}
