/**
 * What changed in the object: between the versions seen while it was open, and against something else
 * (`Compare`). As a diff of YAML; values of Secrets are not in it.
 */
import { useState, type ReactNode } from 'react';
import { visible } from '#shared/util/text';
import { useClusterId } from '../../../data/connections';
import { Age } from '../../../ui/Age';
import { Button } from '../../../ui/Button';
import { DiffView } from '../../../ui/code/DiffView';
import { EmptyState } from '../../../ui/EmptyState';
import own from './changes.module.css';
import { Compare } from './Compare';
import styles from './drawer.module.css';
import { changedPaths, plainText } from './diff-text';
import { versionsOf } from './history';
import type { DetailProps } from './tabs';

export function ChangesTab(props: DetailProps): ReactNode {
  const [other, setOther] = useState(false);
  return (
    <div className={styles.code}>
      <div className={own.toolRow}>
        <Button look={other ? 'quiet' : 'plain'} aria-pressed={!other} onClick={() => setOther(false)}>
          Seen while open
        </Button>
        <Button look={other ? 'plain' : 'quiet'} aria-pressed={other} onClick={() => setOther(true)}>
          Compare with…
        </Button>
      </div>
      {other ? <Compare {...props} /> : <Versions {...props} />}
    </div>
  );
}

function Versions({ reference, uid }: DetailProps): ReactNode {
  const clusterId = useClusterId();
  const versions = versionsOf(`${clusterId}/${uid}`);
  const [chosen, setChosen] = useState<string | undefined>(undefined);
  if (versions.length < 2)
    return (
      <EmptyState>
        No change since it was opened. Versions that come while it is open are listed here.
      </EmptyState>
    );
  const at = Math.max(
    1,
    chosen === undefined ? versions.length - 1 : versions.findIndex((one) => one.version === chosen),
  );
  const before = versions[at - 1];
  const after = versions[at];
  if (!before || !after) return null;
  return (
    <>
      <ul className={own.versions} aria-label="Versions">
        {versions
          .slice(1)
          .map((one, index) => ({ one, paths: changedPaths(versions[index]?.object, one.object) }))
          .reverse()
          .map(({ one, paths }) => (
            <li key={one.version}>
              <button type="button" aria-pressed={one === after} onClick={() => setChosen(one.version)}>
                <Age at={one.at} ago />
                <span className={styles.muted}>{visible(paths.slice(0, 4).join(', '))}</span>
              </button>
            </li>
          ))}
      </ul>
      <DiffView
        before={plainText(before.object)}
        after={plainText(after.object)}
        label={`Changes of ${reference.name}`}
        mode="unified"
      />
    </>
  );
}
