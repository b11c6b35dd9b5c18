import { useState, type ReactNode } from 'react';
import { clip, visible } from '#shared/util/text';
import styles from './drawer.module.css';

const LONG = 160;
const FEW = 12;

export interface PairsProps {
  readonly title: string;
  readonly pairs: readonly (readonly [string, string])[];
}

/** Labels or annotations as text; long values and long lists are folded. */
export function Pairs({ title, pairs }: PairsProps): ReactNode {
  const [open, setOpen] = useState(false);
  if (pairs.length === 0) return null;
  const folded = pairs.length > FEW || pairs.some(([, value]) => value.length > LONG);
  return (
    <section className={styles.section} aria-label={title}>
      <h3>{title}</h3>
      <ul className={styles.pairs}>
        {(open ? pairs : pairs.slice(0, FEW)).map(([key, value]) => (
          <li key={key}>
            <span>{visible(key)}=</span>
            {visible(open ? clip(value, 20_000) : clip(value, LONG))}
          </li>
        ))}
      </ul>
      {folded && (
        <button type="button" className={styles.more} aria-expanded={open} onClick={() => setOpen(!open)}>
          {open ? 'Fold' : `Show all ${pairs.length} whole`}
        </button>
      )}
    </section>
  );
}
