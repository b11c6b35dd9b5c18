/** Images that cannot be pulled or used: D34-D36. The registry's words decide. */
import { event, finding, ofEvent, seeEvents } from './read';
import type { Evidence, Finding, Subject } from './types';

const pullCauses: readonly (readonly [RegExp, string, string])[] = [
  [
    /no match for platform|no matching manifest/i,
    'The image is not built for this node’s platform.',
    'Push a multi-platform image or choose other nodes.',
  ],
  [
    /toomanyrequests|too many requests|\b429\b|rate limit/i,
    'The registry limits how often one may pull.',
    'Wait, sign in to the registry, or use a mirror.',
  ],
  [
    /x509|certificate/i,
    'The node does not trust the registry’s certificate.',
    'Install the registry’s CA on the nodes.',
  ],
  [
    /repository does not exist or may require|unauthorized|authentication required|denied|forbidden|authorization failed|\b40[13]\b/i,
    'The registry refuses: no such repository, or it needs a pull secret.',
    'Check the name and imagePullSecrets.',
  ],
  [
    /no such host|server misbehaving/i,
    'The registry’s name is unknown to the node’s DNS.',
    'Check the image’s registry for a typo, and the node’s DNS.',
  ],
  [/connection refused/i, 'The registry refuses connections.', 'Check that it runs and its port.'],
  [
    /timeout|timed out|deadline exceeded/i,
    'The registry does not answer.',
    'Check the network from the node to it.',
  ],
  [/no space left/i, 'The node’s disk is full.', 'Free disk on the node.'],
  [
    /not found|manifest unknown|name unknown|does not exist/i,
    'The registry has no such image or tag.',
    'Check the tag.',
  ],
];

export function pullFinding(
  subject: Subject,
  name: string,
  image: string,
  message: string,
  evidence: readonly Evidence[],
): Finding {
  const secret = event(subject, ['FailedToRetrieveImagePullSecret']);
  const failed = event(subject, ['Failed'], /pull|image/i);
  const known = pullCauses.find(([pattern]) => pattern.test(`${message} ${failed?.message ?? ''}`));
  const all = [
    ...evidence,
    { path: `spec.containers[${name}].image`, value: image },
    ...(failed ? [ofEvent(failed)] : []),
  ];
  return finding(secret && !known ? 'D36' : 'D34', `Image of ${name} cannot be pulled: ${image}`, {
    cause: known?.[1] ?? secret?.message ?? message,
    next: known?.[2] ?? 'Read the registry’s answer in the events.',
    steps: [seeEvents],
    evidence: secret ? [...all, ofEvent(secret)] : all,
  });
}

export function imageCause(reason: string): string {
  if (reason === 'InvalidImageName') return 'The reference is not a valid image name.';
  if (reason === 'ErrImageNeverPull') return 'imagePullPolicy is Never and the image is not on the node.';
  if (reason === 'SignatureValidationFailed') return 'Its signature does not pass the node’s policy.';
  return 'The node cannot read the image it has.';
}
