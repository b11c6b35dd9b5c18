import { defineKind } from './define';
import { webhookColumns, webhookMask, type WebhookConfiguration } from './webhook-columns';

export const validatingWebhookConfiguration = defineKind<WebhookConfiguration>({
  group: 'admissionregistration.k8s.io',
  resource: 'validatingwebhookconfigurations',
  kind: 'ValidatingWebhookConfiguration',
  versions: ['v1'],
  namespaced: false,
  title: 'Validating webhooks',
  singular: 'Validating webhook configuration',
  tag: 'vwc',
  aliases: ['vwc'],
  section: 'cluster',
  order: 61,
  mask: webhookMask,
  columns: webhookColumns(),
});
