/** Mutating and validating webhook configurations have the same shape. */
import { clusterColumns, status, terminating, type Status } from './columns';
import type { AnyColumn, FieldMask } from './define';
import type { KubeObject } from '../k8s/meta';
import { items, num, str } from '../k8s/read';
import { plural } from '../util/text';

interface Webhook {
  readonly name?: string;
  readonly failurePolicy?: string;
  readonly timeoutSeconds?: number;
  readonly clientConfig?: {
    readonly url?: string;
    readonly service?: { readonly namespace?: string; readonly name?: string; readonly port?: number };
  };
}

export interface WebhookConfiguration extends KubeObject {
  readonly webhooks?: readonly Webhook[];
}

export const webhookMask: FieldMask = {
  webhooks: {
    name: true,
    failurePolicy: true,
    timeoutSeconds: true,
    clientConfig: { url: true, service: { namespace: true, name: true, port: true } },
  },
};

/** Since v1 a webhook without a policy fails closed. */
function failsClosed(webhook: Webhook): boolean {
  return webhook.failurePolicy !== 'Ignore';
}

/** What happens when nobody answers; whether somebody does is not in the object (D90). */
function policyStatus(o: WebhookConfiguration): Status {
  const deleting = terminating(o);
  if (deleting) return deleting;
  const all = items(o.webhooks);
  if (all.length === 0) return status('idle', 'No webhooks');
  const closed = all.filter(failsClosed).length;
  if (closed === 0) return status('ok', 'Ignores failures');
  return status(
    'ok',
    closed === all.length ? 'Denies on failure' : `${closed} of ${all.length} deny on failure`,
  );
}

/** Host only: a URL may carry a token in its path or query. */
function target(webhook: Webhook): string {
  const service = webhook.clientConfig?.service;
  if (service) {
    const port = num(service.port);
    const name = `${str(service.namespace)}/${str(service.name)}`;
    return port === undefined || port === 443 ? name : `${name}:${port}`;
  }
  return /^https?:\/\/(?:[^/?#@]*@)?([^/?#]+)/.exec(str(webhook.clientConfig?.url))?.[1] ?? '';
}

export function webhookColumns(): AnyColumn<WebhookConfiguration>[] {
  return clusterColumns<WebhookConfiguration>(
    { id: 'status', title: 'Status', type: 'status', width: 180, get: policyStatus },
    {
      id: 'webhooks',
      title: 'Webhooks',
      type: 'number',
      width: 80,
      get: (o) => items(o.webhooks).length,
    },
    {
      id: 'targets',
      title: 'Calls',
      type: 'text',
      width: 240,
      hint: 'Services as namespace/name, or hosts',
      get: (o) => [...new Set(items(o.webhooks).map(target))].filter((one) => one !== '').join(', '),
    },
    {
      id: 'names',
      title: 'Names',
      type: 'text',
      width: 240,
      optional: true,
      get: (o) =>
        items(o.webhooks)
          .map((webhook) => str(webhook.name))
          .join(', '),
    },
    {
      id: 'timeout',
      title: 'Timeout',
      type: 'text',
      width: 80,
      optional: true,
      hint: 'The longest of its webhooks; 10s unless set',
      get: (o) => {
        const all = items(o.webhooks);
        if (all.length === 0) return null;
        return plural(Math.max(...all.map((webhook) => num(webhook.timeoutSeconds) ?? 10)), 'second');
      },
    },
  );
}
