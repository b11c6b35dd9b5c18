/** The fields a question is typed into: what the cluster knows is offered, anything else may be typed. */
import { useId, useMemo, type ReactNode } from 'react';
import type { SubjectNames, Who } from '#shared/contract/rbac';
import { useThisCluster } from '../../data/cluster-data';
import { Choice } from '../../ui/Choice';
import { TextField } from '../../ui/TextField';
import styles from './access.module.css';
import type { TypedQuestion } from './access-store';
import { targetText } from './words';

const verbs = [
  'get',
  'list',
  'watch',
  'create',
  'update',
  'patch',
  'delete',
  'deletecollection',
  'bind',
  'escalate',
  'impersonate',
  'approve',
  'sign',
  'use',
  '*',
];

/** Subresources discovery does not list by name, by kind id; those every workload has come by themselves. */
const subresources: Readonly<Record<string, readonly string[]>> = {
  pods: ['log', 'exec', 'attach', 'portforward', 'ephemeralcontainers', 'eviction', 'status', 'binding'],
  serviceaccounts: ['token'],
  nodes: ['proxy', 'stats', 'metrics', 'log', 'status'],
  services: ['proxy', 'status'],
  namespaces: ['status', 'finalize'],
  'deployments.apps': ['scale', 'status'],
  'replicasets.apps': ['scale', 'status'],
  'statefulsets.apps': ['scale', 'status'],
  'certificatesigningrequests.certificates.k8s.io': ['approval', 'status'],
};
/** Names rules speak of that no kind has. */
const virtual = ['users', 'groups', 'userextras.authentication.k8s.io', 'signers.certificates.k8s.io'];
const urls = ['/healthz', '/metrics', '/version', '/logs', '/debug/pprof'];

interface PickProps {
  readonly label: string;
  readonly value: string;
  readonly options: readonly string[];
  readonly onChange: (value: string) => void;
  readonly placeholder?: string;
  readonly className?: string | undefined;
  readonly error?: string | undefined;
}

export function Pick({ label, value, options, onChange, className, ...rest }: PickProps): ReactNode {
  const id = useId();
  return (
    <>
      <TextField
        label={label}
        list={id}
        value={value}
        className={className ?? styles.field}
        onChange={(event) => onChange(event.target.value)}
        {...rest}
      />
      <datalist id={id}>
        {options.slice(0, 2_000).map((option) => (
          <option key={option} value={option} />
        ))}
      </datalist>
    </>
  );
}

/** Kinds of the server with their subresources, as they are typed. */
export function useTargets(): readonly string[] {
  const { kinds } = useThisCluster();
  return useMemo(() => {
    const all = (kinds?.kinds ?? []).flatMap(({ id, group, resource }) => [
      targetText(group, resource),
      ...(subresources[id] ?? []).map((sub) => targetText(group, resource, sub)),
    ]);
    return [...all, ...virtual, ...urls, '*'];
  }, [kinds]);
}

export interface NamespaceFieldProps {
  readonly value: string;
  readonly onChange: (value: string) => void;
  /** What an empty choice means. */
  readonly all: string;
}

export function NamespaceField({ value, onChange, all }: NamespaceFieldProps): ReactNode {
  const { namespaces } = useThisCluster();
  const names = namespaces?.names ?? [];
  const id = useId();
  return (
    <div className={styles.select}>
      <label htmlFor={id}>Namespace</label>
      <select id={id} value={value} onChange={(event) => onChange(event.target.value)}>
        <option value="">{all}</option>
        {value !== '' && !names.includes(value) && <option>{value}</option>}
        {names.map((name) => (
          <option key={name}>{name}</option>
        ))}
      </select>
    </div>
  );
}

export interface QuestionFieldsProps {
  readonly value: TypedQuestion;
  readonly onChange: (value: TypedQuestion) => void;
}

export function QuestionFields({ value, onChange }: QuestionFieldsProps): ReactNode {
  const targets = useTargets();
  const url = value.target.trim().startsWith('/');
  return (
    <>
      <Pick
        label="Verb"
        value={value.verb}
        options={verbs}
        className={styles.short}
        onChange={(verb) => onChange({ ...value, verb })}
      />
      <Pick
        label="Resource or URL"
        value={value.target}
        options={targets}
        placeholder="pods/log, deployments.apps, /healthz"
        onChange={(target) => onChange({ ...value, target })}
      />
      {!url && (
        <>
          <TextField
            label="Name"
            value={value.name}
            placeholder="any"
            className={styles.field}
            onChange={(event) => onChange({ ...value, name: event.target.value })}
          />
          <NamespaceField
            value={value.namespace}
            all="Whole cluster"
            onChange={(namespace) => onChange({ ...value, namespace })}
          />
        </>
      )}
    </>
  );
}

export interface WhoFieldsProps {
  /** Told apart where there are two on a page. */
  readonly label?: string;
  readonly value: Who;
  readonly names: SubjectNames | undefined;
  readonly onChange: (value: Who) => void;
  /** Somebody else is meant. */
  readonly withoutMe?: boolean;
  /** A binding names a user alone. */
  readonly withoutGroups?: boolean;
}

const kinds = [
  { value: 'me', label: 'You' },
  { value: 'User', label: 'User' },
  { value: 'Group', label: 'Group' },
  { value: 'ServiceAccount', label: 'Service account' },
] as const;

const others = kinds.filter((kind) => kind.value !== 'me');

export function WhoFields({
  label = 'Subject',
  value,
  names,
  onChange,
  withoutMe,
  withoutGroups,
}: WhoFieldsProps): ReactNode {
  const accounts = useMemo(() => names?.accounts.map((one) => `${one.namespace}/${one.name}`) ?? [], [names]);
  const account = value.namespace === '' ? value.name : `${value.namespace}/${value.name}`;
  return (
    <>
      <div className={styles.choice}>
        <span className={styles.label}>{label}</span>
        <Choice
          label={label}
          options={withoutMe ? others : kinds}
          value={value.kind}
          onChange={(kind) => onChange({ kind, name: '', namespace: '', groups: [] })}
        />
      </div>
      {value.kind === 'User' && (
        <>
          <Pick
            label="User"
            value={value.name}
            options={names?.users ?? []}
            onChange={(name) => onChange({ ...value, name })}
          />
          {!withoutGroups && (
            <TextField
              label="Groups"
              value={value.groups.join(', ')}
              placeholder="none but those everybody is in"
              className={styles.field}
              onChange={(event) => onChange({ ...value, groups: splitGroups(event.target.value) })}
            />
          )}
        </>
      )}
      {value.kind === 'Group' && (
        <Pick
          label="Group"
          value={value.name}
          options={names?.groups ?? []}
          onChange={(name) => onChange({ ...value, name })}
        />
      )}
      {value.kind === 'ServiceAccount' && (
        <Pick
          label="Service account"
          value={account}
          options={accounts}
          placeholder="namespace/name"
          onChange={(text) => {
            const slash = text.indexOf('/');
            onChange({
              ...value,
              namespace: slash < 0 ? '' : text.slice(0, slash),
              name: slash < 0 ? text : text.slice(slash + 1),
            });
          }}
        />
      )}
    </>
  );
}

/** Keeps what is being typed: a comma at the end starts the next name. */
function splitGroups(text: string): string[] {
  if (text.trim() === '') return [];
  return text.split(/,\s?/);
}
