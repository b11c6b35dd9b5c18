/** A policy by choosing: whom it selects, what each direction allows. Its YAML goes into the draft. */
import { useState, type ReactNode } from 'react';
import {
  emptyForm,
  formPolicy,
  type FormRule,
  type FormSide,
  type PolicyForm,
} from '#shared/domain/netpol/form';
import { Button } from '../../ui/Button';
import { Choice } from '../../ui/Choice';
import { TextField } from '../../ui/TextField';
import styles from './what-if.module.css';

const sides: readonly { readonly value: FormSide; readonly label: string }[] = [
  { value: 'open', label: 'Not isolated' },
  { value: 'deny', label: 'Deny all' },
  { value: 'rules', label: 'Allow by rules' },
];
const peers: readonly { readonly value: FormRule['peer']; readonly label: string; readonly hint: string }[] =
  [
    { value: 'pods', label: 'Pods of this namespace', hint: 'app=web; empty: all' },
    { value: 'namespace', label: 'Pods of a namespace', hint: 'its name; empty: all' },
    { value: 'cidr', label: 'Addresses', hint: '10.0.0.0/8' },
    { value: 'anyone', label: 'Anyone', hint: '' },
  ];
const firstRule: FormRule = { peer: 'pods', text: '', ports: '' };

export interface PolicyFormViewProps {
  readonly namespace: string;
  /** The policy's YAML. */
  readonly onText: (text: string) => void;
}

export function PolicyFormView({ namespace, onText }: PolicyFormViewProps): ReactNode {
  const [form, setForm] = useState<PolicyForm>(emptyForm);
  const set = (change: Partial<PolicyForm>): void => setForm((before) => ({ ...before, ...change }));
  const made = formPolicy({ ...form, namespace });
  return (
    <details className={styles.form}>
      <summary>Write a policy by choosing</summary>
      <div className={styles.fields}>
        <TextField
          label="Name"
          placeholder="allow-web"
          value={form.name}
          onChange={(event) => set({ name: event.target.value.trim() })}
        />
        <TextField
          label="Applies to pods with labels"
          placeholder="app=web; empty: all pods"
          value={form.selects}
          onChange={(event) => set({ selects: event.target.value })}
        />
      </div>
      <Side
        title="Ingress"
        side={form.ingress}
        rules={form.ingressRules}
        onSide={(ingress) => set({ ingress })}
        onRules={(ingressRules) => set({ ingressRules })}
      />
      <Side
        title="Egress"
        side={form.egress}
        rules={form.egressRules}
        onSide={(egress) => set({ egress })}
        onRules={(egressRules) => set({ egressRules })}
      />
      <div className={styles.bar}>
        <Button disabled={!('text' in made)} onClick={() => 'text' in made && onText(made.text)}>
          Put it into the draft
        </Button>
        {'problem' in made && form.name !== '' && <p className={styles.problem}>{made.problem}</p>}
      </div>
    </details>
  );
}

interface SideProps {
  readonly title: 'Ingress' | 'Egress';
  readonly side: FormSide;
  readonly rules: readonly FormRule[];
  readonly onSide: (side: FormSide) => void;
  readonly onRules: (rules: readonly FormRule[]) => void;
}

function Side({ title, side, rules, onSide, onRules }: SideProps): ReactNode {
  const way = title === 'Ingress' ? 'From' : 'To';
  const change = (at: number, part: Partial<FormRule>): void =>
    onRules(rules.map((rule, i) => (i === at ? { ...rule, ...part } : rule)));
  return (
    <section aria-label={`${title} of the policy`}>
      <div className={styles.bar}>
        <span className={styles.side}>{title}</span>
        <Choice
          label={`${title} of the policy`}
          value={side}
          options={sides}
          onChange={(value) => {
            onSide(value);
            if (value === 'rules' && rules.length === 0) onRules([firstRule]);
          }}
        />
      </div>
      {side === 'rules' &&
        rules.map((rule, at) => (
          <div key={at} className={styles.rule}>
            <select
              aria-label={`${way}, rule ${at + 1}`}
              className={styles.select}
              value={rule.peer}
              onChange={(event) => {
                const peer = peers.find(({ value }) => value === event.target.value)?.value;
                if (peer) change(at, { peer, text: '' });
              }}
            >
              {peers.map(({ value, label }) => (
                <option key={value} value={value}>
                  {way.toLowerCase()}: {label}
                </option>
              ))}
            </select>
            <TextField
              label={`${way} what, rule ${at + 1}`}
              disabled={rule.peer === 'anyone'}
              placeholder={peers.find(({ value }) => value === rule.peer)?.hint ?? ''}
              value={rule.text}
              onChange={(event) => change(at, { text: event.target.value })}
            />
            <TextField
              label={`Ports, rule ${at + 1}`}
              placeholder="80, UDP 53; empty: all"
              value={rule.ports}
              onChange={(event) => change(at, { ports: event.target.value })}
            />
            <Button look="quiet" onClick={() => onRules(rules.filter((_, i) => i !== at))}>
              Remove
            </Button>
          </div>
        ))}
      {side === 'rules' && (
        <Button look="quiet" onClick={() => onRules([...rules, firstRule])}>
          Add a rule
        </Button>
      )}
    </section>
  );
}
