/** What can be done with the lines and the filter: save, copy, open elsewhere. */
import type { ReactNode } from 'react';
import { useAppData } from '../../data/app-data';
import { copyText } from '../../data/clipboard';
import { SessionLog } from '../../data/session-log';
import { formatFilter } from './filter-text';
import styles from './logs-panel.module.css';
import { Menu } from './Menu';
import type { ToolbarProps } from './Toolbar';

export function ShareMenu({ feed, head, title, look, filter, onNote, onTab }: ToolbarProps): ReactNode {
  const client = useAppData((state) => state.client);
  const save = (format: 'text' | 'ndjson'): void => {
    if (!client) return;
    const log = new SessionLog(client, `${title}.${format === 'text' ? 'log' : 'ndjson'}`, (text) =>
      onNote(text?.replace('Logging to', 'Saved to')),
    );
    void (async () => {
      const step = 20_000;
      for (let from = head.first; from < head.end; from += step) {
        const to = Math.min(head.end, from + step) - 1;
        const how = {
          format,
          times: look.times !== 'off',
          names: look.names !== 'off' && head.streams.length > 1,
        };
        const { text } = await feed.text(from, to, how);
        const bytes = new TextEncoder().encode(text);
        // The other side takes pieces of a bounded size.
        for (let at = 0; at < bytes.length; at += 256 * 1024) log.write(bytes.slice(at, at + 256 * 1024));
      }
      log.close();
    })().catch((thrown: unknown) => onNote(thrown instanceof Error ? thrown.message : 'Saving failed.'));
  };
  const shown = head.end - head.first;
  return (
    <Menu title="More">
      {(close) => (
        <div className={styles.stack}>
          <p className={styles.caption}>{shown.toLocaleString('en')} lines as filtered</p>
          <Item onClick={() => save('text')} close={close}>
            Save as text
          </Item>
          <Item onClick={() => save('ndjson')} close={close}>
            Save as NDJSON
          </Item>
          <Item
            onClick={() => {
              const text = formatFilter(filter);
              if (text === '') onNote('There is no filter to copy.');
              else
                void copyText(text).then(
                  (done) =>
                    done && onNote('Filter copied; whoever types it into the filter sees the same lines.'),
                );
            }}
            close={close}
          >
            Copy filter as text
          </Item>
          {onTab && (
            <Item onClick={onTab} close={close}>
              Open as a tab
            </Item>
          )}
        </div>
      )}
    </Menu>
  );
}

function Item({
  onClick,
  close,
  children,
}: {
  readonly onClick: () => void;
  readonly close: () => void;
  readonly children: string;
}): ReactNode {
  return (
    <button
      type="button"
      className={styles.item}
      onClick={() => {
        close();
        onClick();
      }}
    >
      {children}
    </button>
  );
}
