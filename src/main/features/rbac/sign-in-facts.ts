/**
 * How this connection signs in, by what may be shown: claims of a token, subject and end of a
 * certificate, the plugin's program. Never the token, a password or a key.
 */
import type { CertificateFact, Fact } from '#shared/contract/authentication';
import { str, strings } from '#shared/k8s/read';
import { clip, visible } from '#shared/util/text';
import type { CredentialReport, Credentials } from '../../k8s/credentials';
import { readSmallFileSync } from '../../kubeconfig/read-file';
import type { ContextConfig, Material } from '../../kubeconfig/types';
import { certificatesOf, fields } from './admission-read';

const words: Readonly<Record<CredentialReport['kind'], string>> = {
  certificate: 'Client certificate',
  token: 'Token in the kubeconfig',
  'token-file': 'Token from a file',
  basic: 'User and password',
  exec: 'Credential plugin',
  'auth-provider': 'auth-provider of the kubeconfig',
  none: 'No credential: requests are anonymous',
};

const MOST = 300;
const show = (text: string): string => clip(visible(text), MOST);

export async function signInFacts(
  { user, file }: ContextConfig,
  credentials: Credentials,
  now: number,
  signal: AbortSignal,
): Promise<Fact[]> {
  const got = await credentials.current(signal);
  const { kind, expires } = credentials.report;
  const facts: Fact[] = [
    { label: 'Signs in with', value: words[kind] },
    { label: 'Kubeconfig user', value: show(user.name) },
    { label: 'File', value: show(file) },
  ];
  if (user.exec)
    facts.push({ label: 'Program', value: show([user.exec.command, ...user.exec.args].join(' ')) });
  if (user.tokenFile !== undefined) facts.push({ label: 'Token file', value: show(user.tokenFile) });
  if (user.impersonate) {
    const { user: as, groups } = user.impersonate;
    facts.push({
      label: 'Acts as',
      value: show(groups.length > 0 ? `${as} in ${groups.join(', ')}` : as),
      tone: 'warn',
    });
  }
  facts.push(expiryFact(expires, now));
  const header = got.headers['authorization'];
  if (typeof header === 'string') facts.push(...claimFacts(header));
  if (kind === 'basic')
    facts.push({ label: 'Note', value: 'Servers since 1.19 take no passwords.', tone: 'bad' });
  return facts;
}

function expiryFact(expires: number | undefined, now: number): Fact {
  if (expires === undefined) return { label: 'Expires', value: 'not told by the credential' };
  const at = new Date(expires).toISOString().slice(0, 16).replace('T', ' ');
  const days = (expires - now) / 86_400_000;
  if (days < 0) return { label: 'Expired', value: `${at} UTC`, tone: 'bad' };
  return { label: 'Expires', value: `${at} UTC`, ...(days < 1 ? { tone: 'warn' as const } : {}) };
}

/** Claims of a JWT worth knowing; of any other token only that it is opaque. */
export function claimFacts(header: string): Fact[] {
  const parts = /^Bearer ([^.]+)\.([^.]+)\.[^.]*$/.exec(header);
  if (!parts)
    return header.startsWith('Bearer ')
      ? [{ label: 'Token', value: 'opaque: it tells nothing by itself' }]
      : [];
  let claims: Readonly<Record<string, unknown>>;
  try {
    claims = fields(JSON.parse(Buffer.from(parts[2] ?? '', 'base64url').toString('utf8')));
  } catch {
    return [{ label: 'Token', value: 'opaque: it tells nothing by itself' }];
  }
  const facts: Fact[] = [];
  const add = (label: string, value: unknown): void => {
    const list = Array.isArray(value) ? strings(value as string[]) : [str(value)];
    const text = list.filter((one) => one !== '').join(', ');
    if (text !== '') facts.push({ label, value: show(text) });
  };
  add('Token issuer', claims['iss']);
  add('Token subject', claims['sub']);
  add('Audience', claims['aud']);
  add('E-mail', claims['email']);
  add('User name claim', claims['preferred_username'] ?? claims['upn']);
  add('Groups claim', claims['groups']);
  const bound = fields(claims['kubernetes.io']);
  add('Bound to pod', fields(bound['pod'])['name']);
  add('Bound to node', fields(bound['node'])['name']);
  add('Bound to secret', fields(bound['secret'])['name']);
  return facts;
}

export function certificateFacts(
  title: string,
  material: Material | undefined,
  object?: CertificateFact['object'],
): CertificateFact[] {
  if (!material) return [];
  try {
    const pem = 'data' in material ? material.data : readSmallFileSync(material.file, 1024 * 1024).toString();
    return pemFacts(title, pem, object);
  } catch {
    return []; // The connection itself says what is wrong with it.
  }
}

/** Of a chain the leaf and its authorities, each a line. */
export function pemFacts(title: string, pem: string, object?: CertificateFact['object']): CertificateFact[] {
  return certificatesOf(pem).flatMap((one) => {
    const expires = Date.parse(one.validTo);
    if (Number.isNaN(expires)) return [];
    return [
      {
        title,
        subject: show(one.subject.replace(/\n/g, ', ')),
        issuer: show(one.issuer.replace(/\n/g, ', ')),
        expires,
        ...(object ? { object } : {}),
      },
    ];
  });
}
