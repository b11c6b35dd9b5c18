import { admissionPolicyColumns, admissionPolicyMask, type AdmissionPolicy } from './admission-policy';
import { defineKind } from './define';

export const validatingAdmissionPolicy = defineKind<AdmissionPolicy>({
  group: 'admissionregistration.k8s.io',
  resource: 'validatingadmissionpolicies',
  kind: 'ValidatingAdmissionPolicy',
  versions: ['v1', 'v1beta1'],
  namespaced: false,
  title: 'Validating policies',
  singular: 'Validating admission policy',
  tag: 'vap',
  aliases: ['vap'],
  section: 'cluster',
  order: 62,
  mask: admissionPolicyMask,
  columns: admissionPolicyColumns('validations'),
});
