/**
 * What a context would run to sign in, as the person is asked about it before the first time
 * (rules/security.md 1.5, fault 40). Guarantees: `seen` names everything that decides what is run
 * (file, user, command, resolved path, arguments, variables with values, apiVersion), so that a
 * change of any of it is another question; no value of a variable is in the question.
 */
import { createHash } from 'node:crypto';
import { dirname, isAbsolute, relative } from 'node:path';
import type { PluginQuestion } from '#shared/contract/app';
import type { PluginPolicy } from '../kubeconfig/kuberc';
import type { ContextConfig, Material } from '../kubeconfig/types';
import { execEnvironment, findCommand, refusedVariables } from '../k8s/exec-environment';

/** Names the user entry in the settings. */
export function entryOf({ file, user }: ContextConfig): string {
  return `${user.name} in ${file}`;
}

/** Undefined: this context runs no program. Looks up the command, runs nothing. */
export function pluginQuestion(
  context: ContextConfig,
  environment: Readonly<Record<string, string>>,
  policy?: PluginPolicy,
): Omit<PluginQuestion, 'changed'> | undefined {
  const { user, file } = context;
  const { exec } = user;
  // The order of credentials.ts: with any of these the plugin is never run.
  if (!exec || user.tokenFile !== undefined || user.token !== undefined) return undefined;
  if (user.username !== undefined || user.password !== undefined) return undefined;
  const surroundings = execEnvironment(environment, exec, '');
  const path = findCommand(exec.command, surroundings).path ?? null;
  const seen = createHash('sha256')
    .update(JSON.stringify([file, user.name, exec.command, path, exec.args, exec.env, exec.apiVersion]))
    .digest('hex');
  const refusal = policy && refusedBy(policy, path, surroundings);
  return {
    file,
    user: user.name,
    command: exec.command,
    path,
    args: exec.args,
    env: exec.env.map(({ name }) => name),
    leftOut: refusedVariables(exec),
    besideFile: path !== null && isInside(dirname(file), path),
    outside: filesOf(context).filter((one) => !isInside(dirname(file), one)),
    seen,
    ...(refusal === undefined ? {} : { refusal }),
  };
}

function refusedBy(
  { policy, allowed, file }: PluginPolicy,
  path: string | null,
  environment: Readonly<Record<string, string>>,
): string | undefined {
  if (policy === 'DenyAll') return `${file} forbids every credential plugin (credentialPluginPolicy).`;
  const isListed = path !== null && allowed.some((one) => findCommand(one, environment).path === path);
  return isListed ? undefined : `${file} does not list this program (credentialPluginAllowlist).`;
}

function isInside(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return way !== '' && !way.startsWith('..') && !isAbsolute(way);
}

/** Files of the context that are read to sign in. */
function filesOf({ user, cluster }: ContextConfig): string[] {
  const materials: readonly (Material | undefined)[] = [
    user.clientCertificate,
    user.clientKey,
    cluster.ca,
    user.tokenFile === undefined ? undefined : { file: user.tokenFile },
  ];
  return materials.flatMap((one) => (one && 'file' in one ? [one.file] : []));
}
