/**
 * What went wrong on the way, in words: DNS, refused, timeout, TLS (which fault), proxy.
 * Names host and port, never a credential. Rows 45 to 47 of rules/faults.md.
 */
import { AppFailure, fail, type ErrorCode } from '#shared/util/app-error';

export interface Peer {
  /** `host:port` that was dialled. */
  readonly address: string;
  /** `proxy`: the failure is the proxy's, not the cluster's. */
  readonly role: 'server' | 'proxy';
}

interface Words {
  readonly code: ErrorCode;
  readonly message: string;
  readonly hint?: string;
}

/** Any error of a socket, a TLS handshake or DNS, as an AppFailure. */
export function networkFailure(thrown: unknown, peer: Peer): AppFailure {
  if (thrown instanceof AppFailure) return thrown;
  const error = deepest(thrown);
  const found = describe(error, peer);
  const code: ErrorCode = peer.role === 'proxy' ? 'proxy' : found.code;
  return new AppFailure(
    { code, message: found.message, ...(found.hint === undefined ? {} : { hint: found.hint }) },
    { cause: thrown },
  );
}

/** Happy eyeballs fail with one error per address; the first that is not a timeout says most. */
function deepest(thrown: unknown): NodeJS.ErrnoException {
  if (thrown instanceof AggregateError) {
    const all = thrown.errors as NodeJS.ErrnoException[];
    return all.find((one) => one.code !== 'ETIMEDOUT') ?? all[0] ?? (thrown as NodeJS.ErrnoException);
  }
  return thrown instanceof Error ? (thrown as NodeJS.ErrnoException) : new Error(String(thrown));
}

function describe(error: NodeJS.ErrnoException, peer: Peer): Words {
  const at = peer.role === 'proxy' ? `proxy ${peer.address}` : peer.address;
  const vpn = 'Is this machine on the right network or VPN?';
  switch (error.code) {
    case 'ENOTFOUND':
    case 'ENODATA':
      return {
        code: 'dns',
        message: `DNS knows no address for ${at}.`,
        hint: `Check the name in the kubeconfig. ${vpn}`,
      };
    case 'EAI_AGAIN':
    case 'ESERVFAIL':
    case 'ECANCELLED':
      return {
        code: 'dns',
        message: `DNS did not answer for ${at}.`,
        hint: `The resolver cannot be reached. ${vpn}`,
      };
    case 'EAI_FAIL':
    case 'EAI_NONAME':
      return { code: 'dns', message: `DNS failed for ${at}.`, hint: vpn };
    case 'ECONNREFUSED':
      return {
        code: 'refused',
        message: `${cap(at)} refuses connections.`,
        hint:
          peer.role === 'proxy'
            ? 'The proxy is not running, or listens on another port.'
            : 'Nothing listens on this port: the API server is down, or the address is an old one.',
      };
    case 'ETIMEDOUT':
    case 'ESOCKETTIMEDOUT':
      return {
        code: 'timeout',
        message: `${cap(at)} did not answer in time.`,
        hint: `A firewall may drop the packets. ${vpn}`,
      };
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
    case 'ENETDOWN':
    case 'EHOSTDOWN':
    case 'EADDRNOTAVAIL':
      return { code: 'network', message: `There is no route to ${at}.`, hint: vpn };
    case 'EMFILE':
    case 'ENFILE':
      return {
        code: 'network',
        message: 'This machine has no free file handles for another connection.',
        hint: 'Raise the limit of open files (ulimit -n).',
      };
    case 'ECONNRESET':
    case 'EPIPE':
    case 'ECONNABORTED':
    case 'ERR_STREAM_PREMATURE_CLOSE':
    case 'ERR_HTTP2_STREAM_ERROR':
    case 'ERR_HTTP2_SESSION_ERROR':
    case 'ERR_HTTP2_STREAM_CANCEL':
    case 'ERR_HTTP2_GOAWAY_SESSION':
    case 'ERR_HTTP2_INVALID_SESSION':
      if (/before secure TLS connection/i.test(error.message))
        return {
          code: 'tls',
          message: `${cap(at)} closed the connection during the TLS handshake.`,
          hint: 'It may not speak TLS, or a firewall or proxy stands between.',
        };
      return { code: 'network', message: `The connection to ${at} was lost.` };
  }
  return (
    tlsWords(error, at) ?? {
      code: 'network',
      message: `The connection to ${at} failed (${error.code ?? error.name}).`,
    }
  );
}

const certificateWords: Readonly<Record<string, readonly [string, string]>> = {
  DEPTH_ZERO_SELF_SIGNED_CERT: ['is self-signed and not the one the kubeconfig trusts', 'unknown'],
  SELF_SIGNED_CERT_IN_CHAIN: ['comes from a certificate authority that is not trusted here', 'unknown'],
  UNABLE_TO_GET_ISSUER_CERT: ['comes from a certificate authority that is not trusted here', 'unknown'],
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: [
    'comes from a certificate authority that is not trusted here',
    'unknown',
  ],
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: ['comes from a certificate authority that is not trusted here', 'unknown'],
  CERT_UNTRUSTED: ['comes from a certificate authority that is not trusted here', 'unknown'],
  CERT_SIGNATURE_FAILURE: [
    'is signed by another key than the certificate authority of the kubeconfig has',
    'unknown',
  ],
  CERT_HAS_EXPIRED: ['has expired', 'expired'],
  CERT_NOT_YET_VALID: ['is not valid yet', 'clock'],
  ERR_TLS_CERT_ALTNAME_INVALID: ['is for other names than this one', 'name'],
  HOSTNAME_MISMATCH: ['is for other names than this one', 'name'],
  CERT_REVOKED: ['is revoked', 'expired'],
  INVALID_CA: ['comes from a certificate that may not act as a certificate authority', 'unknown'],
  INVALID_PURPOSE: ['may not be used by a server', 'expired'],
  PATH_LENGTH_EXCEEDED: ['has a chain that is longer than its authority allows', 'expired'],
};

const certificateHints: Readonly<Record<string, string>> = {
  unknown:
    'The cluster may have been recreated (fetch its kubeconfig again), certificate-authority-data is missing or old, or a TLS-inspecting proxy stands between.',
  expired: 'The people who run the cluster must renew the certificate of the API server.',
  clock: 'Check the clock of this machine.',
  name: 'Set tls-server-name in the kubeconfig to a name of the certificate, or use the right server address.',
};

/** Codes for which a look at the server's certificate says more. */
export function isCertificateError(thrown: unknown): boolean {
  const { code } = deepest(thrown);
  return code !== undefined && Object.hasOwn(certificateWords, code);
}

function tlsWords(error: NodeJS.ErrnoException, at: string): Words | undefined {
  const code = error.code ?? '';
  const known = Object.hasOwn(certificateWords, code) ? certificateWords[code] : undefined;
  if (known)
    return {
      code: 'tls',
      message: `The certificate of ${at} ${known[0]}.`,
      hint: certificateHints[known[1]],
    };
  const text = `${code} ${error.message}`;
  const tls = (message: string, hint?: string): Words => ({
    code: 'tls',
    message,
    ...(hint ? { hint } : {}),
  });
  if (/WRONG_VERSION_NUMBER|wrong version number|HTTP_REQUEST|packet length too long/i.test(text))
    return tls(
      `${cap(at)} does not speak TLS.`,
      'The server may be plain http, or something else listens on this port.',
    );
  if (
    /UNSUPPORTED_PROTOCOL|ALERT_PROTOCOL_VERSION|unsupported protocol|alert protocol version|VERSION_TOO_LOW/i.test(
      text,
    )
  )
    return tls(`${cap(at)} speaks only TLS versions that are no longer safe.`, 'TLS 1.2 or newer is needed.');
  if (/certificate[ _]required/i.test(text))
    return tls(
      `${cap(at)} demands a client certificate.`,
      'Add client-certificate-data and client-key-data to the user of this context.',
    );
  if (/alert certificate expired|CERTIFICATE_EXPIRED/i.test(text))
    return tls(`${cap(at)} says that your client certificate has expired.`, 'Fetch the kubeconfig again.');
  if (
    /(bad|unknown|revoked|unsupported)[ _]certificate|unknown[ _]ca\b|alert access denied|decrypt error/i.test(
      text,
    )
  )
    return tls(
      `${cap(at)} refuses your client certificate.`,
      'It may belong to another cluster, or to a certificate authority that was replaced. Fetch the kubeconfig again.',
    );
  if (/KEY_VALUES_MISMATCH|key values mismatch|KEY_TYPE_MISMATCH/i.test(text))
    return tls('Client certificate and client key do not belong together.', 'Fetch the kubeconfig again.');
  if (/UNSUPPORTED_ALGORITHM|NO_COMMON_SIGNATURE|WRONG_SIGNATURE_TYPE|no suitable signature/i.test(text))
    return tls(
      `${cap(at)} and this program share no signature algorithm.`,
      'Ed25519 and very old certificates are not supported everywhere; ECDSA P-256 or RSA always is.',
    );
  if (/HANDSHAKE_FAILURE|handshake failure|NO_SHARED_CIPHER|no protocols available/i.test(text))
    return tls(
      `${cap(at)} and this program could not agree on a cipher.`,
      'The server may demand a client certificate or very old ciphers.',
    );
  if (/KEY_USAGE_BIT_INCORRECT/i.test(text))
    return tls(
      `The certificate of ${at} forbids the use it is put to (key usage).`,
      certificateHints['expired'],
    );
  if (/TLSV1_UNRECOGNIZED_NAME|unrecognized name/i.test(text))
    return tls(`${cap(at)} does not know the name it was asked for.`, certificateHints['name']);
  if (/^(ERR_SSL|ERR_TLS|EPROTO)/.test(code)) return tls(`The TLS handshake with ${at} failed (${code}).`);
  return undefined;
}

export function timeoutFailure(peer: Peer, what: string, ms: number, reason?: string): AppFailure {
  const name = peer.role === 'proxy' ? `Proxy ${peer.address}` : peer.address;
  return fail(
    peer.role === 'proxy' ? 'proxy' : 'timeout',
    `${name} ${what} within ${Math.round(ms / 1000)} s.`,
    {
      hint:
        reason === undefined
          ? 'A firewall may drop the packets, or the machine hangs. Is this machine on the right network or VPN?'
          : 'The API server hangs or is overloaded.',
      ...(reason === undefined ? {} : { reason }),
    },
  );
}

export function cancelled(): AppFailure {
  return fail('cancelled', 'Cancelled.');
}

function cap(text: string): string {
  return text.startsWith('proxy ') ? `Proxy ${text.slice(6)}` : text;
}
