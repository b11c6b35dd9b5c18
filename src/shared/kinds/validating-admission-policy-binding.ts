import { admissionBindingColumns, admissionBindingMask, type AdmissionBinding } from './admission-policy';
import { defineKind } from './define';

export const validatingAdmissionPolicyBinding = defineKind<AdmissionBinding>({
  group: 'admissionregistration.k8s.io',
  resource: 'validatingadmissionpolicybindings',
  kind: 'ValidatingAdmissionPolicyBinding',
  versions: ['v1', 'v1beta1'],
  namespaced: false,
  title: 'Validating policy bindings',
  singular: 'Validating admission policy binding',
  tag: 'vapb',
  aliases: ['vapb'],
  section: 'cluster',
  order: 63,
  mask: admissionBindingMask,
  columns: admissionBindingColumns('validatingadmissionpolicies.admissionregistration.k8s.io'),
});
