import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { app } from '#shared/contract/app';
import { useApp } from '../../data/connections';
import styles from './settings.module.css';

/** Versions, as one needs them for a bug report. */
export function About(): ReactNode {
  const client = useApp();
  const { data } = useQuery({
    queryKey: ['about', client !== undefined],
    enabled: client !== undefined,
    queryFn: ({ signal }) => (client ? client.call(app, 'about', undefined, signal) : null),
  });
  if (!data) return null;
  return (
    <section aria-label="About">
      <h2 className={styles.head}>About</h2>
      <p className={styles.about}>
        Binnacle {data.version}. Electron {data.electron}, Chrome {data.chrome}, Node {data.node},{' '}
        {data.platform}.
      </p>
    </section>
  );
}
