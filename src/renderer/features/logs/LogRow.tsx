/** One line: time, where it comes from, its text; level as an edge. Opened: its fields. */
import { memo, type ReactNode } from 'react';
import type { LogStreamInfo } from '#shared/contract/logs';
import type { Style } from '#shared/domain/logs/ansi';
import { fieldText, readField } from '#shared/domain/logs/fields';
import { CONTEXT, CONTINUES, LATE, LEVEL_BITS, MARKER, PIECE } from '#shared/domain/logs/flags';
import { levels } from '#shared/domain/logs/level';
import { nameEnd, visible } from '#shared/util/text';
import { cssVars } from '../../ui/css-vars';
import type { FeedRow } from './log-feed';
import styles from './log-row.module.css';
import { LogDetail, type DetailActions } from './LogDetail';
import { textPieces } from './row-text';
import { fullRowTime, rowTime, type TimeMode } from './time-words';

export interface RowLook {
  readonly times: TimeMode;
  readonly names: 'short' | 'off';
  readonly wrap: boolean;
  /** Field paths shown as columns. */
  readonly columns: readonly string[];
  /** More than one container of a pod is on screen. */
  readonly manyContainers: boolean;
}

export interface LogRowProps {
  readonly row: FeedRow;
  readonly stream: LogStreamInfo | undefined;
  readonly look: RowLook;
  /** Rounded, so that rows draw anew only when a relative time changes. */
  readonly now: number;
  readonly open: boolean;
  /** Lines that go on from it are shown although groups are folded. */
  readonly unfolded: boolean;
  readonly actions: DetailActions;
}

export const LogRow = memo(function LogRow({
  row,
  stream,
  look,
  now,
  open,
  unfolded,
  actions,
}: LogRowProps): ReactNode {
  const { flags, text } = row;
  const level = levels[flags & LEVEL_BITS] ?? 'none';
  const isMarker = (flags & MARKER) !== 0;
  const name = stream ? streamName(stream, look.manyContainers) : '';
  const full = stream ? `${stream.namespace}/${stream.pod} ${stream.container}` : '';
  return (
    <>
      <div
        className={styles.line}
        data-level={level}
        data-marker={isMarker || undefined}
        data-on={open || undefined}
        data-around={(flags & CONTEXT) !== 0 || undefined}
      >
        <button
          type="button"
          className={styles.opener}
          aria-label={open ? 'Close this line' : 'Open this line'}
          aria-expanded={open}
          tabIndex={-1}
          onClick={() => actions.toggle(row.seq)}
        >
          {(flags & LATE) === 0 ? '' : '↓'}
        </button>
        {look.times !== 'off' && (
          <time
            className={styles.time}
            data-tip={fullRowTime(row.time)}
            data-goes-on={(flags & CONTINUES) !== 0 || undefined}
          >
            {rowTime(row.time, look.times, now)}
          </time>
        )}
        {look.names !== 'off' && stream && (
          <span className={styles.name} style={cssVars({ '--own': streamColor(stream.id) })} data-tip={full}>
            {visible(name)}
          </span>
        )}
        {look.columns.map((path) => (
          <span key={path} className={styles.cell} data-cell={path}>
            {visible(fieldText(readField(text, path)).slice(0, 300))}
          </span>
        ))}
        <span className={styles.text} data-text>
          {isMarker ? visible(text) : pieces(text, actions.openLink)}
        </span>
        {row.more > 0 && (
          <button
            type="button"
            className={styles.more}
            aria-expanded={unfolded}
            onClick={() => actions.unfold(row.seq)}
          >
            {unfolded ? 'fold' : `+${row.more} ${row.more === 1 ? 'line' : 'lines'}`}
          </button>
        )}
        {(row.bytes > 16 * 1024 || (flags & PIECE) !== 0) && (
          <span className={styles.cut}>
            {(flags & PIECE) !== 0 ? 'a piece of a longer line, ' : ''}
            {size(row.bytes)}, the first 16 KB are shown
          </span>
        )}
      </div>
      {open && <LogDetail key={row.seq} row={row} stream={stream} actions={actions} />}
    </>
  );
});

function pieces(text: string, openLink: (url: string) => void): ReactNode {
  return textPieces(text).map((piece, index) => {
    if (piece.code !== undefined) {
      return (
        <span key={index} className={styles.code} data-code={piece.code}>
          {piece.text}
        </span>
      );
    }
    if (!piece.style) return piece.text;
    const { link } = piece.style;
    if (link !== undefined) {
      return (
        <span
          key={index}
          role="link"
          tabIndex={-1}
          className={styles.link}
          style={spanStyle(piece.style)}
          data-tip={link}
          // A drag selects; only a click asks whether to open it.
          onClick={() => openLink(link)}
        >
          {piece.text}
        </span>
      );
    }
    return (
      <span key={index} style={spanStyle(piece.style)}>
        {piece.text}
      </span>
    );
  });
}

const named = ['black', 'red', 'green', 'yellow', 'blue', 'magenta', 'cyan', 'white'] as const;

function ansiColor(color: number | string): string {
  if (typeof color === 'string') return color;
  if (color < 16) return `var(--ansi-${named[color % 8]})`;
  if (color >= 232) {
    const grey = 8 + (color - 232) * 10;
    return `rgb(${grey} ${grey} ${grey})`;
  }
  const at = color - 16;
  const part = (value: number): number => (value === 0 ? 0 : 55 + value * 40);
  return `rgb(${part(Math.floor(at / 36))} ${part(Math.floor(at / 6) % 6)} ${part(at % 6)})`;
}

function spanStyle(style: Style): Readonly<Record<string, string>> {
  const { color, background, inverse } = style;
  const front = color === undefined ? undefined : ansiColor(color);
  const back = background === undefined ? undefined : ansiColor(background);
  const result: Record<string, string> = {};
  const ink = inverse ? (back ?? 'var(--bg)') : front;
  const paper = inverse ? (front ?? 'var(--text)') : back;
  if (ink !== undefined) result['color'] = ink;
  if (paper !== undefined) result['backgroundColor'] = paper;
  if (style.bold) result['fontWeight'] = '700';
  if (style.faint) result['opacity'] = '0.75';
  if (style.italic) result['fontStyle'] = 'italic';
  if (style.underline || style.link !== undefined) result['textDecoration'] = 'underline';
  return result;
}

/** `7xc9p` or `7xc9p/cart`: what tells it from its siblings. */
export function streamName({ pod, container }: LogStreamInfo, withContainer: boolean): string {
  const end = nameEnd(pod).replace(/^-/, '');
  const short = end === '' || end.length < 3 ? pod : end.slice(-12);
  return withContainer ? `${short}/${container}` : short;
}

const colors = [
  'blue',
  'amber',
  'violet',
  'teal',
  'rose',
  'green',
  'indigo',
  'brown',
  'magenta',
  'slate',
] as const;

export function streamColor(id: number): string {
  return `var(--cluster-${colors[id % colors.length]})`;
}

function size(bytes: number): string {
  return bytes > 1024 * 1024 ? `${(bytes / 1024 / 1024).toFixed(1)} MB` : `${Math.round(bytes / 1024)} KB`;
}
