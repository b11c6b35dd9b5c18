/**
 * Finds the best shell of a container by starting it: no probe runs before, nothing is typed.
 * A shell that is not there is told by the container runtime before it prints anything; then the
 * next one is tried. What was found is remembered per image.
 * Guarantees: nothing of a failed try reaches the person; a shell that started is never retried.
 */
import { AppFailure, fail, type AppError } from '#shared/util/app-error';
import type { Dialler } from '../../k8s/channel-socket';
import { NO_SUCH_COMMAND, saysNoCommand } from '../../k8s/exec-errors';
import {
  openExec,
  type ContainerTarget,
  type ExecEnd,
  type ExecHandlers,
  type ExecStream,
} from '../../k8s/exec-stream';

const unix = [['bash'], ['sh'], ['ash']];
const windows = [['powershell.exe'], ['pwsh.exe'], ['cmd.exe']];
/** Docker's runtime prints its refusal as if the program had. */
const runtimeWords = /^(?:OCI runtime|rpc error|exec failed|error executing)/i;
const HELD_BYTES = 4_096;
/** A shell that is quiet so long has started. */
const STARTED_MS = 1_000;

/** By image: what was found there last. */
export type ShellMemory = Map<string, readonly string[]>;

export interface ChosenShell {
  readonly stream: ExecStream;
  readonly command: readonly string[];
}

export interface ChooseOptions {
  readonly api: Dialler;
  readonly target: ContainerTarget;
  readonly image: string | undefined;
  readonly windows: boolean;
  readonly memory: ShellMemory;
  /** Of the terminal now: the first prompt is drawn for it. */
  readonly size: () => { readonly columns: number; readonly rows: number };
}

/** Resolves with the shell that runs. AppFailure `no-shell`, or why there is no stream at all. */
export async function chooseShell(
  options: ChooseOptions,
  handlers: ExecHandlers,
  signal: AbortSignal,
): Promise<ChosenShell> {
  const { image, memory } = options;
  const known = image === undefined ? undefined : memory.get(image);
  const usual = options.windows ? windows : unix;
  const candidates = known ? [known, ...usual.filter((one) => one[0] !== known[0])] : usual;
  const tried: string[] = [];
  for (const command of candidates) {
    const stream = await tryShell(options, command, handlers, signal);
    if (stream) {
      if (image !== undefined) memory.set(image, command);
      return { stream, command };
    }
    tried.push(command[0] ?? '');
  }
  const { pod, container } = options.target;
  throw fail(
    'no-shell',
    `Container ${container ?? 'of'} ${container ? `of pod ${pod}` : `pod ${pod}`} has no shell.`,
    {
      hint: `Tried ${tried.join(', ')}. Debug the pod: a debug container brings its own shell and sees its processes.`,
    },
  );
}

/** The running shell; undefined when the container does not have it. */
function tryShell(
  { api, target, size }: ChooseOptions,
  command: readonly string[],
  handlers: ExecHandlers,
  signal: AbortSignal,
): Promise<ExecStream | undefined> {
  return new Promise((resolve, reject) => {
    let decided = false;
    let stream: ExecStream | undefined;
    let held: Uint8Array[] = [];
    let heldBytes = 0;
    let timer: NodeJS.Timeout | undefined;

    const accept = (): void => {
      if (decided || !stream) return;
      decided = true;
      clearTimeout(timer);
      resolve(stream);
      for (const bytes of held) handlers.onData('stdout', bytes);
      held = [];
    };
    const give = (outcome: AppError | 'missing'): void => {
      if (decided) return;
      decided = true;
      clearTimeout(timer);
      if (outcome === 'missing') resolve(undefined);
      else reject(new AppFailure(outcome));
    };

    const text = (): string => Buffer.concat(held).toString('utf8');
    const onData: ExecHandlers['onData'] = (from, bytes) => {
      if (decided) return handlers.onData(from, bytes);
      held.push(Uint8Array.from(bytes));
      heldBytes += bytes.length;
      if (heldBytes > HELD_BYTES || !runtimeWords.test(text())) accept();
    };
    const onEnd = (end: ExecEnd): void => {
      if (decided) return handlers.onEnd(end);
      if ('error' in end) return give(end.error.reason === NO_SUCH_COMMAND ? 'missing' : end.error);
      const refused = (end.code === 126 || end.code === 127) && (heldBytes === 0 || saysNoCommand(text()));
      if (refused) return give('missing');
      accept();
      handlers.onEnd(end);
    };
    openExec(api, { ...target, command, tty: true, stdin: true }, { onData, onEnd }, signal).then(
      (opened) => {
        stream = opened;
        const { columns, rows } = size();
        opened.resize(columns, rows);
        if (heldBytes > 0 && !runtimeWords.test(text())) accept();
        else if (!decided) timer = setTimeout(accept, STARTED_MS);
      },
      (thrown: unknown) => {
        if (thrown instanceof AppFailure && thrown.error.reason === NO_SUCH_COMMAND) give('missing');
        else reject(thrown instanceof Error ? thrown : new Error(String(thrown)));
      },
    );
  });
}
