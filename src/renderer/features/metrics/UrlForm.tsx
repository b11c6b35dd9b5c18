/**
 * A Prometheus by URL: how it is reached and who we are there. For a kept URL (`of`) only what is
 * missing is asked. What is typed goes to the cluster's process and never comes back to the page.
 */
import { useRef, useState, type FormEvent, type ReactNode } from 'react';
import { metrics, type KeptUrlState } from '#shared/contract/metrics';
import { TENANT, type SecretName } from '#shared/domain/prom/kept';
import { toAppError, type AppError } from '#shared/util/app-error';
import { visible } from '#shared/util/text';
import { useCluster } from '../../data/connections';
import { Button } from '../../ui/Button';
import { TextField } from '../../ui/TextField';
import styles from './metrics.module.css';

export interface UrlFormProps {
  readonly keyStore: boolean;
  readonly of?: KeptUrlState;
  readonly onDone: () => void;
}

export function UrlForm({ keyStore, of, onDone }: UrlFormProps): ReactNode {
  const client = useCluster();
  const [failure, setFailure] = useState<AppError | undefined>(undefined);
  const [busy, setBusy] = useState(false);
  const asks = (name: SecretName): boolean => !of || of.missing.includes(name);
  const headers = of ? (asks('headers') ? of.headerNames : []) : [''];
  const submit = async (event: FormEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const text = (name: string): string | undefined => {
      const value = form.get(name);
      return typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined;
    };
    const sent: Record<string, string> = {};
    const tenant = text('tenant');
    if (tenant !== undefined) sent[TENANT] = tenant;
    headers.forEach((known, i) => {
      const name = known === '' ? text('header') : known;
      const value = text(`header-${i}`);
      if (name !== undefined && value !== undefined) sent[name] = value;
    });
    setBusy(true);
    setFailure(undefined);
    try {
      await client?.call(metrics, 'connect', {
        url: of?.url ?? text('url') ?? '',
        bearer: text('bearer'),
        username: text('username'),
        password: text('password'),
        ca: text('ca'),
        certificate: text('certificate'),
        key: text('key'),
        headers: sent,
        again: of !== undefined,
      });
      onDone();
    } catch (thrown) {
      setFailure(toAppError(thrown));
    } finally {
      setBusy(false);
    }
  };
  return (
    <form
      className={styles.form}
      aria-label={of ? `Secrets of ${of.url}` : 'Prometheus by URL'}
      onSubmit={(event) => void submit(event)}
    >
      {!of && (
        <TextField
          label="URL, up to but without /api/v1"
          name="url"
          required
          placeholder="https://prometheus.example"
        />
      )}
      {!of && <TextField label={`Tenant (${TENANT})`} name="tenant" />}
      {asks('bearer') && <TextField label="Bearer token" name="bearer" type="password" />}
      {!of && <TextField label="User" name="username" />}
      {asks('password') && (
        <TextField
          label={of?.username === undefined ? 'Password' : `Password of ${visible(of.username)}`}
          name="password"
          type="password"
        />
      )}
      {!of && <TextField label="Header" name="header" placeholder="X-Name" />}
      {headers.map((name, i) => (
        <TextField
          key={name}
          label={name === '' ? 'Value of the header' : `Header ${visible(name)}`}
          name={`header-${i}`}
          type="password"
        />
      ))}
      {!of && <PemField label="Certificate authority (PEM); only it is trusted then" name="ca" />}
      {!of && <PemField label="Client certificate (PEM)" name="certificate" />}
      {asks('key') && <PemField label="Client key (PEM, without passphrase)" name="key" secret />}
      <p className={styles.muted}>
        {keyStore
          ? 'The URL is kept for this cluster; its secrets are sealed by the key store of this computer.'
          : 'The URL is kept for this cluster. This computer offers no key store: secrets stay in memory, are never written, and are asked for again after Binnacle was closed.'}
      </p>
      <div className={styles.row}>
        <Button type="submit" look="primary" disabled={busy}>
          Try and use
        </Button>
        {failure && (
          <span className={styles.bad} role="alert">
            {visible(failure.message)} {failure.hint}
          </span>
        )}
      </div>
    </form>
  );
}

/** Larger is no certificate. */
const MOST_BYTES = 256 * 1024;

interface PemFieldProps {
  readonly label: string;
  readonly name: string;
  readonly secret?: boolean;
}

/** Pasted or read from a file the person chooses. */
function PemField({ label, name, secret = false }: PemFieldProps): ReactNode {
  const area = useRef<HTMLTextAreaElement>(null);
  const picker = useRef<HTMLInputElement>(null);
  const [refused, setRefused] = useState('');
  const read = async (file: File | undefined): Promise<void> => {
    if (!file || !area.current) return;
    const isTooLarge = file.size > MOST_BYTES;
    setRefused(isTooLarge ? `${file.name} is larger than 256 KiB: that is no certificate or key.` : '');
    if (!isTooLarge) area.current.value = await file.text();
  };
  return (
    <div className={styles.area}>
      <label>
        {label}
        <textarea
          ref={area}
          name={name}
          rows={2}
          spellCheck={false}
          autoComplete="off"
          className="mono"
          data-secret={secret || undefined}
        />
      </label>
      <Button look="quiet" type="button" onClick={() => picker.current?.click()}>
        From a file
      </Button>
      <input
        ref={picker}
        type="file"
        hidden
        aria-label={`File: ${label}`}
        accept=".pem,.crt,.cer,.key,.ca-bundle"
        onChange={(event) => void read(event.target.files?.[0])}
      />
      {refused !== '' && (
        <span className={styles.bad} role="alert">
          {visible(refused)}
        </span>
      )}
    </div>
  );
}
