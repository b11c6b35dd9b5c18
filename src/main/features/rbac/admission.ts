/**
 * Serves the `admission` slice: configurations read anew with each question, the Services behind
 * webhooks by their endpoints. Reads only; a webhook itself is never called.
 */
import {
  admission,
  type AdmissionOverview,
  type AdmissionStep,
  type AdmissionTest,
  type PolicyInfo,
  type WebhookInfo,
} from '#shared/contract/admission';
import { admissionMatch, type AdmissionRequest } from '#shared/domain/admission/match';
import { formatSelector } from '#shared/k8s/selector';
import { implement, type Served } from '#shared/rpc/server';
import { toAppError, type AppError } from '#shared/util/app-error';
import type { Api } from '../../k8s/api';
import { resourcePath } from '../../k8s/path';
import {
  fields,
  labelsOf,
  list,
  readPolicies,
  readWebhooks,
  type Fields,
  type ReadWebhook,
} from './admission-read';

const GROUP = '/apis/admissionregistration.k8s.io';
const DAY = 86_400_000;
const METADATA = 'application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1,application/json';

export function admissionService(api: Api, now: () => number): Served {
  const overview = (signal: AbortSignal): Promise<AdmissionOverview> => overviewOf(api, now(), signal);
  return implement(admission, {
    overview: (_input, signal) => overview(signal),
    test: async ({ name, labels, ...asked }, signal) => {
      const state = await overview(signal);
      const lacks = [...state.lacks];
      let own: Record<string, string> = labels;
      let labelError: AppError | undefined;
      if (name !== '') {
        try {
          own = labelsOf(await api.json({ path: objectPath(asked, name), accept: METADATA }, signal));
        } catch (thrown) {
          if (signal.aborted) throw thrown;
          labelError = toAppError(thrown);
        }
      }
      let namespaceLabels: Record<string, string> = {};
      if (asked.namespace !== '') {
        try {
          const path = resourcePath({
            group: '',
            version: 'v1',
            resource: 'namespaces',
            name: asked.namespace,
          });
          namespaceLabels = labelsOf(await api.json({ path, accept: METADATA }, signal));
        } catch (thrown) {
          if (signal.aborted) throw thrown;
          lacks.push(`Labels of namespace ${asked.namespace} cannot be read: ${toAppError(thrown).message}`);
        }
      }
      const request: AdmissionRequest = { ...asked, name, labels: own, namespaceLabels };
      const answer: AdmissionTest = {
        steps: stepsOf(state, request),
        labels: own,
        namespaceLabels,
        lacks,
        ...(labelError ? { labelError } : {}),
      };
      return answer;
    },
  });
}

/** Path of the object itself: a subresource has no labels of its own. */
function objectPath(
  {
    group,
    version,
    resource,
    namespace,
  }: Pick<AdmissionRequest, 'group' | 'version' | 'resource' | 'namespace'>,
  name: string,
): string {
  return resourcePath({ group, version, resource, name, ...(namespace === '' ? {} : { namespace }) });
}

async function overviewOf(api: Api, now: number, signal: AbortSignal): Promise<AdmissionOverview> {
  const lacks: string[] = [];
  const read = async (resource: string, versions: readonly string[]): Promise<readonly Fields[]> => {
    for (const version of versions) {
      try {
        return list((await api.json<Fields>({ path: `${GROUP}/${version}/${resource}` }, signal))['items']);
      } catch (thrown) {
        if (signal.aborted) throw thrown;
        const { status, message } = toAppError(thrown);
        if (status === 404) continue;
        lacks.push(`${resource} cannot be read: ${message}`);
        return [];
      }
    }
    return [];
  };
  const [mutating, validating, policies, bindings, mutations, mutationBindings] = await Promise.all([
    read('mutatingwebhookconfigurations', ['v1']),
    read('validatingwebhookconfigurations', ['v1']),
    read('validatingadmissionpolicies', ['v1', 'v1beta1']),
    read('validatingadmissionpolicybindings', ['v1', 'v1beta1']),
    read('mutatingadmissionpolicies', ['v1', 'v1beta1', 'v1alpha1']),
    read('mutatingadmissionpolicybindings', ['v1', 'v1beta1', 'v1alpha1']),
  ]);
  const hooks = [
    ...mutating.flatMap((one) => readWebhooks(one, 'mutating')),
    ...validating.flatMap((one) => readWebhooks(one, 'validating')),
  ];
  const states = new Map<string, Promise<WebhookInfo['backend']>>();
  const webhooks = await Promise.all(
    hooks.map(async (hook) => {
      const key = hook.service ? `${hook.service.namespace}/${hook.service.name}` : `url ${hook.url}`;
      let state = states.get(key);
      if (!state) states.set(key, (state = backendOf(api, hook, signal)));
      return withBackend(hook, await state, now);
    }),
  );
  return {
    webhooks,
    policies: [
      ...readPolicies(mutations, mutationBindings, 'mutating'),
      ...readPolicies(policies, bindings, 'validating'),
    ],
    lacks,
  };
}

async function backendOf(
  api: Api,
  { service, url }: ReadWebhook,
  signal: AbortSignal,
): Promise<WebhookInfo['backend']> {
  if (!service) {
    let host = url;
    try {
      host = new URL(url).host;
    } catch {
      // Shown as it is.
    }
    return { state: 'outside', words: `${host}: outside the cluster, its state is not known` };
  }
  const { namespace, name } = service;
  try {
    await api.json(
      { path: resourcePath({ group: '', version: 'v1', resource: 'services', namespace, name }) },
      signal,
    );
    const slices = await api.json<Fields>(
      {
        path: resourcePath({
          group: 'discovery.k8s.io',
          version: 'v1',
          resource: 'endpointslices',
          namespace,
        }),
        query: { labelSelector: `kubernetes.io/service-name=${name}` },
      },
      signal,
    );
    const endpoints = list(slices['items']).flatMap((slice) => list(slice['endpoints']));
    const ready = endpoints.filter((one) => fields(one['conditions'])['ready'] !== false).length;
    if (ready > 0)
      return { state: 'ready', words: `${ready} of ${endpoints.length} endpoints ready`, service };
    return {
      state: 'not-ready',
      words:
        endpoints.length === 0
          ? 'the Service has no endpoints'
          : `none of ${endpoints.length} endpoints is ready`,
      service,
    };
  } catch (thrown) {
    if (signal.aborted) throw thrown;
    const { status, message } = toAppError(thrown);
    if (status === 404) return { state: 'missing', words: 'the Service does not exist', service };
    return { state: 'unknown', words: `cannot be read: ${message}`, service };
  }
}

function withBackend(
  { service: _service, url: _url, ...hook }: ReadWebhook,
  backend: WebhookInfo['backend'],
  now: number,
): WebhookInfo {
  const gone = backend.state === 'missing' || backend.state === 'not-ready';
  const fails = hook.failurePolicy === 'Fail';
  const warnings: string[] = [];
  if (gone && fails)
    warnings.push('Refuses every request it matches now: nothing answers and its failure policy is Fail.');
  if (gone && !fails)
    warnings.push(
      `Checks nothing now: nothing answers, and each request it matches waits up to ${hook.timeoutSeconds} s for it.`,
    );
  const { caExpires, constraints } = hook;
  if (caExpires !== undefined && caExpires < now)
    warnings.push('Its CA bundle has expired: the server cannot trust it.');
  else if (caExpires !== undefined && caExpires - now < 30 * DAY)
    warnings.push(`Its CA bundle expires in ${Math.ceil((caExpires - now) / DAY)} days.`);
  if (
    fails &&
    isBroad(constraints.rules) &&
    !isNarrowed(constraints.namespaceSelector) &&
    !isNarrowed(constraints.objectSelector)
  )
    warnings.push(
      'Matches everything in every namespace and fails closed: when it is down, not even its own pods can start.',
    );
  return { ...hook, backend, blocking: gone && fails, warnings };
}

function isBroad(rules: WebhookInfo['constraints']['rules']): boolean {
  return rules.some(
    ({ apiGroups, resources }) =>
      (apiGroups.includes('*') || apiGroups.includes('')) &&
      resources.some((one) => one === '*' || one === '*/*' || one === 'pods' || one === 'pods/*'),
  );
}

function isNarrowed(selector: WebhookInfo['constraints']['namespaceSelector']): boolean {
  return selector !== undefined && formatSelector(selector) !== 'all';
}

/** The server's order: what mutates, then what validates, policies before webhooks. */
function stepsOf({ webhooks, policies }: AdmissionOverview, request: AdmissionRequest): AdmissionStep[] {
  const order = [
    ...policies.filter((one) => one.type === 'mutating').flatMap((one) => policySteps(one, request)),
    ...webhooks.filter((one) => one.type === 'mutating').map((one) => webhookStep(one, request)),
    ...policies.filter((one) => one.type === 'validating').flatMap((one) => policySteps(one, request)),
    ...webhooks.filter((one) => one.type === 'validating').map((one) => webhookStep(one, request)),
  ];
  return order;
}

function webhookStep(hook: WebhookInfo, request: AdmissionRequest): AdmissionStep {
  const { matches, why } = admissionMatch(hook.constraints, request);
  const refuses = matches && hook.blocking;
  const down = hook.backend.state === 'missing' || hook.backend.state === 'not-ready';
  const effect = refuses
    ? `Refuses it: ${hook.backend.words}, failure policy Fail.`
    : down
      ? `Lets it pass unchecked after up to ${hook.timeoutSeconds} s: ${hook.backend.words}, failure policy Ignore.`
      : hook.type === 'mutating'
        ? 'May change or refuse it.'
        : 'May refuse it.';
  return {
    kind: hook.type === 'mutating' ? 'mutating webhook' : 'validating webhook',
    name: hook.name,
    of: hook.configuration,
    matches,
    why,
    effect: matches ? effect : '',
    refuses,
  };
}

function policySteps(policy: PolicyInfo, request: AdmissionRequest): AdmissionStep[] {
  const base = { kind: 'policy', name: policy.name } as const;
  const own = admissionMatch(policy.constraints, request);
  const first = policy.bindings[0];
  if (!own.matches || !first) {
    const why = own.matches ? 'It has no binding: it does nothing.' : own.why;
    return [{ ...base, of: first?.name ?? '', matches: false, why, effect: '', refuses: false }];
  }
  return policy.bindings.map((binding) => {
    const narrowed = binding.constraints ? admissionMatch(binding.constraints, request) : own;
    return {
      ...base,
      of: binding.name,
      matches: narrowed.matches,
      why: narrowed.matches ? own.why : narrowed.why,
      effect: narrowed.matches ? actionWords(policy, binding.actions) : '',
      refuses: false,
    };
  });
}

function actionWords({ type, expressions }: PolicyInfo, actions: readonly string[]): string {
  if (type === 'mutating') return 'Changes it.';
  const rules = `${expressions.length} ${expressions.length === 1 ? 'rule' : 'rules'}`;
  const words = actions.map((action) =>
    action === 'Deny'
      ? 'refuses it'
      : action === 'Warn'
        ? 'warns'
        : action === 'Audit'
          ? 'writes it to the audit log'
          : action,
  );
  return `Where one of ${rules} does not hold: ${words.join(', ')}.`;
}
