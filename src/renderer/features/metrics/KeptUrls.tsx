/** URLs that are kept for this cluster: what they need before they can be asked, and how to forget one. */
import { useState, type ReactNode } from 'react';
import { metrics, type KeptUrlState, type SourceState } from '#shared/contract/metrics';
import type { SecretName } from '#shared/domain/prom/kept';
import { visible } from '#shared/util/text';
import { useCluster } from '../../data/connections';
import { Button } from '../../ui/Button';
import { StatusMark } from '../../ui/StatusMark';
import styles from './metrics.module.css';
import { UrlForm } from './UrlForm';

const words: Readonly<Record<SecretName, string>> = {
  bearer: 'bearer token',
  password: 'password',
  key: 'client key',
  headers: 'header value',
};

export interface KeptUrlsProps {
  readonly source: SourceState;
  readonly run: (asked: Promise<unknown> | undefined) => void;
}

export function KeptUrls({ source, run }: KeptUrlsProps): ReactNode {
  const client = useCluster();
  const [open, setOpen] = useState<string | undefined>(undefined);
  const { kept = [], keyStore = false } = source;
  if (kept.length === 0) return null;
  return (
    <ul className={styles.steps} aria-label="Kept URLs">
      {kept.map((one) => {
        const missing = one.missing.length > 0;
        return (
          <li key={one.id}>
            <StatusMark tone={missing ? 'warn' : one.error ? 'bad' : 'ok'} />
            <span className={styles.stepTitle}>{visible(one.url)}</span>
            <span className={styles.stepDetail}>{detail(one, keyStore)}</span>
            {missing && (
              <Button
                look="quiet"
                aria-expanded={open === one.id}
                onClick={() => setOpen(open === one.id ? undefined : one.id)}
              >
                Type again
              </Button>
            )}
            <Button look="quiet" onClick={() => run(client?.call(metrics, 'forget', { id: one.id }))}>
              Forget
            </Button>
            {missing && open === one.id && (
              <div className={styles.again}>
                <UrlForm keyStore={keyStore} of={one} onDone={() => setOpen(undefined)} />
              </div>
            )}
          </li>
        );
      })}
    </ul>
  );
}

/** What is sent with it, or why it cannot be asked. */
export function detail(one: KeptUrlState, keyStore: boolean): string {
  if (one.missing.length > 0) {
    const list = one.missing.map((name) => words[name]).join(' and ');
    return keyStore
      ? `Its ${list} could not be opened by the key store of this computer.`
      : `Its ${list} was not written down, for this computer offers no key store.`;
  }
  if (one.error) return `Kept, does not answer: ${visible(one.error.message)} ${one.error.hint ?? ''}`.trim();
  const parts = [
    one.tenant === undefined ? '' : `tenant ${visible(one.tenant)}`,
    one.username === undefined ? '' : `user ${visible(one.username)}`,
    ...one.headerNames.map((name) => `header ${visible(name)}`),
    one.hasCertificate ? 'client certificate' : '',
    one.hasCa ? 'own certificate authority' : '',
  ].filter((part) => part !== '');
  return parts.length === 0 ? 'kept' : `kept, with ${parts.join(', ')}`;
}
