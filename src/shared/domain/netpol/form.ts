/**
 * A NetworkPolicy as a form has it: whom it selects, and for each direction nothing, a denial or
 * rules of one peer and ports. Pure: gives the object as YAML, or the words for what is missing.
 */
import { MAX_PORT } from './ports';
import { parseCidr } from './ip';

export interface FormRule {
  readonly peer: 'anyone' | 'pods' | 'namespace' | 'cidr';
  /** Labels (`app=web`), the name of a namespace, or a CIDR; empty: every pod of the own namespace. */
  readonly text: string;
  /** `TCP 80, UDP 53, 8000-8100, http`; empty: every port. */
  readonly ports: string;
}

export type FormSide = 'open' | 'deny' | 'rules';

export interface PolicyForm {
  readonly name: string;
  readonly namespace: string;
  /** `app=web, tier=front`; empty: every pod. */
  readonly selects: string;
  readonly ingress: FormSide;
  readonly egress: FormSide;
  readonly ingressRules: readonly FormRule[];
  readonly egressRules: readonly FormRule[];
}

export const emptyForm: PolicyForm = {
  name: '',
  namespace: 'default',
  selects: '',
  ingress: 'deny',
  egress: 'open',
  ingressRules: [],
  egressRules: [],
};

export type FormResult = { readonly text: string } | { readonly problem: string };

export function formPolicy(form: PolicyForm): FormResult {
  try {
    return { text: yaml(objectOf(form), '') };
  } catch (thrown) {
    return { problem: thrown instanceof Error ? thrown.message : String(thrown) };
  }
}

function objectOf(form: PolicyForm): object {
  if (!/^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/.test(form.name))
    throw new Error('The name is lower-case letters, digits, dashes and dots.');
  const types = [
    ...(form.ingress === 'open' ? [] : ['Ingress']),
    ...(form.egress === 'open' ? [] : ['Egress']),
  ];
  if (types.length === 0) throw new Error('Choose at least one direction: a policy with none has no effect.');
  const side = (which: FormSide, rules: readonly FormRule[], key: string, way: string): object => {
    if (which !== 'rules') return {};
    if (rules.length === 0) throw new Error('Add a rule, or choose Deny all.');
    return { [key]: rules.map((rule) => ruleOf(rule, way)) };
  };
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name: form.name, namespace: form.namespace },
    spec: {
      podSelector: labelsOf(form.selects),
      policyTypes: types,
      ...side(form.ingress, form.ingressRules, 'ingress', 'from'),
      ...side(form.egress, form.egressRules, 'egress', 'to'),
    },
  };
}

function labelsOf(text: string): object {
  const parts = text.split(',').map((part) => part.trim());
  const entries = parts.filter(Boolean).map((part): [string, string] => {
    const match = /^([A-Za-z0-9][\w./-]*)=([\w.-]*)$/.exec(part);
    if (!match) throw new Error(`${part} is no label: write key=value.`);
    return [match[1]!, match[2]!];
  });
  return entries.length === 0 ? {} : { matchLabels: Object.fromEntries(entries) };
}

function ruleOf({ peer, text, ports }: FormRule, way: string): object {
  const items = portsOf(ports);
  return {
    ...(peer === 'anyone' ? {} : { [way]: [peerOf(peer, text.trim())] }),
    ...(items.length > 0 ? { ports: items } : {}),
  };
}

function peerOf(peer: FormRule['peer'], text: string): object {
  if (peer === 'pods') return { podSelector: labelsOf(text) };
  if (peer === 'namespace') {
    if (text === '') return { namespaceSelector: {} };
    return { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': text } } };
  }
  if (!parseCidr(text)) throw new Error(`${text || 'Nothing'} is no CIDR: write 10.0.0.0/8.`);
  return { ipBlock: { cidr: text } };
}

function portsOf(text: string): object[] {
  const parts = text.split(',').map((part) => part.trim());
  return parts.filter(Boolean).map((part) => {
    const match = /^(?:(TCP|UDP|SCTP)\s+)?(?:(\d{1,5})(?:-(\d{1,5}))?|([a-z0-9-]{1,15}))$/i.exec(part);
    const protocol = (match?.[1] ?? 'TCP').toUpperCase();
    if (!match) throw new Error(`${part} is no port: write 80, UDP 53, 8000-8100 or a name.`);
    if (match[4] !== undefined) return { protocol, port: match[4] };
    const [first, last] = [Number(match[2]), Number(match[3] ?? match[2])];
    if (first < 1 || last > MAX_PORT || last < first) throw new Error(`${part} is no port: 1 to 65535.`);
    return { protocol, port: first, ...(last > first ? { endPort: last } : {}) };
  });
}

/** Block YAML of plain objects, lists, texts and numbers. */
function yaml(value: unknown, indent: string): string {
  if (Array.isArray(value))
    return value.map((item) => `${indent}- ${yaml(item, `${indent}  `).trimStart()}`).join('');
  return (
    Object.entries(value as Record<string, unknown>)
      .map(([key, item]) => {
        if (typeof item !== 'object' || item === null) return `${indent}${scalar(key)}: ${scalar(item)}\n`;
        if (Object.keys(item).length === 0) return `${indent}${scalar(key)}: {}\n`;
        if (Array.isArray(item) && item.every((one) => typeof one === 'string'))
          return `${indent}${scalar(key)}: [${item.join(', ')}]\n`;
        return `${indent}${scalar(key)}:\n${yaml(item, `${indent}  `)}`;
      })
      .join('') || `${indent}{}\n`
  );
}

/** Texts that YAML would read as something else are quoted. */
function scalar(value: unknown): string {
  if (typeof value === 'number') return String(value);
  const text = String(value);
  const plain = /^[A-Za-z_][\w./-]*$/.test(text) && !/^(?:true|false|null|yes|no|on|off|y|n)$/i.test(text);
  return plain ? text : JSON.stringify(text);
}
