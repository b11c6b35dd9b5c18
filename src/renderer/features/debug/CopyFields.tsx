/** What a copy changes, and what it keeps of the pod. */
import type { ReactNode } from 'react';
import type { DebuggablePod } from '#shared/contract/debug';
import { visible } from '#shared/util/text';
import { TextField } from '../../ui/TextField';
import styles from './debug.module.css';
import { Check, CommandField, Select, type FieldProps } from './fields';
import { NEW_CONTAINER } from './form';

const kept = [
  ['labels', 'labels'],
  ['annotations', 'annotations'],
  ['liveness', 'liveness probes'],
  ['readiness', 'readiness probes'],
  ['startup', 'startup probes'],
  ['initContainers', 'init containers'],
] as const;

export function CopyFields({
  form,
  problems,
  pod,
  onChange,
}: FieldProps & { readonly pod: DebuggablePod }): ReactNode {
  const own = pod.containers.filter((one) => one.type !== 'debug');
  return (
    <>
      <div className={styles.pair}>
        <Select
          label="In the copy"
          value={form.change}
          options={[
            { value: NEW_CONTAINER, label: 'add a debug container' },
            ...own.map((one) => ({ value: one.name, label: `change container ${visible(one.name)}` })),
          ]}
          onChange={(change) => onChange({ change, changeImage: '' })}
        />
        <TextField
          mono
          label="Name of the copy"
          value={form.copyTo}
          error={problems.copyTo}
          onChange={(event) => onChange({ copyTo: event.target.value.trim() })}
        />
      </div>
      <CommandField form={form} problems={problems} onChange={onChange} />
    </>
  );
}

/** Below the container's own fields. */
export function CopyMore({
  form,
  pod,
  onChange,
}: Omit<FieldProps, 'problems'> & { readonly pod: DebuggablePod }): ReactNode {
  const others = pod.containers.filter((one) => one.type !== 'debug' && one.name !== form.change);
  return (
    <>
      <div className={styles.checks}>
        <Check label="Same node" checked={form.sameNode} onChange={(sameNode) => onChange({ sameNode })} />
        <Check
          label="Containers see each other's processes"
          checked={form.share}
          onChange={(share) => onChange({ share })}
        />
        <Check
          label="Replace: delete the original"
          checked={form.replace}
          onChange={(replace) => onChange({ replace })}
        />
      </div>
      <details className={styles.more}>
        <summary>What the copy keeps, other images</summary>
        <div className={styles.form}>
          <div className={styles.checks} role="group" aria-label="Keep">
            {kept.map(([key, label]) => (
              <Check
                key={key}
                label={`Keep ${label}`}
                checked={form.keep[key]}
                onChange={(on) => onChange({ keep: { ...form.keep, [key]: on } })}
              />
            ))}
          </div>
          {others.map((one) => (
            <TextField
              key={one.name}
              mono
              label={`Image of ${visible(one.name)}`}
              placeholder={one.image}
              value={form.images[one.name] ?? ''}
              onChange={(event) => {
                const rest = Object.entries(form.images).filter(([name]) => name !== one.name);
                const value = event.target.value;
                onChange({ images: Object.fromEntries(value === '' ? rest : [...rest, [one.name, value]]) });
              }}
            />
          ))}
        </div>
      </details>
    </>
  );
}
