/** What can be done with the lines and the filter: save, copy, open elsewhere. */
import type { ReactNode } from 'react';
import { useAppData } from '../../data/app-data';
import { copyText } from '../../data/clipboard';
import { saveFile } from '../../data/save-file';
import { formatFilter } from './filter-text';
import styles from './logs-panel.module.css';
import { Menu } from './Menu';
import type { ToolbarProps } from './Toolbar';

export function ShareMenu({ feed, head, title, look, filter, onNote, onTab }: ToolbarProps): ReactNode {
  const client = useAppData((state) => state.client);
  const save = (format: 'text' | 'ndjson'): void => {
    if (!client) return;
    const how = {
      format,
      times: look.times !== 'off',
      names: look.names !== 'off' && head.streams.length > 1,
    };
    const pieces = async function* (): AsyncGenerator<Uint8Array> {
      const step = 20_000;
      for (let from = head.first; from < head.end; from += step) {
        const { text } = await feed.text(from, Math.min(head.end, from + step) - 1, how);
        yield new TextEncoder().encode(text);
      }
    };
    void saveFile(client, `${title}.${format === 'text' ? 'log' : 'ndjson'}`, pieces).then(onNote);
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
