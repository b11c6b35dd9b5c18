/** How much CPU and memory things use: smooth, seeded by name, never measured. */
import type { Container, Pod } from '../model';
import { kibibytes, millicores, parseQuantity } from '../quantity';
import { hash } from '../random';
import { behaviourOf } from './behaviour';

/** 0..1 of what is requested, with a slow wave and some noise. */
export function loadOf(seed: number, time: number): number {
  const base = 0.25 + ((seed % 1000) / 1000) * 0.45;
  const wave =
    Math.sin(time / 900_000 + (seed % 628) / 100) * 0.18 + Math.sin(time / 70_000 + (seed % 311) / 50) * 0.06;
  return Math.max(0.02, base + wave);
}

export function containerUsage(
  pod: Pod,
  container: Container,
  time: number,
): { cpu: number; memory: number } {
  const seed = hash(pod.metadata.uid + container.name);
  const { requests, limits } = container.resources ?? {};
  const cpu = parseQuantity(requests?.['cpu'] ?? '50m') * loadOf(seed, time);
  const asked = parseQuantity(requests?.['memory'] ?? '64Mi');
  const limit = parseQuantity(limits?.['memory'] ?? 'x') || asked * 2;
  const full = behaviourOf(pod, container).does === 'run-out-of-memory';
  const memory = full
    ? limit * 0.96
    : Math.min(limit * 0.95, asked * (0.45 + 0.5 * loadOf(seed >>> 3, time / 4)));
  return { cpu, memory };
}

/** Running containers only, as metrics-server answers. */
export function podUsage(pod: Pod, time: number): { name: string; usage: { cpu: string; memory: string } }[] {
  const running = new Set(
    (pod.status.containerStatuses ?? []).filter((entry) => entry.state.running).map((entry) => entry.name),
  );
  return pod.spec.containers
    .filter((container) => running.has(container.name))
    .map((container) => {
      const { cpu, memory } = containerUsage(pod, container, time);
      return { name: container.name, usage: { cpu: millicores(cpu), memory: kibibytes(memory) } };
    });
}
