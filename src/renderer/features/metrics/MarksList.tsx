/** The marks of the time axis in words: counted, and listed on demand. */
import { useState, type ReactNode } from 'react';
import type { MarksAnswer } from '#shared/contract/metrics';
import type { Mark } from '#shared/domain/prom/marks';
import { visible } from '#shared/util/text';
import { Button } from '../../ui/Button';
import { timeWords, type ChartMark } from '../../ui/chart/model';
import styles from './metrics.module.css';

const tones = { deploy: 'info', scale: 'info', restart: 'bad', alert: 'warn', node: 'warn' } as const;

export function chartMarks({ marks }: MarksAnswer): readonly ChartMark[] {
  return marks.map(({ at, type, title }) => ({ at: at / 1000, title: visible(title), tone: tones[type] }));
}

const words: Readonly<Record<Mark['type'], string>> = {
  deploy: 'deploy',
  scale: 'scaling',
  restart: 'restart',
  alert: 'alert',
  node: 'node change',
};

export function MarksList({ answer }: { readonly answer: MarksAnswer }): ReactNode {
  const [open, setOpen] = useState(false);
  const { marks, notes } = answer;
  if (marks.length === 0 && notes.length === 0) return null;
  const counts = new Map<Mark['type'], number>();
  for (const { type } of marks) counts.set(type, (counts.get(type) ?? 0) + 1);
  const summary = [...counts]
    .map(([type, count]) => `${count} ${words[type]}${count === 1 || type === 'scale' ? '' : 's'}`)
    .join(', ');
  return (
    <div className={styles.marks}>
      <Button look="quiet" aria-expanded={open} onClick={() => setOpen(!open)}>
        {summary === '' ? 'Marks could not all be read' : `In this time: ${summary}`}
      </Button>
      {open && (
        <ul aria-label="What happened">
          {[...marks].reverse().map((mark, i) => (
            <li key={i}>
              <time>{timeWords(mark.at / 1000)}</time> {visible(mark.title)}
            </li>
          ))}
          {notes.map((note) => (
            <li key={note} className={styles.warn}>
              Not read. {visible(note)}
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
