/** Admission policies written in CEL, validating and mutating, and their bindings. */
import { clusterColumns, referenceWords, status, terminating, type Status } from './columns';
import type { AnyColumn, FieldMask } from './define';
import type { KubeObject } from '../k8s/meta';
import { items, str, strings } from '../k8s/read';
import type { Condition, Reference } from '../k8s/types';
import { plural } from '../util/text';

export interface AdmissionPolicy extends KubeObject {
  readonly spec?: {
    readonly failurePolicy?: string;
    readonly reinvocationPolicy?: string;
    readonly paramKind?: { readonly apiVersion?: string; readonly kind?: string };
    readonly validations?: readonly { readonly reason?: string }[];
    readonly mutations?: readonly { readonly patchType?: string }[];
  };
  readonly status?: {
    readonly conditions?: readonly Condition[];
    readonly typeChecking?: { readonly expressionWarnings?: readonly { readonly fieldRef?: string }[] };
  };
}

export interface AdmissionBinding extends KubeObject {
  readonly spec?: {
    readonly policyName?: string;
    readonly validationActions?: readonly string[];
    readonly paramRef?: Reference;
  };
}

/** Elements are counted; `expression` texts are not read. */
export const admissionPolicyMask: FieldMask = {
  spec: {
    failurePolicy: true,
    reinvocationPolicy: true,
    paramKind: { apiVersion: true, kind: true },
    validations: { reason: true },
    mutations: { patchType: true },
  },
  status: { typeChecking: { expressionWarnings: { fieldRef: true } } },
};

export const admissionBindingMask: FieldMask = {
  spec: { policyName: true, validationActions: true, paramRef: { namespace: true, name: true } },
};

export function policyStatus(o: AdmissionPolicy): Status {
  const deleting = terminating(o);
  if (deleting) return deleting;
  const warnings = items(o.status?.typeChecking?.expressionWarnings).length;
  if (warnings > 0) return status('warn', `Type check: ${plural(warnings, 'warning')}`);
  return status('ok', o.spec?.failurePolicy === 'Ignore' ? 'Ignores failures' : 'Denies on failure');
}

export function admissionPolicyColumns(counted: 'validations' | 'mutations'): AnyColumn<AdmissionPolicy>[] {
  return clusterColumns<AdmissionPolicy>(
    { id: 'status', title: 'Status', type: 'status', width: 180, get: policyStatus },
    {
      id: counted,
      title: counted === 'validations' ? 'Validations' : 'Mutations',
      type: 'number',
      width: 90,
      get: (o) => items<object>(o.spec?.[counted]).length,
    },
    {
      id: 'params',
      title: 'Parameters',
      type: 'text',
      width: 180,
      get: (o) => str(o.spec?.paramKind?.kind),
    },
    {
      id: 'failure',
      title: 'On failure',
      type: 'text',
      width: 90,
      optional: true,
      get: (o) => str(o.spec?.failurePolicy) || 'Fail',
    },
  );
}

export function admissionBindingColumns(policies: string): AnyColumn<AdmissionBinding>[] {
  return clusterColumns<AdmissionBinding>(
    {
      id: 'policy',
      title: 'Policy',
      type: 'text',
      width: 220,
      ref: policies,
      get: (o) => o.spec?.policyName,
    },
    {
      id: 'actions',
      title: 'Actions',
      type: 'text',
      width: 120,
      get: (o) => strings(o.spec?.validationActions).join(', '),
    },
    {
      id: 'params',
      title: 'Parameters',
      type: 'text',
      width: 180,
      get: (o) => referenceWords({ namespace: o.spec?.paramRef?.namespace, name: o.spec?.paramRef?.name }),
    },
  );
}
