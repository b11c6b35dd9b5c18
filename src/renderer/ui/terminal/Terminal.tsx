/**
 * A terminal: shows a program's output and takes what is typed. Load it lazily (it brings xterm).
 * Guarantees: keys belong to the program but Ctrl/Cmd+F (find), Ctrl+Shift+C and V, and F6 (leave);
 * several lines are pasted only after a look; what a program asks of the window is ignored.
 * Does not: know where the program runs, keep anything after it is unmounted.
 */
import { useEffect, useRef, useState, type ReactNode } from 'react';
import { Button } from '../Button';
import { Dialog } from '../Dialog';
import { makeTerminal, type MadeTerminal } from './make-terminal';
import { cleanPaste, needsGuard, pastedLines } from './paste';
import { SearchBar } from './SearchBar';
import styles from './terminal.module.css';

export interface TerminalSize {
  readonly columns: number;
  readonly rows: number;
}

/** What the owner of a terminal does with it. */
export interface TerminalHandle {
  readonly size: TerminalSize;
  /** `shown` is called once these bytes are on the screen (or would be). */
  write(bytes: Uint8Array | string, shown?: () => void): void;
  focus(): void;
  /** Empties screen and scrollback, and forgets the modes a program left. */
  reset(): void;
  find(): void;
}

export interface TerminalProps {
  /** Accessible name: "Shell in frontend-69c5, container app". */
  readonly label: string;
  /** False while covered: it keeps its content and frees what is scarce. */
  readonly visible: boolean;
  /** Called once; what it returns is called when the terminal goes away. */
  readonly onReady: (terminal: TerminalHandle) => void | (() => void);
  readonly onInput: (data: string) => void;
  readonly onResize: (size: TerminalSize) => void;
  /** A link (http or https) was pressed. */
  readonly onLink: (url: string) => void;
  readonly copyOnSelect: boolean;
  readonly scrollback?: number;
}

export function Terminal(props: TerminalProps): ReactNode {
  const { label, visible, scrollback = 10_000 } = props;
  const latest = useRef(props);
  latest.current = props;
  const box = useRef<HTMLDivElement>(null);
  const made = useRef<MadeTerminal | undefined>(undefined);
  const [finding, setFinding] = useState(false);
  const [asked, setAsked] = useState<string>();

  const paste = useRef((text: string): void => {
    const clean = cleanPaste(text);
    const xterm = made.current?.xterm;
    if (!xterm || clean === '') return;
    if (needsGuard(clean, xterm.modes.bracketedPasteMode)) setAsked(clean);
    else xterm.paste(clean);
  }).current;

  useEffect(() => {
    const element = box.current;
    if (!element) return undefined;
    const terminal = makeTerminal({
      box: element,
      label,
      scrollback,
      onLink: (url) => latest.current.onLink(url),
    });
    made.current = terminal;
    const { xterm } = terminal;
    const copy = (): void => {
      const text = xterm.getSelection();
      if (text !== '') void navigator.clipboard.writeText(text).catch(() => undefined);
    };
    xterm.attachCustomKeyEventHandler((event) =>
      ownKey(event, { copy, find: () => setFinding(true), xterm }),
    );
    xterm.onData((data) => latest.current.onInput(data));
    // Mouse reports of old programs are bytes, not text.
    xterm.onBinary((data) => latest.current.onInput(data));
    xterm.onResize(({ cols, rows }) => latest.current.onResize({ columns: cols, rows }));
    xterm.onSelectionChange(() => {
      if (latest.current.copyOnSelect && xterm.hasSelection()) copy();
    });
    const onPaste = (event: ClipboardEvent): void => {
      // After a dialog the focus is back here but the selection is not, and the event goes to the page.
      if (!element.contains(document.activeElement)) return;
      event.preventDefault();
      event.stopPropagation();
      paste(event.clipboardData?.getData('text/plain') ?? '');
    };
    document.addEventListener('paste', onPaste, true);
    let frame = 0;
    const resizes = new ResizeObserver(() => {
      cancelAnimationFrame(frame);
      frame = requestAnimationFrame(() => terminal.fit());
    });
    resizes.observe(element);
    terminal.fit();
    // The width of a cell is that of the font: fit again once it is loaded.
    let gone = false;
    void document.fonts.load(`12.5px ${xterm.options.fontFamily ?? 'monospace'}`).then(() => {
      if (gone) return;
      // Only a change is measured.
      const family = xterm.options.fontFamily;
      xterm.options.fontFamily = 'monospace';
      xterm.options.fontFamily = family;
      terminal.fit();
    });
    const leave = latest.current.onReady({
      get size() {
        return { columns: xterm.cols, rows: xterm.rows };
      },
      write: (bytes, shown) => xterm.write(bytes, shown),
      focus: () => xterm.focus(),
      reset: () => xterm.reset(),
      find: () => setFinding(true),
    });
    return () => {
      gone = true;
      leave?.();
      cancelAnimationFrame(frame);
      resizes.disconnect();
      document.removeEventListener('paste', onPaste, true);
      terminal.dispose();
      made.current = undefined;
    };
  }, [label, scrollback, paste]);

  useEffect(() => {
    made.current?.setOnScreen(visible);
    if (visible) made.current?.fit();
  }, [visible]);

  const close = (): void => {
    setAsked(undefined);
    made.current?.xterm.focus();
  };
  const lines = asked === undefined ? [] : pastedLines(asked);
  const verb = `Paste ${lines.length} lines`;
  return (
    <div className={styles.terminal} role="group" aria-label={label} data-keys="own">
      <div ref={box} className={styles.screen} />
      {finding && made.current && (
        <SearchBar
          search={made.current.search}
          onClose={() => {
            setFinding(false);
            made.current?.xterm.focus();
          }}
        />
      )}
      {asked !== undefined && (
        <Dialog
          label={`${verb} into this terminal?`}
          onClose={close}
          actions={
            <>
              <Button onClick={close}>Cancel</Button>
              <Button
                look="primary"
                onClick={() => {
                  made.current?.xterm.paste(asked);
                  close();
                }}
              >
                {verb}
              </Button>
            </>
          }
        >
          <p>Each line runs as soon as it is pasted.</p>
          <pre className={styles.preview}>{asked.slice(0, 4_000)}</pre>
        </Dialog>
      )}
    </div>
  );
}

interface Keys {
  readonly copy: () => void;
  readonly find: () => void;
  readonly xterm: { blur(): void; hasSelection(): boolean };
}

/** Keys that are the terminal's and not the program's; false keeps them from the program. */
function ownKey(event: KeyboardEvent, { copy, find, xterm }: Keys): boolean {
  if (event.type !== 'keydown') return true;
  const mac = navigator.platform.startsWith('Mac');
  const mod = mac ? event.metaKey && !event.ctrlKey : event.ctrlKey && !event.altKey;
  const key = event.key.toLowerCase();
  if (mod && key === 'f') {
    event.preventDefault();
    find();
    return false;
  }
  if (mod && (mac || event.shiftKey) && key === 'c' && xterm.hasSelection()) {
    event.preventDefault();
    copy();
    return false;
  }
  // The platform's own paste comes as an event.
  if (mod && (mac || event.shiftKey) && key === 'v') return false;
  if (key === 'f6') {
    event.preventDefault();
    xterm.blur();
    return false;
  }
  return true;
}
