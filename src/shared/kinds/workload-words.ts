/**
 * Words that workloads share. Guards: scaled to 0 and paused are states; a rollout is not
 * failing before its deadline; a short count is bad only when nothing is ready.
 */
import { status, type Status } from './columns';
import { condition, count, num, str } from '../k8s/read';
import type { Condition } from '../k8s/types';

/** The controller has not seen the newest spec yet (D76). */
export function notObserved(generation: number | undefined, observed: number | undefined): boolean {
  const wanted = num(generation);
  return wanted !== undefined && count(observed) < wanted;
}

/** `2 of 3 ready` with its tone; all ready is ok, some warn, none bad. */
export function readyWords(ready: number, desired: number): Status {
  const tone = ready >= desired ? 'ok' : ready > 0 ? 'warn' : 'bad';
  return status(tone, `${ready} of ${desired} ready`);
}

/** `Scaled to 0`, or the way there. */
export function zeroWords(left: number): Status {
  return left > 0 ? status('progress', `Scaling to 0: ${left} left`) : status('idle', 'Scaled to 0');
}

/** D74 as the ReplicaFailure condition tells it; undefined when pods can be created. */
export function createFailure(conditions: readonly Condition[] | undefined): Status | undefined {
  const failure = condition(conditions, 'ReplicaFailure');
  if (failure?.status !== 'True') return undefined;
  const reason = str(failure.reason);
  if (reason === 'FailedDelete') return status('bad', 'Cannot delete pods');
  const why = deniedWords(str(failure.message));
  return status('bad', why === '' ? 'Cannot create pods' : `Cannot create pods: ${why}`);
}

const denials: readonly (readonly [RegExp, string])[] = [
  [/exceeded quota: ([\w.-]+)/, 'quota $1'],
  [/must specify (?:limits|requests)/, 'quota asks for requests'],
  [/(?:maximum|minimum) .* usage per/, 'limit range'],
  [/violates PodSecurity "([\w-]+)/, 'pod security $1'],
  [/admission webhook "([^"]+)" denied/, 'webhook $1'],
  [/failed calling webhook "([^"]+)"/, 'webhook $1 fails'],
  [/ValidatingAdmissionPolicy '([^']+)'/, 'policy $1'],
  [/serviceaccount "([^"]+)" not found/, 'no service account $1'],
  [/no PriorityClass with name ([\w.-]+)/, 'no priority class $1'],
  [/is forbidden/, 'forbidden'],
];

/** Why the server refused to create pods (D86-D91); '' when the message says nothing known. */
export function deniedWords(message: string): string {
  const text = message.slice(0, 4096);
  for (const [pattern, words] of denials) {
    const found = pattern.exec(text);
    if (found) return words.replace('$1', () => found[1] ?? '');
  }
  return '';
}
