/**
 * Words for what the kubelet and the scheduler report: waiting and terminated containers and
 * pods nobody schedules. They say only what reason, exit code and message say (D1-D36).
 */
import { status, type Status } from './columns';
import { count, entries, items, num, own, str } from '../k8s/read';
import type { Container, ContainerStatus, Pod, TerminatedState } from '../k8s/types';
import { formatBytes, formatResource, parseQuantity } from '../util/quantity';

/** What a message tells about its cause: the first rule that matches. */
type Rules = readonly (readonly [RegExp, string])[];

function match(rules: Rules, message: string): string | undefined {
  return rules.find(([pattern]) => pattern.test(message))?.[1];
}

/** D34. Docker's "pull access denied" covers missing repositories as well, and says so itself. */
const pullRules: Rules = [
  [/repository does not exist or may require/i, 'Image not found or not allowed'],
  [/no match for platform|no matching manifest/i, 'Image not for this platform'],
  [/toomanyrequests|too many requests|\b429\b|rate limit/i, 'Image pull: rate limit of registry'],
  [/x509|certificate/i, 'Image pull: certificate not trusted'],
  [
    /unauthorized|authentication required|denied|forbidden|authorization failed|\b40[13]\b/i,
    'Image pull not allowed',
  ],
  [/no such host|server misbehaving/i, 'Image pull: registry unknown to DNS'],
  [/connection refused/i, 'Image pull: registry refuses'],
  [/timeout|timed out|deadline exceeded/i, 'Image pull: registry does not answer'],
  [/no space left/i, 'Image pull: disk full'],
  [/server gave HTTP response to HTTPS client/i, 'Image pull: registry speaks no TLS'],
  [/not found|manifest unknown|name unknown|does not exist/i, 'Image not found'],
];

/** D23: from the runtime. */
const startRules: Rules = [
  [/executable file not found|no such file or directory/i, 'Cannot start: no such command'],
  [/permission denied/i, 'Cannot start: command not allowed'],
  [/exec format error/i, 'Cannot start: wrong platform'],
  [/subPath/i, 'Cannot start: bad subPath'],
  [/mount/i, 'Cannot start: mount fails'],
  [/already in use|name .* is reserved/i, 'Cannot start: name still in use'],
  [/no command specified/i, 'Cannot start: no command'],
];

const plainWaiting = new Map<string, Status>([
  ['InvalidImageName', status('bad', 'Image name invalid')],
  ['ErrImageNeverPull', status('bad', 'Image not on node, pull is Never')],
  ['ImageInspectError', status('bad', 'Image unreadable on node')],
  ['RegistryUnavailable', status('bad', 'Image pull: registry unavailable')],
  ['SignatureValidationFailed', status('bad', 'Image signature invalid')],
  ['PostStartHookError', status('bad', 'postStart hook failed')],
  ['ContainerCreating', status('progress', 'Starting: creating containers')],
  ['PodInitializing', status('progress', 'Starting: creating containers')],
]);

/** Words for a waiting container; undefined when it is not waiting. */
export function waitingWords(cs: ContainerStatus, spec: Container | undefined): Status | undefined {
  const waiting = cs.state?.waiting;
  if (!waiting) return undefined;
  const reason = str(waiting.reason);
  const message = str(waiting.message);
  const plain = plainWaiting.get(reason);
  if (plain) return plain;
  switch (reason) {
    case 'CrashLoopBackOff':
      return crashWords(cs, spec);
    case 'ErrImagePull':
    case 'ImagePullBackOff':
      return status('bad', match(pullRules, message) ?? 'Image pull fails');
    case 'CreateContainerConfigError':
      return status('bad', configWords(message));
    case 'CreateContainerError':
    case 'RunContainerError':
    case 'StartError':
      return status('bad', match(startRules, message) ?? `Cannot start: ${reason}`);
    case '':
      return status('progress', 'Starting: waiting');
    default:
      // A reason we have no words for is said as it is; error names are not progress.
      return status(/err|fail|invalid|backoff/i.test(reason) ? 'bad' : 'progress', reason);
  }
}

/** D22: names the missing object or key. */
function configWords(message: string): string {
  const key = /couldn't find key (\S+) in (ConfigMap|Secret) (?:[^\s/]+\/)?(\S+)/.exec(message);
  if (key) return `No key ${key[1]} in ${kindWord(key[2])} ${key[3]}`;
  const missing = /(configmap|secret) "([^"]+)" not found/i.exec(message);
  if (missing) {
    const word = kindWord(missing[1]);
    return `No ${word} ${missing[2]}`;
  }
  const ofNamespace = /object "[^"/]+"\/"([^"]+)" not registered/.exec(message);
  if (ofNamespace) return `Config of ${ofNamespace[1]} not loaded yet`;
  if (/serviceaccount "([^"]+)" not found/i.test(message)) return 'No such service account';
  if (/runAsNonRoot/.test(message)) return 'Refused: image runs as root';
  return 'Container config is wrong';
}

function kindWord(kind: string | undefined): string {
  return kind?.toLowerCase() === 'secret' ? 'secret' : 'config map';
}

/** D18, D19: a container that keeps ending. */
function crashWords(cs: ContainerStatus, spec: Container | undefined): Status {
  const last = cs.lastState?.terminated;
  if (str(last?.reason) === 'OOMKilled') return status('bad', outOfMemory(spec));
  const cannot = last && startFailure(last);
  if (cannot !== undefined) return status('bad', cannot);
  return status('bad', `CrashLoop${exitSuffix(last)}`);
}

function startFailure(last: TerminatedState): string | undefined {
  const reason = str(last.reason);
  if (reason !== 'StartError' && reason !== 'ContainerCannotRun') return undefined;
  return match(startRules, str(last.message)) ?? 'Cannot start';
}

function outOfMemory(spec: Container | undefined): string {
  const limit = parseQuantity(own(spec?.resources?.limits, 'memory'));
  return limit === null ? 'Out of memory' : `Out of memory at ${formatBytes(limit)}`;
}

function exitSuffix(state: TerminatedState | undefined): string {
  const signal = num(state?.signal);
  if (signal !== undefined && signal > 0) return `, signal ${signal}`;
  const code = num(state?.exitCode);
  return code === undefined ? '' : `, exit ${code}`;
}

/** Words for a container that has ended with an error; undefined when it ended well or has not. */
export function terminatedWords(
  state: TerminatedState | undefined,
  spec: Container | undefined,
): Status | undefined {
  if (!state) return undefined;
  const reason = str(state.reason);
  if (reason === 'OOMKilled') return status('bad', outOfMemory(spec));
  if (reason === 'ContainerStatusUnknown') return status('bad', 'Container lost: status unknown');
  const cannot = startFailure(state);
  if (cannot !== undefined) return status('bad', cannot);
  const bad = count(state.exitCode) !== 0 || count(state.signal) !== 0;
  if (!bad && (reason === '' || reason === 'Completed')) return undefined;
  const known = reason === 'Error' || reason === 'Completed' || reason === '';
  return status('bad', `${known ? 'Error' : reason}${exitSuffix(state)}`);
}

/** D1-D6: why no node fits. The most frequent reason says most; one that names an amount wins ties. */
const unfit: readonly (readonly [RegExp, string])[] = [
  [/untolerated taint \{([^}:]+)/, 'taint $1'],
  [/volume node affinity conflict/, 'volume is in another zone'],
  [/node affinity|node selector|node\(s\) didn't match Pod's node/, 'no node matches selector'],
  [/anti-affinity/, 'anti-affinity'],
  [/pod affinity/, 'pod affinity'],
  [/topology spread/, 'topology spread'],
  [/unbound immediate PersistentVolumeClaims|unbound PersistentVolumeClaim/, 'claim is not bound'],
  [/persistentvolumeclaim "([^"]+)" not found/, 'no claim $1'],
  [/persistentvolumeclaim "([^"]+)" is being deleted/, 'claim $1 is deleted'],
  [/max volume count/, 'volume limit of nodes'],
  [/free ports/, 'host port taken'],
  [/unschedulable/, 'nodes cordoned'],
  [/Too many pods/, 'nodes full of pods'],
];

/** `needs 64 CPU`, `taint dedicated`, ...: why the scheduler found no node; '' when its message says nothing known. */
export function unschedulableWords(pod: Pod, message: string): string {
  const text = message.slice(0, 4096);
  if (/no nodes available/.test(text)) return 'no nodes';
  const start = text.indexOf('available: ');
  const end = text.search(/\. (preemption|no new claims)/);
  const list = text.slice(start < 0 ? 0 : start + 'available: '.length, end < 0 ? undefined : end);
  let best = '';
  let most = -1;
  for (const part of list.split(/,\s+(?=\d)/)) {
    const nodes = Number(/^\d+/.exec(part)?.[0] ?? '0');
    const words = unfitWords(pod, part);
    if (words === undefined) continue;
    const weight = nodes + (words.startsWith('needs ') ? 0.5 : 0);
    if (weight > most) [best, most] = [words, weight];
  }
  return best;
}

function unfitWords(pod: Pod, part: string): string | undefined {
  const resource = /Insufficient ([A-Za-z0-9][\w./-]*[A-Za-z0-9]|[A-Za-z0-9])/.exec(part)?.[1];
  if (resource !== undefined) {
    const wanted = podRequest(pod, resource);
    const name = resource === 'cpu' ? 'CPU' : resource;
    if (wanted === null) return `needs more ${name}`;
    return `needs ${formatResource(resource, wanted)} ${name}`;
  }
  for (const [pattern, words] of unfit) {
    const found = pattern.exec(part);
    if (found) return words.replace('$1', (found[1] ?? '').trim());
  }
  return undefined;
}

/** What the scheduler adds up: containers and sidecars together, or the largest init step. Null: none asked. */
export function podRequest(pod: Pod, resource: string): number | null {
  const request = (container: Container) =>
    parseQuantity(entries(container.resources?.requests).find(([key]) => key === resource)?.[1]);
  let sum: number | null = null;
  for (const container of items(pod.spec?.containers)) sum = add(sum, request(container));
  let sidecars: number | null = null;
  let init: number | null = null;
  for (const container of items(pod.spec?.initContainers)) {
    if (container.restartPolicy === 'Always') sidecars = add(sidecars, request(container));
    else init = largest(init, add(sidecars, request(container)));
  }
  return largest(add(sum, sidecars), init);
}

function add(a: number | null, b: number | null): number | null {
  return a === null ? b : b === null ? a : a + b;
}

function largest(a: number | null, b: number | null): number | null {
  return a === null ? b : b === null ? a : Math.max(a, b);
}
