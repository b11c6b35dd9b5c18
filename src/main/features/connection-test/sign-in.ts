/**
 * How a context signs in, and the doctor of its exec plugin: command, where it was found,
 * environment names, last result. Never a token, password, key or value of a variable
 * that is not known to be harmless.
 */
import { X509Certificate } from 'node:crypto';
import { toAppError } from '#shared/util/app-error';
import { visible } from '#shared/util/text';
import { readSmallFileSync } from '../../kubeconfig/read-file';
import type { ContextConfig, ExecConfig } from '../../kubeconfig/types';
import { overHint, type Credentials } from '../../k8s/credentials';
import { execEnvironment, findCommand, refusedVariables } from '../../k8s/exec-environment';
import { redact, stripEscapes } from '../../k8s/exec-output';
import type { CertificatePair } from '../../k8s/tls';
import type { Dialled } from './network';
import { StepFailure, type Found } from './steps';

const harmless = new Set(['AWS_PROFILE', 'AWS_REGION', 'AWS_DEFAULT_REGION', 'CLOUDSDK_CORE_PROJECT']);

const installs: Readonly<Record<string, string>> = {
  aws: 'Install the AWS CLI version 2.',
  az: 'Install the Azure CLI, then sign in with "az login".',
  gcloud: 'Install the Google Cloud CLI.',
  'gke-gcloud-auth-plugin': 'Run "gcloud components install gke-gcloud-auth-plugin".',
  kubelogin: 'Install kubelogin (az aks install-cli).',
  minikube: 'Install minikube.',
  tsh: 'Install the Teleport client, then sign in with "tsh login".',
  doctl: 'Install doctl, then sign in with "doctl auth init".',
};

/** A program that a plugin or shell reports as missing, with how to get it; undefined: none is. */
export function missingTool(text: string): { tool: string; hint: string } | undefined {
  for (const [tool, hint] of Object.entries(installs)) {
    const name = tool.replace(/-/g, '\\-');
    const says = new RegExp(
      `(?<![\\w-])${name}["'’]?:?( is| was)? ?(command )?(not (found|installed|recognized)|No such file)|(executable|command|file) (file )?(not found|is missing):? ["'‘]?${name}(?![\\w-])|exec: ["']${name}["']`,
      'i',
    );
    if (says.test(text)) return { tool, hint };
  }
  return undefined;
}

function safe(text: string): string {
  return visible(redact(stripEscapes(text))).slice(0, 500);
}

/** Everything that can be told of a plugin without running it. */
export function pluginDetails(exec: ExecConfig, environment: Readonly<Record<string, string>>): string[] {
  const found = findCommand(exec.command, execEnvironment(environment, exec, ''));
  const env = exec.env.map(({ name, value }) =>
    harmless.has(name) ? `${visible(name)}=${safe(value)}` : visible(name),
  );
  const left = refusedVariables(exec).map(visible);
  return [
    `Command: ${safe(exec.command)}`,
    `Arguments: ${safe(exec.args.join(' ')) || 'none'}`,
    found.path === undefined
      ? `Not found in: ${found.searched.map(visible).join(', ') || 'an empty PATH'}`
      : `Found at: ${visible(found.path)}`,
    `Variables of the kubeconfig: ${env.join(', ') || 'none'}`,
    ...(left.length > 0 ? [`Left out, they load code: ${left.join(', ')}`] : []),
    `API version: ${exec.apiVersion}; interactive mode: ${exec.interactiveMode}`,
  ];
}

export type EnvironmentFrom = 'terminal' | 'shell' | 'guess';
const sources: Readonly<Record<EnvironmentFrom, string>> = {
  terminal: 'of the terminal Binnacle was started from',
  shell: 'of the login shell',
  guess: 'guessed, because the login shell did not answer',
};

/** How the plugin fared since this cluster was opened. */
function runDetails({ plugin, expires }: Credentials['report']): string[] {
  if (!plugin) return [];
  const { runs, last } = plugin;
  const lines = [`Runs since this cluster was opened: ${runs}`];
  if (last) {
    const at = new Date(last.at).toISOString().slice(11, 19);
    lines.push(`Last run: ${last.end} after ${last.ms} ms, at ${at} UTC`);
    // Every line of it is a row of its own on screen.
    for (const line of last.stderr.split('\n')) if (line !== '') lines.push(`Said: ${visible(line)}`);
  }
  if (runs > 0 && last?.end === 'exit code 0')
    lines.push(
      expires === undefined
        ? 'Expiry: not told, so the credential is kept until the server refuses it'
        : `Expiry: ${new Date(expires).toISOString()}; a new one is fetched 60 s before`,
    );
  return lines;
}

/** Gets the credential as a request would; `ms` of a plugin is what the step took. */
export async function signIn(
  { user }: ContextConfig,
  environment: Readonly<Record<string, string>>,
  credentials: Credentials,
  signal: AbortSignal,
  from?: EnvironmentFrom,
  /** One TLS handshake with a plugin's certificate. */
  handshake?: (pair: CertificatePair) => Promise<Dialled>,
): Promise<Found> {
  const isPlugin = user.exec !== undefined && credentials.report.kind === 'exec';
  const details = user.exec && isPlugin ? pluginDetails(user.exec, environment) : [];
  if (isPlugin && from !== undefined) details.push(`Environment: ${sources[from]}`);
  if (user.impersonate) {
    const groups = user.impersonate.groups.map(visible).join(', ');
    details.push(`Acts as ${visible(user.impersonate.user)}${groups === '' ? '' : ` (groups ${groups})`}`);
  }
  details.push(...certificateDetails(user.clientCertificate));
  try {
    const got = await credentials.current(signal);
    const { kind, expires } = credentials.report;
    details.push(...runDetails(credentials.report));
    details.push(...tokenDetails(got.headers['authorization']));
    const what = kindWords[kind] + (got.pair ? ' with a certificate' : '');
    if (got.pair && handshake) {
      details.push(...certificateDetails({ data: got.pair.cert }));
      const { thrown } = await handshake(got.pair);
      if (thrown !== undefined) throw thrown;
      details.push('The server took it in the TLS handshake');
    }
    const { notKept } = credentials.report;
    if (notKept !== undefined) return { words: `${what}, not kept`, details, state: 'warn', hint: notKept };
    if (expires === undefined) return { words: what, details };
    const when = new Date(expires).toISOString().slice(0, 16).replace('T', ' ');
    const over = expires < Date.now();
    return {
      words: `${what}, ${over ? 'expired at' : 'good until'} ${when} UTC`,
      details,
      ...(over ? { state: 'warn' as const, hint: overHint(kind) } : {}),
    };
  } catch (thrown) {
    const error = toAppError(thrown);
    details.push(...runDetails(credentials.report));
    const missing = user.exec ? missingTool(error.message) : undefined;
    throw new StepFailure(missing ? { ...error, hint: missing.hint } : error, details);
  }
}

const kindWords: Readonly<Record<Credentials['report']['kind'], string>> = {
  certificate: 'Client certificate',
  token: 'Token in the kubeconfig',
  'token-file': 'Token from a file',
  basic: 'User and password',
  exec: 'Credential plugin',
  'auth-provider': 'auth-provider',
  none: 'No credential: requests are anonymous',
};

function certificateDetails(material: ContextConfig['user']['clientCertificate']): string[] {
  if (!material) return [];
  try {
    const pem = 'data' in material ? material.data : readSmallFileSync(material.file, 1024 * 1024).toString();
    const one = new X509Certificate(pem);
    const subject = visible(one.subject.replace(/\n/g, ', ')).slice(0, 200);
    return [`Client certificate: ${subject}, valid until ${one.validTo}`];
  } catch {
    return ['Client certificate: cannot be read'];
  }
}

/** Issuer of a JWT; of any other token nothing. */
function tokenDetails(header: string | readonly string[] | undefined): string[] {
  const part = typeof header === 'string' ? /^Bearer [^.]+\.([^.]+)\./.exec(header)?.[1] : undefined;
  if (part === undefined) return [];
  try {
    const claims = JSON.parse(Buffer.from(part, 'base64url').toString()) as { iss?: unknown } | null;
    return typeof claims?.iss === 'string' ? [`Token issuer: ${safe(claims.iss)}`] : [];
  } catch {
    return [];
  }
}
