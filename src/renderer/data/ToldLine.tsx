/** Draws what `tellPerson` said at the foot of the window; mounted once. Goes after a while, or when read. */
import { IconX } from '@tabler/icons-react';
import { useEffect, type ReactNode } from 'react';
import { IconButton } from '../ui/Button';
import { StatusMark } from '../ui/StatusMark';
import { forgetTold, useTold } from './told';
import styles from './told-line.module.css';

const SHOWN_MS = 10_000;

export function ToldLine(): ReactNode {
  const { text, turn } = useTold();
  useEffect(() => {
    if (text === '') return undefined;
    const timer = setTimeout(forgetTold, SHOWN_MS);
    return () => clearTimeout(timer);
  }, [text, turn]);
  return (
    <div role="alert" className={styles.place}>
      {text !== '' && (
        <div className={styles.line}>
          <StatusMark tone="warn" />
          <span>{text}</span>
          <IconButton label="Close" onClick={forgetTold}>
            <IconX />
          </IconButton>
        </div>
      )}
    </div>
  );
}
