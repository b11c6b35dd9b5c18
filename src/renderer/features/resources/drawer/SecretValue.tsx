/**
 * One value of a Secret or ConfigMap: masked until asked for, hidden again after 30 s, and never kept
 * beyond that. A copy leaves the clipboard after 30 s, unless something else was copied meanwhile.
 */
import { useEffect, useRef, useState, type ReactNode } from 'react';
import { resources, type ObjectRef, type RevealedValue } from '#shared/contract/resources';
import type { RpcClient } from '#shared/rpc/client';
import { toAppError } from '#shared/util/app-error';
import { formatBytes } from '#shared/util/quantity';
import { clip, visible } from '#shared/util/text';
import { copySecret, copyText } from '../../../data/clipboard';
import styles from './drawer.module.css';

/** Ms a value stays on screen. */
export const SHOWN_FOR = 30_000;
const LONG = 20_000;

export interface SecretValueProps {
  readonly client: RpcClient | undefined;
  readonly reference: ObjectRef;
  readonly name: string;
  /** Config maps are no secret: their values stay. */
  readonly plain?: boolean;
}

export function SecretValue({ client, reference, name, plain = false }: SecretValueProps): ReactNode {
  const [value, setValue] = useState<RevealedValue | undefined>(undefined);
  const [raw, setRaw] = useState(false);
  const [said, setSaid] = useState('');
  const asking = useRef<AbortController | undefined>(undefined);
  useEffect(() => () => asking.current?.abort(), []);
  useEffect(() => {
    if (!value || plain) return undefined;
    const timer = setTimeout(() => setValue(undefined), SHOWN_FOR);
    return () => clearTimeout(timer);
  }, [value, plain]);

  const ask = async (): Promise<RevealedValue | undefined> => {
    if (!client) return undefined;
    asking.current?.abort();
    const control = (asking.current = new AbortController());
    try {
      setSaid('');
      return await client.call(resources, 'reveal', { ...reference, key: name }, control.signal);
    } catch (thrown) {
      if (!control.signal.aborted) setSaid(toAppError(thrown).message);
      return undefined;
    }
  };
  const copy = async (): Promise<void> => {
    const found = value ?? (await ask());
    if (!found) return;
    const text = found.text ?? found.base64;
    if (plain ? await copyText(text) : await copySecret(text, SHOWN_FOR))
      setSaid(plain ? 'Copied' : 'Copied; it leaves the clipboard in 30 s');
  };
  const shown = value && (raw || value.text === null ? value.base64 : value.text);
  return (
    <span className={styles.secret}>
      {value ? null : plain ? null : <span aria-label="Hidden value">••••••••</span>}
      <button
        type="button"
        className={styles.more}
        aria-expanded={value !== undefined}
        aria-label={`${value ? 'Hide' : plain ? 'Show' : 'Reveal'} ${name}`}
        onClick={() => (value ? setValue(undefined) : void ask().then(setValue))}
      >
        {value ? 'Hide' : plain ? 'Show' : 'Reveal'}
      </button>
      <button
        type="button"
        className={styles.more}
        aria-label={`Copy value of ${name}`}
        onClick={() => void copy()}
      >
        Copy
      </button>
      {value && value.text !== null && !plain && (
        <button type="button" className={styles.more} aria-pressed={raw} onClick={() => setRaw(!raw)}>
          {raw ? 'Decoded' : 'Base64'}
        </button>
      )}
      {said !== '' && (
        <span className={styles.muted} role="status">
          {said}
        </span>
      )}
      {value?.meaning && (
        <dl className={styles.card} aria-label={`What ${name} is`}>
          {value.meaning.map((one) => (
            <div key={one.label} className={styles.meaning}>
              <dt>{visible(one.label)}</dt>
              <dd className={one.tone ? styles.warnText : undefined}>{visible(clip(one.text, 600))}</dd>
            </div>
          ))}
        </dl>
      )}
      {value && (
        <pre className={styles.value} aria-label={`Value of ${name}`} tabIndex={0}>
          {value.text === null && `Binary, ${formatBytes(value.bytes)}, as base64:\n`}
          {lines(clip(shown ?? '', LONG))}
          {(shown?.length ?? 0) > LONG && `\n… ${formatBytes(value.bytes)} in all`}
        </pre>
      )}
    </span>
  );
}

/** Line ends stay; whatever else hides or reorders text is shown as an escape. */
function lines(text: string): string {
  return text
    .split('\n')
    .map((line) => visible(line))
    .join('\n');
}
