import { admissionPolicyColumns, admissionPolicyMask, type AdmissionPolicy } from './admission-policy';
import { defineKind } from './define';

export const mutatingAdmissionPolicy = defineKind<AdmissionPolicy>({
  group: 'admissionregistration.k8s.io',
  resource: 'mutatingadmissionpolicies',
  kind: 'MutatingAdmissionPolicy',
  versions: ['v1', 'v1beta1', 'v1alpha1'],
  namespaced: false,
  title: 'Mutating policies',
  singular: 'Mutating admission policy',
  tag: 'map',
  aliases: ['map'],
  section: 'cluster',
  order: 64,
  mask: admissionPolicyMask,
  columns: admissionPolicyColumns('mutations'),
});
