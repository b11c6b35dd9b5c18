/** A main process and cluster host that exist only in the preview page, behind the real contract. */
import { app, type ContextSummary, type HostState, type Settings } from '../../../src/shared/contract/app';
import { cluster, type ClusterStatus, type KindInfo } from '../../../src/shared/contract/cluster';
import { kindId } from '../../../src/shared/kinds/define';
import { knownKinds } from '../../../src/shared/kinds/registry';
import { coalesce, implement, type Served, type Sink } from '../../../src/shared/rpc/server';
import { mergePatch } from '../../../src/renderer/data/app-data';

export interface Scene {
  /** `live`, `connecting`, `unreachable`, `stale`, `unauthorized`, `restarting`, `failed`, `restricted`. */
  readonly state: string;
  readonly contexts: number;
  readonly settings: Partial<Settings>;
}

const names = [
  'arn:aws:eks:eu-west-1:123456789012:cluster/prod-eu',
  'staging',
  'gke_acme-prod_europe-west4_gate-keeper',
  'minikube',
  'team/платформа:β',
];

export function fakeContexts(count: number): readonly ContextSummary[] {
  return Array.from({ length: count }, (_, i): ContextSummary => {
    const name = names[i] ?? `customer-${i}-of-the-long-list`;
    return {
      id: `ctx-${i}`,
      name,
      cluster: name,
      user: i === 0 ? 'jane@example.com' : 'admin',
      namespace: null,
      server: i === 0 ? 'https://AB12CD34.gr7.eu-west-1.eks.amazonaws.com' : `https://10.0.0.${i + 1}:6443`,
      file: i === 4 ? '/home/jane/work/broken.yaml' : '/home/jane/.kube/config',
      auth: i === 0 ? ['exec'] : ['certificate'],
      ...(i === 4
        ? { problem: { code: 'kubeconfig', message: 'User “beta” is not defined in this file.' } as const }
        : {}),
    };
  });
}

export function fakeHostState(scene: Scene): HostState {
  const phase = scene.state === 'restarting' || scene.state === 'failed' ? scene.state : 'running';
  const bad = phase !== 'running';
  return {
    contextId: 'ctx-0',
    phase,
    generation: 1,
    restarts: bad ? (phase === 'failed' ? 5 : 2) : 0,
    ...(bad ? { reason: 'It ran out of memory (exit code 134).' } : {}),
  };
}

export function fakeApp(scene: Scene): Served {
  let settings = {
    theme: 'dark',
    density: 'normal',
    lastContext: 'ctx-0',
    contexts: {},
    tables: {},
    layout: {},
    kubeconfigs: [],
    ...scene.settings,
  } as Settings;
  const readers = new Set<() => void>();
  return implement(app, {
    contexts: (_, sink) =>
      sink.send({
        contexts: fakeContexts(scene.contexts),
        files: [
          { path: '/home/jane/.kube/config', state: 'ok' },
          {
            path: '/home/jane/work/broken.yaml',
            state: 'bad',
            error: { code: 'kubeconfig', message: 'Line 12: bad indentation of a mapping entry.' },
          },
        ],
        current: 'ctx-0',
      }),
    hosts: (_, sink) => sink.send([fakeHostState(scene), ...(scene.contexts > 2 ? [other] : [])]),
    settings: (_, sink) => {
      const { mark } = coalesce(sink, () => settings);
      readers.add(mark);
      sink.scope.add(() => readers.delete(mark));
      mark();
    },
    connect: () => fakeHostState(scene),
    pluginQuestion: () => null,
    agreeToPlugin: () => undefined,
    viewAs: () => {
      throw new Error('Not here');
    },
    endViewAs: () => undefined,
    disconnect: () => undefined,
    patchSettings: ({ patch }) => {
      settings = mergePatch(settings, patch) as Settings;
      for (const mark of readers) mark();
      return settings;
    },
    startDemo: () => ({ contextId: 'ctx-0' }),
    addKubeconfig: () => null,
    openExternal: () => undefined,
    about: () => ({ version: '0.1.0', electron: '25.1.1', chrome: '114', node: '18.15', platform: 'linux' }),
  });
}

const other: HostState = { contextId: 'ctx-1', phase: 'running', generation: 1, restarts: 0 };

export const kinds: readonly KindInfo[] = [
  ...knownKinds.map((kind): KindInfo => ({
    id: kindId(kind.group, kind.resource),
    group: kind.group,
    version: kind.versions[0] ?? 'v1',
    resource: kind.resource,
    kind: kind.kind,
    namespaced: kind.namespaced,
    verbs: ['list', 'get', 'watch'],
    aliases: kind.aliases,
    title: kind.title,
    singular: kind.singular,
    tag: kind.tag,
    section: kind.section,
    order: kind.order ?? 99,
    known: true,
  })),
  ...['rollouts', 'analysistemplates', 'experiments'].map((resource) => custom('argoproj.io', resource)),
  ...['certificates', 'issuers'].map((resource) => custom('cert-manager.io', resource)),
];

function custom(group: string, resource: string): KindInfo {
  return {
    id: kindId(group, resource),
    group,
    version: 'v1',
    resource,
    kind: resource,
    namespaced: true,
    verbs: ['list', 'get', 'watch'],
    aliases: [],
    title: resource.charAt(0).toUpperCase() + resource.slice(1),
    singular: resource,
    tag: resource.slice(0, 6),
    section: 'custom',
    order: 99,
    known: false,
  };
}

const numbers = [10_412, 318, 41, 12, 96, 23, 402, 37, 64, 611, 540, 88, 3, 0, 0, 7];

export function fakeCluster(scene: Scene): Served {
  const since = Date.now() - 134_000;
  const phase = ((): ClusterStatus['phase'] => {
    if (scene.state === 'restricted') return 'live';
    if (['connecting', 'unreachable', 'stale', 'unauthorized'].includes(scene.state)) {
      return scene.state as ClusterStatus['phase'];
    }
    return 'live';
  })();
  const usable = phase === 'live' || phase === 'stale';
  const error =
    phase === 'unauthorized'
      ? ({
          code: 'unauthorized',
          status: 401,
          message: 'aws eks get-token: the SSO session has expired.',
          hint: 'Run “aws sso login --profile prod” and try again.',
        } as const)
      : ({
          code: 'timeout',
          message: 'No answer from AB12CD34.gr7.eu-west-1.eks.amazonaws.com:443 within 10 s.',
          hint: 'Is the VPN up?',
        } as const);
  const status: ClusterStatus = {
    phase,
    since,
    clockOffset: 0,
    ...(phase === 'live' || phase === 'connecting' ? {} : { error }),
    ...(usable
      ? {
          server: { version: 'v1.33.4-eks-1a2b3c', platform: 'linux/amd64' },
          user: { name: 'jane@example.com', groups: ['developers', 'system:authenticated'] },
          latency: 23,
        }
      : {}),
  };
  return implement(cluster, {
    status: (_, sink) => sink.send(status),
    kinds: (_, sink) => {
      if (usable) sink.send({ kinds, failedGroups: [{ group: 'metrics.example.com', message: '503' }] });
    },
    namespaces: (_, sink) => {
      if (usable)
        sink.send({
          names: ['default', 'kube-system', 'shop', 'web', 'payments', 'team-platform-observability'],
          source: scene.state === 'restricted' ? 'known' : 'list',
        });
    },
    counts: (input, sink: Sink<Record<string, number | 'denied'>>) => {
      const { mark } = coalesce(sink, () =>
        Object.fromEntries(
          wanted.map((id) => [
            id,
            scene.state === 'restricted' && id.length % 3 === 0
              ? ('denied' as const)
              : (numbers[kinds.findIndex((kind) => kind.id === id) % numbers.length] ?? 0),
          ]),
        ),
      );
      let wanted = input.kinds;
      mark();
      return (update) => {
        wanted = update.kinds ?? wanted;
        mark();
      };
    },
    reconnect: () => undefined,
  });
}
