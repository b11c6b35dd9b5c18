/** Fault 65: a metrics-server that is missing, forbidden, partial, old or talks nonsense. */
import type { ServerResponse } from 'node:http';
import { expect } from 'vitest';
import { metrics, type UsageState } from '#shared/contract/metrics';
import { sendJson } from '../integration/k8s-support';
import { on } from './support/front';
import { fault } from './support/row';
import { Screen, until } from './support/sessions';
import { stage } from './support/stage';

const s = stage();

interface Seen {
  readonly screen: Screen;
  /** What the two columns hold, by pod. */
  cells(): Map<string, readonly [unknown, unknown]>;
  usage(): UsageState | undefined;
  /** Questions to metrics-server. */
  asked(): number;
}

async function open(answer: (response: ServerResponse) => void): Promise<Seen> {
  const server = await s.before();
  server.rules.push(on(/GET \/apis\/metrics\.k8s\.io\/\S*pods/, answer));
  const page = s.page(server);
  const screen = new Screen(page.client, { kind: 'pods', namespaces: ['shop'] });
  let usage: UsageState | undefined;
  page.client.open(metrics, 'usage', undefined, {
    onData: (state) => {
      usage = state;
    },
    onEnd: () => undefined,
  });
  await screen.live();
  await until(() => page.status()?.phase === 'live');
  return {
    screen,
    cells: () => {
      const [cpu, memory] = ['cpu', 'memory'].map((id) => screen.columns.indexOf(id));
      return new Map(
        screen.order.map((id) => {
          const row = screen.rows.get(id);
          return [row?.name ?? '', [row?.cells[cpu ?? -1], row?.cells[memory ?? -1]] as const];
        }),
      );
    },
    usage: () => usage,
    asked: () => server.asked.filter((line) => line.includes('metrics.k8s.io')).length,
  };
}

const status = (code: number, reason: string, message: string) => (response: ServerResponse) =>
  sendJson(response, { kind: 'Status', status: 'Failure', code, reason, message }, code);

for (const [part, answer, phase, words] of [
  ['missing', status(404, 'NotFound', 'the server could not find it'), 'absent', /not installed/],
  ['APIService down', status(503, 'ServiceUnavailable', 'down'), 'absent', /does not answer/],
  [
    'forbidden',
    status(
      403,
      'Forbidden',
      'pods.metrics.k8s.io is forbidden: User "jane" cannot list resource "pods" in API group "metrics.k8s.io" in the namespace "shop"',
    ),
    'denied',
    /jane|may not list/,
  ],
  [
    'a web page',
    (response: ServerResponse) => {
      response.writeHead(200, { 'content-type': 'text/html' });
      response.end('<html>');
    },
    'failed',
    /web page/,
  ],
] as const)
  fault(
    65,
    async () => {
      const seen = await open(answer);
      await until(() => seen.usage()?.phase === phase);
      expect(seen.usage()?.error?.message).toMatch(words);
      // The table is live and whole; the two columns are there and empty.
      expect(seen.screen.phase).toBe('live');
      expect(seen.cells().size).toBeGreaterThan(3);
      for (const pair of seen.cells().values()) expect(pair).toEqual([null, null]);
      // Nothing is told as an error of the table, and nobody is pressed for an answer.
      expect(seen.screen.states.some((state) => 'error' in state)).toBe(false);
      expect(seen.asked()).toBe(1);
    },
    part,
  );

const item = (name: string, more: object = {}): object => ({
  metadata: { name, namespace: 'shop' },
  timestamp: new Date().toISOString(),
  containers: [{ name: 'c', usage: { cpu: '250m', memory: '64Mi' } }],
  ...more,
});

fault(
  65,
  async () => {
    let names: string[] = [];
    const seen = await open((response) => {
      const [first, second, third] = names;
      sendJson(response, {
        kind: 'PodMetricsList',
        items: [
          item(first ?? 'nobody'),
          // Measured long before: it says nothing of now.
          item(second ?? 'nobody', { timestamp: new Date(Date.now() - 3_600_000).toISOString() }),
          { metadata: null, containers: 'none' },
          null,
          item(third ?? 'nobody', { containers: null }),
          'text',
        ],
      });
    });
    names = seen.screen.names;
    const [first, second] = names;
    // The next answer of metrics-server, 15 s later, knows them.
    await until(() => seen.cells().get(first ?? '')?.[0] !== null, 25_000);
    expect(seen.cells().get(first ?? '')).toMatchObject([
      [0.25, expect.anything()],
      [64 * 2 ** 20, expect.anything()],
    ]);
    expect(seen.cells().get(second ?? '')).toEqual([null, null]);
    for (const name of names.slice(3)) expect(seen.cells().get(name)).toEqual([null, null]);
    expect(seen.usage()?.phase).toBe('live');
  },
  'partial, old and damaged',
);
