/** The `?` overlay: every command that has a key, by group. */
import type { ReactNode } from 'react';
import { useCommandList } from '../data/command-registry';
import type { Command } from '../data/feature';
import { Dialog } from '../ui/Dialog';
import { Kbd } from '../ui/Kbd';
import styles from './keys-overlay.module.css';
import { closeOverlays } from './overlay-state';

const groups: readonly Command['group'][] = ['Go to', 'Table', 'Object', 'View', 'Cluster', 'App'];

export function KeysOverlay(): ReactNode {
  const { all } = useCommandList();
  const taken = new Set<string>();
  // Two commands may share a key (each where it applies); people learn it once.
  const withKeys = all.filter((command) => {
    const [first] = command.keys ?? [];
    if (first === undefined || taken.has(first) || /^cluster\.[2-9]$/.test(command.id)) return false;
    taken.add(first);
    return true;
  });
  return (
    <Dialog label="Keys" wide onClose={closeOverlays}>
      <div className={styles.columns}>
        {groups.map((group) => {
          const own = withKeys.filter((command) => command.group === group);
          if (own.length === 0) return null;
          return (
            <section key={group} className={styles.group} aria-label={group}>
              <h3 className={styles.head}>{group}</h3>
              <dl>
                {own.map((command) => (
                  <div key={command.id} className={styles.row}>
                    <dt>{command.title}</dt>
                    <dd>
                      {command.keys?.slice(0, 2).map((keys) => (
                        <Kbd key={keys} keys={keys} />
                      ))}
                    </dd>
                  </div>
                ))}
              </dl>
            </section>
          );
        })}
      </div>
    </Dialog>
  );
}
