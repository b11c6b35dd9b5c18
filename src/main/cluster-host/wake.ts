/**
 * Notices from inside a process that the machine slept, that its clock was moved, or that its
 * network is another one: sockets from before are half-open at best (faults 43, 44).
 * Works where the system tells nobody; being told as well does no harm. Looks every 2 s at
 * clocks and addresses, sends nothing.
 */
import { networkInterfaces } from 'node:os';
import { performance } from 'node:perf_hooks';
import type { Scope } from '#shared/rpc/scope';

/** `offline`: the last network is gone. */
export type WakeReason = 'slept' | 'clock' | 'network' | 'offline';

export interface Networks {
  /** Changes when the machine gets or loses an address that leads somewhere. */
  readonly mark: string;
  /** False when there is nothing but the loopback. */
  readonly any: boolean;
}

export interface WakeSource {
  /** Epoch ms. */
  now(): number;
  /** ms that no clock setting moves. */
  monotonic(): number;
  networks(): Networks;
}

const TICK_MS = 2_000;
/** A longer gap between two looks is a sleep (or a process that was stopped: the same to sockets). */
export const GAP_MS = 15_000;
/** The two clocks drift by less. */
const JUMP_MS = 5_000;

const systemSource: WakeSource = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  networks: () => networksOf(networkInterfaces()),
};

export function watchWake(
  scope: Scope,
  onWake: (reason: WakeReason) => void,
  source: WakeSource = systemSource,
  tickMs = TICK_MS,
): void {
  let wall = source.now();
  let steady = source.monotonic();
  let networks = source.networks();
  const look = (): void => {
    scope.timeout(look, tickMs);
    const before = { wall, steady, networks };
    wall = source.now();
    steady = source.monotonic();
    networks = source.networks();
    const passed = wall - before.wall;
    const reason: WakeReason | undefined =
      networks.any !== before.networks.any && !networks.any
        ? 'offline'
        : networks.mark !== before.networks.mark || networks.any !== before.networks.any
          ? 'network'
          : passed > GAP_MS
            ? 'slept'
            : Math.abs(passed - (steady - before.steady)) > JUMP_MS
              ? 'clock'
              : undefined;
    if (reason) onWake(reason);
  };
  scope.timeout(look, tickMs);
}

/** Bridges and pairs of containers come and go with every pod of a local cluster. */
const local = /^(veth|cali|cni|flannel|docker|br-|virbr|lxc|lxd|tap|vmnet|bridge)/;

export function networksOf(interfaces: ReturnType<typeof networkInterfaces>): Networks {
  const marks: string[] = [];
  let any = false;
  for (const [name, addresses] of Object.entries(interfaces))
    for (const { address, internal } of addresses ?? []) {
      if (internal || /^(fe80:|169\.254\.)/i.test(address)) continue;
      any = true;
      if (!local.test(name)) marks.push(`${name} ${address}`);
    }
  return { mark: marks.sort().join(), any };
}
