/** The head of a file as text, beside the list. What a text must not do on screen is shown as codes. */
import { IconCopy, IconX } from '@tabler/icons-react';
import { useEffect, useState, type ReactNode } from 'react';
import { files, type RemoteText } from '#shared/contract/files';
import { isCancelled, toAppError, type AppError } from '#shared/util/app-error';
import { formatBytes } from '#shared/util/quantity';
import { visible } from '#shared/util/text';
import { copyText } from '../../data/clipboard';
import { useCluster } from '../../data/connections';
import { IconButton } from '../../ui/Button';
import { ErrorState } from '../../ui/ErrorState';
import styles from './files.module.css';

export interface TextViewProps {
  readonly namespace: string;
  readonly pod: string;
  readonly container: string;
  readonly path: string;
  readonly onClose: () => void;
}

export function TextView({ namespace, pod, container, path, onClose }: TextViewProps): ReactNode {
  const client = useCluster();
  const [found, setFound] = useState<RemoteText>();
  const [error, setError] = useState<AppError>();
  useEffect(() => {
    const abort = new AbortController();
    client
      ?.call(files, 'read', { namespace, pod, container, path }, abort.signal)
      .then(setFound, (thrown: unknown) => {
        if (!isCancelled(thrown)) setError(toAppError(thrown));
      });
    return () => abort.abort();
  }, [client, namespace, pod, container, path]);
  return (
    <section className={styles.text} aria-label={`Text of ${visible(path)}`}>
      <header className={styles.textHead}>
        <span className={`mono ${styles.grow}`}>{visible(path)}</span>
        {found && !found.binary && (
          <IconButton label="Copy text" onClick={() => void copyText(found.text)}>
            <IconCopy />
          </IconButton>
        )}
        <IconButton label="Close text" onClick={onClose}>
          <IconX />
        </IconButton>
      </header>
      {error && <ErrorState title="The file cannot be read" error={error} />}
      {found?.binary && <p className={styles.reading}>This is no text. Download it to look at it.</p>}
      {found && !found.binary && (
        <pre className={styles.pre} tabIndex={0}>
          {found.text.split('\n').map(visible).join('\n')}
        </pre>
      )}
      {found?.cut && !found.binary && (
        <p className={styles.reading}>
          The first {formatBytes(found.bytes)}. Download the file to see the rest.
        </p>
      )}
    </section>
  );
}
