/** Labels or annotations as rows. The options hold only what differs from the object. */
import { IconPlus, IconTrash } from '@tabler/icons-react';
import { useState, type ReactNode } from 'react';
import { at, map } from '#shared/domain/actions/read';
import { Button, IconButton } from '../../ui/Button';
import { TextField } from '../../ui/TextField';
import styles from './actions.module.css';
import type { FormProps } from './forms';

interface Row {
  readonly id: number;
  readonly key: string;
  readonly value: string;
}

export interface KeyValueFormProps extends FormProps<'label'> {
  readonly field: 'labels' | 'annotations';
}

export function KeyValueForm({ object, many, field, onChange }: KeyValueFormProps): ReactNode {
  const before = many ? new Map<string, string>() : map(at(object, 'metadata', field));
  const [rows, setRows] = useState<readonly Row[]>(() => {
    const had = [...before].map(([key, value], id) => ({ id, key, value }));
    return had.length > 0 ? had : [{ id: 0, key: '', value: '' }];
  });
  const [removed, setRemoved] = useState('');

  const tell = (next: readonly Row[], gone: string): void => {
    const values: Record<string, string | null> = {};
    for (const key of before.keys()) values[key] = null;
    for (const key of gone.split(',')) if (key.trim() !== '') values[key.trim()] = null;
    for (const { key, value } of next) if (key.trim() !== '') values[key.trim()] = value;
    for (const [key, value] of before) if (values[key] === value) delete values[key];
    onChange({ values });
  };
  const set = (next: readonly Row[]): void => {
    setRows(next);
    tell(next, removed);
  };
  const one = field === 'labels' ? 'label' : 'annotation';
  return (
    <div className={styles.rows}>
      {rows.map((row, index) => (
        <div key={row.id} className={styles.pair}>
          <TextField
            mono
            hideLabel
            label={`Key of ${one} ${index + 1}`}
            placeholder="key"
            value={row.key}
            onChange={(event) =>
              set(rows.map((other) => (other.id === row.id ? { ...other, key: event.target.value } : other)))
            }
          />
          <TextField
            mono
            hideLabel
            label={`Value of ${one} ${index + 1}`}
            placeholder="value"
            value={row.value}
            onChange={(event) =>
              set(
                rows.map((other) => (other.id === row.id ? { ...other, value: event.target.value } : other)),
              )
            }
          />
          <IconButton
            label={`Remove ${row.key || one}`}
            onClick={() => set(rows.filter((other) => other.id !== row.id))}
          >
            <IconTrash />
          </IconButton>
        </div>
      ))}
      <Button
        look="quiet"
        onClick={() =>
          setRows([...rows, { id: Math.max(0, ...rows.map((row) => row.id)) + 1, key: '', value: '' }])
        }
      >
        <IconPlus size={14} /> Add {one}
      </Button>
      {many && (
        <TextField
          mono
          label="Keys to remove, with commas between"
          value={removed}
          onChange={(event) => {
            setRemoved(event.target.value);
            tell(rows, event.target.value);
          }}
        />
      )}
    </div>
  );
}
