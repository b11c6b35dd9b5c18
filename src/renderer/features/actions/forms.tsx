/** The options of each verb as a form; verbs without options have none. */
import type { ReactNode } from 'react';
import { finalizersOf } from '#shared/domain/actions/metadata';
import type { OptionsOf, VerbId } from '#shared/domain/actions/options';
import { containerAmounts } from '#shared/domain/actions/pods';
import type { Extras, Target, Thing } from '#shared/domain/actions/types';
import { containerImages } from '#shared/domain/actions/workloads';
import { visible } from '#shared/util/text';
import { Choice } from '../../ui/Choice';
import { TextField } from '../../ui/TextField';
import styles from './actions.module.css';
import { KeyValueForm } from './KeyValueForm';
import { RevisionForm } from './RevisionForm';
import { TaintForm } from './TaintForm';

export interface FormProps<K extends VerbId = VerbId> {
  readonly object: Thing | undefined;
  readonly target: Target;
  readonly extras: Extras;
  readonly options: OptionsOf[K];
  readonly onChange: (options: OptionsOf[K]) => void;
  /** Several objects: nothing of one of them may stand for all. */
  readonly many: boolean;
}

const ownsNothing = new Set([
  'pods',
  'configmaps',
  'secrets',
  'events',
  'nodes',
  'persistentvolumes',
  'endpoints',
]);

function DeleteForm({ target, options, onChange }: FormProps<'delete'>): ReactNode {
  const grace = options.grace === null ? 'own' : options.grace === 0 ? 'now' : 'seconds';
  return (
    <>
      {!ownsNothing.has(target.kind) && (
        <div className={styles.line}>
          <span className={styles.label}>What it owns</span>
          <Choice
            label="What it owns"
            value={options.propagation}
            options={[
              { value: 'Background', label: 'Delete after it' },
              { value: 'Foreground', label: 'Delete before it' },
              { value: 'Orphan', label: 'Keep' },
            ]}
            onChange={(propagation) => onChange({ ...options, propagation })}
          />
        </div>
      )}
      {target.kind === 'pods' && (
        <div className={styles.line}>
          <span className={styles.label}>Grace period</span>
          <Choice
            label="Grace period"
            value={grace}
            options={[
              { value: 'own', label: 'Its own' },
              { value: 'seconds', label: 'Seconds' },
              { value: 'now', label: 'None (force)' },
            ]}
            onChange={(next) =>
              onChange({ ...options, grace: next === 'own' ? null : next === 'now' ? 0 : 30 })
            }
          />
          {grace === 'seconds' && (
            <NumberField
              label="Seconds"
              hide
              value={options.grace ?? 30}
              onChange={(value) => onChange({ ...options, grace: Math.max(1, value) })}
            />
          )}
        </div>
      )}
    </>
  );
}

interface NumberFieldProps {
  readonly label: string;
  readonly value: number;
  readonly hide?: boolean;
  readonly onChange: (value: number) => void;
}

function NumberField({ label, value, hide, onChange }: NumberFieldProps): ReactNode {
  return (
    <TextField
      className={styles.number}
      label={label}
      hideLabel={hide === true}
      type="number"
      min={0}
      value={String(value)}
      onChange={(event) => {
        const next = Number(event.target.value);
        if (Number.isInteger(next) && next >= 0 && next <= 1_000_000) onChange(next);
      }}
    />
  );
}

function ScaleForm({ options, onChange }: FormProps<'scale'>): ReactNode {
  return (
    <NumberField label="Replicas" value={options.replicas} onChange={(replicas) => onChange({ replicas })} />
  );
}

function ImageForm({ object, target, options, onChange }: FormProps<'set-image'>): ReactNode {
  return containerImages(object, target.kind).map(({ name, image, init }) => (
    <TextField
      key={name}
      mono
      label={`${visible(name)}${init ? ' (init)' : ''}`}
      value={options.images[name] ?? image}
      onChange={(event) => onChange({ images: { ...options.images, [name]: event.target.value } })}
    />
  ));
}

function ResizeForm({ object, options, onChange }: FormProps<'resize'>): ReactNode {
  return (
    <div className={styles.grid}>
      <span />
      <span className={styles.label}>CPU request</span>
      <span className={styles.label}>CPU limit</span>
      <span className={styles.label}>Memory request</span>
      <span className={styles.label}>Memory limit</span>
      {containerAmounts(object).map((container) => (
        <div key={container.name} className={styles.row}>
          <span className={styles.name}>{visible(container.name)}</span>
          {(['cpu', 'memory'] as const).map((resource) =>
            (['requests', 'limits'] as const).map((field) => {
              const had = container[field].get(resource) ?? '';
              const now = options.containers[container.name]?.[field]?.[resource];
              const what = `${resource === 'cpu' ? 'CPU' : 'Memory'} ${field === 'requests' ? 'request' : 'limit'}`;
              const set = (text: string): void => {
                const of = options.containers[container.name] ?? {};
                const amounts = { ...of[field], [resource]: text === '' ? null : text };
                if (text === had) delete amounts[resource];
                onChange({
                  containers: { ...options.containers, [container.name]: { ...of, [field]: amounts } },
                });
              };
              return (
                <TextField
                  key={`${resource} ${field}`}
                  mono
                  hideLabel
                  label={`${what} of ${container.name}`}
                  placeholder="none"
                  value={now === undefined ? had : (now ?? '')}
                  onChange={(event) => set(event.target.value.trim())}
                />
              );
            }),
          )}
        </div>
      ))}
    </div>
  );
}

function ExpandForm({ options, onChange }: FormProps<'expand'>): ReactNode {
  return (
    <TextField
      mono
      label="Size"
      value={options.size}
      onChange={(event) => onChange({ size: event.target.value.trim() })}
    />
  );
}

function BoundsForm({ options, onChange }: FormProps<'bounds'>): ReactNode {
  return (
    <div className={styles.line}>
      <NumberField label="Least" value={options.min ?? 1} onChange={(min) => onChange({ ...options, min })} />
      <NumberField label="Most" value={options.max} onChange={(max) => onChange({ ...options, max })} />
    </div>
  );
}

function FinalizerForm({ object, options, onChange }: FormProps<'remove-finalizer'>): ReactNode {
  const chosen = new Set(options.finalizers);
  return finalizersOf(object).map((finalizer) => (
    <label key={finalizer} className={styles.check}>
      <input
        type="checkbox"
        checked={chosen.has(finalizer)}
        onChange={(event) =>
          onChange({
            finalizers: event.target.checked
              ? [...options.finalizers, finalizer]
              : options.finalizers.filter((one) => one !== finalizer),
          })
        }
      />
      <span className="mono">{visible(finalizer)}</span>
    </label>
  ));
}

type Form<K extends VerbId> = (props: FormProps<K>) => ReactNode;

export const forms: { readonly [K in VerbId]?: Form<K> } = {
  delete: DeleteForm,
  scale: ScaleForm,
  rollback: RevisionForm,
  'set-image': ImageForm,
  resize: ResizeForm,
  taint: TaintForm,
  label: (props) => <KeyValueForm {...props} field="labels" />,
  annotate: (props) => <KeyValueForm {...props} field="annotations" />,
  expand: ExpandForm,
  bounds: BoundsForm,
  'remove-finalizer': FinalizerForm,
};
