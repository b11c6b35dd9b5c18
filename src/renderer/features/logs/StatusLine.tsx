/** Below the lines: streams by state, lines kept, rate; what was just done. */
import { useState, type ReactNode } from 'react';
import { visible } from '#shared/util/text';
import { Badge } from '../../ui/Badge';
import type { FeedHead } from './log-feed';
import styles from './logs-panel.module.css';
import { bytesWords, lineWords, streamWords } from './status-words';

export interface StatusLineProps {
  readonly head: FeedHead;
  readonly filtered: boolean;
  readonly follow: boolean;
  readonly note: string | undefined;
  readonly onFollow: () => void;
}

const MOST_SHOWN = 200;

export function StatusLine({ head, filtered, follow, note, onFollow }: StatusLineProps): ReactNode {
  const [open, setOpen] = useState(false);
  const streams = streamWords(head);
  const slow = head.streams.filter((one) => one.throttled);
  const problem = head.streams.length > 0 ? head.problem : undefined;
  return (
    <div className={styles.status}>
      <button
        type="button"
        className={styles.plainButton}
        aria-expanded={open}
        aria-label="Streams"
        onClick={() => setOpen(!open)}
      >
        <Badge tone={streams.tone} live="State of the streams">
          {streams.text}
        </Badge>
      </button>
      {problem && <span className={styles.warn}>{problem.message}</span>}
      {slow.length > 0 && (
        <span className={styles.warn} data-tip={slow.map((one) => `${one.pod}/${one.container}`).join('\n')}>
          {slow.length === 1
            ? `${slow[0]?.container ?? ''} writes faster than is read`
            : `${slow.length} write faster than is read`}
        </span>
      )}
      <span className={styles.space} />
      {note !== undefined && <span role="status">{note}</span>}
      {head.diskError !== undefined && (
        <span className={styles.warn}>Lines stay in memory: {head.diskError}</span>
      )}
      <span aria-label="Lines" data-tip={bytesWords(head)}>
        {lineWords(head, filtered)}
      </span>
      {head.perSecond > 0 && <span>{head.perSecond.toLocaleString('en')} a second</span>}
      <button type="button" className={styles.textButton} aria-pressed={follow} onClick={onFollow}>
        {follow ? 'Following' : 'Paused'}
      </button>
      {open && (
        <div className={styles.streams} role="dialog" aria-label="Streams">
          <table>
            <tbody>
              {head.streams.slice(0, MOST_SHOWN).map((one) => (
                <tr key={one.id}>
                  <td>{visible(`${one.namespace}/${one.pod}`)}</td>
                  <td>
                    {visible(one.container)}
                    {one.type === 'main' ? '' : ` (${one.type})`}
                  </td>
                  <td>{one.phase}</td>
                  <td>{one.lines.toLocaleString('en')} lines</td>
                  <td>{one.restarts > 0 ? `${one.restarts} restarts` : ''}</td>
                  <td className={styles.words}>{visible(one.words)}</td>
                </tr>
              ))}
            </tbody>
          </table>
          {head.streams.length > MOST_SHOWN && <p>and {head.streams.length - MOST_SHOWN} more</p>}
        </div>
      )}
    </div>
  );
}
