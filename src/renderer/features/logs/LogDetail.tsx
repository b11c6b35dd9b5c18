/** An opened line: when, where from, its fields with what can be done with each, its links. */
import { useState, type ReactNode } from 'react';
import type { LogStreamInfo } from '#shared/contract/logs';
import { ansiSpans, stripAnsi } from '#shared/domain/logs/ansi';
import { fieldText, lineFields } from '#shared/domain/logs/fields';
import { visible } from '#shared/util/text';
import { Button } from '../../ui/Button';
import type { FeedRow } from './log-feed';
import styles from './log-detail.module.css';
import { fullRowTime } from './time-words';

export interface DetailActions {
  toggle(seq: number): void;
  /** Shows or hides the lines that go on from this one. */
  unfold(seq: number): void;
  filterField(path: string, value: string, not: boolean): void;
  addColumn(path: string): void;
  /** All lines around this one, without the filter. */
  showAround(seq: number): void;
  copy(text: string): void;
  openLink(url: string): void;
  wholeLine(seq: number): Promise<string>;
}

export interface LogDetailProps {
  readonly row: FeedRow;
  readonly stream: LogStreamInfo | undefined;
  readonly actions: DetailActions;
}

const MOST_LINKS = 20;

export function LogDetail({ row, stream, actions }: LogDetailProps): ReactNode {
  const [whole, setWhole] = useState<string>();
  const text = whole ?? row.text;
  const plain = stripAnsi(text);
  const fields = lineFields(plain);
  const links = linksOf(text);
  return (
    <div className={styles.detail} data-detail>
      <div className={styles.head}>
        <span>{fullRowTime(row.time)}</span>
        {stream && (
          <span>
            {visible(`${stream.namespace}/${stream.pod}`)} · {visible(stream.container)}
          </span>
        )}
        <span className={styles.space} />
        {row.bytes > row.text.length && whole === undefined && (
          <Button look="quiet" onClick={() => void actions.wholeLine(row.seq).then(setWhole)}>
            Show the whole line
          </Button>
        )}
        <Button look="quiet" onClick={() => actions.copy(plain)}>
          Copy line
        </Button>
        <Button look="quiet" onClick={() => actions.showAround(row.seq)}>
          Show around
        </Button>
        <Button look="quiet" onClick={() => actions.toggle(row.seq)}>
          Close
        </Button>
      </div>
      {fields && (
        <dl className={styles.fields}>
          {[...fields].map(([path, value]) => {
            const words = fieldText(value);
            return (
              <div key={path} className={styles.field}>
                <dt>{visible(path)}</dt>
                <dd>{visible(words.slice(0, 2_000))}</dd>
                <span className={styles.verbs}>
                  <button
                    type="button"
                    aria-label={`Only ${path} = ${words}`}
                    data-tip="Only lines with this value"
                    onClick={() => actions.filterField(path, words, false)}
                  >
                    =
                  </button>
                  <button
                    type="button"
                    aria-label={`Not ${path} = ${words}`}
                    data-tip="Without lines with this value"
                    onClick={() => actions.filterField(path, words, true)}
                  >
                    ≠
                  </button>
                  <button
                    type="button"
                    aria-label={`Column ${path}`}
                    data-tip="Show as a column"
                    onClick={() => actions.addColumn(path)}
                  >
                    column
                  </button>
                </span>
              </div>
            );
          })}
        </dl>
      )}
      {!fields && (
        <pre className={styles.plain}>
          {visible(plain).slice(0, whole === undefined ? 16_384 : 1_000_000)}
        </pre>
      )}
      {links.length > 0 && (
        <ul className={styles.links} aria-label="Links in this line">
          {links.map((url) => (
            <li key={url}>
              <button type="button" onClick={() => actions.openLink(url)}>
                Open {visible(url)}
              </button>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

/** Links of the line, hidden ones (OSC 8) too: each is shown in full before it is opened. */
function linksOf(text: string): readonly string[] {
  const found = new Set<string>();
  for (const { style } of ansiSpans(text)) if (style?.link !== undefined) found.add(style.link);
  for (const [url] of stripAnsi(text).matchAll(/https?:\/\/[^\s"'<>()[\]{}\\^`|]{3,500}/g)) found.add(url);
  return [...found].slice(0, MOST_LINKS);
}
