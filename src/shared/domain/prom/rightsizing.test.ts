/** Suggestions and their words; queries in each label variant; whose pod a name is. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { podPattern } from './promql-text';
import {
  quantityText,
  roundCpu,
  roundMemory,
  suggest,
  wasteOf,
  type ContainerSet,
  type ContainerUse,
} from './rightsizing';
import { sizingQueries, sizingStep, workloadIndex } from './rightsizing-queries';
import { detectSchema } from './schema';

const MiB = 2 ** 20;
const none: ContainerSet = { cpuRequest: null, cpuLimit: null, memoryRequest: null, memoryLimit: null };
const use = (change: Partial<ContainerUse> = {}): ContainerUse => ({
  cpu: { p50: 0.02, p95: 0.1, max: 0.4 },
  memory: { p50: 90 * MiB, p95: 100 * MiB, max: 110 * MiB },
  covered: 7 * 86_400,
  throttled: 0,
  oomKills: 0,
  ...change,
});

describe('suggestions', () => {
  test('what is reserved and idle comes down to p95 of CPU and the highest memory, with headroom', () => {
    const now = { ...none, cpuRequest: 1, memoryRequest: 1024 * MiB };
    const found = suggest(now, use());
    expect(found?.set).toEqual({ cpuRequest: 0.12, memoryRequest: 128 * MiB });
    expect(found?.reasons.join(' ')).toContain('at most 100m of CPU');
    expect(found?.reasons.join(' ')).toContain('the highest value counts, not p95');
    expect(found?.weak).toBe(false);
    expect(wasteOf(now, use(), 3)).toEqual({ cpu: expect.closeTo(2.7) as number, memory: 3 * 914 * MiB });
  });

  test('what fits stays, and says so; no limit is made up', () => {
    const found = suggest({ ...none, cpuRequest: 0.115, memoryRequest: 128 * MiB }, use());
    expect(found?.set).toEqual({});
    expect(found?.reasons).toEqual([
      expect.stringContaining('the request fits'),
      expect.stringContaining('the request fits'),
    ]);
  });

  test('a small request that covers a smaller use is not raised to the least amount', () => {
    const tiny = use({
      cpu: { p50: 0, p95: 0.001, max: 0.002 },
      memory: { p50: MiB, p95: MiB, max: 2 * MiB },
    });
    const found = suggest({ ...none, cpuRequest: 0.005, memoryRequest: 8 * MiB }, tiny);
    expect(found?.set).toEqual({});
    expect(found?.reasons.filter((one) => one.includes('the request fits'))).toHaveLength(2);
  });

  test('too little is raised, and nothing requested is said as such', () => {
    expect(suggest({ ...none, cpuRequest: 0.05, memoryRequest: 64 * MiB }, use())?.set).toEqual({
      cpuRequest: 0.12,
      memoryRequest: 128 * MiB,
    });
    const bare = suggest(none, use());
    expect(bare?.set).toEqual({ cpuRequest: 0.12, memoryRequest: 128 * MiB });
    expect(bare?.reasons.join(' ')).toMatch(/reserves nothing .* first to be evicted/);
    expect(wasteOf(none, use(), 5)).toEqual({ cpu: 0, memory: 0 });
  });

  test.each([
    ['throttled', { throttled: 0.3 }, { cpuLimit: 0.6 }, 'held back by its CPU limit in 30%'],
    ['killed for memory', { oomKills: 2 }, { memoryLimit: 192 * MiB }, 'killed for memory 2 times'],
    [
      'close to its memory limit',
      { memory: { p50: 100 * MiB, p95: 120 * MiB, max: 126 * MiB } },
      { memoryLimit: 168 * MiB },
      'came to 98% of its memory limit',
    ],
  ] as const)('%s: the limit grows', (_, change, set, words) => {
    const now = { cpuRequest: 0.115, cpuLimit: 0.2, memoryRequest: 128 * MiB, memoryLimit: 128 * MiB };
    const found = suggest(now, use(change));
    expect(found?.set).toMatchObject(set);
    expect(found?.reasons.join(' ')).toContain(words);
  });

  test('little history is said; from less than ten minutes nothing is suggested', () => {
    expect(suggest(none, use({ covered: 3 * 3600 }))).toMatchObject({ weak: true });
    expect(suggest(none, use({ covered: 3 * 3600 }))?.reasons.join(' ')).toContain(
      'Only 3 hours were measured',
    );
    expect(suggest(none, use({ covered: 599 }))).toBeUndefined();
    expect(suggest(none, use({ cpu: null, memory: null }))).toBeUndefined();
  });

  test('an autoscaler that aims at the changed request is named', () => {
    expect(suggest(none, use(), ['cpu'])?.reasons.join(' ')).toContain(
      'autoscaler aims at a share of the cpu',
    );
    const fits = { ...none, cpuRequest: 0.115, memoryRequest: 128 * MiB };
    expect(suggest(fits, use(), ['cpu'])?.reasons.join(' ')).not.toContain('autoscaler');
  });

  test('whatever is measured: what is suggested covers it, and no limit lies below its request', () => {
    const amount = fc.option(fc.double({ min: 1e-3, max: 64, noNaN: true }), { nil: null });
    const bytes = fc.option(fc.integer({ min: MiB, max: 2 ** 36 }), { nil: null });
    const level = (max: number) => fc.double({ min: 0, max, noNaN: true });
    fc.assert(
      fc.property(
        fc.record({ cpuRequest: amount, cpuLimit: amount, memoryRequest: bytes, memoryLimit: bytes }),
        level(32),
        level(2 ** 36),
        level(1),
        fc.integer({ min: 0, max: 3 }),
        (raw, cpu, memory, throttled, oomKills) => {
          const now = {
            ...raw,
            cpuRequest:
              raw.cpuLimit === null ? raw.cpuRequest : Math.min(raw.cpuRequest ?? Infinity, raw.cpuLimit),
            memoryRequest:
              raw.memoryLimit === null
                ? raw.memoryRequest
                : Math.min(raw.memoryRequest ?? Infinity, raw.memoryLimit),
          };
          const found = suggest(now, {
            cpu: { p50: cpu / 2, p95: cpu, max: cpu },
            memory: { p50: memory / 2, p95: memory, max: memory },
            covered: 86_400,
            throttled,
            oomKills,
          });
          const then = { ...now, ...found?.set };
          expect(then.cpuRequest).not.toBeNull();
          // Within a tenth nothing is changed, and the headroom is larger than that.
          expect(then.cpuRequest!).toBeGreaterThanOrEqual(cpu);
          expect(then.memoryRequest!).toBeGreaterThanOrEqual(memory);
          if (then.cpuLimit !== null) expect(then.cpuLimit).toBeGreaterThanOrEqual(then.cpuRequest! - 1e-9);
          if (then.memoryLimit !== null) expect(then.memoryLimit).toBeGreaterThanOrEqual(then.memoryRequest!);
        },
      ),
    );
  });

  test.each([
    ['cpuRequest', 0.12, '120m'],
    ['cpuLimit', 2, '2'],
    ['cpuRequest', 1.5, '1500m'],
    ['memoryRequest', 128 * MiB, '128Mi'],
    ['memoryLimit', 2048 * MiB, '2Gi'],
  ] as const)('%s %d is written as %s', (field, value, text) => {
    expect(quantityText(field, value)).toBe(text);
  });

  test('amounts are rounded up to round ones', () => {
    expect([0.001, 0.0612, 0.118, 1.01].map(roundCpu)).toEqual([0.01, 0.065, 0.12, 1.1]);
    expect([1, 17.2, 65, 600, 5000].map((mib) => roundMemory(mib * MiB) / MiB)).toEqual([
      16,
      18,
      72,
      608,
      5120 - 0,
    ]);
  });
});

describe('queries of rightsizing', () => {
  const labels = (pod: string, container: string | null) =>
    detectSchema({
      labels: {
        container_cpu_usage_seconds_total: ['namespace', pod, ...(container === null ? [] : [container])],
      },
      metrics: null,
      scrape: 15,
    });

  test.each([
    [
      labels('pod', 'container'),
      'max_over_time(sum by (namespace, pod, container) (container_memory_working_set_bytes{pod!="",container!="",container!="POD",namespace="shop"})[1d:4m48s])',
    ],
    [
      labels('pod_name', 'container_name'),
      'max_over_time(sum by (namespace, pod_name, container_name) (container_memory_working_set_bytes{pod_name!="",container_name!="",container_name!="POD",namespace="shop"})[1d:4m48s])',
    ],
    [
      labels('pod', null),
      'max_over_time(sum by (namespace, pod) (container_memory_working_set_bytes{pod!="",namespace="shop"})[1d:4m48s])',
    ],
  ])('use the labels of the set-up', (schema, expr) => {
    const found = sizingQueries(schema, ['shop'], 86_400);
    expect(found.find(({ part }) => part === 'memory-max')?.expr).toBe(expr);
    expect(found).toHaveLength(9);
  });

  test('ask only for what is recorded, and of several namespaces by pattern', () => {
    const schema = { ...labels('pod', 'container'), metrics: ['container_memory_working_set_bytes'] };
    const found = sizingQueries(schema, ['shop', 'web'], 3600);
    expect(found.map(({ part }) => part)).toEqual(['memory-p50', 'memory-p95', 'memory-max', 'covered']);
    expect(found[0]?.expr).toContain('namespace=~"shop|web"');
    expect(sizingStep(3600, 15)).toBe(30);
  });
});

describe('the workload of a pod name', () => {
  const one = (controller: 'Deployment' | 'StatefulSet' | 'DaemonSet', name: string) => ({
    controller,
    namespace: 'shop',
    name,
  });

  test.each([
    ['web-6d4cf56db6-x2x9z', 'Deployment/web'],
    ['web-api-6d4cf56db6-x2x9z', 'Deployment/web-api'],
    ['db-0', 'StatefulSet/db'],
    ['agent-x2x9z', 'DaemonSet/agent'],
    ['other-6d4cf56db6-x2x9z', undefined],
    ['naked', undefined],
  ])('%s is of %s', (pod, expected) => {
    const of = workloadIndex([
      one('Deployment', 'web'),
      one('Deployment', 'web-api'),
      one('StatefulSet', 'db'),
      one('DaemonSet', 'agent'),
    ]);
    const found = of('shop', pod);
    expect(found && `${found.controller}/${found.name}`).toBe(expected);
    expect(of('web', pod)).toBeUndefined();
  });

  test('names that the server cut are found by their pattern', () => {
    const name = 'a'.repeat(57);
    const of = workloadIndex([one('Deployment', name)]);
    const cut = `${`${name}-6d4cf56db6-`.slice(0, 58)}x2x9z`;
    expect(new RegExp(`^${podPattern('Deployment', name)}$`).test(cut)).toBe(true);
    expect(of('shop', cut)?.name).toBe(name);
  });
});
