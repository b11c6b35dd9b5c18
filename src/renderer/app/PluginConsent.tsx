/**
 * The question before a kubeconfig's program is run the first time, or after it changed: what it is,
 * with which arguments and variables, and where it comes from. Nothing has run when it is shown.
 */
import { useEffect, useState, type ReactNode } from 'react';
import { app, type PluginQuestion } from '#shared/contract/app';
import { toAppError, type AppError } from '#shared/util/app-error';
import { visible } from '#shared/util/text';
import { useAppData } from '../data/app-data';
import { connect } from '../data/session';
import { Button } from '../ui/Button';
import { StatusMark } from '../ui/StatusMark';
import styles from './plugin-consent.module.css';

export function PluginConsent({ contextId }: { readonly contextId: string }): ReactNode {
  const client = useAppData((state) => state.client);
  // A changed kubeconfig is another question.
  const contexts = useAppData((state) => state.contexts);
  const [round, setRound] = useState(0);
  const [question, setQuestion] = useState<PluginQuestion | null>();
  const [error, setError] = useState<AppError>();
  useEffect(() => {
    const stop = new AbortController();
    client
      ?.call(app, 'pluginQuestion', { contextId }, stop.signal)
      .then((found) => {
        setQuestion(found);
        // Agreed to meanwhile, or the program went from the kubeconfig.
        if (found === null) connect(contextId);
      })
      .catch((thrown: unknown) => {
        if (!stop.signal.aborted) setError(toAppError(thrown));
      });
    return () => stop.abort();
  }, [client, contextId, contexts, round]);
  const agree = (seen: string): void => {
    client
      ?.call(app, 'agreeToPlugin', { contextId, seen })
      .then(() => connect(contextId))
      .catch((thrown: unknown) => {
        setError(toAppError(thrown));
        setRound(round + 1);
      });
  };
  if (question === null || (question === undefined && error === undefined)) return null;
  return (
    <section className={styles.consent} aria-label="Program to sign in">
      {question && (
        <>
          <h2 className={styles.title}>
            <StatusMark tone="warn" />
            {question.changed
              ? 'The program this context runs to sign in has changed'
              : 'This context runs a program to sign in'}
          </h2>
          <p>
            It runs on this machine, with your rights. {question.changed ? 'It' : 'So far it'} has not been
            run{question.changed ? ' since the change' : ''}. Agree only if you know where the kubeconfig
            comes from.
          </p>
          <Facts question={question} />
          {question.besideFile && (
            <p className={styles.warn}>The program lies beside the kubeconfig: it came along with it.</p>
          )}
          {question.refusal !== undefined && <p className={styles.warn}>{visible(question.refusal)}</p>}
        </>
      )}
      {error && <p className={styles.warn}>{error.message}</p>}
      <div className={styles.actions}>
        {question && question.refusal === undefined && (
          <Button look="primary" onClick={() => agree(question.seen)}>
            Agree and connect
          </Button>
        )}
        <span className={styles.muted}>
          Asked once for this user entry, and again when any of this changes.
        </span>
      </div>
    </section>
  );
}

function Facts({ question }: { readonly question: PluginQuestion }): ReactNode {
  const { command, path, args, env, leftOut, file, user, outside } = question;
  const facts: readonly (readonly [string, readonly string[]])[] = [
    ['Command', [command]],
    ['Found at', [path ?? 'nowhere on the PATH: it cannot be run yet']],
    ['Arguments', args.length > 0 ? args : ['none']],
    [
      'Variables',
      env.length > 0 ? env.map((one) => (leftOut.includes(one) ? `${one} (left out)` : one)) : ['none'],
    ],
    ['User entry', [user]],
    ['Kubeconfig', [file]],
    ...(outside.length > 0 ? [['Reads also', outside] as const] : []),
  ];
  return (
    <dl className={styles.facts}>
      {facts.map(([name, values]) => (
        <div key={name} className={styles.fact}>
          <dt>{name}</dt>
          <dd>
            {values.map((value, index) => (
              <code key={index}>{visible(value)}</code>
            ))}
          </dd>
        </div>
      ))}
    </dl>
  );
}
