/** One port of the dialog: the one in the cluster, the one on this machine, and what is wrong. */
import type { ReactNode } from 'react';
import type { ForwardPort } from '#shared/contract/forward';
import { visible } from '#shared/util/text';
import { Button } from '../../ui/Button';
import { TextField } from '../../ui/TextField';
import styles from './forward.module.css';
import { isRemote, readPort } from './words';

export interface Wish {
  readonly key: number;
  /** One the object names; else the person types it. */
  readonly port?: ForwardPort;
  readonly remote: string;
  readonly local: string;
  readonly on: boolean;
  readonly problem?: string | undefined;
  readonly nextFree?: number | undefined;
}

export function PortLine({
  wish,
  onChange,
}: {
  readonly wish: Wish;
  readonly onChange: (next: Partial<Wish>) => void;
}): ReactNode {
  const { port, remote, local, on, problem, nextFree } = wish;
  const title = port ? `${port.number}${port.name === undefined ? '' : ` ${port.name}`}` : remote;
  const badLocal = readPort(local) === undefined ? 'A number from 1 to 65535' : undefined;
  const badRemote = remote !== '' && !isRemote(remote) ? 'A number or the name of a port' : undefined;
  return (
    <div className={styles.port}>
      <div className={styles.remote}>
        <input
          type="checkbox"
          aria-label={`Forward ${title === '' ? 'another port' : title}`}
          checked={on}
          onChange={(event) => onChange({ on: event.target.checked })}
        />
        {port ? (
          <span className={styles.portName}>
            <b className="tabular">{port.number}</b> {port.name !== undefined && visible(port.name)}
            {port.detail !== undefined && <span className={styles.muted}> {visible(port.detail)}</span>}
          </span>
        ) : (
          <TextField
            hideLabel
            label="Port in the cluster"
            placeholder="Number or name"
            value={remote}
            error={badRemote}
            autoFocus
            onChange={(event) => onChange({ remote: event.target.value.trim() })}
          />
        )}
      </div>
      <TextField
        hideLabel
        label={`Port on this machine for ${title === '' ? 'another port' : title}`}
        placeholder="Any free port"
        inputMode="numeric"
        value={local}
        disabled={!on}
        error={badLocal ?? (problem === undefined ? undefined : visible(problem))}
        onChange={(event) => onChange({ local: event.target.value, problem: undefined, nextFree: undefined })}
      />
      {problem !== undefined && nextFree !== undefined && (
        <div className={styles.offer}>
          <Button
            onClick={() => onChange({ local: String(nextFree), problem: undefined, nextFree: undefined })}
          >
            Use {nextFree}
          </Button>
        </div>
      )}
    </div>
  );
}
