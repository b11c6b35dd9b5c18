/** A make-believe shell in a container: a dozen commands, line editing on a terminal. */
import { iso, type Fields, type Pod } from '../model';

export interface Terminal {
  readonly tty: boolean;
  readonly stdin: boolean;
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  /** Ends the session; with a message the command could not even start. */
  readonly finish: (code: number, message?: string) => void;
  readonly after: (ms: number, run: () => void) => void;
}

export interface Session {
  input(text: string): void;
  endOfInput(): void;
  resize(width: number, height: number): void;
}

const shells = new Set(['sh', 'bash', 'ash', '/bin/sh', '/bin/bash', '/bin/ash']);

export class Shell {
  private readonly pod: Pod;
  private readonly container: string;
  private readonly now: () => number;
  private size = { width: 80, height: 24 };

  constructor(pod: Pod, container: string, now: () => number) {
    this.pod = pod;
    this.container = container;
    this.now = now;
  }

  start(command: readonly string[], terminal: Terminal): Session {
    const [program = '', ...args] = command;
    if (!shells.has(program)) return this.program([program, ...args], terminal);
    if (args[0] === '-c') {
      this.script((args[1] ?? '').split(/&&|;/), terminal);
      return this.session();
    }
    if (terminal.stdin) return this.interactive(terminal);
    terminal.finish(0);
    return this.session();
  }

  private session(
    input: (text: string) => void = () => undefined,
    endOfInput: () => void = () => undefined,
  ): Session {
    return { input, endOfInput, resize: (width, height) => void (this.size = { width, height }) };
  }

  private script(steps: readonly string[], terminal: Terminal): void {
    const [step, ...rest] = steps;
    if (step === undefined) return terminal.finish(0);
    const words = step.trim().split(/\s+/).filter(Boolean);
    if (words[0] === 'sleep')
      return terminal.after(Number(words[1] ?? 0) * 1000, () => this.script(rest, terminal));
    const code = this.run(words, terminal);
    if (words[0] === 'exit' || code !== 0) return terminal.finish(code);
    return this.script(rest, terminal);
  }

  /** `cat` without a file echoes what comes in; others run once. */
  private program(words: readonly string[], terminal: Terminal): Session {
    if (words[0] === 'cat' && words.length === 1 && terminal.stdin)
      return this.session(terminal.out, () => terminal.finish(0));
    if (words[0] === 'sleep') {
      terminal.after(Number(words[1] ?? 0) * 1000, () => terminal.finish(0));
      return this.session();
    }
    const code = this.run(words, terminal);
    if (code === 127)
      terminal.finish(
        code,
        `Internal error occurred: error executing command in container: exec: "${words[0]}": executable file not found in $PATH`,
      );
    else terminal.finish(code);
    return this.session();
  }

  private interactive(terminal: Terminal): Session {
    const prompt = terminal.tty ? `/app $ ` : '';
    let line = '';
    terminal.out(prompt);
    const enter = (): boolean => {
      const words = line.trim().split(/\s+/).filter(Boolean);
      line = '';
      const code = this.run(words, terminal);
      if (words[0] === 'exit') {
        terminal.finish(code);
        return false;
      }
      if (code === 127) terminal.err(`sh: ${words[0]}: not found\n`);
      terminal.out(prompt);
      return true;
    };
    const input = (text: string): void => {
      for (const key of text) {
        const echo = terminal.tty ? terminal.out : () => undefined;
        if (key === '\r' || key === '\n') {
          echo('\n');
          if (!enter()) return;
        } else if (key === '\u007f' || key === '\b') {
          if (line) echo('\b \b');
          line = line.slice(0, -1);
        } else if (key === '\u0003') {
          line = '';
          echo(`^C\n${prompt}`);
        } else if (key === '\u0004') {
          if (line === '') return terminal.finish(0);
        } else if (key >= ' ') {
          line += key;
          echo(key);
        }
      }
    };
    return this.session(input, () => terminal.finish(0));
  }

  /** One simple command; 127: there is no such program. */
  private run(words: readonly string[], { out }: Terminal): number {
    const [program, ...args] = words;
    const { metadata, spec, status } = this.pod;
    switch (program) {
      case undefined:
      case 'true':
        return 0;
      case 'false':
        return 1;
      case 'exit':
        return Number(args[0] ?? 0) & 255;
      case 'echo':
        out(`${args.join(' ').replace(/^(["'])(.*)\1$/, '$2')}\n`);
        return 0;
      case 'hostname':
        out(`${metadata.name}\n`);
        return 0;
      case 'whoami':
        out('app\n');
        return 0;
      case 'id':
        out('uid=10001(app) gid=10001(app) groups=10001(app)\n');
        return 0;
      case 'pwd':
        out('/app\n');
        return 0;
      case 'date':
        out(`${new Date(this.now()).toUTCString()}\n`);
        return 0;
      case 'uptime':
        out(`up since ${status.startTime ?? iso(this.now())}\n`);
        return 0;
      case 'ls':
        out('config.yaml  data  server\n');
        return 0;
      case 'ps':
        out(`PID   USER     TIME  COMMAND\n    1 app       0:42 /app/server\n   17 app       0:00 sh\n`);
        return 0;
      case 'stty':
        out(`${this.size.height} ${this.size.width}\n`);
        return 0;
      case 'env':
      case 'printenv':
        out(this.environment());
        return 0;
      case 'cat':
        if (args[0] === '/etc/hostname') out(`${metadata.name}\n`);
        else if (args[0] === '/etc/resolv.conf')
          out(
            `search ${metadata.namespace}.svc.cluster.local svc.cluster.local cluster.local\nnameserver 10.100.0.10\noptions ndots:5\n`,
          );
        else {
          out(`cat: can't open '${args[0] ?? ''}': No such file or directory\n`);
          return 1;
        }
        return 0;
      case 'help':
        out(
          `A model of a shell on node ${spec.nodeName ?? ''}. It knows: cat date echo env exit false hostname id ls ps pwd stty true uptime whoami\n`,
        );
        return 0;
      default:
        return 127;
    }
  }

  private environment(): string {
    const container = this.pod.spec.containers.find((entry) => entry.name === this.container);
    const own = ((container?.['env'] ?? []) as Fields[]).filter(
      (entry) => typeof entry['value'] === 'string',
    );
    const lines = own.map((entry) => `${String(entry['name'])}=${String(entry['value'])}`);
    const common = [
      `HOSTNAME=${this.pod.metadata.name}`,
      `POD_NAME=${this.pod.metadata.name}`,
      'KUBERNETES_SERVICE_HOST=10.100.0.1',
      'KUBERNETES_SERVICE_PORT=443',
      'PATH=/usr/local/bin:/usr/bin:/bin',
      'HOME=/app',
    ];
    return `${[...common, ...lines].join('\n')}\n`;
  }
}
