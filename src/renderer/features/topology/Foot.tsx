/** One line under the map: how much it shows, what it may not show, and how sure it is. */
import type { ReactNode } from 'react';
import type { AppError } from '#shared/util/app-error';
import { visible } from '#shared/util/text';
import type { MapShown } from './map-state';
import type { Verdicts } from './verdicts';
import styles from './topology.module.css';

export interface FootProps {
  readonly batch: MapShown | undefined;
  readonly pending: boolean;
  readonly error: AppError | undefined;
  /** What one does here, in a sentence. */
  readonly hint: string;
  readonly said: string;
  readonly verdicts: Verdicts;
}

export function Foot({ batch, error, hint, said, verdicts }: FootProps): ReactNode {
  return (
    <div className={styles.foot}>
      <span role="status" aria-label="State of the map">
        {batch ? words(batch) : 'Reading objects'}
      </span>
      {batch && batch.denied.length > 0 && (
        <span className={styles.warn}>
          You may not list {batch.denied.join(', ').toLowerCase()}: their objects and edges are missing here.
        </span>
      )}
      {(batch?.error ?? error) && (
        <span className={styles.warn}>{visible((batch?.error ?? error)?.message ?? '')}</span>
      )}
      {verdicts.size > 0 && (
        <span>
          Green and red: whether policies allow the way from outside to the pods, were they enforced
        </span>
      )}
      {batch?.observed?.phase === 'live' && (
        <span>Thick blue and red: observed, with rates, red from 1% errors on; thin: declared</span>
      )}
      {hint !== '' && <span>{hint}</span>}
      {said !== '' && <span role="status">{visible(said)}</span>}
    </div>
  );
}

function words(batch: MapShown): string {
  const count = batch.total.toLocaleString('en');
  if (batch.phase === 'reading') return `Reading objects, ${batch.loaded.toLocaleString('en')} so far`;
  const drawn = batch.frames.reduce((sum, frame) => sum + frame.count, 0);
  const shown =
    drawn === batch.total ? `${count} objects` : `${drawn.toLocaleString('en')} of ${count} objects`;
  return `${batch.phase === 'live' ? 'live' : 'stale'}, ${shown}, ${(batch.edges.length / 4).toLocaleString('en')} edges`;
}
