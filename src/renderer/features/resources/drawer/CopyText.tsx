import { useState, type ReactNode } from 'react';
import { clip, visible } from '#shared/util/text';
import { copyText } from '../../../data/clipboard';
import styles from './drawer.module.css';

/** A text that a click copies. */
export function CopyText({ text, mono }: { readonly text: string; readonly mono?: boolean }): ReactNode {
  const [said, setSaid] = useState(false);
  if (text === '') return null;
  return (
    <button
      type="button"
      className={`${styles.copy} ${mono ? 'mono' : ''}`}
      aria-label={`Copy ${clip(text, 80)}`}
      data-tip={said ? 'Copied' : 'Click to copy'}
      onBlur={() => setSaid(false)}
      onClick={() => {
        // What was marked by the mouse is what one wants.
        if (String(getSelection() ?? '') !== '') return;
        void copyText(text).then(setSaid);
      }}
    >
      {visible(clip(text, 2000))}
    </button>
  );
}
