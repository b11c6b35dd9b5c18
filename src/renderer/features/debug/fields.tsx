/** Fields that the ways of debugging share. */
import { useId, type ReactNode } from 'react';
import type { DebuggablePod } from '#shared/contract/debug';
import { visible } from '#shared/util/text';
import { TextField } from '../../ui/TextField';
import styles from './debug.module.css';
import { NEW_CONTAINER, profileWords, wordsOfProfile, type DebugForm, type Problems } from './form';
import { knownImages } from './sessions';

export interface FieldProps {
  readonly form: DebugForm;
  readonly problems: Problems;
  readonly onChange: (part: Partial<DebugForm>) => void;
}

export interface SelectProps {
  readonly label: string;
  readonly value: string;
  readonly options: readonly {
    readonly value: string;
    readonly label: string;
    readonly disabled?: boolean;
  }[];
  readonly onChange: (value: string) => void;
}

export function Select({ label, value, options, onChange }: SelectProps): ReactNode {
  const id = useId();
  return (
    <div className={styles.field}>
      <label className={styles.label} htmlFor={id}>
        {label}
      </label>
      <select
        id={id}
        className={styles.select}
        value={value}
        onChange={(event) => onChange(event.target.value)}
      >
        {options.map((option) => (
          <option key={option.value} value={option.value} disabled={option.disabled}>
            {option.label}
          </option>
        ))}
      </select>
    </div>
  );
}

export interface CheckProps {
  readonly label: string;
  readonly checked: boolean;
  readonly onChange: (on: boolean) => void;
}

export function Check({ label, checked, onChange }: CheckProps): ReactNode {
  return (
    <label className={styles.check}>
      <input type="checkbox" checked={checked} onChange={(event) => onChange(event.target.checked)} />
      {label}
    </label>
  );
}

export function ContainerFields({
  form,
  problems,
  pod,
  suffix,
  onChange,
}: FieldProps & { readonly pod: DebuggablePod | undefined; readonly suffix: string }): ReactNode {
  const images = useId();
  const { way } = form;
  const isNew = way !== 'copy' || form.change === NEW_CONTAINER;
  return (
    <div className={styles.pair}>
      {isNew && (
        <>
          <TextField
            mono
            label="Image"
            list={images}
            value={form.image}
            error={problems.image}
            onChange={(event) => onChange({ image: event.target.value })}
          />
          <datalist id={images}>
            {knownImages().map((image) => (
              <option key={image} value={image} />
            ))}
          </datalist>
        </>
      )}
      {!isNew && (
        <TextField
          mono
          label={`Image of ${visible(form.change)}`}
          placeholder={pod?.containers.find((one) => one.name === form.change)?.image}
          value={form.changeImage}
          onChange={(event) => onChange({ changeImage: event.target.value })}
        />
      )}
      {way === 'ephemeral' && pod && (
        <Select
          label="Sees the processes of"
          value={form.target}
          options={[
            ...pod.containers
              .filter((one) => one.type === 'container' || one.type === 'sidecar')
              .map((one) => ({
                value: one.name,
                label: `${visible(one.name)}${one.state === 'running' ? '' : ' (not running)'}`,
              })),
            { value: '', label: 'none of them' },
          ]}
          onChange={(target) => onChange({ target })}
        />
      )}
      <ProfileField form={form} onChange={onChange} />
      {isNew && (
        <TextField
          mono
          label="Container name"
          placeholder={way === 'node' ? 'debugger' : `debugger-${suffix}`}
          value={form.name}
          error={problems.name}
          onChange={(event) => onChange({ name: event.target.value.trim() })}
        />
      )}
    </div>
  );
}

function ProfileField({ form, onChange }: Omit<FieldProps, 'problems'>): ReactNode {
  return (
    <Select
      label="Profile"
      value={form.profile}
      options={profileWords.map(({ value }) => ({
        value,
        label: `${value}: ${wordsOfProfile(value, form.way)}`,
      }))}
      onChange={(profile) => onChange({ profile: profile as DebugForm['profile'] })}
    />
  );
}

export function MoreFields({ form, problems, onChange }: FieldProps): ReactNode {
  const env = useId();
  const custom = useId();
  const isCopy = form.way === 'copy';
  const touched = problems.env !== undefined || (problems.command !== undefined && !isCopy);
  return (
    <details className={styles.more} open={touched || undefined}>
      <summary>
        {isCopy
          ? 'Environment, pull policy, custom profile'
          : 'Command, environment, pull policy, custom profile'}
      </summary>
      <div className={styles.form}>
        {!isCopy && <CommandField form={form} problems={problems} onChange={onChange} />}
        <div className={styles.pair}>
          <div className={styles.field}>
            <label className={styles.label} htmlFor={env}>
              Environment, one NAME=value a line
            </label>
            <textarea
              id={env}
              className={styles.area}
              rows={3}
              spellCheck={false}
              value={form.env}
              aria-invalid={problems.env === undefined ? undefined : true}
              onChange={(event) => onChange({ env: event.target.value })}
            />
            {problems.env !== undefined && <p className={styles.bad}>{visible(problems.env)}</p>}
          </div>
          <div className={styles.field}>
            <label className={styles.label} htmlFor={custom}>
              Custom profile: fields of the container, YAML or JSON
            </label>
            <textarea
              id={custom}
              className={styles.area}
              rows={3}
              spellCheck={false}
              placeholder={'securityContext:\n  runAsUser: 1000'}
              value={form.custom}
              onChange={(event) => onChange({ custom: event.target.value })}
            />
          </div>
        </div>
        <Select
          label="Pull policy"
          value={form.pull}
          options={[
            { value: '', label: "the server's choice" },
            { value: 'IfNotPresent', label: 'IfNotPresent' },
            { value: 'Always', label: 'Always' },
            { value: 'Never', label: 'Never' },
          ]}
          onChange={(pull) => onChange({ pull: pull as DebugForm['pull'] })}
        />
      </div>
    </details>
  );
}

export function CommandField({ form, problems, onChange }: FieldProps): ReactNode {
  return (
    <>
      <TextField
        mono
        label="Command"
        placeholder="the image's own"
        value={form.command}
        error={problems.command}
        onChange={(event) => onChange({ command: event.target.value })}
      />
      {form.command.trim() !== '' && (
        <Check
          label="These are arguments for the image's own command"
          checked={form.argumentsOnly}
          onChange={(argumentsOnly) => onChange({ argumentsOnly })}
        />
      )}
    </>
  );
}

export function NamespaceField({
  form,
  names,
  onChange,
}: Omit<FieldProps, 'problems'> & { readonly names: readonly string[] }): ReactNode {
  const all = names.includes(form.namespace) ? names : [form.namespace, ...names];
  return (
    <Select
      label="The pod is made in namespace"
      value={form.namespace}
      options={all.map((name) => ({ value: name, label: visible(name) }))}
      onChange={(namespace) => onChange({ namespace })}
    />
  );
}
