/**
 * Shells in one dock tab: one, or several side by side. What is typed goes to the one that has
 * the keyboard, or, when the person says so, to all of them; that is said in a line nobody misses.
 * A page that was loaded anew goes on with the shells of the one before.
 */
import { IconBroadcast, IconColumns2, IconX } from '@tabler/icons-react';
import { useEffect, useRef, useState, type ReactNode } from 'react';
import { useClusterId } from '../../data/connections';
import type { PageProps } from '../../data/feature';
import type { ShellTarget } from '../../data/open-terminals';
import { setDockParams } from '../../data/workbench';
import { Button, IconButton } from '../../ui/Button';
import { StatusMark } from '../../ui/StatusMark';
import { OneShell } from './OneShell';
import styles from './shell.module.css';
import { MOST_SHELLS, parseTargets, targetsText } from './targets';

interface Link {
  input(data: string): void;
}

interface OpenShell {
  readonly key: number;
  readonly target: ShellTarget;
  readonly keep: string;
  /** It runs since before this page was loaded. */
  readonly again: boolean;
}

export function ShellDock({ tab, visible }: PageProps): ReactNode {
  const contextId = useClusterId();
  const nextKey = useRef(0);
  const fresh = (target: ShellTarget): OpenShell => ({
    key: nextKey.current++,
    target,
    keep: crypto.randomUUID(),
    again: false,
  });
  const [shells, setShells] = useState(() =>
    parseTargets(tab.params['targets']).map(({ target, keep }) =>
      keep !== undefined && tab.params['again'] === 'yes'
        ? { ...fresh(target), keep, again: true }
        : fresh(target),
    ),
  );
  useEffect(() => {
    setDockParams(contextId, tab.id, { targets: targetsText(shells) });
  }, [contextId, tab.id, shells]);
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
        {shells.map(({ key, target, keep, again }) => (
          <OneShell
            key={key}
            target={target}
            keep={keep}
            again={again}
            onFresh={() => {
              const next = crypto.randomUUID();
              setShells((all) => all.map((one) => (one.key === key ? { ...one, keep: next } : one)));
              return next;
            }}
            visible={visible}
            onLink={(link) => {
              if (link) links.current.set(key, link);
              else links.current.delete(key);
            }}
            onInput={toAll ? typed : undefined}
            onTarget={(next) => setShells((all) => all.map((one) => (one.key === key ? fresh(next) : one)))}
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
                        all.flatMap((one) => (one.key === key ? [one, fresh(target)] : [one])),
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
