/**
 * What happened to an object, as marks on the time axis: deploys, scaling, restarts, alerts. Read from
 * objects and events as the server sends them (hostile: unknown shapes are left out). Times are epoch ms.
 */
import type { Labels } from './answer';

export interface Mark {
  readonly at: number;
  readonly type: 'deploy' | 'scale' | 'restart' | 'alert' | 'node';
  /** `Deploy: revision 3, shop:2` */
  readonly title: string;
}

type Json = Readonly<Record<string, unknown>>;
const object = (value: unknown): Json => (typeof value === 'object' && value !== null ? (value as Json) : {});
const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? (value as unknown[]) : []);
const text = (value: unknown, most = 200): string => (typeof value === 'string' ? value.slice(0, most) : '');
const time = (value: unknown): number => Date.parse(text(value, 64));

const meta = (raw: unknown): Json => object(object(raw)['metadata']);

/** Name of the controller of that kind that owns it; empty: none does. */
export function ownerOf(raw: unknown, kind: string): string {
  for (const one of list(meta(raw)['ownerReferences'])) {
    const owner = object(one);
    if (owner['controller'] === true && owner['kind'] === kind) return text(owner['name'], 253);
  }
  return '';
}

/** `registry/team/shop:2@sha256:…` as `shop:2`. */
function shortImage(image: string): string {
  return (image.split('@')[0] ?? '').split('/').pop() ?? '';
}

/** A ReplicaSet is a revision of its Deployment. `named`: the Deployment's name is said. */
export function markOfReplicaSet(raw: unknown, named: boolean): Mark | undefined {
  const at = time(meta(raw)['creationTimestamp']);
  const owner = ownerOf(raw, 'Deployment');
  if (Number.isNaN(at) || owner === '') return undefined;
  const revision = text(object(meta(raw)['annotations'])['deployment.kubernetes.io/revision'], 12);
  const template = object(object(object(object(raw)['spec'])['template'])['spec']);
  const images = list(template['containers']).map((one) => shortImage(text(object(one)['image'], 512)));
  const words = [
    named ? owner : '',
    revision === '' ? '' : `revision ${revision}`,
    [...new Set(images)].slice(0, 3).join(' '),
  ].filter((one) => one !== '');
  return { at, type: 'deploy', title: `Deploy: ${words.join(', ')}` };
}

/** A ControllerRevision is a revision of its StatefulSet or DaemonSet. */
export function markOfRevision(raw: unknown, kind: string): Mark | undefined {
  const at = time(meta(raw)['creationTimestamp']);
  if (Number.isNaN(at) || ownerOf(raw, kind) === '') return undefined;
  const { revision } = object(raw);
  return { at, type: 'deploy', title: `Deploy: revision ${typeof revision === 'number' ? revision : '?'}` };
}

/** Restarts a pod still tells of: the last end of each container that ran more than once. */
export function marksOfPod(raw: unknown): readonly Mark[] {
  const status = object(object(raw)['status']);
  const pod = text(meta(raw)['name'], 253);
  const out: Mark[] = [];
  for (const one of [...list(status['containerStatuses']), ...list(status['initContainerStatuses'])]) {
    const container = object(one);
    const { finishedAt, reason, exitCode } = object(object(container['lastState'])['terminated']);
    const at = time(finishedAt);
    if (Number.isNaN(at) || !(Number(container['restartCount']) > 0)) continue;
    const why = text(reason, 60) || `exit ${String(exitCode)}`;
    out.push({ at, type: 'restart', title: `Restart: ${text(container['name'], 63)} of ${pod}, ${why}` });
  }
  return out;
}

/** `Scaled up replica set web-5d4 from 1 to 3` as `Scaled up from 1 to 3`. */
export function markOfScaling(raw: unknown): Mark | undefined {
  const event = object(raw);
  const { reason } = event;
  if (reason !== 'ScalingReplicaSet' && reason !== 'SuccessfulRescale') return undefined;
  const at = [
    object(event['series'])['lastObservedTime'],
    event['lastTimestamp'],
    event['eventTime'],
    event['firstTimestamp'],
  ]
    .map(time)
    .find((one) => !Number.isNaN(one));
  if (at === undefined) return undefined;
  const message = text(event['message']);
  const short = message.replace(/ replica set \S+/, '').replace(/^Scaled/, 'Scaled');
  return { at, type: 'scale', title: short === '' ? 'Scaled' : short };
}

/** Of a rollout the scaling of its ReplicaSets says nothing new. */
const ROLLOUT_MS = 90_000;

/** Newest `most`, oldest first, within [from, to] (epoch ms); scaling that belongs to a deploy left out; equal ones once. */
export function arrangeMarks(all: readonly Mark[], from: number, to: number, most: number): readonly Mark[] {
  const deploys = all.filter((one) => one.type === 'deploy').map((one) => one.at);
  const seen = new Set<string>();
  return all
    .filter(
      (one) =>
        one.at >= from &&
        one.at <= to &&
        (one.type !== 'scale' || !deploys.some((at) => one.at >= at - 2000 && one.at - at < ROLLOUT_MS)),
    )
    .filter((one) => {
      const key = `${one.type} ${Math.round(one.at / 1000)} ${one.title}`;
      return !seen.has(key) && seen.add(key) !== undefined;
    })
    .sort((a, b) => a.at - b.at)
    .slice(-most);
}

export interface AlertSeries {
  readonly labels: Labels;
  readonly values: Float64Array;
}

/** One mark where an alert begins to fire. `start`, `step`: epoch s of the grid. */
export function marksOfAlerts(series: readonly AlertSeries[], start: number, step: number): readonly Mark[] {
  return series.flatMap(({ labels, values }) => {
    const out: Mark[] = [];
    let fired = true;
    values.forEach((value, i) => {
      const fires = value === value;
      // What fired before the picture begins did not begin in it.
      if (fires && !fired)
        out.push({
          at: (start + i * step) * 1000,
          type: 'alert',
          title: `Alert: ${labels['alertname'] ?? ''}`,
        });
      fired = fires;
    });
    return out;
  });
}
