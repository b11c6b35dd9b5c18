/**
 * Certificates and key as a person pasted them, checked before anything is contacted: what is wrong
 * is said of the field, never with its content. Where there is a CA of its own, only that one is trusted.
 */
import { createPrivateKey, X509Certificate, type KeyObject } from 'node:crypto';
import type { UrlSource } from '#shared/contract/metrics';
import { fail } from '#shared/util/app-error';

export interface TlsFields {
  readonly ca?: { readonly data: string };
  readonly clientCertificate?: { readonly data: string };
  readonly clientKey?: { readonly data: string };
}

const blocks = /-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\s]+-----END CERTIFICATE-----/g;

/** AppFailure `invalid-input` for what no TLS handshake could use. */
export function tlsFields(source: UrlSource, url: URL): TlsFields {
  const [ca, certificate, key] = [text(source.ca), text(source.certificate), text(source.key)];
  if (ca === undefined && certificate === undefined && key === undefined) return {};
  if (url.protocol !== 'https:')
    throw fail('invalid-input', 'Certificates are only of use over https.', {
      hint: 'Use the https address, or leave the certificates out.',
    });
  if (ca !== undefined) certificates(ca, 'certificate authority');
  if ((certificate === undefined) !== (key === undefined))
    throw fail(
      'invalid-input',
      `The client ${certificate === undefined ? 'certificate' : 'key'} is missing: certificate and key belong together.`,
    );
  if (certificate !== undefined && key !== undefined) {
    const [own] = certificates(certificate, 'client certificate');
    if (own && !own.checkPrivateKey(privateKey(key)))
      throw fail('invalid-input', 'The client key is not the one of the client certificate.');
  }
  return {
    ...(ca === undefined ? {} : { ca: { data: ca } }),
    ...(certificate === undefined ? {} : { clientCertificate: { data: certificate } }),
    ...(key === undefined ? {} : { clientKey: { data: key } }),
  };
}

function text(given: string | undefined): string | undefined {
  return given === undefined || given.trim() === '' ? undefined : `${given.trim()}\n`;
}

function certificates(pem: string, what: string): readonly X509Certificate[] {
  const found = pem.match(blocks) ?? [];
  if (found.length === 0)
    throw fail('invalid-input', `The ${what} is no PEM certificate.`, {
      hint: 'It begins with -----BEGIN CERTIFICATE-----.',
    });
  try {
    return found.map((one) => new X509Certificate(one));
  } catch {
    throw fail('invalid-input', `The ${what} is damaged: it cannot be read as a certificate.`);
  }
}

function privateKey(pem: string): KeyObject {
  if (/ENCRYPTED/.test(pem.slice(0, 400)))
    throw fail('invalid-input', 'The client key is protected by a passphrase.', {
      hint: 'Give the key without one, e.g. as `openssl pkey -in KEY` prints it.',
    });
  try {
    return createPrivateKey(pem);
  } catch {
    throw fail('invalid-input', 'The client key cannot be read as a PEM private key.');
  }
}
