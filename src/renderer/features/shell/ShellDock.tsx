/**
 * Shells in one dock tab: one, or several side by side. What is typed goes to the one that has
 * the keyboard, or, when the person says so, to all of them; that is said in a line nobody misses.
 */
import { IconBroadcast, IconColumns2, IconX } from '@tabler/icons-react';
import { useRef, useState, type ReactNode } from 'react';
import type { PageProps } from '../../data/feature';
import { Button, IconButton } from '../../ui/Button';
import { StatusMark } from '../../ui/StatusMark';
import { OneShell } from './OneShell';
import styles from './shell.module.css';
import { MOST_SHELLS, parseTargets } from './targets';

interface Link {
  input(data: string): void;
}

export function ShellDock({ tab, visible }: PageProps): ReactNode {
  const nextKey = useRef(0);
  const [shells, setShells] = useState(() =>
    parseTargets(tab.params['targets']).map((target) => ({ key: nextKey.current++, target })),
  );
  const [broadcast, setBroadcast] = useState(false);
  const links = useRef(new Map<number, Link>());
  const many = shells.length > 1;
  const toAll = broadcast && many;
  const typed = (data: string): void => {
    for (const link of links.current.values()) link.input(data);
  };
  return (
    <div className={styles.dock}>
      {toAll && (
        <div className={styles.warning} role="alert">
          <StatusMark tone="warn" />
          <b>What you type goes to all {shells.length} shells.</b>
          <span>{shells.map(({ target }) => target.pod).join(', ')}</span>
          <Button onClick={() => setBroadcast(false)}>Stop</Button>
        </div>
      )}
      <div className={styles.split}>
        {shells.map(({ key, target }) => (
          <OneShell
            key={key}
            target={target}
            visible={visible}
            onLink={(link) => {
              if (link) links.current.set(key, link);
              else links.current.delete(key);
            }}
            onInput={toAll ? typed : undefined}
            onTarget={(next) =>
              setShells((all) =>
                all.map((one) => (one.key === key ? { key: nextKey.current++, target: next } : one)),
              )
            }
            controls={
              <>
                {many && (
                  <IconButton
                    label={toAll ? 'Type into this shell only' : 'Type into all shells at once'}
                    pressed={toAll}
                    onClick={() => setBroadcast(!broadcast)}
                  >
                    <IconBroadcast />
                  </IconButton>
                )}
                {shells.length < MOST_SHELLS && (
                  <IconButton
                    label="Split: another shell beside this one"
                    onClick={() =>
                      setShells((all) =>
                        all.flatMap((one) =>
                          one.key === key ? [one, { key: nextKey.current++, target }] : [one],
                        ),
                      )
                    }
                  >
                    <IconColumns2 />
                  </IconButton>
                )}
                {many && (
                  <IconButton
                    label="Close this shell"
                    onClick={() => setShells((all) => all.filter((one) => one.key !== key))}
                  >
                    <IconX />
                  </IconButton>
                )}
              </>
            }
          />
        ))}
      </div>
    </div>
  );
}
