/** Keystrokes and sorts over 100,000 pods as the cluster's process answers them; rows are made here. */
import { performance } from 'node:perf_hooks';
import { pod } from '../../src/shared/kinds/pod';
import type { KubeObject } from '../../src/shared/kinds/define';
import { Scope } from '../../src/shared/rpc/scope';
import { Table } from '../../src/main/engine/table';
import { openView, type View, type ViewQuery } from '../../src/main/engine/view';
import { figure, median, round, type BenchOptions, type BenchResult } from './bench';

const PODS = 100_000;

function podAt(i: number): KubeObject {
  const app = `app-${i % 200}`;
  const made = {
    metadata: {
      name: `${app}-${(i * 7919).toString(36)}-${((i * 104_729) % 60_466_176).toString(36)}`,
      namespace: `team-${i % 40}`,
      uid: `00000000-0000-4000-8000-${i.toString(16).padStart(12, '0')}`,
      resourceVersion: String(i + 1),
      creationTimestamp: new Date(1.7e12 + ((i * 7919) % 1e7) * 1000).toISOString(),
      labels: { app },
    },
    spec: { nodeName: `node-${i % 200}`, containers: [{ name: 'main', image: 'web:1' }] },
    status: {
      phase: i % 17 === 0 ? 'Pending' : 'Running',
      podIP: `10.${(i >> 16) & 255}.${(i >> 8) & 255}.${i & 255}`,
      containerStatuses: [{ name: 'main', ready: i % 17 !== 0, restartCount: (i * 31) % 97 }],
    },
  };
  return made as unknown as KubeObject;
}

export function run({ runs = 7, say }: BenchOptions): Promise<BenchResult> {
  const scope = new Scope('bench filter');
  const table = new Table(pod);
  for (let i = 0; i < PODS; i++) table.upsert(podAt(i));
  table.flush();
  const live = { table, state: { phase: 'live', since: 0 } as const, onState: () => () => undefined };
  const query: ViewQuery = { namespaces: [], filter: '', sort: null, offset: 0, limit: 50, request: 0 };
  const view: View = openView(live, query, { onReady: () => undefined, now: Date.now }, scope);
  let request = 0;
  const time = (change: Partial<ViewQuery>): number => {
    const began = performance.now();
    view.update({ ...change, request: ++request });
    const batch = view.take();
    const ms = performance.now() - began;
    if (batch === undefined || batch.rows.length + (batch.order?.length ?? 0) + batch.matched === 0) {
      throw new Error(`no rows for ${JSON.stringify(change)}`);
    }
    return ms;
  };
  const firstName = time({ sort: { column: 'name', desc: false } });
  const keys: number[] = [];
  const numeric: number[] = [];
  const names: number[] = [];
  for (let i = 0; i < runs; i++) {
    for (const text of [
      'a',
      'ap',
      'app',
      'app-',
      'app-1',
      'app-11',
      'node:node-7',
      'restarts:>5',
      'label:app=app-3',
    ]) {
      keys.push(time({ filter: text }));
    }
    time({ filter: '' });
    numeric.push(time({ sort: { column: 'restarts', desc: i % 2 === 0 } }));
    names.push(time({ sort: { column: 'name', desc: i % 2 === 0 } }));
    say(`filter ${i + 1}/${runs}`);
  }
  scope.dispose();
  keys.sort((a, b) => a - b);
  const p95 = keys[Math.floor(keys.length * 0.95)] ?? NaN;
  return Promise.resolve({
    values: {},
    bars: [],
    figures: [
      figure('keystroke, median', round(median(keys), 1), 'ms', { atMost: 16 }),
      figure('keystroke, p95', round(p95, 1), 'ms', { atMost: 16 }),
      figure('numeric sort', round(median(numeric), 1), 'ms', { atMost: 60 }),
      figure('name sort', round(median(names), 1), 'ms', { atMost: 150 }),
      figure('first name sort (cold)', round(firstName, 1), 'ms'),
      figure('table per pod', round(table.footprint / table.size), 'B', { atMost: 200 }),
    ],
    detail: { keys: keys.map((ms) => round(ms, 1)) },
  });
}
