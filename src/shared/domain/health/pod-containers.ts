/** Containers that do not run as they should: D18-D28, D30-D36. */
import { formatShort } from '../../util/age';
import { exitMeaning } from './exit-codes';
import {
  at,
  event,
  finding,
  link,
  list,
  logs,
  namespace,
  number,
  ofEvent,
  open,
  seeEvents,
  time,
  word,
} from './read';
import { imageCause, pullFinding } from './pod-images';
import type { EventFact, Evidence, Finding, Step, Subject } from './types';

type Thing = Readonly<Record<string, unknown>>;

interface Seat {
  readonly name: string;
  readonly cs: Thing;
  readonly spec: Thing | undefined;
  readonly path: string;
  readonly role: 'container' | 'init container' | 'sidecar';
}

/** Restarts that are old news are none. */
const RECENT = 15 * 60_000;

function seats({ object }: Subject): readonly Seat[] {
  return [
    ...part(object, 'containers', 'containerStatuses'),
    ...part(object, 'initContainers', 'initContainerStatuses'),
  ];
}

function part(object: unknown, specs: string, statuses: string): readonly Seat[] {
  const bySpec = new Map(list(at(object, 'spec', specs)).map((one) => [word(one['name']), one]));
  return list(at(object, 'status', statuses)).map((cs) => {
    const name = word(cs['name']);
    const spec = bySpec.get(name);
    const init = specs === 'initContainers';
    const role = !init ? 'container' : spec?.['restartPolicy'] === 'Always' ? 'sidecar' : 'init container';
    return { name, cs, spec, role, path: `status.${statuses}[${name}]` };
  });
}

export function containerFindings(subject: Subject): readonly Finding[] {
  if (at(subject.object, 'status', 'phase') === 'Succeeded') return [];
  return seats(subject).flatMap((seat) => {
    const found = waiting(subject, seat) ?? ended(subject, seat) ?? running(subject, seat);
    return found ? [found] : [];
  });
}

function waiting(subject: Subject, seat: Seat): Finding | undefined {
  const { cs, name, path } = seat;
  const reason = word(at(cs, 'state', 'waiting', 'reason'));
  const message = word(at(cs, 'state', 'waiting', 'message'));
  const evidence: Evidence[] = [
    { path: `${path}.state.waiting`, value: [reason, message].filter(Boolean).join(': ') },
  ];
  switch (reason) {
    case 'CrashLoopBackOff':
      return crash(subject, seat, evidence);
    case 'ErrImagePull':
    case 'ImagePullBackOff':
    case 'RegistryUnavailable':
      return pullFinding(subject, name, word(seat.spec?.['image']), message, evidence);
    case 'InvalidImageName':
    case 'ErrImageNeverPull':
    case 'ImageInspectError':
    case 'SignatureValidationFailed':
      return finding('D35', `Image of ${name} cannot be used: ${reason}`, {
        cause: imageCause(reason),
        next: 'Correct the image reference or its pull policy.',
        steps: [{ do: 'tab', title: 'YAML', tab: 'yaml' }],
        evidence: [
          ...evidence,
          { path: `spec.containers[${name}].image`, value: word(seat.spec?.['image']) },
        ],
      });
    case 'CreateContainerConfigError':
      return config(subject, seat, message, evidence);
    case 'CreateContainerError':
    case 'RunContainerError':
    case 'StartError':
      return finding('D23', `Container ${name} cannot be started`, {
        cause: startCause(message),
        next: 'Check its command, arguments, mount paths and subPaths.',
        steps: [seeEvents],
        evidence,
      });
    case 'PostStartHookError':
      return finding('D24', `The postStart hook of ${name} fails`, {
        cause: event(subject, ['FailedPostStartHook'])?.message ?? message,
        next: 'Run the command of the hook in a shell of the container.',
        steps: [logs(name, true), seeEvents],
        evidence,
      });
    default:
      return undefined;
  }
}

function crash(subject: Subject, seat: Seat, evidence: Evidence[]): Finding {
  const { cs, name, path } = seat;
  const last = at(cs, 'lastState', 'terminated');
  const code = number(at(last, 'exitCode'));
  const why = word(at(last, 'reason'));
  const all: Evidence[] = [
    ...evidence,
    { path: `${path}.lastState.terminated`, value: endWords(last) },
    { path: `${path}.restartCount`, value: String(number(cs['restartCount'])) },
  ];
  if (why === 'OOMKilled') return oom(seat, all);
  const probe = killedByProbe(subject, seat, code);
  if (probe) return liveness(seat, probe, all);
  const restarts = number(cs['restartCount']);
  const of = seat.role === 'container' ? name : `${seat.role} ${name}`;
  const rule = seat.role === 'init container' ? 'D25' : 'D18';
  if (why === 'StartError' || why === 'ContainerCannotRun') {
    const message = word(at(last, 'message'));
    return finding('D23', `Container ${name} cannot be started`, {
      cause: startCause(message),
      next: 'Check its command and arguments.',
      steps: [{ do: 'tab', title: 'YAML', tab: 'yaml' }],
      evidence: all,
    });
  }
  return finding(rule, `CrashLoop of ${of}: exit ${code}, ${restarts} restarts`, {
    cause: exitCause(last),
    next: 'See the log of the last run: what was printed before it ended says why.',
    steps: [logs(name, true)],
    evidence: all,
  });
}

function exitCause(last: unknown): string {
  const code = number(at(last, 'exitCode'));
  const message = word(at(last, 'message')).trim();
  const from = time(at(last, 'startedAt'));
  const to = time(at(last, 'finishedAt'));
  const ran = from !== null && to !== null && to >= from ? `It ran ${formatShort(to - from)}. ` : '';
  const meaning = exitMeaning(code, number(at(last, 'signal')));
  const said = message === '' ? '' : ` It left the message: ${message}`;
  return `${ran}${meaning === '' ? `Exit ${code} is the program's own` : `Exit ${code}: ${meaning}`}.${said}`;
}

function endWords(last: unknown): string {
  const parts = [`exit ${number(at(last, 'exitCode'))}`, word(at(last, 'reason')), word(at(last, 'message'))];
  return parts.filter(Boolean).join(', ');
}

function oom(seat: Seat, evidence: Evidence[]): Finding {
  const { name } = seat;
  const limit = word(at(seat.spec, 'resources', 'limits', 'memory'));
  return finding(
    'D19',
    `Out of memory: ${name} was killed${limit === '' ? '' : ` at its limit of ${limit}`}`,
    {
      cause: 'The kernel killed it because it used more memory than its limit allows.',
      next: 'Compare its use with limits.memory; raise the limit or find the leak.',
      steps: [logs(name, true)],
      evidence: [
        ...evidence,
        { path: `spec.containers[${name}].resources.limits.memory`, value: limit === '' ? 'not set' : limit },
      ],
    },
  );
}

function killedByProbe(subject: Subject, seat: Seat, code: number): EventFact | undefined {
  if (!seat.spec?.['livenessProbe'] && !seat.spec?.['startupProbe']) return undefined;
  // An end by itself is no kill: only 137, 143 and a program that ends well on SIGTERM can be one.
  if (code !== 137 && code !== 143 && code !== 0) return undefined;
  return (
    event(subject, ['Unhealthy'], /^(Liveness|Startup) probe/) ??
    event(subject, ['Killing'], /failed (liveness|startup) probe/)
  );
}

function liveness(seat: Seat, seen: EventFact, evidence: Evidence[]): Finding {
  const { name } = seat;
  const startup = /startup/i.test(seen.message);
  return finding(startup ? 'D32' : 'D31', `${startup ? 'Startup' : 'Liveness'} probe kills ${name}`, {
    cause: seen.message,
    next: startup
      ? 'Give it more time: failureThreshold times periodSeconds of the startup probe.'
      : 'Check the probe’s path and timeout; a slow start needs a startup probe.',
    steps: [logs(name, true), seeEvents],
    evidence: [...evidence, ofEvent(seen)],
  });
}

function ended(subject: Subject, seat: Seat): Finding | undefined {
  const state = at(seat.cs, 'state', 'terminated');
  if (state === undefined || state === null) return undefined;
  const { name, path, role } = seat;
  const reason = word(at(state, 'reason'));
  const code = number(at(state, 'exitCode'));
  const evidence = [{ path: `${path}.state.terminated`, value: endWords(state) }];
  if (reason === 'OOMKilled') return oom(seat, evidence);
  if (reason === 'ContainerStatusUnknown')
    return finding('D27', `The state of ${name} was lost`, {
      cause: 'The node restarted or its runtime was reset before the end was told.',
      next: 'See the events of the node.',
      steps: nodeStep(subject),
      evidence,
    });
  if (code === 0 && number(at(state, 'signal')) === 0) return undefined;
  const rule = role === 'init container' ? 'D25' : 'D21';
  return finding(
    rule,
    `${role === 'container' ? 'Container' : role} ${name} ended with exit ${code}`.replace(/^[a-z]/, (one) =>
      one.toUpperCase(),
    ),
    {
      cause: exitCause(state),
      next: 'See its log: the last lines say why.',
      steps: [logs(name, false)],
      evidence,
    },
  );
}

function running(subject: Subject, seat: Seat): Finding | undefined {
  const { cs, name, path, spec, role } = seat;
  const since = time(at(cs, 'state', 'running', 'startedAt'));
  if (at(cs, 'state', 'running') === undefined) return undefined;
  if (role === 'init container') {
    if (since === null || subject.now - since < 60_000) return undefined;
    return finding('D25', `Init container ${name} has been running ${formatShort(subject.now - since)}`, {
      tone: 'warn',
      cause: 'The containers start when it has ended. It may wait for something.',
      next: 'See its log for what it waits for.',
      steps: [logs(name, false)],
      evidence: [
        { path: `${path}.state.running.startedAt`, value: word(at(cs, 'state', 'running', 'startedAt')) },
      ],
    });
  }
  if (role === 'sidecar') {
    if (cs['started'] !== false) return undefined;
    return finding('D26', `Sidecar ${name} has not started`, {
      tone: 'warn',
      cause: 'Everything after it waits for its startup probe.',
      next: 'See its log.',
      steps: [logs(name, false)],
      evidence: [{ path: `${path}.started`, value: 'false' }],
    });
  }
  if (cs['ready'] !== true) return notReady(subject, seat);
  return restarted(subject, seat, spec);
}

function notReady(subject: Subject, seat: Seat): Finding | undefined {
  const { cs, name, path, spec } = seat;
  const evidence: Evidence[] = [{ path: `${path}.ready`, value: 'false' }];
  const starting = cs['started'] === false;
  const seen = event(subject, ['Unhealthy'], starting ? /^Startup/ : /^Readiness/);
  if (starting) {
    return finding('D32', `Startup probe of ${name} has not passed`, {
      tone: 'warn',
      cause: seen?.message ?? '',
      next: 'Wait, or compare the probe with what the program needs to start.',
      steps: [logs(name, false)],
      evidence: seen ? [...evidence, ofEvent(seen)] : evidence,
    });
  }
  if (!spec?.['readinessProbe']) return undefined;
  return finding('D30', `Not ready: the readiness probe of ${name} fails`, {
    tone: 'warn',
    cause: seen?.message ?? 'No event tells what the probe got; events are kept for an hour.',
    next: 'Check the probe’s port and path, and what the program waits for.',
    steps: [logs(name, false), seeEvents],
    evidence: [
      ...evidence,
      { path: `spec.containers[${name}].readinessProbe`, value: JSON.stringify(spec['readinessProbe']) },
      ...(seen ? [ofEvent(seen)] : []),
    ],
  });
}

/** D28: runs now, but did not a moment ago. */
function restarted(subject: Subject, seat: Seat, spec: Thing | undefined): Finding | undefined {
  const { cs, name, path } = seat;
  const last = at(cs, 'lastState', 'terminated');
  const end = time(at(last, 'finishedAt'));
  if (end === null || subject.now - end > RECENT) return undefined;
  const evidence = [{ path: `${path}.lastState.terminated`, value: endWords(last) }];
  if (word(at(last, 'reason')) === 'OOMKilled') return { ...oom({ ...seat, spec }, evidence), tone: 'warn' };
  return finding('D28', `${name} restarted ${formatShort(subject.now - end)} ago`, {
    tone: 'warn',
    cause: exitCause(last),
    next: 'See the log of the run before.',
    steps: [logs(name, true)],
    evidence,
  });
}

/** D22: names what is missing. */
function config(subject: Subject, seat: Seat, message: string, evidence: Evidence[]): Finding {
  const space = namespace(subject.object);
  const key = /couldn't find key (\S+) in (ConfigMap|Secret) (?:[^\s/]+\/)?(\S+)/.exec(message);
  const missing = /(configmap|secret) "([^"]+)" not found/i.exec(message);
  const kind = (key?.[2] ?? missing?.[1] ?? '').toLowerCase();
  const wanted = key?.[3] ?? missing?.[2] ?? '';
  const kindWord = kind === 'secret' ? 'secret' : 'config map';
  const steps: Step[] = key
    ? [open(`Open ${wanted}`, link(kind === 'secret' ? 'secrets' : 'configmaps', space, wanted))]
    : [];
  const what = key
    ? `${seat.name} waits: ${kindWord} ${wanted} has no key ${key[1]}`
    : missing
      ? `${seat.name} waits: there is no ${kindWord} ${wanted}`
      : `${seat.name} cannot be configured`;
  return finding('D22', what, {
    cause: /runAsNonRoot/.test(message) ? 'runAsNonRoot is set and the image runs as root.' : message,
    next:
      key || missing
        ? `Create it in ${space}, or correct the reference; the pod then starts by itself.`
        : 'Correct what the message names.',
    steps,
    evidence,
  });
}

function startCause(message: string): string {
  if (/executable file not found|no such file or directory/i.test(message))
    return `The command is not in the image. ${message}`;
  if (/exec format error/i.test(message)) return `The image is for another platform (D37). ${message}`;
  if (/permission denied/i.test(message)) return `The command may not be executed. ${message}`;
  return message;
}

export function nodeStep({ object }: Subject): readonly Step[] {
  const node = word(at(object, 'spec', 'nodeName'));
  return node === '' ? [] : [open(`Open node ${node}`, link('nodes', '', node))];
}
