/**
 * Drains a node by the Eviction API: cordon, then evict each pod and wait until it is gone.
 * Guarantees: a pod is never deleted behind a PodDisruptionBudget's back; 429 waits as long as
 * Retry-After says (5 s without); pods that came to the node meanwhile are evicted too; cancel
 * stops new evictions at once and the last state says what is true: which pods are gone, which
 * end, which stay, and that the node stays cordoned.
 */
import type { DrainItem, DrainPhase, DrainState } from '#shared/contract/actions';
import type { DrainOptions, DrainPod } from '#shared/domain/actions/drain';
import { at } from '#shared/domain/actions/read';
import type { Thing } from '#shared/domain/actions/types';
import { fail, isCancelled, toAppError, type AppError } from '#shared/util/app-error';
import type { Api } from '../../k8s/api';
import { sleep } from '../../k8s/backoff';
import { resourcePath } from '../../k8s/path';
import { nodePath, readDrain } from './drain-read';
import { FIELD_MANAGER } from './target';

const PARALLEL = 8;
const ROUNDS = 5;

export interface DrainTimes {
  /** Between two looks whether a pod is gone, ms. */
  readonly lookMs: number;
  /** After a 429 without Retry-After, ms. */
  readonly heldMs: number;
}

const usual: DrainTimes = { lookMs: 1000, heldMs: 5000 };

export class Drain {
  private readonly items = new Map<string, DrainItem>();
  private phase: DrainState['phase'] = 'cordoning';
  private cordoned = false;
  private wasCordoned = false;
  private error: AppError | undefined;

  constructor(
    private readonly api: Api,
    private readonly node: string,
    private readonly options: DrainOptions,
    private readonly onChange: () => void,
    private readonly times: DrainTimes = usual,
  ) {}

  state(): DrainState {
    const items = [...this.items.values()];
    return {
      phase: this.phase,
      message: this.words(items),
      cordoned: this.cordoned,
      wasCordoned: this.wasCordoned,
      items,
      ...(this.error ? { error: this.error } : {}),
    };
  }

  /** Resolves when the drain ended, whatever way; never rejects. */
  async run(signal: AbortSignal): Promise<void> {
    try {
      // Before the node is touched: what stops the drain leaves it as it was.
      await this.going(signal);
      await this.cordon(signal);
      this.set('evicting');
      for (let round = 0; round < ROUNDS; round += 1) {
        const going = await this.going(signal);
        if (going.length === 0) break;
        await this.evictAll(going, signal);
        if ([...this.items.values()].some((item) => item.phase === 'failed')) break;
      }
      const failed = [...this.items.values()].some((item) => item.phase === 'failed');
      this.set(failed ? 'failed' : 'done');
    } catch (thrown) {
      for (const item of this.items.values()) {
        if (item.phase === 'waiting' || item.phase === 'held' || item.phase === 'evicting')
          this.item(item.uid, 'left', 'Not evicted.');
      }
      if (signal.aborted || isCancelled(thrown)) return this.set('cancelled');
      this.error = toAppError(thrown);
      this.set('failed');
    }
  }

  /** Pods to evict now; fails when one needs a decision first. */
  private async going(signal: AbortSignal): Promise<readonly DrainPod[]> {
    const { pods, cordoned } = await readDrain(this.api, this.node, this.options, signal);
    if (this.phase === 'cordoning') this.wasCordoned = this.cordoned = cordoned;
    const stops = pods.find((pod) => pod.verdict === 'stops');
    if (stops) throw fail('invalid', `${stops.namespace}/${stops.name}: ${stops.why}`);
    return pods.filter((pod) => pod.verdict === 'evict');
  }

  private async cordon(signal: AbortSignal): Promise<void> {
    const node = await this.api.json<Thing>({ path: nodePath(this.node) }, signal);
    this.wasCordoned = this.cordoned = at(node, 'spec', 'unschedulable') === true;
    if (this.cordoned) return;
    const metadata = { uid: at(node, 'metadata', 'uid') };
    // Once sent it is finished, so that the last state knows whether the node is cordoned.
    await this.api.json(
      {
        method: 'PATCH',
        path: nodePath(this.node),
        query: { fieldManager: FIELD_MANAGER },
        contentType: 'application/merge-patch+json',
        body: JSON.stringify({ metadata, spec: { unschedulable: true } }),
      },
      new AbortController().signal,
    );
    this.cordoned = true;
    this.onChange();
    signal.throwIfAborted();
  }

  private async evictAll(pods: readonly DrainPod[], signal: AbortSignal): Promise<void> {
    for (const { namespace, name, uid, owner } of pods) {
      this.items.set(uid, { namespace, name, uid, owner, phase: 'waiting' });
    }
    this.onChange();
    const waiting = [...pods];
    // A pod that a budget holds must not keep the others from going.
    const held: Promise<void>[] = [];
    const work = async (): Promise<void> => {
      for (let pod = waiting.shift(); pod; pod = waiting.shift()) {
        const gone = await this.tryOnce(pod, signal);
        if (gone === 'held') {
          const trying = this.keepTrying(pod, signal);
          // A cancel may end the others first; then nobody awaits this one any more.
          trying.catch(() => undefined);
          held.push(trying);
        } else if (gone === 'ending') await this.untilGone(pod, signal);
      }
    };
    await Promise.all(Array.from({ length: Math.min(PARALLEL, pods.length) }, work));
    await Promise.all(held);
  }

  private async keepTrying(pod: DrainPod, signal: AbortSignal): Promise<void> {
    for (;;) {
      const next = this.items.get(pod.uid)?.next ?? Date.now() + this.times.heldMs;
      await sleep(Math.max(0, next - Date.now()), signal);
      const outcome = await this.tryOnce(pod, signal);
      if (outcome === 'ending') return this.untilGone(pod, signal);
      if (outcome !== 'held') return undefined;
    }
  }

  private async tryOnce(pod: DrainPod, signal: AbortSignal): Promise<'ending' | 'held' | 'over'> {
    signal.throwIfAborted();
    if (pod.kind === 'leaving') {
      this.item(pod.uid, 'ending', 'It was ending already.');
      return 'ending';
    }
    const { namespace, name, uid } = pod;
    this.item(uid, 'evicting');
    try {
      await this.api.json(
        {
          method: 'POST',
          path: resourcePath({
            group: '',
            version: 'v1',
            resource: 'pods',
            namespace,
            name,
            subresource: 'eviction',
          }),
          body: JSON.stringify({
            apiVersion: 'policy/v1',
            kind: 'Eviction',
            metadata: { name, namespace },
            deleteOptions: {
              preconditions: { uid },
              ...(this.options.grace === null ? {} : { gracePeriodSeconds: this.options.grace }),
            },
          }),
        },
        new AbortController().signal,
      );
      this.item(uid, 'ending');
      return 'ending';
    } catch (thrown) {
      const error = toAppError(thrown);
      // 409: another pod of that name; the one that was meant is gone.
      if (error.code === 'not-found' || error.code === 'conflict') {
        this.item(uid, 'gone');
        return 'over';
      }
      if (error.code === 'throttled' || isTransient(error)) {
        const wait = (error.retryAfter ?? 0) > 0 ? (error.retryAfter ?? 0) * 1000 : this.times.heldMs;
        this.item(uid, 'held', error.message, Date.now() + wait);
        return 'held';
      }
      this.item(uid, 'failed', error.message);
      return 'over';
    }
  }

  private async untilGone(pod: DrainPod, signal: AbortSignal): Promise<void> {
    const { namespace, name, uid } = pod;
    const path = resourcePath({ group: '', version: 'v1', resource: 'pods', namespace, name });
    for (;;) {
      try {
        const found = await this.api.json<Thing>({ path }, signal);
        if (at(found, 'metadata', 'uid') !== uid) break;
      } catch (thrown) {
        if (signal.aborted) throw thrown;
        if (toAppError(thrown).code === 'not-found') break;
      }
      await sleep(this.times.lookMs, signal);
    }
    this.item(uid, 'gone');
  }

  private item(uid: string, phase: DrainPhase, message?: string, next?: number): void {
    const before = this.items.get(uid);
    if (!before) return;
    const { namespace, name, owner } = before;
    this.items.set(uid, {
      namespace,
      name,
      uid,
      owner,
      phase,
      ...(message === undefined ? {} : { message }),
      ...(next === undefined ? {} : { next }),
    });
    this.onChange();
  }

  private set(phase: DrainState['phase']): void {
    this.phase = phase;
    this.onChange();
  }

  private words(items: readonly DrainItem[]): string {
    const number = (...phases: readonly DrainPhase[]): number =>
      items.filter((item) => phases.includes(item.phase)).length;
    const total = items.length;
    const gone = number('gone');
    const cordon = this.cordoned ? `${this.node} is cordoned` : `${this.node} is not cordoned`;
    switch (this.phase) {
      case 'cordoning':
        return `Cordoning ${this.node}.`;
      case 'evicting': {
        const held = number('held');
        return `${gone} of ${total} pods gone${held > 0 ? `, ${held} held back by a budget` : ''}. ${cordon}.`;
      }
      case 'done':
        return `Drained: ${gone} ${gone === 1 ? 'pod' : 'pods'} evicted. ${cordon}.`;
      case 'cancelled':
        return `Cancelled: ${gone} of ${total} pods gone, ${number('ending')} ending, ${number('left')} not evicted. ${cordon}${this.cordoned && !this.wasCordoned ? ' and stays so until it is uncordoned' : ''}.`;
      case 'failed':
        return `Stopped: ${gone} of ${total} pods gone, ${number('failed', 'left')} not evicted. ${cordon}.`;
    }
  }
}

/** Failures that may pass: the next try tells. A namespace that is ending refuses with 403. */
function isTransient(error: AppError): boolean {
  if (error.code === 'forbidden') return error.message.includes('is being terminated');
  return (
    ['server', 'network', 'timeout', 'refused', 'dns'].includes(error.code) &&
    !error.message.includes('more than one PodDisruptionBudget')
  );
}
