/** Right of filter and search: levels, streams, look, and what to do with the lines. */
import type { ReactNode } from 'react';
import type { LogFilter } from '#shared/contract/logs';
import { levels } from '#shared/domain/logs/level';
import { Choice } from '../../ui/Choice';
import { Check } from './Check';
import { FieldsMenu } from './FieldsMenu';
import { JumpToTime } from './JumpToTime';
import { KeepLimit } from './KeepLimit';
import type { FeedHead, LogFeed } from './log-feed';
import styles from './logs-panel.module.css';
import { Menu } from './Menu';
import type { PanelLook } from './panel-look';
import { ShareMenu } from './ShareMenu';
import { StreamsMenu } from './StreamsMenu';
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

const around = ['0', '1', '3', '10'] as const;

export function Toolbar(props: ToolbarProps): ReactNode {
  const { filter, look, onLook, onFilter } = props;
  return (
    <div className={styles.buttons}>
      <Menu title="Levels" on={filter.levels !== 0}>
        {() => (
          <ul>
            {levels.map((name, at) => (
              <li key={name}>
                <div className={styles.pick}>
                  <Check
                    label={name === 'none' ? 'no level' : name}
                    on={filter.levels === 0 || (filter.levels & (1 << at)) !== 0}
                    onChange={() => onFilter({ ...filter, levels: toggled(filter.levels, at) })}
                  />
                  {at > 0 && (
                    <button
                      type="button"
                      className={styles.textButton}
                      aria-label={`Only ${name} and worse`}
                      onClick={() => onFilter({ ...filter, levels: 127 & ~((1 << at) - 1) })}
                    >
                      {at === levels.length - 1 ? 'only' : 'and worse'}
                    </button>
                  )}
                </div>
              </li>
            ))}
          </ul>
        )}
      </Menu>
      <StreamsMenu {...props} />
      <FieldsMenu {...props} />
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
            <p className={styles.caption}>Lines around each that meets the filter</p>
            <Choice
              label="Lines around"
              value={String(filter.context)}
              options={[...new Set([...around, String(filter.context)])].map((value) => ({
                value,
                label: value === '0' ? 'none' : value,
              }))}
              onChange={(value) => onFilter({ ...filter, context: Number(value) })}
            />
            <p className={styles.caption}>Begin with</p>
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
            <KeepLimit look={look} onLook={onLook} />
            <JumpToTime {...props} />
          </div>
        )}
      </Menu>
      <ShareMenu {...props} />
    </div>
  );
}

/** All levels are one bit each; none set shows all. */
function toggled(bits: number, at: number): number {
  const now = bits === 0 ? 127 : bits;
  const next = now ^ (1 << at);
  return next === 127 || next === 0 ? 0 : next;
}
