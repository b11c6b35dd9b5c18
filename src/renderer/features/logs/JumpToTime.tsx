/** Goes to the first line at or after a time: a clock time of the newest line's day, or a full one. */
import { useState, type ReactNode } from 'react';
import { Button } from '../../ui/Button';
import styles from './logs-panel.module.css';
import { readTime } from './time-words';
import type { ToolbarProps } from './Toolbar';

export function JumpToTime({
  feed,
  onJump,
  head,
  look,
}: Pick<ToolbarProps, 'feed' | 'onJump' | 'head' | 'look'>): ReactNode {
  const [text, setText] = useState('');
  const [wrong, setWrong] = useState(false);
  const go = (): void => {
    const time = readTime(text, head.to ?? Date.now(), look.times === 'utc');
    setWrong(time === undefined);
    if (time !== undefined) void feed.rowAtTime(time).then(onJump);
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
        aria-invalid={wrong}
        placeholder="14:05:09 or 2026-01-02T14:05"
        value={text}
        onChange={(event) => setText(event.target.value)}
      />
      <Button type="submit">Jump</Button>
      {wrong && <span role="alert">not a time</span>}
    </form>
  );
}
