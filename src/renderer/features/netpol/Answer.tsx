/** An answer in words: the verdict first, then both sides with what decided, then what limits it. */
import type { ReactNode } from 'react';
import type { NetpolQuestion } from '#shared/contract/netpol';
import type { InquiryAnswer, Shown } from '#shared/domain/netpol/inquiry';
import type { SideTrace, TraceLine } from '#shared/domain/netpol/side-trace';
import { visible } from '#shared/util/text';
import { StatusMark, type MarkTone } from '../../ui/StatusMark';
import styles from './netpol.module.css';
import { PolicyLink } from './PolicyLink';
import { TryIt } from './TryIt';

const outcomes: Readonly<Record<InquiryAnswer['outcome'], MarkTone>> = {
  allowed: 'ok',
  partial: 'warn',
  denied: 'bad',
  undefined: 'idle',
};

export interface AnswerProps {
  readonly answer: InquiryAnswer;
  /** False: nothing enforces what the policies say. */
  readonly enforced: boolean | undefined;
  /** The question, to try it for real; absent: that is not offered. */
  readonly question?: Pick<NetpolQuestion, 'to' | 'port'>;
}

export function Answer({ answer, enforced, question }: AnswerProps): ReactNode {
  const { outcome, sentence, notes, caveats, shown, open, pairs } = answer;
  const many = pairs.allowed + pairs.denied + pairs.undefined > 1;
  return (
    <section className={styles.answer} aria-label="Answer" aria-live="polite">
      <h2 className={styles.verdict} data-outcome={outcome}>
        <StatusMark tone={outcomes[outcome]} />
        <span>{visible(sentence)}</span>
      </h2>
      {enforced === false && outcome !== 'allowed' && (
        <p className={styles.warn}>In fact it passes: nothing enforces policies here.</p>
      )}
      {open !== '' && outcome === 'denied' && <p className={styles.muted}>Open between them: {open}.</p>}
      {notes.map((note) => (
        <p key={note} className={styles.muted}>
          {visible(note)}
        </p>
      ))}
      {shown.map((one) => (
        <Flow
          key={`${one.verdict.from.name} ${one.verdict.to.name}`}
          shown={one}
          named={many || shown.length > 1}
        >
          {question && (
            <TryIt
              key={`${one.verdict.from.name} ${one.verdict.to.name} ${one.verdict.port} ${one.verdict.protocol}`}
              verdict={one.verdict}
              to={question.to}
              port={question.port}
              enforced={enforced}
            />
          )}
        </Flow>
      ))}
      {caveats.length > 0 && (
        <>
          <h3 className={styles.small}>What limits this answer</h3>
          <ul className={styles.caveats}>
            {caveats.map((one) => (
              <li key={one.text}>
                <span className={styles.rule}>{one.rule}</span> {visible(one.text)}
              </li>
            ))}
          </ul>
        </>
      )}
    </section>
  );
}

interface FlowProps {
  readonly shown: Shown;
  readonly named: boolean;
  readonly children: ReactNode;
}

function Flow({ shown, named, children }: FlowProps): ReactNode {
  const { verdict, egress, ingress } = shown;
  const port = verdict.port === null ? verdict.protocol : `${verdict.protocol} ${verdict.port}`;
  return (
    <>
      {named && (
        <h3 className={styles.small}>
          {verdict.allowed ? 'Allowed' : 'Denied'}: {visible(verdict.from.name)} to {visible(verdict.to.name)}
          , {port}
        </h3>
      )}
      <div className={styles.sides}>
        <Side trace={egress} title={`Egress of ${verdict.from.name}`} />
        <Side trace={ingress} title={`Ingress of ${verdict.to.name}`} />
      </div>
      {children}
    </>
  );
}

const effects: Readonly<Record<TraceLine['effect'], readonly [MarkTone, string]>> = {
  allows: ['ok', 'allows'],
  denies: ['bad', 'denies'],
  passes: ['idle', 'passes on'],
  isolates: ['bad', 'isolates'],
  near: ['warn', 'fits in part'],
};

function Side({ trace, title }: { readonly trace: SideTrace; readonly title: string }): ReactNode {
  const state = trace.undefined ? 'undefined' : trace.allowed ? 'allowed' : 'denied';
  return (
    <section className={styles.side} aria-label={title}>
      <h3 className={styles.sideHead}>
        <StatusMark tone={trace.undefined ? 'idle' : trace.allowed ? 'ok' : 'bad'} />
        <span className={styles.sideTitle}>{visible(title)}</span>
        <span className={styles.muted}>{state}</span>
        <span className={styles.rule} data-tip="Rule of the semantics that decided">
          {trace.rule}
        </span>
      </h3>
      {trace.lines.length === 0 && <p className={styles.sentence}>{visible(trace.sentence)}</p>}
      <ul className={styles.lines}>
        {trace.lines.map((line, index) => {
          const [wanted, word] = effects[line.effect];
          // Where something allows it, what only isolates is no trouble.
          const tone = trace.allowed && line.effect === 'isolates' ? 'idle' : wanted;
          return (
            <li key={index} className={styles.line}>
              <StatusMark tone={tone} />
              <div>
                <div>
                  <PolicyLink policy={line.policy} /> <b className={styles.effect}>{word}</b>{' '}
                  <code className={styles.place}>{line.place}</code>
                </div>
                <p className={styles.muted}>{visible(line.text)}</p>
              </div>
            </li>
          );
        })}
      </ul>
      {trace.fix !== undefined && (
        <p className={styles.fix}>
          <b>What would allow it</b> {visible(trace.fix)}
        </p>
      )}
    </section>
  );
}
