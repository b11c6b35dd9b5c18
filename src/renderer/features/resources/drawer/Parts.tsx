/** Small pieces that the sections of the details share. */
import type { ReactNode } from 'react';
import type { PodBrief } from '#shared/domain/health/types';
import { clip, truncateMiddle, visible } from '#shared/util/text';
import { StatusMark } from '../../../ui/StatusMark';
import styles from './drawer.module.css';
import type { FactLink } from './facts';

export function Section({
  title,
  children,
}: {
  readonly title: string;
  readonly children: ReactNode;
}): ReactNode {
  return (
    <section className={styles.section} aria-label={title}>
      <h3>{title}</h3>
      {children}
    </section>
  );
}

export function Pair({
  label,
  wide = false,
  children,
}: {
  readonly label: ReactNode;
  readonly wide?: boolean;
  readonly children: ReactNode;
}): ReactNode {
  return (
    <>
      <dt className={wide ? styles.startFact : undefined}>{label}</dt>
      <dd className={wide ? styles.wideFact : undefined}>{children}</dd>
    </>
  );
}

export function Go({
  link,
  onGo,
  text,
}: {
  readonly link: FactLink;
  readonly onGo: (link: FactLink) => void;
  readonly text: string;
}): ReactNode {
  return (
    <button
      type="button"
      className={styles.link}
      data-tip={text.length > 34 ? text : undefined}
      onClick={() => onGo(link)}
    >
      {visible(truncateMiddle(text, 34))}
    </button>
  );
}

export function Words({
  tone,
  words,
}: {
  readonly tone: PodBrief['tone'];
  readonly words: string;
}): ReactNode {
  return (
    <span className={styles.words}>
      {words !== '' && <StatusMark tone={tone} />}
      <span>{visible(clip(words, 200))}</span>
    </span>
  );
}
