/**
 * The surroundings of an exec plugin: its environment, KUBERNETES_EXEC_INFO, and which file
 * its command means. Variables that load code into other programs never come from a kubeconfig.
 */
import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, isAbsolute, join, sep } from 'node:path';
import type { ClusterConfig, ExecConfig } from '../kubeconfig/types';
import { readSmallFileSync } from '../kubeconfig/read-file';

const refused =
  /^(LD_|DYLD_|ELECTRON_|NODE_OPTIONS$|NODE_EXTRA_CA_CERTS$|BASH_ENV$|ENV$|PYTHONSTARTUP$|PERL5OPT$|RUBYOPT$|GCONV_PATH$)/i;
/** Ours, not the plugin's: Electron's and Node's own switches would change every Node program. */
const dropped = /^(ELECTRON_|NODE_OPTIONS$|LD_PRELOAD$|DYLD_INSERT_LIBRARIES$)/i;

/** `base` is the login shell's environment; exec.env is laid over it, unless it is refused. */
export function execEnvironment(
  base: Readonly<Record<string, string>>,
  exec: ExecConfig,
  info: string,
): Record<string, string> {
  const environment: Record<string, string> = {};
  for (const [name, value] of Object.entries(base)) if (!dropped.test(name)) environment[name] = value;
  for (const { name, value } of exec.env)
    if (!refused.test(name) && isVariable(name)) environment[name] = value;
  environment['KUBERNETES_EXEC_INFO'] = info;
  return environment;
}

/** Names of exec.env that are left out. */
export function refusedVariables(exec: ExecConfig): string[] {
  return exec.env.map((one) => one.name).filter((name) => refused.test(name) || !isVariable(name));
}

function isVariable(name: string): boolean {
  return name !== '' && !/[=\0]/.test(name);
}

/** JSON of the ExecCredential that a plugin is handed. */
export function execInfo(exec: ExecConfig, cluster: ClusterConfig, interactive: boolean): string {
  return JSON.stringify({
    kind: 'ExecCredential',
    apiVersion: exec.apiVersion,
    spec: { ...(exec.provideClusterInfo ? { cluster: clusterInfo(cluster) } : {}), interactive },
  });
}

function clusterInfo(cluster: ClusterConfig): Record<string, unknown> {
  return {
    server: cluster.server,
    ...(cluster.tlsServerName === undefined ? {} : { 'tls-server-name': cluster.tlsServerName }),
    ...(cluster.insecureSkipTlsVerify ? { 'insecure-skip-tls-verify': true } : {}),
    ...(cluster.ca ? { 'certificate-authority-data': authorityData(cluster.ca) } : {}),
    ...(cluster.proxyUrl === undefined ? {} : { 'proxy-url': cluster.proxyUrl }),
    ...(cluster.disableCompression ? { 'disable-compression': true } : {}),
    ...(cluster.execConfig === undefined ? {} : { config: cluster.execConfig }),
  };
}

function authorityData(ca: NonNullable<ClusterConfig['ca']>): string | undefined {
  if ('data' in ca) return Buffer.from(ca.data, 'utf8').toString('base64');
  try {
    return readSmallFileSync(ca.file, 1024 * 1024).toString('base64');
  } catch {
    return undefined; // The connection itself says what is wrong with the file.
  }
}

export interface FoundCommand {
  readonly path: string | undefined;
  readonly searched: readonly string[];
  /** A file of that name is there but may not be run. */
  readonly notExecutable?: string;
}

/** By the PATH of `environment`; a command with a separator stands for itself. */
export function findCommand(command: string, environment: Readonly<Record<string, string>>): FoundCommand {
  const windows = process.platform === 'win32';
  const endings = windows ? ['', ...(environment['PATHEXT'] ?? '.COM;.EXE;.BAT;.CMD').split(';')] : [''];
  let notExecutable: string | undefined;
  const look = (base: string): string | undefined => {
    for (const ending of endings) {
      const kind = runnable(base + ending);
      if (kind === 'yes') return base + ending;
      if (kind === 'no') notExecutable ??= base + ending;
    }
    return undefined;
  };
  if (isAbsolute(command) || command.includes(sep)) {
    const path = look(command);
    return { path, searched: [command], ...(notExecutable === undefined ? {} : { notExecutable }) };
  }
  const parts = (environment['PATH'] ?? environment['Path'] ?? '')
    .split(delimiter)
    // Relative parts would depend on where the app was started.
    .filter((part) => isAbsolute(part));
  const searched = [...new Set(parts)];
  for (const directory of searched) {
    const path = look(join(directory, command));
    if (path !== undefined) return { path, searched };
  }
  return { path: undefined, searched, ...(notExecutable === undefined ? {} : { notExecutable }) };
}

function runnable(path: string): 'yes' | 'no' | 'missing' {
  try {
    if (!statSync(path).isFile()) return 'missing';
  } catch {
    return 'missing';
  }
  try {
    accessSync(path, constants.X_OK);
    return 'yes';
  } catch {
    return 'no';
  }
}
