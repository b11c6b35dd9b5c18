/** What if this node were lost: where its pods would go, and which would find no place. */
import { useState, type ReactNode } from 'react';
import { sizing } from '#shared/contract/sizing';
import type { CapacityNodeRow } from '#shared/domain/capacity/types';
import { formatBytes, formatCpu } from '#shared/util/quantity';
import { visible } from '#shared/util/text';
import { useCluster, useClusterId } from '../../data/connections';
import { openDrawer } from '../../data/workbench';
import { ErrorState } from '../../ui/ErrorState';
import { StatusMark } from '../../ui/StatusMark';
import styles from './sizing.module.css';
import { useAsked } from './use-asked';

const MOST = 500;

export function LossView({
  nodes,
  at,
}: {
  readonly nodes: readonly CapacityNodeRow[];
  readonly at: number;
}): ReactNode {
  const client = useCluster();
  const clusterId = useClusterId();
  const fullest = [...nodes].sort((a, b) => b.requested.cpu - a.requested.cpu)[0]?.name ?? '';
  const [chosen, setChosen] = useState('');
  const node = nodes.some((one) => one.name === chosen) ? chosen : fullest;
  const { data, error, again } = useAsked(
    client && node !== '' ? (signal) => client.call(sizing, 'lose', { node }, signal) : undefined,
    `${node} ${at}`,
  );
  const place = data && data.node === node ? data : undefined;
  return (
    <div className={styles.scroll}>
      <div className={styles.form}>
        <label className={styles.pick}>
          If this node is lost
          <select aria-label="Node" value={node} onChange={(event) => setChosen(event.target.value)}>
            {nodes.map(({ name }) => (
              <option key={name} value={name}>
                {visible(name)}
              </option>
            ))}
          </select>
        </label>
      </div>
      {error && <ErrorState title="This cannot be played through" error={error} onRetry={again} />}
      {place && (
        <>
          <p className={styles.answer} role="status" aria-label="Answer">
            <StatusMark tone={place.homeless > 0 || place.bare.length > 0 ? 'bad' : 'ok'} />{' '}
            {place.homeless > 0
              ? `${place.homeless} of ${place.moved.length} pods would find no place.`
              : place.moved.length === 0
                ? 'No pod would have to move.'
                : `All ${place.moved.length} pods that move would find a place.`}
            {place.bare.length > 0 &&
              ` ${place.bare.length} ${place.bare.length === 1 ? 'pod has' : 'pods have'} no controller and would be gone for good.`}
          </p>
          <p className={styles.muted}>
            {place.bound > 0 &&
              `${place.bound} ${place.bound === 1 ? 'pod of a DaemonSet or of the node itself ends' : 'pods of DaemonSets or of the node itself end'} with it. `}
            {place.fullest &&
              `The fullest node afterwards is ${visible(place.fullest.name)}: ${Math.round(place.fullest.cpu * 100)}% of CPU and ${Math.round(place.fullest.memory * 100)}% of memory requested.`}
          </p>
          {[
            ...place.notes,
            ...(place.bare.length > 0 ? [`Without a controller: ${place.bare.slice(0, 20).join(', ')}`] : []),
          ].map((note) => (
            <p key={note} className={styles.muted}>
              {visible(note)}
            </p>
          ))}
          {place.moved.length > 0 && (
            <table className={styles.table} aria-label="Pods that move">
              <thead>
                <tr>
                  <th className={styles.object}>Pod</th>
                  <th className={styles.left}>Namespace</th>
                  <th>CPU requested</th>
                  <th>Memory requested</th>
                  <th className={styles.left}>Goes to</th>
                </tr>
              </thead>
              <tbody>
                {place.moved.slice(0, MOST).map((pod) => (
                  <tr key={`${pod.namespace}/${pod.name}`}>
                    <td className={styles.object}>
                      <button
                        type="button"
                        className={styles.link}
                        onClick={() =>
                          openDrawer(clusterId, { kind: 'pods', namespace: pod.namespace, name: pod.name })
                        }
                      >
                        {visible(pod.name)}
                      </button>
                    </td>
                    <td className={styles.left}>{visible(pod.namespace)}</td>
                    <td>{formatCpu(pod.requests.cpu)}</td>
                    <td>{formatBytes(pod.requests.memory)}</td>
                    <td className={styles.wide}>
                      {pod.to !== '' ? (
                        visible(pod.to)
                      ) : (
                        <span className={styles.bad}>nowhere: {visible(pod.why)}</span>
                      )}
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          )}
          {place.moved.length > MOST && (
            <p className={styles.muted}>{place.moved.length - MOST} more pods find a place.</p>
          )}
        </>
      )}
    </div>
  );
}
