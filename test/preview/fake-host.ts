/**
 * A host that exists only in the preview page: made-up rows behind the real contract, so
 * that tables can be looked at and measured at any size without a cluster.
 */
import {
  resources,
  type TableState,
  type ViewBatch,
  type WireRow,
} from '../../src/shared/contract/resources';
import { kindById } from '../../src/shared/kinds/registry';
import type { Cell } from '../../src/shared/kinds/define';
import { implement, type Served } from '../../src/shared/rpc/server';
import { podObject } from './pod-object';

export interface FakeOptions {
  readonly count: number;
  readonly long: boolean;
  readonly broken: boolean;
  readonly state: string;
  /** Changed rows per second. */
  readonly churn: number;
}

const columns = (kindById.get('pods')?.columns ?? []).map(
  ({ id, title, type, hint, optional, width, ref, refNamespaced }) => ({
    id,
    title,
    type,
    hint,
    optional,
    width,
    ref,
    refNamespaced,
  }),
);

const start = Date.now();
const hash = (n: number): string => ((n * 2654435761) >>> 0).toString(36).padStart(7, '4').slice(0, 7);
const apps = [
  'checkout',
  'frontend',
  'import',
  'search-indexer',
  'billing',
  'reports',
  'cart',
  'payments-gateway',
];

export function podName(i: number, long: boolean): string {
  const app = apps[i % apps.length] ?? 'app';
  const middle = long ? '-of-the-very-long-named-team-platform-service' : '';
  return `${app}${middle}-${hash(i)}bf-${hash(i * 7 + 3).slice(0, 5)}`.slice(0, 63);
}

const troubles: readonly Cell[] = [
  ['bad', 'CrashLoop, exit 3', null],
  ['bad', 'Out of memory at 24 MiB', null],
  ['bad', 'Image not found', null],
  ['warn', 'Not ready: probe gets 503', null],
  ['warn', 'Pending: needs 64 CPU', null],
  ['progress', 'Starting: init 1 of 2', null],
  ['progress', 'Terminating', start + 28_000],
  ['done', 'Completed', null],
  ['idle', 'Unknown: node is silent', null],
];

function row(i: number, options: FakeOptions, version: number): WireRow {
  const sick = options.broken || i % 53 === 0;
  const trouble = troubles[((i / (options.broken ? 1 : 53)) | 0) % troubles.length] ?? null;
  const status: Cell = sick ? trouble : ['ok', 'Running', null];
  const restarts = sick && i % 2 === 0 ? 12 + version : version;
  const values: Record<string, Cell> = {
    name: podName(i, options.long),
    namespace: i % 3 === 0 ? 'shop' : i % 3 === 1 ? 'kube-system' : 'payments',
    status,
    ready: [sick ? 0 : 2, 2],
    restarts: [restarts, restarts > 0 ? start - ((i * 7919) % 400_000) : null],
    node: `ip-10-2-${i % 31}-${i % 7}.eu-central-1.compute.internal`,
    owner: `ReplicaSet ${apps[i % apps.length]}-${hash(i)}bf`,
    age: start - ((i * 104_729) % 7_000_000_000),
  };
  return {
    id: `uid-${i}`,
    name: String(values.name),
    namespace: String(values.namespace),
    cells: columns.map((column) => values[column.id] ?? null),
  };
}

function stateOf(options: FakeOptions): TableState {
  const error = {
    code: 'timeout',
    message: 'The API server does not answer within 30 s.',
    hint: 'Check the VPN.',
  } as const;
  switch (options.state) {
    case 'listing':
      return { phase: 'listing', loaded: 3400, expected: 10_000 };
    case 'stale':
      return { phase: 'stale', since: start - 130_000, error };
    case 'failed':
      return { phase: 'failed', error };
    case 'denied':
      return {
        phase: 'denied',
        error: {
          code: 'forbidden',
          message: 'jane@example.com may not list pods in the whole cluster.',
          status: 403,
          denied: { verb: 'list', resource: 'pods', group: '' },
          hint: 'Choose namespaces you may read.',
        },
      };
    default:
      return { phase: 'live', since: start - 60_000 };
  }
}

export function fakeHost(options: FakeOptions): readonly Served[] {
  const versions = new Map<number, number>();
  const count = options.state === 'denied' || options.state === 'failed' ? 0 : options.count;
  const service = implement(resources, {
    view: (input, sink) => {
      let query = input;
      let places: number[] = [];
      let sent = new Map<string, number>();
      let lastOrder = '';
      let first = true;
      const arrange = (): void => {
        places = [];
        const needle = query.filter.replace(/^status:/, '').toLowerCase();
        for (let i = 0; i < count; i += 1) {
          if (
            needle !== '' &&
            !JSON.stringify(row(i, options, 0))
              .toLowerCase()
              .includes(needle)
          )
            continue;
          places.push(i);
        }
        const at = columns.findIndex((column) => column.id === query.sort?.column);
        if (at >= 0) {
          const keys = new Map(places.map((i) => [i, JSON.stringify(row(i, options, 0).cells[at])]));
          const sign = query.sort?.desc ? -1 : 1;
          places.sort(
            (a, b) => sign * (keys.get(a) ?? '').localeCompare(keys.get(b) ?? '', 'en', { numeric: true }),
          );
        }
      };
      const push = (): void => {
        if (sink.credit === 0 || sink.signal.aborted) return;
        const window = places.slice(query.offset, query.offset + query.limit);
        const order = window.map((i) => `uid-${i}`);
        const now = new Map<string, number>();
        const rows: WireRow[] = [];
        for (const i of window) {
          const version = versions.get(i) ?? 0;
          if (sent.get(`uid-${i}`) !== version) rows.push(row(i, options, version));
          now.set(`uid-${i}`, version);
        }
        sent = now;
        const same = order.join() === lastOrder;
        lastOrder = order.join();
        const batch: ViewBatch = {
          ...(first ? { columns } : {}),
          state: stateOf(options),
          total: count,
          matched: places.length,
          offset: query.offset,
          ...(same ? {} : { order }),
          rows,
          ...(query.filter.startsWith('/(')
            ? { filterError: { message: 'The regular expression is not closed.', at: 1 } }
            : {}),
          request: query.request,
        };
        first = false;
        sink.send(batch);
      };
      arrange();
      queueMicrotask(push);
      if (options.churn > 0) {
        const timer = setInterval(() => {
          for (let n = 0; n < options.churn / 10; n += 1) {
            const i = places[(query.offset + ((Math.random() * query.limit) | 0)) | 0];
            if (i !== undefined) versions.set(i, (versions.get(i) ?? 0) + 1);
          }
          push();
        }, 100);
        sink.scope.add(() => clearInterval(timer));
      }
      return (update) => {
        const again =
          update.filter !== undefined || update.sort !== undefined || update.namespaces !== undefined;
        query = { ...query, ...update };
        if (again) arrange();
        push();
      };
    },
    object: (input, sink) => {
      sink.send({ phase: 'live', object: podObject(input.name, input.namespace) });
    },
    events: (_input, sink) => {
      sink.send({
        events: [
          {
            id: '1',
            type: 'Warning',
            reason: 'BackOff',
            message: 'Back-off restarting failed container app in pod checkout',
            source: 'kubelet',
            count: 41,
            first: start - 2_400_000,
            last: start - 12_000,
            about: { kind: 'Pod', name: 'checkout', owner: false },
          },
          {
            id: '2',
            type: 'Normal',
            reason: 'Pulled',
            message: 'Container image already present on machine',
            source: 'kubelet',
            count: 1,
            first: start - 2_400_000,
            last: start - 2_400_000,
            about: { kind: 'Pod', name: 'checkout', owner: false },
          },
        ],
      });
    },
    yaml: ({ name, namespace, managedFields }) => {
      const text = yamlText(name, namespace, managedFields);
      return { text, bytes: text.length };
    },
    select: () => ({ keys: [], matched: 0 }),
    related: () => [
      {
        kind: 'replicasets.apps',
        kindTitle: 'ReplicaSet',
        namespace: 'shop',
        name: 'checkout-8b668b899',
        uid: 'rs',
        relation: 'owner' as const,
      },
      {
        kind: 'services',
        kindTitle: 'Service',
        namespace: 'shop',
        name: 'checkout',
        uid: 'svc',
        relation: 'child' as const,
      },
    ],
    search: () => [],
    gone: () => [],
    around: () => undefined,
    environment: () => [],
    reveal: () => {
      throw new Error('Nothing to reveal');
    },
  });
  return [service as unknown as Served];
}

function yamlText(name: string, namespace: string, managed: boolean): string {
  const fields = managed
    ? '  managedFields:\n    - manager: kubectl\n      operation: Apply\n      fieldsV1:\n        f:spec: {}\n'
    : '';
  return `apiVersion: v1\nkind: Pod\nmetadata:\n  name: ${name}\n  namespace: ${namespace}\n  labels:\n    app: checkout\n${fields}spec:\n  containers:\n    - name: app\n      image: registry.example.com/shop/checkout:2.15.0\n      ports:\n        - containerPort: 8080\n      env:\n        - name: LOG_LEVEL\n          value: "info"\nstatus:\n  phase: Running\n`;
}
