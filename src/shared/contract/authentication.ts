/**
 * Who you are to this server, how it knows, and what else signs people and pods in: claims and
 * certificates by their public parts only. No token, key or value of a Secret is in any answer.
 */
import { z } from 'zod';
import { call, slice } from '../rpc/define';
import type { AppError } from '../util/app-error';

export interface Fact {
  readonly label: string;
  readonly value: string;
  readonly tone?: 'warn' | 'bad';
}

export interface CertificateFact {
  /** What it is for: `Your client certificate`, `CA of the cluster`. */
  readonly title: string;
  readonly subject: string;
  readonly issuer: string;
  /** Epoch ms. */
  readonly expires: number;
  /** Where it stands, when it is an object. */
  readonly object?: { readonly kind: string; readonly namespace: string; readonly name: string };
}

export interface MappedIdentity {
  readonly from: string;
  readonly user: string;
  readonly groups: readonly string[];
}

export interface LegacyToken {
  readonly namespace: string;
  readonly name: string;
  readonly account: string;
  /** Epoch ms. */
  readonly created: number;
  /** Day it was last used, as the server writes it; empty: not told. */
  readonly lastUsed: string;
  /** Marked by the server as invalid since, because nobody used it. */
  readonly invalidSince: string;
}

export interface BoundTokens {
  readonly audience: string;
  /** Seconds. */
  readonly lifetime: number;
  readonly pods: number;
}

export interface AuthenticationOverview {
  readonly me: readonly Fact[];
  readonly groups: readonly string[];
  readonly how: readonly Fact[];
  readonly server: readonly Fact[];
  /** EKS: IAM identities the ConfigMap aws-auth maps; absent on other clusters. */
  readonly aws?: { readonly mapped: readonly MappedIdentity[]; readonly notes: readonly string[] };
  readonly legacy: readonly LegacyToken[];
  readonly bound: readonly BoundTokens[];
  readonly certificates: readonly CertificateFact[];
  readonly lacks: readonly string[];
}

export interface TlsSecrets {
  readonly certificates: readonly CertificateFact[];
  readonly unreadable: number;
  readonly error?: AppError;
}

export const authentication = slice('authentication', {
  overview: call(z.object({})).returns<AuthenticationOverview>(),
  /** Reads Secrets of type kubernetes.io/tls, their public certificates only; asked for on purpose. */
  tlsSecrets: call(z.object({})).returns<TlsSecrets>(),
});
