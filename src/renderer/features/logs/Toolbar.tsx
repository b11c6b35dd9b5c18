/** Right of filter and search: levels, streams, look, and what to do with the lines. */
import { useEffect, useMemo, useState, type ReactNode } from 'react';
import type { LogFilter } from '#shared/contract/logs';
import { levels } from '#shared/domain/logs/level';
import { lineFields } from '#shared/domain/logs/fields';
import { visible } from '#shared/util/text';
import { useAppData } from '../../data/app-data';
import { copyText } from '../../data/clipboard';
import { SessionLog } from '../../data/session-log';
import { Button } from '../../ui/Button';
import { Choice } from '../../ui/Choice';
import { formatFilter, parseFilter } from './filter-text';
import type { FeedHead, LogFeed } from './log-feed';
import styles from './logs-panel.module.css';
import { Menu } from './Menu';
import type { PanelLook } from './panel-look';
import { timeModes } from './time-words';

export interface ToolbarProps {
  readonly feed: LogFeed;
  readonly head: FeedHead;
  readonly look: PanelLook;
  readonly filter: LogFilter;
  readonly title: string;
  readonly previous: boolean;
  readonly tail: number | null;
  readonly canPrevious: boolean;
  readonly onLook: (look: PanelLook) => void;
  readonly onFilter: (filter: LogFilter) => void;
  readonly onPrevious: (previous: boolean) => void;
  readonly onTail: (tail: number | null) => void;
  readonly onNote: (note: string | undefined) => void;
  readonly onJump: (row: number) => void;
  readonly onTab: (() => void) | undefined;
}

export function Toolbar(props: ToolbarProps): ReactNode {
  const { filter, look, onLook, onFilter } = props;
  return (
    <div className={styles.buttons}>
      <Menu title="Levels" on={filter.levels !== 0}>
        {() => (
          <ul>
            {levels.map((name, at) => (
              <li key={name}>
                <Check
                  label={name === 'none' ? 'no level' : name}
                  on={filter.levels === 0 || (filter.levels & (1 << at)) !== 0}
                  onChange={() => onFilter({ ...filter, levels: toggled(filter.levels, at) })}
                />
              </li>
            ))}
          </ul>
        )}
      </Menu>
      <Streams {...props} />
      <Fields {...props} />
      <Menu title="View">
        {() => (
          <div className={styles.stack}>
            <Choice
              label="Times"
              value={look.times}
              options={timeModes.map((value) => ({ value, label: value }))}
              onChange={(times) => onLook({ ...look, times })}
            />
            <Check
              label="Wrap long lines (w)"
              on={look.wrap}
              onChange={(wrap) => onLook({ ...look, wrap })}
            />
            <Check
              label="Pod and container"
              on={look.names !== 'off'}
              onChange={(on) => onLook({ ...look, names: on ? 'short' : 'off' })}
            />
            <Check
              label="Fold stack traces"
              on={filter.fold}
              onChange={(fold) => onFilter({ ...filter, fold })}
            />
            <Check
              label="Lines over time"
              on={look.histogram}
              onChange={(histogram) => onLook({ ...look, histogram })}
            />
            {props.canPrevious && (
              <Check
                label="Instance before the last restart"
                on={props.previous}
                onChange={props.onPrevious}
              />
            )}
            <Choice
              label="Begin with"
              value={String(props.tail)}
              options={[
                { value: '0', label: 'new lines' },
                { value: '1000', label: '1,000' },
                { value: '5000', label: '5,000' },
                { value: 'null', label: 'all' },
              ]}
              onChange={(value) => props.onTail(value === 'null' ? null : Number(value))}
            />
            <Choice
              label="Keep at most"
              value={String(look.keep)}
              options={[
                { value: '100000', label: '100,000' },
                { value: '1000000', label: '1,000,000' },
                { value: '5000000', label: '5,000,000' },
              ]}
              onChange={(value) => onLook({ ...look, keep: Number(value) })}
            />
            <JumpToTime {...props} />
          </div>
        )}
      </Menu>
      <Share {...props} />
    </div>
  );
}

/** All levels are one bit each; none set shows all. */
function toggled(bits: number, at: number): number {
  const now = bits === 0 ? 127 : bits;
  const next = now ^ (1 << at);
  return next === 127 || next === 0 ? 0 : next;
}

function Streams({ head, filter, onFilter }: ToolbarProps): ReactNode {
  const containers = useMemo(
    () => [...new Set(head.streams.map((one) => one.container))].sort(),
    [head.streams],
  );
  const pods = useMemo(
    () => [...new Map(head.streams.map((one) => [`${one.namespace}/${one.pod}/`, one])).entries()],
    [head.streams],
  );
  const set = (key: string, shown: boolean): void =>
    onFilter({
      ...filter,
      hidden: shown ? filter.hidden.filter((other) => other !== key) : [...filter.hidden, key],
    });
  const only = (key: string, keys: readonly string[]): void => {
    const rest = filter.hidden.filter((other) => !keys.includes(other));
    onFilter({ ...filter, hidden: [...rest, ...keys.filter((other) => other !== key)] });
  };
  const row = (key: string, label: string, keys: readonly string[]): ReactNode => (
    <li key={key} className={styles.pick}>
      <Check label={label} on={!filter.hidden.includes(key)} onChange={(on) => set(key, on)} />
      {keys.length > 1 && (
        <button
          type="button"
          className={styles.textButton}
          aria-label={`Only ${label}`}
          onClick={() => only(key, keys)}
        >
          only
        </button>
      )}
    </li>
  );
  return (
    <Menu title="Containers" on={filter.hidden.length > 0}>
      {() => (
        <>
          <p className={styles.caption}>Containers</p>
          <ul>
            {containers.map((name) =>
              row(
                `//${name}`,
                visible(name),
                containers.map((one) => `//${one}`),
              ),
            )}
          </ul>
          {pods.length > 1 && (
            <>
              <p className={styles.caption}>Pods</p>
              <ul>
                {pods.slice(0, 300).map(([key, one]) =>
                  row(
                    key,
                    visible(one.pod),
                    pods.map(([other]) => other),
                  ),
                )}
              </ul>
            </>
          )}
        </>
      )}
    </Menu>
  );
}

/** Newest lines in which fields are looked for. */
const SAMPLE = 500;

/** Fields of the newest lines. */
function Fields({ feed, head, look, onLook }: ToolbarProps): ReactNode {
  const [found, setFound] = useState<readonly string[]>([]);
  const [asked, setAsked] = useState(false);
  const lookUp = (): void => {
    const how = { format: 'text', times: false, names: false } as const;
    void feed
      .text(Math.max(head.first, head.end - SAMPLE), Math.max(0, head.end - 1), how)
      .then(({ text }) => {
        const paths = new Map<string, number>();
        for (const line of text.split('\n'))
          for (const path of lineFields(line)?.keys() ?? []) paths.set(path, (paths.get(path) ?? 0) + 1);
        const often = [...paths].sort((a, b) => b[1] - a[1]).map(([path]) => path);
        setFound(often.slice(0, 60));
      });
  };
  const missing = asked && found.length === 0;
  useEffect(() => {
    if (missing && head.end > 0) lookUp();
    // eslint-disable-next-line react-hooks/exhaustive-deps -- asked again only as lines come
  }, [missing, head.end]);
  const all = [...new Set([...look.columns, ...found])];
  return (
    <div
      onClickCapture={() => {
        setAsked(true);
        lookUp();
      }}
    >
      <Menu title="Fields" on={look.columns.length > 0}>
        {() =>
          all.length === 0 ? (
            <p className={styles.caption}>The newest lines hold no JSON and no logfmt.</p>
          ) : (
            <ul>
              {all.map((path) => (
                <li key={path}>
                  <Check
                    label={visible(path)}
                    on={look.columns.includes(path)}
                    onChange={(on) =>
                      onLook({
                        ...look,
                        columns: on
                          ? [...look.columns, path]
                          : look.columns.filter((other) => other !== path),
                      })
                    }
                  />
                </li>
              ))}
            </ul>
          )
        }
      </Menu>
    </div>
  );
}

function JumpToTime({ feed, onJump, head }: ToolbarProps): ReactNode {
  const [text, setText] = useState('');
  const go = (): void => {
    const base = new Date(head.to ?? Date.now());
    const clock = /^(\d{1,2}):(\d{2})(?::(\d{2}))?$/.exec(text.trim());
    if (clock) base.setHours(Number(clock[1]), Number(clock[2]), Number(clock[3] ?? 0), 0);
    const time = clock ? base.getTime() : Date.parse(text);
    if (!Number.isNaN(time)) void feed.rowAtTime(time).then(onJump);
  };
  return (
    <form
      className={styles.jump}
      onSubmit={(event) => {
        event.preventDefault();
        go();
      }}
    >
      <input
        type="text"
        className={styles.field}
        aria-label="Jump to time"
        placeholder="14:05:09 or 2026-01-02T14:05"
        value={text}
        onChange={(event) => setText(event.target.value)}
      />
      <Button type="submit">Jump</Button>
    </form>
  );
}

function Share({ feed, head, title, look, filter, onFilter, onNote, onTab }: ToolbarProps): ReactNode {
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
  const paste = async (): Promise<void> => {
    const text = await navigator.clipboard.readText().catch(() => '');
    if (text.trim() !== '') onFilter(parseFilter(text));
  };
  return (
    <Menu title="More">
      {(close) => (
        <div className={styles.stack}>
          <Item onClick={() => save('text')} close={close}>
            Save as text
          </Item>
          <Item onClick={() => save('ndjson')} close={close}>
            Save as NDJSON
          </Item>
          <Item
            onClick={() => {
              void copyText(formatFilter(filter));
              onNote('Filter copied as text.');
            }}
            close={close}
          >
            Copy filter as text
          </Item>
          <Item onClick={() => void paste()} close={close}>
            Paste filter
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

function Check({
  label,
  on,
  onChange,
}: {
  readonly label: string;
  readonly on: boolean;
  readonly onChange: (on: boolean) => void;
}): ReactNode {
  return (
    <label className={styles.check}>
      <input type="checkbox" checked={on} onChange={(event) => onChange(event.target.checked)} />
      {label}
    </label>
  );
}
