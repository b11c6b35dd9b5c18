/** A page of the whole app (settings, clusters) in place of a cluster. Esc goes back. */
import { IconX } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useWorkbench } from '../data/workbench';
import { IconButton } from '../ui/Button';
import styles from './app-page.module.css';
import { appPages } from './features';

export function AppPage({ id }: { readonly id: string }): ReactNode {
  const page = appPages.get(id);
  const { showAppPage, clusterId } = useWorkbench.getState();
  if (!page) return null;
  const Component = page.component;
  return (
    <section className={styles.page} aria-label={page.title}>
      <header className={styles.head}>
        <h1>{page.title}</h1>
        {clusterId !== null && (
          <IconButton label={`Close ${page.title.toLowerCase()}`} onClick={() => showAppPage(null)}>
            <IconX />
          </IconButton>
        )}
      </header>
      <div className={styles.body}>
        <Component />
      </div>
    </section>
  );
}
