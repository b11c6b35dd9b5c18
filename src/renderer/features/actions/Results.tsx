/** One line per object of a run, failures first; what failed can be tried again. */
import type { ReactNode } from 'react';
import type { ItemPhase, ItemResult } from '#shared/contract/actions';
import { visible } from '#shared/util/text';
import { StatusMark, type MarkTone } from '../../ui/StatusMark';
import styles from './actions.module.css';
import type { Run } from './runs';

const tones: Readonly<Record<ItemPhase, MarkTone>> = {
  waiting: 'idle',
  running: 'progress',
  done: 'done',
  unchanged: 'idle',
  failed: 'bad',
  cancelled: 'idle',
};
const order: readonly ItemPhase[] = ['failed', 'running', 'cancelled', 'unchanged', 'waiting', 'done'];
const MOST_LINES = 200;

export function runWords(run: Run): string {
  const { done, failed, items, finished, cancelled } = run;
  if (!finished)
    return `${done.toLocaleString('en')} of ${items.length.toLocaleString('en')} done${cancelled ? ', stopping' : ''}`;
  const good = [...run.results.values()].filter((one) => one.phase === 'done').length;
  const same = [...run.results.values()].filter((one) => one.phase === 'unchanged').length;
  const left = [...run.results.values()].filter((one) => one.phase === 'cancelled').length;
  return [
    `${good.toLocaleString('en')} of ${items.length.toLocaleString('en')} done`,
    ...(same > 0 ? [`${same} unchanged`] : []),
    ...(failed > 0 ? [`${failed} failed`] : []),
    ...(left > 0 ? [`${left} not begun`] : []),
  ].join(', ');
}

export function Results({ run }: { readonly run: Run }): ReactNode {
  const lines = run.items.map((item, index): { name: string; namespace: string; result: ItemResult } => ({
    name: item.name,
    namespace: item.namespace,
    result: run.results.get(index) ?? { index, phase: 'waiting' },
  }));
  lines.sort((a, b) => order.indexOf(a.result.phase) - order.indexOf(b.result.phase));
  return (
    <>
      <p role="status">{runWords(run)}</p>
      <ul className={styles.many} aria-label="Results">
        {lines.slice(0, MOST_LINES).map(({ name, namespace, result }) => (
          <li key={result.index}>
            <StatusMark tone={tones[result.phase]} />
            <span className={styles.grow}>
              {namespace !== '' && <span className={styles.muted}>{visible(namespace)}/</span>}
              {visible(name)}
            </span>
            <span className={result.phase === 'failed' ? styles.bad : styles.muted}>
              {resultWords(result)}
            </span>
          </li>
        ))}
        {lines.length > MOST_LINES && <li className={styles.muted}>and {lines.length - MOST_LINES} more</li>}
      </ul>
    </>
  );
}

export function resultWords({ phase, message, error }: ItemResult): string {
  if (error) return visible(`${error.message}${error.hint ? ` ${error.hint}` : ''}`);
  if (message !== undefined) return visible(message);
  return phase === 'running' ? 'under way' : phase === 'waiting' ? 'waits' : '';
}
