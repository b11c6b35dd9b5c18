/**
 * Trust and identity of TLS connections to one cluster.
 * Guarantees: with a certificate authority in the kubeconfig only that one is trusted; files
 * are read again when they change (faults 41, 42); unusable material is refused in words that
 * show none of it. Without one, the trust store of the system counts, as for kubectl.
 */
import { existsSync } from 'node:fs';
import * as tls from 'node:tls';
import type { ClusterConfig, Material, UserConfig } from '../kubeconfig/types';
import { FileProblem, readSmallFileSync } from '../kubeconfig/read-file';
import { markOf } from '../kubeconfig/watch';
import { fail, type AppFailure } from '#shared/util/app-error';

const MATERIAL_BYTES = 1024 * 1024;

export interface CertificatePair {
  readonly cert: string;
  readonly key: string;
}

export interface TlsState {
  readonly context: tls.SecureContext;
  /** Changes whenever trust or identity did: older connections must go. */
  readonly mark: string;
}

/** `allowPartialTrustChain` (Node 20.18): an intermediate may be trusted, as Go allows. */
type ContextOptions = tls.SecureContextOptions & { allowPartialTrustChain?: boolean };

export class TlsPlan {
  private state: TlsState | undefined;
  private readonly roots: string | Buffer | readonly string[] | undefined;

  constructor(
    private readonly cluster: ClusterConfig,
    private readonly user: UserConfig,
    environment: Readonly<Record<string, string>>,
  ) {
    this.roots = cluster.ca || cluster.insecureSkipTlsVerify ? undefined : systemRoots(environment);
  }

  get insecure(): boolean {
    return this.cluster.insecureSkipTlsVerify;
  }

  /** Name for SNI and verification; undefined for addresses without a name. */
  get serverName(): string | undefined {
    return this.cluster.tlsServerName;
  }

  /** `pair`: a certificate from an exec plugin, in place of the user's own. */
  current(pair: CertificatePair | undefined): TlsState {
    const mark = this.mark(pair);
    if (this.state?.mark === mark) return this.state;
    const options: ContextOptions = { minVersion: 'TLSv1.2', allowPartialTrustChain: true };
    const { ca } = this.cluster;
    if (ca) options.ca = authority(ca);
    else if (this.roots !== undefined) options.ca = this.roots as string | Buffer | string[];
    if (pair) Object.assign(options, { cert: pair.cert, key: pair.key });
    else if (this.user.clientCertificate && this.user.clientKey) {
      options.cert = pem(
        this.user.clientCertificate,
        'client certificate',
        /-----BEGIN [A-Z ]*CERTIFICATE-----/,
      );
      options.key = pem(this.user.clientKey, 'client key', /-----BEGIN [A-Z ]*PRIVATE KEY-----/);
    }
    this.state = { context: secureContext(options), mark };
    return this.state;
  }

  private mark(pair: CertificatePair | undefined): string {
    const files = [this.cluster.ca, this.user.clientCertificate, this.user.clientKey];
    const marks = files.map((one) => (one && 'file' in one ? markOf(one.file) : ''));
    return JSON.stringify([...marks, pair?.cert ?? '']);
  }
}

function authority(ca: Material): string {
  return pem(ca, 'certificate authority', /-----BEGIN (TRUSTED |X509 )?CERTIFICATE-----/);
}

function pem(material: Material, what: string, mark: RegExp): string {
  const where = 'file' in material ? ` (${material.file})` : '';
  let text: string;
  try {
    text =
      'data' in material ? material.data : readSmallFileSync(material.file, MATERIAL_BYTES).toString('utf8');
  } catch (thrown) {
    const problem = thrown as FileProblem;
    throw fail('credentials', `The ${what} cannot be read: ${problem.message}`, {
      hint: 'The file may have gone with its cluster. Fetch the kubeconfig again.',
    });
  }
  if (!mark.test(text))
    throw fail('credentials', `The ${what} of the kubeconfig${where} is not PEM.`, { hint: again });
  if (/ENCRYPTED/.test(text) && what === 'client key')
    throw fail('credentials', `The client key of the kubeconfig${where} is locked with a passphrase.`, {
      hint: 'kubectl cannot use it either; store the key without a passphrase or use an exec plugin.',
    });
  return text;
}

const again = 'Fetch the kubeconfig again.';

function secureContext(options: ContextOptions): tls.SecureContext {
  try {
    return tls.createSecureContext(options);
  } catch (thrown) {
    throw contextFailure(thrown as NodeJS.ErrnoException);
  }
}

function contextFailure(error: NodeJS.ErrnoException): AppFailure {
  const text = `${error.code ?? ''} ${error.message}`;
  if (/KEY_VALUES_MISMATCH|KEY_TYPE_MISMATCH|key (values|type) mismatch/i.test(text))
    return fail('credentials', 'Client certificate and client key do not belong together.', { hint: again });
  if (/EE_KEY_TOO_SMALL|CA_MD_TOO_WEAK|CA_KEY_TOO_SMALL/i.test(text))
    return fail('credentials', 'The client certificate or its key is too weak to be used.', { hint: again });
  if (/UNSUPPORTED|unknown|ALGORITHM/i.test(text))
    return fail(
      'credentials',
      'The client certificate or key uses an algorithm that this program does not know.',
      {
        hint: 'ECDSA P-256 and RSA work everywhere; Ed25519 does not.',
      },
    );
  return fail(
    'credentials',
    `Certificate or key of the kubeconfig cannot be read (${error.code ?? 'unknown'}).`,
    {
      hint: again,
    },
  );
}

const linuxBundles = [
  '/etc/ssl/certs/ca-certificates.crt',
  '/etc/pki/tls/certs/ca-bundle.crt',
  '/etc/ssl/ca-bundle.pem',
  '/etc/pki/tls/cacert.pem',
  '/etc/ssl/cert.pem',
];

/** Roots of the system and of Node together; undefined leaves Node's own. */
export function systemRoots(environment: Readonly<Record<string, string>>): readonly string[] | undefined {
  const named = environment['SSL_CERT_FILE'];
  const files = named === undefined || named === '' ? linuxBundles : [named];
  if (process.platform === 'linux' || named)
    for (const file of files) {
      if (!existsSync(file)) continue;
      try {
        return [readSmallFileSync(file, 8 * MATERIAL_BYTES).toString('utf8'), ...tls.rootCertificates];
      } catch {
        continue;
      }
    }
  const newer = tls as unknown as { getCACertificates?: (type: string) => string[] };
  if (!newer.getCACertificates) return undefined;
  return [...newer.getCACertificates('system'), ...tls.rootCertificates];
}

/** What a server showed, for an error or the connection test; text is hostile and cleaned. */
export function certificateWords(peer: tls.PeerCertificate): string {
  if (!peer.fingerprint256) return 'The server showed no certificate.';
  const names = (peer.subjectaltname ?? '').replace(/IP Address:/g, '').replace(/DNS:/g, '');
  const parts = [
    `subject ${nameOf(peer.subject)}`,
    `issuer ${nameOf(peer.issuer)}`,
    `valid ${peer.valid_from} to ${peer.valid_to}`,
    ...(names === '' ? [] : [`names ${cut(names, 300)}`]),
    `SHA-256 ${peer.fingerprint256}`,
  ];
  return `Certificate shown: ${parts.join('; ')}.`;
}

function nameOf(name: tls.Certificate | undefined): string {
  return cut(String(name?.CN ?? name?.O ?? 'without a name'), 100);
}

function cut(text: string, length: number): string {
  return text.replace(/[\u0000-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]/g, '?').slice(0, length);
}
