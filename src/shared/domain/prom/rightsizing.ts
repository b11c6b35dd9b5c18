/**
 * What a container asks for against what it uses, and what it could ask for instead, with the
 * reasons in words. Pure: numbers in, numbers and sentences out. A suggestion is never made from what was
 * not measured; little history is said, a workload that scales by its own requests too.
 */
import { formatBytes, formatCpu } from '../../util/quantity';

/** Of one resource over the chosen time: cores or bytes. */
export interface UseLevels {
  /** Of the pod in the middle. */
  readonly p50: number;
  /** Of the busiest pod: all pods share one template. */
  readonly p95: number;
  readonly max: number;
}

export interface ContainerUse {
  readonly cpu: UseLevels | null;
  readonly memory: UseLevels | null;
  /** Seconds of the chosen time with samples, of the pod that has most. */
  readonly covered: number;
  /** Share of CPU periods in which it was held back; null: not recorded. */
  readonly throttled: number | null;
  /** Times the kernel killed for memory; null: not recorded. */
  readonly oomKills: number | null;
}

/** null: not set. */
export interface ContainerSet {
  readonly cpuRequest: number | null;
  readonly cpuLimit: number | null;
  readonly memoryRequest: number | null;
  readonly memoryLimit: number | null;
}

export type SetField = keyof ContainerSet;

export interface Suggestion {
  /** Only what should change; null stays null: no limit is made up. */
  readonly set: Partial<Record<SetField, number>>;
  /** Why, one sentence each; also why something stays as it is. */
  readonly reasons: readonly string[];
  /** From too little to be sure. */
  readonly weak: boolean;
}

export interface SizingPolicy {
  /** On top of p95 of CPU, and of the highest memory: 0.15 is 15 %. */
  readonly headroom: number;
}

export const defaultPolicy: SizingPolicy = { headroom: 0.15 };

/** Less than that says nothing. */
export const LEAST_COVERED = 600;
/** Less than a day misses the busy hour. */
const ENOUGH = 86_400;
const LEAST_CPU = 0.01;
const LEAST_MEMORY = 16 * 2 ** 20;
/** A change smaller than a tenth is not worth a rollout. */
const WORTH = 0.1;
const THROTTLED = 0.05;

/** Up to a round amount: 5m steps below 100m, 10m to 1, 100m above. */
export function roundCpu(cores: number): number {
  const step = cores < 0.1 ? 0.005 : cores < 1 ? 0.01 : 0.1;
  return Number((Math.ceil(Math.max(LEAST_CPU, cores) / step - 1e-9) * step).toFixed(3));
}

/** Up to whole MiB: 1 below 64, 8 below 512, 32 to 4 GiB, 128 above. */
export function roundMemory(bytes: number): number {
  const mib = Math.max(LEAST_MEMORY, bytes) / 2 ** 20;
  const step = mib < 64 ? 1 : mib < 512 ? 8 : mib < 4096 ? 32 : 128;
  return Math.ceil(mib / step - 1e-9) * step * 2 ** 20;
}

const percent = (share: number): string => `${Math.round(share * 100)}%`;
const differs = (now: number | null, then: number): boolean =>
  now === null || Math.abs(then - now) > now * WORTH;

/** `scaledBy`: resources whose utilisation an autoscaler aims at. Undefined: nothing was measured. */
export function suggest(
  now: ContainerSet,
  use: ContainerUse,
  scaledBy: readonly string[] = [],
  { headroom }: SizingPolicy = defaultPolicy,
): Suggestion | undefined {
  if (use.covered < LEAST_COVERED || (use.cpu === null && use.memory === null)) return undefined;
  const set: Partial<Record<SetField, number>> = {};
  const reasons: string[] = [];
  if (use.cpu) suggestCpu(now, use, use.cpu, headroom, set, reasons);
  if (use.memory) suggestMemory(now, use, use.memory, headroom, set, reasons);
  for (const resource of scaledBy)
    if (resource === 'cpu' ? set.cpuRequest !== undefined : set.memoryRequest !== undefined)
      reasons.push(
        `An autoscaler aims at a share of the ${resource} request: with another request it runs another number of pods.`,
      );
  const weak = use.covered < ENOUGH;
  if (weak)
    reasons.push(
      `Only ${hoursText(use.covered)} were measured: a busy hour outside of them would not be known.`,
    );
  return { set, reasons, weak };
}

function suggestCpu(
  now: ContainerSet,
  use: ContainerUse,
  cpu: UseLevels,
  headroom: number,
  set: Partial<Record<SetField, number>>,
  reasons: string[],
): void {
  const wanted = roundCpu(cpu.p95 * (1 + headroom));
  const words = `95% of the time the busiest pod uses at most ${formatCpu(cpu.p95)} of CPU`;
  const enough = now.cpuRequest !== null && now.cpuRequest >= cpu.p95 * (1 + headroom);
  // The least amount is for what has none: it raises nothing.
  if (!differs(now.cpuRequest, wanted) || (enough && wanted > now.cpuRequest))
    reasons.push(`${words}: the request fits.`);
  else {
    set.cpuRequest = wanted;
    reasons.push(
      now.cpuRequest === null
        ? `${words}; without a request the scheduler reserves nothing for it: ${formatCpu(wanted)} with ${percent(headroom)} to spare.`
        : wanted < now.cpuRequest
          ? `${words}; the rest of ${formatCpu(now.cpuRequest)} is reserved and idle: ${formatCpu(wanted)} leaves ${percent(headroom)} to spare.`
          : `${words}, more than the ${formatCpu(now.cpuRequest)} it is promised when the node is full: ${formatCpu(wanted)} with ${percent(headroom)} to spare.`,
    );
  }
  const request = set.cpuRequest ?? now.cpuRequest ?? 0;
  if (now.cpuLimit === null) return;
  if (use.throttled !== null && use.throttled > THROTTLED) {
    const limit = roundCpu(Math.max(now.cpuLimit * 1.5, cpu.max * 1.5, request));
    set.cpuLimit = limit;
    reasons.push(
      `It was held back by its CPU limit in ${percent(use.throttled)} of all periods: ${formatCpu(limit)} gives it room (or no limit at all: the request already divides a full node fairly).`,
    );
  } else if (request > now.cpuLimit) {
    set.cpuLimit = roundCpu(request);
    reasons.push('The limit may not be below the request.');
  }
}

function suggestMemory(
  now: ContainerSet,
  use: ContainerUse,
  memory: UseLevels,
  headroom: number,
  set: Partial<Record<SetField, number>>,
  reasons: string[],
): void {
  const killed = use.oomKills !== null && use.oomKills > 0;
  // What was killed at its limit would have taken more.
  const peak = killed && now.memoryLimit !== null ? Math.max(memory.max, now.memoryLimit) : memory.max;
  const wanted = roundMemory(peak * (1 + headroom));
  const words = `At its highest it held ${formatBytes(memory.max)} of memory`;
  const enough = now.memoryRequest !== null && now.memoryRequest >= peak * (1 + headroom);
  if (!differs(now.memoryRequest, wanted) || (enough && wanted > now.memoryRequest))
    reasons.push(`${words}: the request fits.`);
  else {
    set.memoryRequest = wanted;
    reasons.push(
      now.memoryRequest === null
        ? `${words}; without a request it is among the first to be evicted: ${formatBytes(wanted)} with ${percent(headroom)} to spare.`
        : wanted < now.memoryRequest
          ? `${words} of the ${formatBytes(now.memoryRequest)} reserved: ${formatBytes(wanted)} leaves ${percent(headroom)} to spare. Memory cannot be given back under pressure, so the highest value counts, not p95.`
          : `${words}, more than the ${formatBytes(now.memoryRequest)} requested: on a full node it would be evicted early. ${formatBytes(wanted)} with ${percent(headroom)} to spare.`,
    );
  }
  const request = set.memoryRequest ?? now.memoryRequest ?? 0;
  if (now.memoryLimit === null) return;
  if (killed) {
    set.memoryLimit = roundMemory(Math.max(now.memoryLimit * 1.5, request));
    reasons.push(
      `It was killed for memory ${use.oomKills === 1 ? 'once' : `${Math.round(use.oomKills ?? 0)} times`} at a limit of ${formatBytes(now.memoryLimit)}: ${formatBytes(set.memoryLimit)} until it is known what it needs (look for a leak too).`,
    );
  } else if (memory.max > now.memoryLimit * 0.9) {
    set.memoryLimit = roundMemory(Math.max(memory.max * 1.3, request));
    reasons.push(
      `It came to ${percent(memory.max / now.memoryLimit)} of its memory limit; at 100% it is killed: ${formatBytes(set.memoryLimit)}.`,
    );
  } else if (request > now.memoryLimit) {
    set.memoryLimit = roundMemory(request);
    reasons.push('The limit may not be below the request.');
  }
}

export interface Waste {
  /** Cores and bytes reserved beyond what is needed with headroom, of all replicas; negative: too little is reserved. */
  readonly cpu: number;
  readonly memory: number;
}

/** What all replicas reserve beyond their use (p95 of CPU, highest memory). Nothing reserved wastes nothing. */
export function wasteOf(now: ContainerSet, use: ContainerUse, replicas: number): Waste {
  const over = (request: number | null, used: number | undefined): number =>
    request === null || used === undefined ? 0 : (request - used) * replicas;
  return { cpu: over(now.cpuRequest, use.cpu?.p95), memory: over(now.memoryRequest, use.memory?.max) };
}

export function hoursText(seconds: number): string {
  if (seconds < 5400) return `${Math.max(1, Math.round(seconds / 60))} minutes`;
  if (seconds < 172_800) return `${Math.round(seconds / 3600)} hours`;
  return `${Math.round(seconds / 86_400)} days`;
}

/** As an object holds it: `250m`, `1`, `1.5`; `64Mi`, `2Gi`. */
export function quantityText(field: SetField, value: number): string {
  if (field === 'cpuRequest' || field === 'cpuLimit') {
    const milli = Math.round(value * 1000);
    return milli % 1000 === 0 ? String(milli / 1000) : `${milli}m`;
  }
  const mib = Math.round(value / 2 ** 20);
  return mib % 1024 === 0 ? `${mib / 1024}Gi` : `${mib}Mi`;
}

/** Path inside `resources` of a container. */
export const fieldPath: Readonly<Record<SetField, readonly [string, string]>> = {
  cpuRequest: ['requests', 'cpu'],
  cpuLimit: ['limits', 'cpu'],
  memoryRequest: ['requests', 'memory'],
  memoryLimit: ['limits', 'memory'],
};
