/** Where logs are opened that no one object names: by labels, pods picked by hand, files of a node. */
import { useState, type ReactNode } from 'react';
import type { PageProps } from '../../data/feature';
import { Choice } from '../../ui/Choice';
import { NodeFiles } from './NodeFiles';
import styles from './open-logs.module.css';
import { PodsByHand } from './PodsByHand';
import { PodsByLabel } from './PodsByLabel';

type Way = 'labels' | 'pods' | 'node';

const ways: readonly { readonly value: Way; readonly label: string }[] = [
  { value: 'labels', label: 'Label selector' },
  { value: 'pods', label: 'Pods by hand' },
  { value: 'node', label: 'Files of a node' },
];

export function OpenLogsPage({ tab, visible }: PageProps): ReactNode {
  const node = tab.params['node'];
  const [way, setWay] = useState<Way>(node === undefined ? 'labels' : 'node');
  const choice = <Choice label="Logs of" value={way} options={ways} onChange={setWay} />;
  return (
    <div className={styles.page}>
      {way === 'labels' && <PodsByLabel choice={choice} visible={visible} />}
      {way === 'pods' && <PodsByHand choice={choice} visible={visible} />}
      {way === 'node' && <NodeFiles choice={choice} visible={visible} first={node} />}
    </div>
  );
}
