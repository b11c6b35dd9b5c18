/**
 * One line beside the table about what was just done there: what was copied, and what was not and
 * why. Goes by itself; a newer one takes its place.
 */
import { useCallback, useEffect, useState, type ReactNode } from 'react';
import { copyText } from '../../data/clipboard';
import styles from './resources.module.css';

export interface Notice {
  readonly tone: 'plain' | 'bad';
  readonly text: string;
}

export type Say = (notice: Notice) => void;

const SHOWN_MS = 6_000;

export function useNotice(): readonly [Notice | undefined, Say] {
  const [notice, setNotice] = useState<Notice | undefined>(undefined);
  useEffect(() => {
    if (!notice) return undefined;
    const timer = setTimeout(() => setNotice(undefined), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [notice]);
  return [notice, useCallback<Say>((next) => setNotice({ ...next }), [])];
}

export function NoticeLine({ notice }: { readonly notice: Notice | undefined }): ReactNode {
  return (
    <span role="status" aria-label="What was done" className={styles.notice} data-tone={notice?.tone}>
      {notice?.text}
    </span>
  );
}

/** `what`: `3 rows`, `2 names`. Says that it was copied; `copyText` says that it was not. */
export async function copyAndSay(text: string, what: string, say: Say): Promise<void> {
  if (text === '') return;
  if (await copyText(text)) say({ tone: 'plain', text: `Copied ${what}.` });
}
