/**
 * A terminal with its program: status line, exit code, reconnect, log to file. For shells, debug
 * containers, local terminals and sign-ins alike: who shows it says how its stream is opened.
 */
import { useEffect, useRef, useState, type ReactNode } from 'react';
import { app } from '#shared/contract/app';
import type { TerminalEnd } from '#shared/contract/shell';
import { toAppError } from '#shared/util/app-error';
import { visible as visibleText } from '#shared/util/text';
import { Button, IconButton } from '../ui/Button';
import { StatusMark } from '../ui/StatusMark';
import type { TerminalHandle } from '../ui/terminal/Terminal';
import { lazy } from '../ui/lazy';
import { IconDeviceFloppy, IconSearch } from '@tabler/icons-react';
import { useAppData } from './app-data';
import { COPY_ON_SELECT } from './open-terminals';
import { SessionLog } from './session-log';
import { endWords, TerminalLink, type LinkState, type OpenTerminal } from './terminal-link';
import styles from './terminal-panel.module.css';

const Terminal = lazy(async () => ({ default: (await import('../ui/terminal/Terminal')).Terminal }));

export interface TerminalPanelProps {
  /** Accessible name and suggestion for the log's name. */
  readonly label: string;
  /** Short, for the status line: `frontend-69c5 / app`. */
  readonly title: string;
  readonly visible: boolean;
  /** Undefined while there is nothing to open it with (the cluster's process restarts). */
  readonly open: OpenTerminal | undefined;
  /** What the button says that opens it anew after the end; no button without. */
  readonly againVerb?: string;
  readonly onEnd?: (end: TerminalEnd) => void;
  /** All that is typed goes here in place of the program, e.g. to several at once. */
  readonly onInput?: (data: string) => void;
  /** Gives the way to type into this terminal's program. */
  readonly onLink?: (link: { input(data: string): void } | undefined) => void;
  /** More controls at the right of the status line. */
  readonly controls?: ReactNode;
  /** What to offer beside a failure, e.g. debugging a pod without a shell. */
  readonly remedy?: (end: TerminalEnd) => ReactNode;
}

export function TerminalPanel(props: TerminalPanelProps): ReactNode {
  const { label, title, visible, open, againVerb, controls, remedy } = props;
  const latest = useRef(props);
  latest.current = props;
  const [terminal, setTerminal] = useState<TerminalHandle>();
  const [round, setRound] = useState(0);
  const [state, setState] = useState<LinkState>({ phase: 'opening' });
  const [note, setNote] = useState<string>();
  const [logging, setLogging] = useState<SessionLog>();
  const log = useRef<SessionLog | undefined>(undefined);
  log.current = logging;
  const link = useRef<TerminalLink | undefined>(undefined);
  const ready = open !== undefined;
  const started = useRef(-1);

  useEffect(() => {
    const opener = latest.current.open;
    if (!terminal || !opener || started.current === round) return;
    // A new client (restarted process) never starts a program by itself: the person does.
    started.current = round;
    link.current?.close();
    setState({ phase: 'opening' });
    const made = new TerminalLink(
      opener,
      terminal.size,
      terminal,
      (next) => {
        setState(next);
        if (next.phase !== 'ended' || !next.end) return;
        latest.current.onLink?.(undefined);
        latest.current.onEnd?.(next.end);
      },
      (bytes) => log.current?.write(bytes),
    );
    link.current = made;
    latest.current.onLink?.(made);
    if (latest.current.visible) terminal.focus();
  }, [terminal, ready, round]);

  useEffect(
    () => () => {
      latest.current.onLink?.(undefined);
      link.current?.close();
      log.current?.close();
    },
    [],
  );

  const again = (): void => {
    terminal?.write('\r\n');
    setNote(undefined);
    setRound(round + 1);
  };
  const toggleLog = (): void => {
    if (logging) {
      logging.close();
      setLogging(undefined);
      return;
    }
    const client = useAppData.getState().client;
    if (!client) return;
    setLogging(
      new SessionLog(client, `${title}.log`, (text) => {
        setNote(text);
        if (text !== undefined && !text.startsWith('Logging')) setLogging(undefined);
      }),
    );
  };
  const openLink = (url: string): void => {
    setNote(undefined);
    useAppData
      .getState()
      .client?.call(app, 'openExternal', { url })
      .catch((thrown: unknown) => setNote(toAppError(thrown).message));
  };
  const { end } = state;
  const failed = end && ('error' in end || end.code !== 0);
  return (
    <section className={styles.panel} aria-label={title}>
      <div className={styles.screen}>
        <Terminal
          label={label}
          visible={visible}
          copyOnSelect={useAppData((data) => data.settings?.layout[COPY_ON_SELECT] === true)}
          onReady={(handle) => {
            setTerminal(handle);
            return () => setTerminal(undefined);
          }}
          onInput={(data) => (latest.current.onInput ?? ((text) => link.current?.input(text)))(data)}
          onResize={(size) => link.current?.resize(size)}
          onLink={openLink}
        />
      </div>
      <div className={styles.status} role="status" data-ended={end !== undefined || undefined}>
        {end ? (
          <>
            <StatusMark tone={failed ? 'bad' : 'done'} />
            <span className={styles.words}>
              {visibleText(endWords(end))}
              {'error' in end && end.error.hint !== undefined && ` ${end.error.hint}`}
            </span>
            {againVerb !== undefined && (
              <Button onClick={again} disabled={!ready}>
                {againVerb}
              </Button>
            )}
            {remedy?.(end)}
          </>
        ) : (
          <>
            <StatusMark tone={state.phase === 'running' ? 'ok' : 'progress'} />
            <span className={styles.words}>
              {visibleText(title)}
              {state.started
                ? state.started.command.length > 0 && `, ${visibleText(state.started.command.join(' '))}`
                : ready
                  ? ', opening'
                  : ', waiting for the cluster'}
            </span>
          </>
        )}
        {note !== undefined && <span className={styles.note}>{visibleText(note)}</span>}
        <span className={styles.space} />
        {controls}
        <IconButton label="Find (Ctrl+F)" onClick={() => terminal?.find()}>
          <IconSearch />
        </IconButton>
        <IconButton
          label={logging ? 'Stop logging to file' : 'Log this session to a file'}
          pressed={logging !== undefined}
          onClick={toggleLog}
        >
          <IconDeviceFloppy />
        </IconButton>
      </div>
    </section>
  );
}
