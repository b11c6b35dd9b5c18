/** Webhook configurations and admission policies as the page shows them, read from objects nobody vouches for. */
import { X509Certificate } from 'node:crypto';
import type { PolicyInfo, WebhookInfo } from '#shared/contract/admission';
import type { Constraints, ResourceRule } from '#shared/domain/admission/match';
import { formatSelector } from '#shared/k8s/selector';
import { count, entries, items, str, strings } from '#shared/k8s/read';
import type { LabelSelector } from '#shared/k8s/types';

export type Fields = Readonly<Record<string, unknown>>;

const MOST_TEXT = 20_000;

export function fields(value: unknown): Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {};
}

export function list(value: unknown): readonly Fields[] {
  return items(value as readonly Fields[] | undefined);
}

function text(value: unknown): string {
  return str(value).slice(0, MOST_TEXT);
}

export function readRule(rule: Fields): ResourceRule {
  return {
    operations: strings(rule['operations'] as string[]),
    apiGroups: strings(rule['apiGroups'] as string[]),
    apiVersions: strings(rule['apiVersions'] as string[]),
    resources: strings(rule['resources'] as string[]),
    resourceNames: strings(rule['resourceNames'] as string[]),
    scope: str(rule['scope']),
  };
}

function selector(value: unknown): LabelSelector | undefined {
  return value === undefined || value === null ? undefined : (fields(value) as LabelSelector);
}

function constraintsOf(
  rules: unknown,
  from: Fields,
  conditions: unknown = from['matchConditions'],
): Constraints {
  const namespaceSelector = selector(from['namespaceSelector']);
  const objectSelector = selector(from['objectSelector']);
  return {
    rules: list(rules).map(readRule),
    exclude: list(from['excludeResourceRules']).map(readRule),
    ...(namespaceSelector ? { namespaceSelector } : {}),
    ...(objectSelector ? { objectSelector } : {}),
    matchPolicy: str(from['matchPolicy']) || 'Equivalent',
    conditions: list(conditions).map((one) => ({
      name: str(one['name']),
      expression: text(one['expression']),
    })),
  };
}

/** A webhook without the state of its backend. */
export interface ReadWebhook extends Omit<WebhookInfo, 'backend' | 'blocking' | 'warnings'> {
  readonly service?: { readonly namespace: string; readonly name: string };
  readonly url: string;
}

export function readWebhooks(object: Fields, type: WebhookInfo['type']): ReadWebhook[] {
  const configuration = str(fields(object['metadata'])['name']);
  return list(object['webhooks']).map((hook) => {
    const client = fields(hook['clientConfig']);
    const service = fields(client['service']);
    const name = str(hook['name']);
    const caExpires = expiryOf(str(client['caBundle']));
    return {
      id: `${type}/${configuration}/${name}`,
      type,
      configuration,
      name,
      failurePolicy: str(hook['failurePolicy']) || 'Fail',
      timeoutSeconds: count(hook['timeoutSeconds']) || 10,
      sideEffects: str(hook['sideEffects']),
      constraints: constraintsOf(hook['rules'], hook),
      url: str(client['url']),
      ...(str(service['name']) === ''
        ? {}
        : { service: { namespace: str(service['namespace']), name: str(service['name']) } }),
      ...(caExpires === undefined ? {} : { caExpires }),
    };
  });
}

/** Earliest end of a base64 PEM bundle, epoch ms. */
export function expiryOf(bundle: string): number | undefined {
  if (bundle === '') return undefined;
  const pem = Buffer.from(bundle, 'base64').toString('utf8');
  const ends = certificatesOf(pem).map((one) => Date.parse(one.validTo));
  return ends.length === 0 ? undefined : Math.min(...ends);
}

/** What cannot be read is left out; at most 20 of a bundle. */
export function certificatesOf(pem: string): X509Certificate[] {
  const blocks = pem.match(/-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/g) ?? [];
  return blocks.slice(0, 20).flatMap((block) => {
    try {
      return [new X509Certificate(block)];
    } catch {
      return [];
    }
  });
}

/** Policies with their bindings; a binding of no policy is left out. */
export function readPolicies(
  policies: readonly Fields[],
  bindings: readonly Fields[],
  type: PolicyInfo['type'],
): PolicyInfo[] {
  return policies.map((object) => {
    const name = str(fields(object['metadata'])['name']);
    const spec = fields(object['spec']);
    const match = fields(spec['matchConstraints']);
    const kind = fields(spec['paramKind']);
    const checking = fields(fields(object['status'])['typeChecking']);
    const made = type === 'validating' ? list(spec['validations']) : list(spec['mutations']);
    return {
      type,
      name,
      failurePolicy: str(spec['failurePolicy']) || 'Fail',
      paramKind: str(kind['kind']),
      constraints: constraintsOf(match['resourceRules'], match, spec['matchConditions']),
      variables: list(spec['variables']).map((one) => ({
        name: str(one['name']),
        expression: text(one['expression']),
      })),
      expressions: made.map((one) => ({
        expression: text(
          one['expression'] ??
            fields(one['applyConfiguration'])['expression'] ??
            fields(one['jsonPatch'])['expression'],
        ),
        message: text(one['message'] ?? one['messageExpression']),
        reason: str(one['reason']),
      })),
      remarks: list(checking['expressionWarnings']).map(
        (one) => `${str(one['fieldRef'])}: ${text(one['warning'])}`,
      ),
      bindings: bindings
        .filter((one) => str(fields(one['spec'])['policyName']) === name)
        .map((one) => readBinding(one, type)),
    };
  });
}

function readBinding(object: Fields, type: PolicyInfo['type']): PolicyInfo['bindings'][number] {
  const spec = fields(object['spec']);
  const reference = fields(spec['paramRef']);
  const resources = spec['matchResources'];
  const match = fields(resources);
  const params = [
    str(reference['namespace']),
    str(reference['name']) || formatSelector(selector(reference['selector'])),
  ]
    .filter((part) => part !== '')
    .join('/');
  // Without rules of its own a binding narrows only by its selectors.
  const narrowed =
    resources === undefined || resources === null
      ? undefined
      : constraintsOf(match['resourceRules'] ?? [EVERY], match);
  return {
    name: str(fields(object['metadata'])['name']),
    actions: type === 'mutating' ? ['Mutate'] : strings(spec['validationActions'] as string[]),
    params,
    ...(narrowed ? { constraints: narrowed } : {}),
  };
}

const EVERY = {
  operations: ['*'],
  apiGroups: ['*'],
  apiVersions: ['*'],
  resources: ['*/*'],
  scope: '*',
};

export function labelsOf(object: unknown): Record<string, string> {
  return Object.fromEntries(entries(fields(fields(fields(object)['metadata'])['labels'])));
}
