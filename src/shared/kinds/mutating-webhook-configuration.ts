import { defineKind } from './define';
import { webhookColumns, webhookMask, type WebhookConfiguration } from './webhook-columns';

export const mutatingWebhookConfiguration = defineKind<WebhookConfiguration>({
  group: 'admissionregistration.k8s.io',
  resource: 'mutatingwebhookconfigurations',
  kind: 'MutatingWebhookConfiguration',
  versions: ['v1'],
  namespaced: false,
  title: 'Mutating webhooks',
  singular: 'Mutating webhook configuration',
  tag: 'mwc',
  aliases: ['mwc'],
  section: 'cluster',
  order: 60,
  mask: webhookMask,
  columns: webhookColumns(),
});
