/** What is it, is it well, why not, what next: the status, the findings with their cause, and buttons for the next step. */
import { useState, type ReactNode } from 'react';
import { diagnose } from '#shared/domain/health/diagnose';
import type { Finding, Step } from '#shared/domain/health/types';
import { formatStatus } from '#shared/util/age';
import { clip, visible } from '#shared/util/text';
import { commandState, useCommandList } from '../../../data/command-registry';
import { useAnswersVersion } from '../../../data/use-can';
import { Button } from '../../../ui/Button';
import { useClockText } from '../../../ui/clock';
import { StatusMark } from '../../../ui/StatusMark';
import styles from './drawer.module.css';
import { statusWords } from './facts';
import type { DetailProps } from './tabs';

const FEW = 2;

export interface SentenceProps extends DetailProps {
  readonly onTab: (id: string) => void;
}

export function Sentence({ onTab, ...props }: SentenceProps): ReactNode {
  const { reference, object, around, facts, clockOffset } = props;
  const [all, setAll] = useState(false);
  const status = statusWords(reference.kind, object);
  const words = useClockText((now) =>
    status ? formatStatus(status.text, status.at, now + clockOffset) : '',
  );
  const now = Date.now() + clockOffset;
  const findings = diagnose({ kind: reference.kind, object, around, events: facts, now });
  if (!status && findings.length === 0) return null;
  const worst = findings[0]?.tone;
  const own = status?.tone === 'done' ? 'ok' : (status?.tone ?? 'ok');
  const tone = own === 'bad' || worst === 'bad' ? 'bad' : own === 'warn' || worst === 'warn' ? 'warn' : own;
  const shown = all ? findings : findings.slice(0, FEW);
  return (
    <section className={styles.sentence} data-tone={tone} aria-label="Diagnosis">
      {status && (
        <p className={styles.words}>
          <StatusMark tone={status.tone} />
          {tone === 'bad' || tone === 'warn' ? <b>{visible(words)}</b> : <span>{visible(words)}</span>}
        </p>
      )}
      {shown.map((one) => (
        <One key={`${one.rule}/${one.what}`} finding={one} props={props} onTab={onTab} />
      ))}
      {findings.length > FEW && (
        <button type="button" className={styles.more} aria-expanded={all} onClick={() => setAll(!all)}>
          {all ? 'Show less' : `${findings.length - FEW} more`}
        </button>
      )}
    </section>
  );
}

function One({
  finding,
  props,
  onTab,
}: {
  readonly finding: Finding;
  readonly props: DetailProps;
  readonly onTab: (id: string) => void;
}): ReactNode {
  const [open, setOpen] = useState(false);
  return (
    <div className={styles.finding} data-tone={finding.tone}>
      <p>{visible(clip(finding.what, 300))}</p>
      {finding.cause !== '' && <p className={styles.muted}>{visible(clip(finding.cause, 600))}</p>}
      <p>
        <span className={styles.muted}>Next: </span>
        {visible(clip(finding.next, 400))}
      </p>
      <div className={styles.steps}>
        {finding.steps.map((step) => (
          <StepButton key={step.title} step={step} props={props} onTab={onTab} />
        ))}
        <button type="button" className={styles.why} aria-expanded={open} onClick={() => setOpen(!open)}>
          How it is known
        </button>
      </div>
      {open && (
        <ul className={styles.evidence} aria-label={`Evidence, rule ${finding.rule}`}>
          {finding.evidence.map((one, index) => (
            <li key={`${one.path}-${index}`}>
              <span>
                {one.of ? `${visible(one.of.name)} ` : ''}
                {visible(one.path)}
              </span>{' '}
              {visible(clip(one.value, 500))}
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

function StepButton({
  step,
  props,
  onTab,
}: {
  readonly step: Step;
  readonly props: DetailProps;
  readonly onTab: (id: string) => void;
}): ReactNode {
  const list = useCommandList();
  useAnswersVersion();
  if (step.do === 'open') return <Button onClick={() => props.onGo(step.link)}>{visible(step.title)}</Button>;
  if (step.do === 'tab') return <Button onClick={() => onTab(step.tab)}>{step.title}</Button>;
  const id = step.do === 'logs' ? (step.previous ? 'logs.previous' : 'logs.show') : step.id;
  const command = list.all.find((one) => one.id === id);
  const context = { ...list.context(), selection: [{ ...props.reference, uid: props.uid }] };
  if (!command) return null;
  const refused = commandState(command, context);
  if (refused === 'hidden') return null;
  return (
    <Button disabled={refused !== undefined} data-tip={refused} onClick={() => void command.run(context)}>
      {step.title}
    </Button>
  );
}
