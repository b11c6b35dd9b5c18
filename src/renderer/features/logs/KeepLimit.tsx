/** How many lines are kept, and whether older ones go to disk. */
import { useState, type ReactNode } from 'react';
import { Button } from '../../ui/Button';
import { Check } from './Check';
import styles from './logs-panel.module.css';
import { clampKept, LEAST_KEPT, MOST_KEPT, type PanelLook } from './panel-look';

export interface KeepLimitProps {
  readonly look: PanelLook;
  readonly onLook: (look: PanelLook) => void;
}

export function KeepLimit({ look, onLook }: KeepLimitProps): ReactNode {
  const [text, setText] = useState(look.keep.toLocaleString('en'));
  const set = (): void => {
    const lines = text.trim() === '' ? look.keep : clampKept(Number(text.replaceAll(/[\s,_]/g, '')));
    setText(lines.toLocaleString('en'));
    onLook({ ...look, keep: lines });
  };
  return (
    <form
      className={styles.stack}
      onSubmit={(event) => {
        event.preventDefault();
        set();
      }}
    >
      <label className={styles.jump}>
        <span className={styles.caption}>Keep at most</span>
        <input
          type="text"
          inputMode="numeric"
          className={styles.field}
          aria-label="Most lines kept"
          data-tip={`${LEAST_KEPT.toLocaleString('en')} to ${MOST_KEPT.toLocaleString('en')} lines; the oldest leave first`}
          value={text}
          onChange={(event) => setText(event.target.value)}
          onBlur={set}
        />
        <span className={styles.caption}>lines</span>
        <Button type="submit">Set</Button>
      </label>
      <Check
        label="Older lines on disk instead of in memory"
        on={look.spill}
        onChange={(spill) => onLook({ ...look, spill })}
      />
    </form>
  );
}
