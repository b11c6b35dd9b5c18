import { clusterColumns, status, type Status } from './columns';
import { defineKind } from './define';
import type { KubeObject } from '../k8s/meta';
import { isTrue, items, num, str } from '../k8s/read';
import type { Condition } from '../k8s/types';

interface CertificateSigningRequest extends KubeObject {
  readonly spec?: {
    readonly signerName?: string;
    readonly username?: string;
    readonly usages?: readonly string[];
    readonly expirationSeconds?: number;
  };
  readonly status?: { readonly certificate?: string; readonly conditions?: readonly Condition[] };
}

/** Its mere presence is a yes for old objects; since v1 they carry a status as well. */
function has(o: CertificateSigningRequest, type: string): boolean {
  const conditions = o.status?.conditions;
  return (
    isTrue(conditions, type) || items(conditions).some((one) => one.type === type && one.status === undefined)
  );
}

/** D104. */
function requestStatus(o: CertificateSigningRequest): Status {
  if (has(o, 'Denied')) return status('bad', 'Denied');
  if (has(o, 'Failed')) return status('bad', 'Signing failed');
  if (!has(o, 'Approved')) return status('warn', 'Pending: needs approval');
  return str(o.status?.certificate) === ''
    ? status('progress', 'Approved, not signed yet')
    : status('done', 'Issued');
}

export const certificateSigningRequest = defineKind<CertificateSigningRequest>({
  group: 'certificates.k8s.io',
  resource: 'certificatesigningrequests',
  kind: 'CertificateSigningRequest',
  versions: ['v1'],
  namespaced: false,
  title: 'Certificate requests',
  singular: 'Certificate signing request',
  tag: 'csr',
  aliases: ['csr'],
  section: 'access',
  order: 40,
  mask: {
    spec: { signerName: true, username: true, expirationSeconds: true },
    // The certificate is public; the request, which repeats the names, is not read.
    status: { certificate: true, conditions: { type: true, status: true } },
  },
  columns: clusterColumns<CertificateSigningRequest>(
    { id: 'status', title: 'Status', type: 'status', width: 190, get: requestStatus },
    { id: 'signer', title: 'Signer', type: 'text', width: 260, get: (o) => o.spec?.signerName },
    { id: 'requester', title: 'Requester', type: 'text', width: 220, get: (o) => o.spec?.username },
    {
      id: 'duration',
      title: 'Asked for',
      type: 'duration',
      width: 90,
      hint: 'Lifetime the requester asked for',
      get: (o) => {
        const seconds = num(o.spec?.expirationSeconds);
        return seconds === undefined ? null : seconds * 1000;
      },
    },
  ),
});
