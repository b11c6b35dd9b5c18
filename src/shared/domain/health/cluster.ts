/** Nodes, namespaces, autoscalers, budgets, API services, CRDs, CSRs: D64-D68, D82-D83, D92-D104. */
import {
  at,
  cond,
  event,
  finding,
  isCond,
  link,
  list,
  number,
  ofCondition,
  ofEvent,
  open,
  word,
} from './read';
import type { Finding, Subject } from './types';
import { parseQuantity } from '../../util/quantity';

const pressures: Readonly<Record<string, string>> = {
  MemoryPressure: 'memory',
  DiskPressure: 'disk',
  PIDPressure: 'process ids',
};

export function nodeFindings(subject: Subject): readonly Finding[] {
  const { object, around } = subject;
  const found: Finding[] = [];
  const ready = cond(object, 'Ready');
  if (ready && ready['status'] !== 'True') {
    const silent = ready['status'] === 'Unknown';
    found.push(
      finding('D92', silent ? 'Not ready: its kubelet is silent' : 'Not ready', {
        cause: word(ready['message']),
        next: silent
          ? 'Check that the machine runs and reaches the API server.'
          : 'The message is the kubelet’s: check what it names (runtime, network plugin).',
        steps: [{ do: 'tab', title: 'Events', tab: 'events' }],
        evidence: [ofCondition(object, 'Ready'), ...taintEvidence(object)],
      }),
    );
  }
  for (const [type, words] of Object.entries(pressures)) {
    if (!isCond(object, type)) continue;
    const seen = event(subject, ['EvictionThresholdMet', 'FreeDiskSpaceFailed', 'ImageGCFailed']);
    found.push(
      finding('D93', `Short of ${words}: pods may be evicted`, {
        tone: 'warn',
        cause: word(cond(object, type)?.['message']),
        next: 'See which pods use most.',
        evidence: [ofCondition(object, type), ...(seen ? [ofEvent(seen)] : [])],
      }),
    );
  }
  const oom = event(subject, ['SystemOOM']);
  if (oom)
    found.push(
      finding('D20', 'The node ran out of memory', {
        tone: 'warn',
        cause: oom.message,
        next: 'Give pods memory limits, or the node less pods.',
        evidence: [ofEvent(oom)],
      }),
    );
  if (isCond(object, 'NetworkUnavailable'))
    found.push(
      finding('D94', 'Its network is not set up', {
        cause: word(cond(object, 'NetworkUnavailable')?.['message']),
        next: 'Check the network plugin or the cloud’s routes.',
        evidence: [ofCondition(object, 'NetworkUnavailable')],
      }),
    );
  if (
    list(at(object, 'spec', 'taints')).some(
      (one) => one['key'] === 'node.cloudprovider.kubernetes.io/uninitialized',
    )
  )
    found.push(
      finding('D95', 'The cloud controller has not set it up', {
        tone: 'warn',
        next: 'Check the cloud controller manager.',
        evidence: taintEvidence(object),
      }),
    );
  if (at(object, 'spec', 'unschedulable') === true)
    found.push(
      finding('D95', 'Cordoned: no new pods are put on it', {
        tone: 'info',
        next: 'Uncordon it when the work on it is done.',
        steps: [{ do: 'command', title: 'Uncordon', id: 'action.uncordon' }],
        evidence: [{ path: 'spec.unschedulable', value: 'true' }],
      }),
    );
  const most = parseQuantity(at(object, 'status', 'allocatable', 'pods'));
  const count = around.pods?.filter((pod) => pod.tone !== 'done').length ?? 0;
  if (most !== null && most > 0 && count >= most)
    found.push(
      finding('D96', 'Full of pods', {
        tone: 'warn',
        cause: `${count} of ${most} pods.`,
        next: 'Add a node or raise the kubelet’s maxPods.',
        evidence: [{ path: 'status.allocatable.pods', value: String(most) }],
      }),
    );
  return found;
}

function taintEvidence(object: unknown): { path: string; value: string }[] {
  const taints = list(at(object, 'spec', 'taints')).map(
    (one) => `${word(one['key'])}:${word(one['effect'])}`,
  );
  return taints.length === 0 ? [] : [{ path: 'spec.taints', value: taints.join(', ') }];
}

export function autoscalerFindings(subject: Subject): readonly Finding[] {
  const { object, around } = subject;
  const target = `${word(at(object, 'spec', 'scaleTargetRef', 'kind'))} ${word(at(object, 'spec', 'scaleTargetRef', 'name'))}`;
  const able = cond(object, 'AbleToScale');
  if (able?.['status'] === 'False') {
    const missing = around.target?.exists === false;
    return [
      finding('D65', missing ? `Its target does not exist: ${target}` : `It cannot scale ${target}`, {
        cause: word(able['message']),
        next: missing
          ? 'Correct scaleTargetRef, or delete the autoscaler.'
          : 'Correct scaleTargetRef, or the rights of the controller.',
        evidence: [ofCondition(object, 'AbleToScale'), { path: 'spec.scaleTargetRef', value: target }],
      }),
    ];
  }
  const active = cond(object, 'ScalingActive');
  const reason = word(active?.['reason']);
  if (active?.['status'] === 'False') {
    if (reason === 'ScalingDisabled')
      return [
        finding('D68', `Off: ${target} is scaled to 0`, {
          tone: 'info',
          cause: 'An autoscaler leaves a target alone that was scaled to 0 by hand.',
          next: 'Scale it to 1 or more.',
          steps: around.target ? [open(`Open ${around.target.name}`, around.target)] : [],
          evidence: [ofCondition(object, 'ScalingActive')],
        }),
      ];
    if (reason === 'InvalidSelector' || reason === 'AmbiguousSelector')
      return [
        finding('D66', 'Another autoscaler has the same pods', {
          cause: word(active['message']),
          next: 'One autoscaler for one set of pods: split the selectors.',
          evidence: [ofCondition(object, 'ScalingActive')],
        }),
      ];
    const requests = /missing request/.test(word(active['message']));
    return [
      finding('D64', 'It gets no metrics', {
        cause: word(active['message']),
        next: requests
          ? 'Give every container a request for that resource.'
          : 'Check metrics-server or the metrics adapter, and its API service.',
        steps: [
          open('Open API service', link('apiservices.apiregistration.k8s.io', '', 'v1beta1.metrics.k8s.io')),
        ],
        evidence: [ofCondition(object, 'ScalingActive')],
      }),
    ];
  }
  const limited = cond(object, 'ScalingLimited');
  const current = number(at(object, 'status', 'currentReplicas'));
  if (
    limited?.['status'] === 'True' &&
    limited['reason'] === 'TooManyReplicas' &&
    current === number(at(object, 'spec', 'maxReplicas'))
  )
    return [
      finding('D67', `At its maximum of ${current} pods`, {
        tone: 'warn',
        cause: 'The metrics ask for more.',
        next: 'Raise maxReplicas, or give each pod more.',
        steps: [{ do: 'command', title: 'Edit bounds', id: 'action.bounds' }],
        evidence: [ofCondition(object, 'ScalingLimited')],
      }),
    ];
  return [];
}

export function budgetFindings(subject: Subject): readonly Finding[] {
  const { object } = subject;
  const expected = number(at(object, 'status', 'expectedPods'));
  const allowed = number(at(object, 'status', 'disruptionsAllowed'));
  const healthy = number(at(object, 'status', 'currentHealthy'));
  const wanted = number(at(object, 'status', 'desiredHealthy'));
  const sync = cond(object, 'DisruptionAllowed');
  if (sync?.['reason'] === 'SyncFailed')
    return [
      finding('D83', 'The budget cannot be computed', {
        cause: word(sync['message']),
        next: 'Its pods need a controller with a scale, and one budget each.',
        evidence: [ofCondition(object, 'DisruptionAllowed')],
      }),
    ];
  if (expected === 0) {
    const none = event(subject, ['NoPods']);
    return [
      finding('D83', 'It matches no pods', {
        tone: 'info',
        cause: none?.message ?? '',
        next: 'Compare its selector with the labels of the pods.',
        evidence: [{ path: 'status.expectedPods', value: '0' }],
      }),
    ];
  }
  if (allowed > 0) return [];
  const tight = healthy >= expected;
  return [
    finding('D82', 'No pod of it may be evicted: drains wait', {
      tone: 'warn',
      cause: tight
        ? `All ${expected} pods are healthy and ${wanted} must be: there is no room.`
        : `${healthy} of ${expected} pods are healthy, ${wanted} must be.`,
      next: tight
        ? 'Add a replica, or allow a disruption (maxUnavailable 1).'
        : 'Mend the unhealthy pods; unhealthyPodEvictionPolicy AlwaysAllow lets them be evicted.',
      evidence: [
        { path: 'status.disruptionsAllowed', value: '0' },
        { path: 'status.currentHealthy', value: `${healthy} of ${expected}, ${wanted} wanted` },
      ],
    }),
  ];
}

/** D102 */
export function namespaceFindings({ object }: Subject): readonly Finding[] {
  if (word(at(object, 'status', 'phase')) !== 'Terminating') return [];
  const stuck = list(at(object, 'status', 'conditions')).filter((one) => one['status'] === 'True');
  if (stuck.length === 0) return [];
  return [
    finding('D102', 'Stuck terminating', {
      tone: 'warn',
      cause: stuck.map((one) => word(one['message'])).join(' '),
      next: stuck.some((one) => one['type'] === 'NamespaceDeletionDiscoveryFailure')
        ? 'Mend or delete the API service that does not answer.'
        : 'Delete what is left, or find the owners of the finalizers.',
      evidence: stuck.map((one) => ({
        path: `status.conditions[${word(one['type'])}]`,
        value: `True, ${word(one['reason'])}`,
      })),
    }),
  ];
}

/** D100 */
export function apiServiceFindings({ object }: Subject): readonly Finding[] {
  const available = cond(object, 'Available');
  if (!available || available['status'] === 'True') return [];
  const service = word(at(object, 'spec', 'service', 'name'));
  const space = word(at(object, 'spec', 'service', 'namespace'));
  return [
    finding('D100', `Not available: ${word(available['reason'])}`, {
      cause: word(available['message']),
      next: 'Mend its service. Until then its kinds cannot be listed, and no namespace can be deleted.',
      steps: service === '' ? [] : [open(`Open service ${service}`, link('services', space, service))],
      evidence: [ofCondition(object, 'Available'), { path: 'spec.service', value: `${space}/${service}` }],
    }),
  ];
}

/** D101 */
export function definitionFindings({ object }: Subject): readonly Finding[] {
  const found: Finding[] = [];
  for (const type of ['Established', 'NamesAccepted']) {
    if (!isCond(object, type, 'False')) continue;
    found.push(
      finding('D101', type === 'Established' ? 'It is not served' : 'Its names clash with another kind', {
        cause: word(cond(object, type)?.['message']),
        next: 'Choose names that no other kind has.',
        evidence: [ofCondition(object, type)],
      }),
    );
  }
  if (isCond(object, 'NonStructuralSchema'))
    found.push(
      finding('D101', 'Its schema is not structural', {
        tone: 'warn',
        cause: word(cond(object, 'NonStructuralSchema')?.['message']),
        next: 'Correct the schema as the message says.',
        evidence: [ofCondition(object, 'NonStructuralSchema')],
      }),
    );
  const served = new Set(
    list(at(object, 'spec', 'versions'))
      .filter((one) => one['served'] === true)
      .map((one) => word(one['name'])),
  );
  const stored = at(object, 'status', 'storedVersions');
  const left = Array.isArray(stored) ? stored.map(word).filter((one) => one !== '' && !served.has(one)) : [];
  if (left.length > 0)
    found.push(
      finding('D113', `Objects may still be stored as ${left.join(', ')}, which is not served`, {
        tone: 'warn',
        next: 'Migrate the stored objects, then remove it from status.storedVersions.',
        evidence: [{ path: 'status.storedVersions', value: left.join(', ') }],
      }),
    );
  return found;
}

/** D104 */
export function signingFindings({ object }: Subject): readonly Finding[] {
  if (list(at(object, 'status', 'conditions')).length > 0) return [];
  return [
    finding('D104', 'Nobody has approved or denied it', {
      tone: 'warn',
      cause: `Signer ${word(at(object, 'spec', 'signerName'))}.`,
      next: 'Approve it when you know who asks.',
      evidence: [
        { path: 'status.conditions', value: 'empty' },
        { path: 'spec.username', value: word(at(object, 'spec', 'username')) },
      ],
    }),
  ];
}

/** D103: whatever kind, as far as it follows the conventions of conditions; and D15 for finalizers. */
export function genericFindings({ object, now }: Subject): readonly Finding[] {
  const deleted = Date.parse(word(at(object, 'metadata', 'deletionTimestamp')));
  const finalizers = at(object, 'metadata', 'finalizers');
  if (!Number.isNaN(deleted)) {
    if (now - deleted < 15_000 || !Array.isArray(finalizers) || finalizers.length === 0) return [];
    return [
      finding('D15', `Stuck terminating: finalizer ${finalizers.map(word).join(', ')}`, {
        cause: 'Its owner has not removed it: it may be gone.',
        next: 'Find the controller that owns the finalizer; remove it by hand only if that one is gone for good.',
        steps: [{ do: 'command', title: 'Remove finalizer', id: 'action.remove-finalizer' }],
        evidence: [
          { path: 'metadata.finalizers', value: finalizers.map(word).join(', ') },
          { path: 'metadata.deletionTimestamp', value: word(at(object, 'metadata', 'deletionTimestamp')) },
        ],
      }),
    ];
  }
  const found: Finding[] = [];
  for (const type of ['Ready', 'Available', 'Synced', 'Stalled', 'Degraded']) {
    const one = cond(object, type);
    const bad =
      type === 'Stalled' || type === 'Degraded' ? one?.['status'] === 'True' : one?.['status'] === 'False';
    if (!one || !bad) continue;
    found.push(
      finding(
        'D103',
        type === 'Stalled' || type === 'Degraded'
          ? `${type}: ${word(one['reason'])}`
          : `Not ${type.toLowerCase()}: ${word(one['reason'])}`,
        {
          tone: 'warn',
          cause: word(one['message']),
          next: 'The message is its controller’s; see its log.',
          evidence: [ofCondition(object, type)],
        },
      ),
    );
  }
  const generation = at(object, 'metadata', 'generation');
  const observed = at(object, 'status', 'observedGeneration');
  if (typeof generation === 'number' && typeof observed === 'number' && observed < generation)
    found.push(
      finding('D103', 'Its controller has not seen the newest change yet', {
        tone: 'info',
        next: 'If it stays, check the controller.',
        evidence: [{ path: 'status.observedGeneration', value: `${observed} of ${generation}` }],
      }),
    );
  return found;
}
