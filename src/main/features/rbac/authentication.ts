/**
 * Serves the `authentication` slice. What may not be read is said and left out; values of Secrets
 * are only read when certificates of TLS Secrets are asked for, and only `tls.crt` leaves here.
 */
import {
  authentication,
  type AuthenticationOverview,
  type BoundTokens,
  type CertificateFact,
  type Fact,
  type LegacyToken,
  type TlsSecrets,
} from '#shared/contract/authentication';
import { count, entries, str, strings } from '#shared/k8s/read';
import { implement, type Served } from '#shared/rpc/server';
import { toAppError } from '#shared/util/app-error';
import { clip, visible } from '#shared/util/text';
import type { ApiRequest } from '../../k8s/api';
import type { ClusterApi } from '../../k8s/open-api';
import type { ContextConfig } from '../../kubeconfig/types';
import { fields, list, type Fields } from './admission-read';
import { readAwsAuth } from './aws-auth';
import { certificateFacts, pemFacts, signInFacts } from './sign-in-facts';

const METADATA = 'application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1,application/json';
const MOST = 1_000;
/** Pods whose tokens are counted: whole objects are read for it. */
const SAMPLE = 500;
/** Flags of the API server about authentication; their values are names, URLs and paths. */
const FLAG =
  /^--(oidc-[a-z-]+|authentication-[a-z-]+|anonymous-auth|service-account-issuer|service-account-max-token-expiration|enable-bootstrap-token-auth|client-ca-file|requestheader-[a-z-]+|api-audiences)=(.*)$/;

interface Deps {
  readonly api: ClusterApi;
  readonly context: ContextConfig;
  readonly now: () => number;
}

export function authenticationService(deps: Deps): Served {
  return implement(authentication, {
    overview: (_input, signal) => overviewOf(deps, signal),
    tlsSecrets: (_input, signal) => tlsSecretsOf(deps.api, signal),
  });
}

/** Undefined when it is not there; what may not be read is added to `lacks`. */
type Read = (request: ApiRequest, what: string) => Promise<Fields | undefined>;

async function overviewOf({ api, context, now }: Deps, signal: AbortSignal): Promise<AuthenticationOverview> {
  const lacks: string[] = [];
  const read: Read = async (request, what) => {
    try {
      return await api.json<Fields>(request, signal);
    } catch (thrown) {
      if (signal.aborted) throw thrown;
      const { status, message } = toAppError(thrown);
      if (status !== 404) lacks.push(`${what}: ${message}`);
      return undefined;
    }
  };
  const how = signInFacts(context, api.credentials, now(), signal).catch((thrown: unknown): Fact[] => {
    if (signal.aborted) throw thrown;
    return [{ label: 'Credential', value: toAppError(thrown).message, tone: 'bad' }];
  });
  const config = (name: string, what: string): Promise<Fields | undefined> =>
    read({ path: `/api/v1/namespaces/kube-system/configmaps/${name}` }, what);
  const isEks = /\.eks\.amazonaws\.com(\.cn)?$/.test(hostOf(context));
  const [me, signIn, issuer, flags, extension, awsAuth, legacy, bound, requests] = await Promise.all([
    whoAmI(read),
    how,
    read({ path: '/.well-known/openid-configuration' }, 'Issuer of service account tokens'),
    serverFlags(read),
    config('extension-apiserver-authentication', 'Certificate authorities of clients'),
    isEks ? config('aws-auth', 'ConfigMap aws-auth') : undefined,
    legacyTokens(read),
    boundTokens(read, lacks),
    issuedCertificates(read),
  ]);
  const data = Object.fromEntries(entries(fields(extension?.['data'])));
  const place = { kind: 'ConfigMap', namespace: 'kube-system', name: 'extension-apiserver-authentication' };
  const certificates: CertificateFact[] = [
    ...certificateFacts('Your client certificate', context.user.clientCertificate),
    ...certificateFacts('CA of the cluster, in your kubeconfig', context.cluster.ca),
    ...pemFacts('CA of client certificates', data['client-ca-file'] ?? '', place),
    ...pemFacts('CA of the aggregation proxy', data['requestheader-client-ca-file'] ?? '', place),
    ...requests,
  ];
  return {
    ...me,
    how: signIn,
    server: [...serverFacts(issuer, data), ...flags],
    ...(isEks ? { aws: awsOf(awsAuth) } : {}),
    legacy,
    bound,
    certificates: certificates.sort((a, b) => a.expires - b.expires).slice(0, MOST),
    lacks,
  };
}

function hostOf({ cluster }: ContextConfig): string {
  return new URL(cluster.server).hostname;
}

async function whoAmI(read: Read): Promise<{ me: Fact[]; groups: readonly string[] }> {
  const body = JSON.stringify({ apiVersion: 'authentication.k8s.io/v1', kind: 'SelfSubjectReview' });
  const path = '/apis/authentication.k8s.io/v1/selfsubjectreviews';
  const answer = await read({ method: 'POST', path, body }, 'Who you are');
  const info = fields(fields(answer?.['status'])['userInfo']);
  const me: Fact[] = [];
  const name = str(info['username']);
  if (name !== '') me.push({ label: 'User', value: show(name) });
  if (str(info['uid']) !== '') me.push({ label: 'UID', value: show(str(info['uid'])) });
  for (const [key, value] of Object.entries(fields(info['extra'])))
    me.push({ label: show(key), value: show(strings(value as string[]).join(', ')) });
  return { me, groups: strings(info['groups'] as string[]) };
}

function serverFacts(issuer: Fields | undefined, data: Readonly<Record<string, string>>): Fact[] {
  const facts: Fact[] = [];
  const add = (label: string, value: string): void => {
    if (value !== '' && value !== '[]' && value !== '[""]') facts.push({ label, value: show(value) });
  };
  add('Issuer of service account tokens', str(issuer?.['issuer']));
  add('Its keys', str(issuer?.['jwks_uri']));
  add(
    'Signing algorithms',
    strings(issuer?.['id_token_signing_alg_values_supported'] as string[]).join(', '),
  );
  add('Names the proxy may sign in with', data['requestheader-allowed-names'] ?? '');
  add('Proxy tells users in', data['requestheader-username-headers'] ?? '');
  return facts;
}

/** Visible where the API server runs as a pod (kubeadm, kind, minikube). */
async function serverFlags(read: Read): Promise<Fact[]> {
  const pods = await read(
    {
      path: '/api/v1/namespaces/kube-system/pods',
      query: { labelSelector: 'component=kube-apiserver', limit: 1 },
    },
    'Flags of the API server',
  );
  const [pod] = list(pods?.['items']);
  if (!pod) {
    return [
      {
        label: 'OIDC and other settings',
        value: 'not visible: the API server runs outside the cluster, its flags are in no object',
      },
    ];
  }
  const facts = list(fields(pod['spec'])['containers'])
    .flatMap((one) => [...strings(one['command'] as string[]), ...strings(one['args'] as string[])])
    .flatMap((argument): Fact[] => {
      const [, flag = '', value = ''] = FLAG.exec(argument) ?? [];
      return flag === '' ? [] : [{ label: `--${flag}`, value: show(value) }];
    });
  const oidc = facts.some(({ label }) => label.startsWith('--oidc-') || label === '--authentication-config');
  return oidc ? facts : [...facts, { label: 'OIDC', value: 'not set' }];
}

function awsOf(found: Fields | undefined): NonNullable<AuthenticationOverview['aws']> {
  const notes = [
    'Access entries of EKS are kept by AWS, not in the cluster: aws eks list-access-entries shows them. Both can be in force at once.',
  ];
  if (!found)
    return { mapped: [], notes: ['There is no ConfigMap aws-auth, or it cannot be read.', ...notes] };
  const { mapped, broken } = readAwsAuth(Object.fromEntries(entries(fields(found['data']))));
  for (const key of broken) notes.unshift(`${key} of aws-auth cannot be read: nobody it maps can sign in.`);
  return {
    mapped: mapped.map((one) => ({
      from: show(one.from),
      user: show(one.user),
      groups: one.groups.map(show),
    })),
    notes,
  };
}

/** Names only: the list carries no values. */
async function legacyTokens(read: Read): Promise<LegacyToken[]> {
  const found = await read(
    {
      path: '/api/v1/secrets',
      query: { fieldSelector: 'type=kubernetes.io/service-account-token', limit: MOST },
      accept: METADATA,
    },
    'Legacy service account tokens',
  );
  return list(found?.['items']).map((object) => {
    const meta = fields(object['metadata']);
    const labels = Object.fromEntries(entries(fields(meta['labels'])));
    const notes = Object.fromEntries(entries(fields(meta['annotations'])));
    return {
      namespace: str(meta['namespace']),
      name: str(meta['name']),
      account: notes['kubernetes.io/service-account.name'] ?? '',
      created: Date.parse(str(meta['creationTimestamp'])) || 0,
      lastUsed: labels['kubernetes.io/legacy-token-last-used'] ?? '',
      invalidSince: labels['kubernetes.io/legacy-token-invalid-since'] ?? '',
    };
  });
}

async function boundTokens(read: Read, lacks: string[]): Promise<BoundTokens[]> {
  const found = await read({ path: '/api/v1/pods', query: { limit: SAMPLE } }, 'Tokens in pods');
  if (str(fields(found?.['metadata'])['continue']) !== '')
    lacks.push(`Tokens in pods: counted over the first ${SAMPLE} pods only.`);
  const byKind = new Map<string, BoundTokens>();
  for (const pod of list(found?.['items'])) {
    const seen = new Set<string>();
    for (const volume of list(fields(pod['spec'])['volumes'])) {
      for (const source of list(fields(volume['projected'])['sources'])) {
        const token = source['serviceAccountToken'];
        if (token === undefined || token === null) continue;
        const audience = str(fields(token)['audience']);
        const lifetime = count(fields(token)['expirationSeconds']) || 3_600;
        const key = `${lifetime} ${audience}`;
        if (seen.has(key)) continue;
        seen.add(key);
        byKind.set(key, { audience, lifetime, pods: (byKind.get(key)?.pods ?? 0) + 1 });
      }
    }
  }
  return [...byKind.values()].sort((a, b) => b.pods - a.pods);
}

async function issuedCertificates(read: Read): Promise<CertificateFact[]> {
  const path = '/apis/certificates.k8s.io/v1/certificatesigningrequests';
  const found = await read({ path, query: { limit: MOST } }, 'Certificate requests');
  return list(found?.['items']).flatMap((object) => {
    const issued = str(fields(object['status'])['certificate']);
    if (issued === '') return [];
    const name = str(fields(object['metadata'])['name']);
    const signer = str(fields(object['spec'])['signerName']);
    const pem = Buffer.from(issued, 'base64').toString('utf8');
    const place = { kind: 'CertificateSigningRequest', namespace: '', name };
    return pemFacts(`Issued by ${show(signer)}`, pem, place).slice(0, 1);
  });
}

async function tlsSecretsOf(api: ClusterApi, signal: AbortSignal): Promise<TlsSecrets> {
  try {
    const query = { fieldSelector: 'type=kubernetes.io/tls', limit: MOST };
    const found = list((await api.json<Fields>({ path: '/api/v1/secrets', query }, signal))['items']);
    let unreadable = 0;
    const certificates = found.flatMap((object) => {
      const meta = fields(object['metadata']);
      const place = { kind: 'Secret', namespace: str(meta['namespace']), name: str(meta['name']) };
      const pem = Buffer.from(str(fields(object['data'])['tls.crt']), 'base64').toString('utf8');
      const [leaf] = pemFacts('TLS Secret', pem, place);
      if (!leaf) unreadable += 1;
      return leaf ? [leaf] : [];
    });
    return { certificates: certificates.sort((a, b) => a.expires - b.expires), unreadable };
  } catch (thrown) {
    if (signal.aborted) throw thrown;
    return { certificates: [], unreadable: 0, error: toAppError(thrown) };
  }
}

function show(text: string): string {
  return clip(visible(text), 500);
}
