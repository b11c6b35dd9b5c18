/** What an exit code of a container says by itself (D21). Codes are conventions of shells and kernels. */

const signals: Readonly<Record<number, string>> = {
  1: 'SIGHUP',
  2: 'SIGINT',
  3: 'SIGQUIT',
  4: 'SIGILL, an illegal instruction',
  6: 'SIGABRT: it aborted itself',
  7: 'SIGBUS, a bad memory access',
  8: 'SIGFPE, an arithmetic error',
  9: 'SIGKILL: killed from outside',
  11: 'SIGSEGV, a segmentation fault',
  13: 'SIGPIPE',
  14: 'SIGALRM',
  15: 'SIGTERM: asked to stop',
  24: 'SIGXCPU, CPU time used up',
  25: 'SIGXFSZ, a file too large',
  31: 'SIGSYS, a forbidden system call',
};

/** `not found: the command is not in the image`; '' for codes that only the program itself can explain. */
export function exitMeaning(code: number, signal = 0): string {
  if (signal > 0) return `ended by ${signals[signal] ?? `signal ${signal}`}`;
  switch (code) {
    case 0:
      return 'ended by itself, without an error';
    case 1:
      return 'general error of the program';
    case 2:
      return 'error of the program, often wrong arguments';
    case 126:
      return 'the command cannot be executed';
    case 127:
      return 'the command is not found';
    case 128:
      return 'the container could not be started';
    case 255:
      return 'error of the program, or an unknown end';
    default:
  }
  if (code > 128 && code < 160) return `ended by ${signals[code - 128] ?? `signal ${code - 128}`}`;
  return '';
}
