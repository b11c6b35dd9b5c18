/** Does this pod fit: so much CPU and memory, so many times, on which nodes, and why not on the others. */
import { useState, type FormEvent, type ReactNode } from 'react';
import { sizing } from '#shared/contract/sizing';
import { formatBytes, formatCpu, parseQuantity } from '#shared/util/quantity';
import { visible } from '#shared/util/text';
import { useCluster } from '../../data/connections';
import { Button } from '../../ui/Button';
import { ErrorState } from '../../ui/ErrorState';
import { StatusMark } from '../../ui/StatusMark';
import { TextField } from '../../ui/TextField';
import styles from './sizing.module.css';
import { useAsked } from './use-asked';

interface Form {
  readonly cpu: string;
  readonly memory: string;
  readonly count: string;
  readonly selector: string;
  readonly like: string;
}

const first: Form = { cpu: '500m', memory: '512Mi', count: '3', selector: '', like: '' };

interface Read {
  readonly cpu: number;
  readonly memory: number;
  readonly count: number;
  readonly nodeSelector: Record<string, string>;
  readonly like?: { readonly namespace: string; readonly name: string };
}

/** The form as numbers; a text says what is wrong with it. */
function read({ cpu, memory, count, selector, like }: Form): Read | string {
  const [cores, bytes] = [parseQuantity(cpu.trim()), parseQuantity(memory.trim())];
  if (cores === null) return 'CPU is an amount like 500m or 2.';
  if (bytes === null) return 'Memory is an amount like 512Mi or 2Gi.';
  const copies = Number(count.trim());
  if (!Number.isInteger(copies) || copies < 1 || copies > 10_000)
    return 'Copies is a number from 1 to 10000.';
  const nodeSelector: Record<string, string> = {};
  for (const pair of selector.split(',').map((one) => one.trim())) {
    if (pair === '') continue;
    const at = pair.indexOf('=');
    if (at < 1) return 'The node selector is written as key=value, key=value.';
    nodeSelector[pair.slice(0, at)] = pair.slice(at + 1);
  }
  const [namespace = '', name = ''] = like.trim().split('/');
  if (like.trim() !== '' && (namespace === '' || name === '')) return 'A pod is written as namespace/name.';
  return {
    cpu: cores,
    memory: bytes,
    count: copies,
    nodeSelector,
    ...(name === '' ? {} : { like: { namespace, name } }),
  };
}

export function FitForm({ at }: { readonly at: number }): ReactNode {
  const client = useCluster();
  const [form, setForm] = useState(first);
  const [asked, setAsked] = useState<Read | undefined>(undefined);
  const [problem, setProblem] = useState<string | undefined>(undefined);
  const { data, error } = useAsked(
    client && asked ? (signal) => client.call(sizing, 'fits', asked, signal) : undefined,
    JSON.stringify([asked, at]),
  );
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    const found = read(form);
    if (typeof found === 'string') setProblem(found);
    else {
      setProblem(undefined);
      setAsked(found);
    }
  };
  const field = (key: keyof Form, label: string, placeholder: string, className?: string): ReactNode => (
    <TextField
      label={label}
      placeholder={placeholder}
      className={className}
      value={form[key]}
      onChange={(event) => setForm({ ...form, [key]: event.target.value })}
    />
  );
  return (
    <div className={styles.scroll}>
      <form className={styles.form} aria-label="Does it fit" onSubmit={submit}>
        {field('cpu', 'CPU request', '500m', styles.short)}
        {field('memory', 'Memory request', '512Mi', styles.short)}
        {field('count', 'Copies', '3', styles.short)}
        {field('selector', 'Node selector', 'disk=ssd')}
        {field('like', 'Tolerations and affinity of pod', 'namespace/name')}
        <Button type="submit" look="primary">
          Look
        </Button>
      </form>
      {problem !== undefined && (
        <p className={styles.bad} role="alert">
          {problem}
        </p>
      )}
      {error && <ErrorState title="This cannot be answered" error={error} />}
      {data && !error && (
        <>
          <p className={styles.answer} role="status" aria-label="Answer">
            <StatusMark tone={data.fits >= data.asked ? 'ok' : data.fits > 0 ? 'warn' : 'bad'} />{' '}
            {data.fits >= data.asked
              ? `Yes: ${data.asked} fit${data.asked === 1 ? 's' : ''}; there is room for ${data.fits}.`
              : data.fits === 0
                ? 'No: not one fits.'
                : `Not all: ${data.fits} of ${data.asked} fit.`}
          </p>
          {data.notes.map((note) => (
            <p key={note} className={styles.muted}>
              {visible(note)}
            </p>
          ))}
          <table className={styles.table} aria-label="Room on nodes">
            <thead>
              <tr>
                <th className={styles.object}>Node</th>
                <th>Fit there</th>
                <th>CPU not requested</th>
                <th>Memory not requested</th>
                <th className={styles.left}>Why no more</th>
              </tr>
            </thead>
            <tbody>
              {data.nodes.map((node) => (
                <tr key={node.node}>
                  <td className={styles.object}>{visible(node.node)}</td>
                  <td>{node.count}</td>
                  <td>{formatCpu(node.free.cpu)}</td>
                  <td>{formatBytes(node.free.memory)}</td>
                  <td className={styles.wide}>{visible(node.why)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </>
      )}
    </div>
  );
}
