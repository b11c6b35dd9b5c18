/**
 * What a terminal on this machine runs, with which files and environment. Pure.
 * Guarantees: a context's name never becomes code (it reaches a prompt only without special
 * characters); the person's own start-up files run first, KUBECONFIG is set after them; a plugin's
 * answer (a token) is never printed.
 */
import { basename, join } from 'node:path';
import { fail } from '#shared/util/app-error';
import { execEnvironment, execInfo } from '../k8s/exec-environment';
import type { TerminalOrder } from './messages';
import { oneContextKubeconfig } from './one-context';

export interface TerminalPlan {
  readonly file: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  /** Written 0600 into the terminal's own folder before it starts. */
  readonly files: Readonly<Record<string, string>>;
  /** What to show as the command; never an argument that may hold a secret. */
  readonly shown: readonly string[];
}

export function planTerminal(
  order: TerminalOrder,
  folder: string,
  platform = process.platform,
): TerminalPlan {
  return order.kind === 'local' ? localShell(order, folder, platform) : signIn(order, platform);
}

/** Letters, digits and a few marks: nothing any shell's prompt would expand. */
export function promptText(context: string, namespace: string): string {
  return `${context}/${namespace}`.replace(/[^\w.:@/-]/g, '_').slice(0, 80);
}

const base = (order: TerminalOrder): Record<string, string> => ({
  ...order.environment,
  TERM: 'xterm-256color',
  COLORTERM: 'truecolor',
  TERM_PROGRAM: 'Binnacle',
});

const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

function localShell(order: TerminalOrder, folder: string, platform: NodeJS.Platform): TerminalPlan {
  const { context, namespace, shell, home } = order;
  const kubeconfig = join(folder, 'kubeconfig');
  const prompt = promptText(context.name, namespace);
  const env: Record<string, string> = {
    ...base(order),
    KUBECONFIG: kubeconfig,
    BINNACLE_CONTEXT: context.name,
    BINNACLE_NAMESPACE: namespace,
  };
  const files: Record<string, string> = { kubeconfig: oneContextKubeconfig(context, namespace) };
  const plan = (args: readonly string[], more: Record<string, string> = {}): TerminalPlan => ({
    file: shell,
    args,
    env: { ...env, ...more },
    cwd: home,
    files,
    shown: [basename(shell)],
  });
  const exported = `export KUBECONFIG=${quoted(kubeconfig)}`;
  const name = basename(shell).replace(/\.exe$/i, '');
  if (name === 'bash') {
    files['bashrc'] = [
      '[ -r ~/.bashrc ] && . ~/.bashrc',
      exported,
      // After the person's own, once: tools that rewrite PS1 before each prompt keep theirs.
      `PS1='\\[\\e[36m\\](${prompt})\\[\\e[0m\\] '"\${PS1-\\\\w \\\\$ }"`,
      '',
    ].join('\n');
    return plan(['--rcfile', join(folder, 'bashrc'), '-i']);
  }
  if (name === 'zsh') {
    const own = env['ZDOTDIR'] ?? home;
    for (const file of ['.zshenv', '.zprofile']) {
      files[file] =
        `[ -r ${quoted(join(own, file))} ] && . ${quoted(join(own, file))}\nZDOTDIR=${quoted(folder)}\n`;
    }
    files['.zshrc'] = [
      `ZDOTDIR=${quoted(own)}`,
      `[ -r ${quoted(join(own, '.zshrc'))} ] && . ${quoted(join(own, '.zshrc'))}`,
      exported,
      `PROMPT="%F{cyan}(${prompt})%f $PROMPT"`,
      '',
    ].join('\n');
    return plan(['-i'], { ZDOTDIR: folder });
  }
  if (name === 'fish') {
    const init = [
      `set -gx KUBECONFIG ${quoted(kubeconfig)}`,
      'functions -q fish_prompt; and functions -c fish_prompt binnacle_prompt',
      `function fish_prompt; set_color cyan; echo -n '(${prompt}) '; set_color normal; functions -q binnacle_prompt; and binnacle_prompt; end`,
    ];
    return plan(['-i', '-C', init.join('; ')]);
  }
  if (platform === 'win32') {
    if (!/^(?:pwsh|powershell)$/i.test(name)) return plan([], { PROMPT: `(${prompt}) $P$G` });
    const wrapped = `$binnaclePrompt = $function:prompt; function prompt { '(${prompt}) ' + (& $binnaclePrompt) }`;
    return plan(['-NoLogo', '-NoExit', '-Command', wrapped]);
  }
  files['shrc'] = `${exported}\nPS1='(${prompt}) $ '\n`;
  return plan(['-i'], { ENV: join(folder, 'shrc') });
}

function signIn(order: TerminalOrder, platform: NodeJS.Platform): TerminalPlan {
  const { context, shell, home, loginCommand } = order;
  const env = base(order);
  if (loginCommand !== undefined && loginCommand.trim() !== '') {
    const name = basename(shell).replace(/\.exe$/i, '');
    const args =
      platform === 'win32'
        ? /^(?:pwsh|powershell)$/i.test(name)
          ? ['-NoLogo', '-Command', loginCommand]
          : ['/d', '/c', loginCommand]
        : /^(?:bash|zsh|fish)$/.test(name)
          ? ['-i', '-c', loginCommand]
          : ['-c', loginCommand];
    return { file: shell, args, env, cwd: home, files: {}, shown: [loginCommand] };
  }
  const { exec } = context.user;
  if (!exec) {
    throw fail('unsupported', `${context.name} does not sign in with a plugin.`, {
      hint: 'Set a login command for this context on the Clusters page.',
    });
  }
  if (platform === 'win32') {
    throw fail('unsupported', 'The plugin cannot be run in a terminal on Windows yet.', {
      hint: 'Set a login command for this context on the Clusters page, or sign in with the tool itself.',
    });
  }
  return {
    file: '/bin/sh',
    // Its answer holds a credential: only what it says beside it (stderr) is for eyes.
    args: ['-c', 'exec "$@" >/dev/null', 'sh', exec.command, ...exec.args],
    env: execEnvironment(env, exec, execInfo(exec, context.cluster, true)),
    cwd: home,
    files: {},
    shown: [basename(exec.command)],
  };
}
