/**
 * Every profile and way of `kubectl debug`: the object made here against the one kubectl sends,
 * field by field, but for the random part of names and what serialises as nothing.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { debugCopy, ephemeralContainer, nodePod } from '../../../src/shared/domain/debug/build';
import type { CopyOptions, DebugOptions, Fields, Profile } from '../../../src/shared/domain/debug/types';
import { Scope } from '../../../src/shared/rpc/scope';
import type { ClusterApi } from '../../../src/main/k8s/open-api';
import { openReal, realKubeconfig } from '../../support/real-cluster';
import { FakeServer, kubectl, type DryRun, type Sent } from './kubectl-debug';

const kubeconfig = realKubeconfig();
if (!kubectl) console.warn('SKIPPED: kubectl debug: there is no kubectl (BINNACLE_KUBECTL).');
else if (kubeconfig === undefined) {
  console.warn('SKIPPED: copies and node pods of kubectl debug: no real cluster (BINNACLE_TEST_KUBECONFIG).');
}

const PROFILES: readonly Profile[] = ['legacy', 'general', 'baseline', 'restricted', 'netadmin', 'sysadmin'];
const SUFFIX = 'abcde';

const probe = { httpGet: { path: '/healthz', port: 8080, scheme: 'HTTP' }, periodSeconds: 5 };
const pod: Fields = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: {
    name: 'web',
    namespace: 'default',
    uid: 'u-1',
    resourceVersion: '7',
    labels: { app: 'web', tier: 'front' },
    annotations: { note: 'kept or not' },
    ownerReferences: [
      { apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'web-1', uid: 'u-0', controller: true },
    ],
    finalizers: ['example.com/hold'],
  },
  spec: {
    nodeName: 'node-1',
    restartPolicy: 'Always',
    securityContext: { runAsUser: 0 },
    volumes: [{ name: 'data', emptyDir: {} }],
    initContainers: [
      { name: 'init', image: 'local/init:1', command: ['sh', '-c', 'true'], resources: {} },
      {
        name: 'side',
        image: 'local/side:1',
        restartPolicy: 'Always',
        startupProbe: probe,
        readinessProbe: probe,
        resources: {},
      },
    ],
    containers: [
      {
        name: 'main',
        image: 'local/web:1',
        command: ['/web'],
        args: ['--port=8080'],
        env: [{ name: 'MODE', value: 'production' }],
        ports: [{ containerPort: 8080 }],
        livenessProbe: probe,
        readinessProbe: probe,
        startupProbe: probe,
        securityContext: {
          capabilities: { add: ['NET_RAW'], drop: ['CHOWN'] },
          readOnlyRootFilesystem: true,
        },
        volumeMounts: [{ name: 'data', mountPath: '/data' }],
        resources: { requests: { cpu: '100m' } },
      },
      { name: 'sidecar', image: 'local/sidecar:1', livenessProbe: probe, resources: {} },
    ],
    ephemeralContainers: [
      { name: 'debugger-older', image: 'busybox:1.34', resources: {}, terminationMessagePolicy: 'File' },
    ],
  },
  status: { phase: 'Running' },
};
const node: Fields = {
  apiVersion: 'v1',
  kind: 'Node',
  metadata: { name: 'node-1', uid: 'n-1' },
  spec: {},
  status: {},
};

type Ours = () => unknown;
interface Case {
  readonly name: string;
  readonly args: readonly string[];
  readonly ours: Ours;
}

const base = (profile: Profile, more: Partial<DebugOptions> = {}): DebugOptions => ({
  profile,
  stdin: false,
  tty: false,
  suffix: SUFFIX,
  ...more,
});
const IMAGE = ['--image=busybox:1.35'];
const image = 'busybox:1.35';
const CUSTOM = {
  env: [{ name: 'EXTRA', value: '1' }],
  resources: { limits: { memory: '64Mi' } },
  securityContext: { runAsUser: 1000 },
};

let server: FakeServer;
let customFile = '';
const cases: Case[] = PROFILES.flatMap((profile): Case[] => {
  const flag = `--profile=${profile}`;
  const ephemeral = (
    name: string,
    args: readonly string[],
    more: Partial<DebugOptions> & { target?: string } = {},
  ): Case => ({
    name: `${profile}: ephemeral container ${name}`,
    args: ['web', flag, ...IMAGE, ...args],
    ours: () =>
      ephemeralContainer(pod, { ...base(profile, more), image, ...(more.target && { target: more.target }) }),
  });
  const copy = (name: string, args: readonly string[], more: Partial<CopyOptions> = {}): Case => ({
    name: `${profile}: copy ${name}`,
    args: ['web', flag, '--copy-to=web-debug', ...args],
    ours: () => debugCopy(pod, { ...base(profile), copyTo: 'web-debug', ...more }).pod,
  });
  const onNode = (name: string, args: readonly string[], more: Partial<DebugOptions> = {}): Case => ({
    name: `${profile}: node ${name}`,
    args: ['node/node-1', flag, ...IMAGE, ...args],
    ours: () => nodePod('node-1', { ...base(profile, more), image, namespace: 'default' }),
  });
  const env = [{ name: 'A', value: '1' }];
  const custom = (): { custom: Fields } => ({ custom: CUSTOM });
  return [
    ephemeral('plain', []),
    ephemeral('interactive with target', ['-it', '--target=main'], {
      stdin: true,
      tty: true,
      target: 'main',
    }),
    ephemeral(
      'named, with command, environment and pull policy',
      ['-c', 'look', '--env=A=1', '--image-pull-policy=Never', '--', 'sh', '-c', 'id'],
      {
        container: 'look',
        env,
        imagePullPolicy: 'Never',
        command: ['sh', '-c', 'id'],
      },
    ),
    ephemeral('with arguments only', ['--arguments-only', '--', 'ls', '/'], {
      command: ['ls', '/'],
      argumentsOnly: true,
    }),
    ...(profile === 'legacy' ? [] : [ephemeral('with a custom profile', ['--custom', 'CUSTOM'], custom())]),
    copy('with a debug container', [...IMAGE, '-it'], { image, stdin: true, tty: true }),
    copy(
      'on the same node, keeping everything',
      [
        ...IMAGE,
        '--same-node',
        '--keep-labels',
        '--keep-annotations',
        '--keep-liveness',
        '--keep-readiness',
        '--keep-startup',
      ],
      {
        image,
        sameNode: true,
        keep: { labels: true, annotations: true, liveness: true, readiness: true, startup: true },
      },
    ),
    copy(
      'without init containers, processes not shared',
      [...IMAGE, '--keep-init-containers=false', '--share-processes=false'],
      {
        image,
        shareProcesses: false,
        keep: { initContainers: false },
      },
    ),
    copy('with processes shared', [...IMAGE, '--share-processes'], { image, shareProcesses: true }),
    copy('with another command', ['-c', 'main', '-it', '--', 'sleep', '1d'], {
      container: 'main',
      stdin: true,
      tty: true,
      command: ['sleep', '1d'],
    }),
    copy(
      'with other arguments and environment',
      ['-c', 'main', '--env=A=1', '--arguments-only', '--', '--port=1'],
      {
        container: 'main',
        env,
        command: ['--port=1'],
        argumentsOnly: true,
      },
    ),
    copy('with other images only', ['--set-image=main=local/web:2'], { setImages: { main: 'local/web:2' } }),
    copy(
      'with all images changed and a debug container',
      [...IMAGE, '--set-image=*=local/web:3,sidecar=local/s:2'],
      {
        image,
        setImages: { '*': 'local/web:3', sidecar: 'local/s:2' },
      },
    ),
    ...(profile === 'legacy'
      ? []
      : [copy('with a custom profile', [...IMAGE, '--custom', 'CUSTOM'], { image, ...custom() })]),
    onNode('plain', []),
    onNode('interactive, with command and environment', ['-it', '--env=A=1', '--', 'chroot', '/host'], {
      stdin: true,
      tty: true,
      env,
      command: ['chroot', '/host'],
    }),
    ...(profile === 'legacy' ? [] : [onNode('with a custom profile', ['--custom', 'CUSTOM'], custom())]),
  ];
});

const scope = new Scope('debug parity');
let api: ClusterApi | undefined;

const dryRun: DryRun = async (path, body, contentType) => {
  if (!api) throw new Error('No API server');
  const request = { method: 'POST', path, query: { dryRun: 'All' }, body, contentType } as const;
  return api.json<Fields>(request, scope.signal);
};

beforeAll(async () => {
  if (!kubectl) return;
  if (kubeconfig !== undefined) api = await openReal(kubeconfig, scope);
  server = new FakeServer(pod, node, api && dryRun);
  await server.start();
  customFile = server.file('custom.json', CUSTOM);
});

afterAll(async () => {
  scope.dispose();
  if (kubectl) await server.stop();
});

function theirs({ args }: Case): Promise<Sent> {
  return server.ask(args.map((arg) => (arg === 'CUSTOM' ? customFile : arg)));
}

/** Without what Go writes for empty structs and nulls, and with the random part of names fixed. */
function plain(value: unknown): unknown {
  if (typeof value === 'string')
    return value.replace(/^(debugger|node-debugger-node-1)-[a-z0-9]{5}$/, `$1-${SUFFIX}`);
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  const kept = Object.entries(value).flatMap(([key, one]) => {
    const simple = plain(one);
    const empty =
      simple === null ||
      (typeof simple === 'object' && !Array.isArray(simple) && Object.keys(simple).length === 0);
    return empty && key !== 'emptyDir' ? [] : [[key, simple] as const];
  });
  return Object.fromEntries(kept);
}

/** What the server writes of itself: when, who, and the volume of the default token. */
function stored(object: Fields): unknown {
  const { metadata, spec } = plain(object) as { metadata: Fields; spec: Fields };
  for (const key of ['uid', 'creationTimestamp', 'managedFields', 'resourceVersion', 'generation'])
    delete metadata[key];
  const text = JSON.stringify({ metadata, spec }).replace(/kube-api-access-[a-z0-9]{5}/g, 'kube-api-access');
  return JSON.parse(text);
}

describe.skipIf(!kubectl)('kubectl debug', () => {
  it.each(cases.filter((one) => one.name.includes('ephemeral')))('$name', async (one) => {
    const sent = await theirs(one);
    expect(sent).toMatchObject({ method: 'PATCH', contentType: 'application/strategic-merge-patch+json' });
    const [added] = (sent.body['spec'] as { ephemeralContainers: Fields[] }).ephemeralContainers;
    expect(plain(one.ours())).toEqual(plain(added));
  });

  it.skipIf(kubeconfig === undefined).each(cases.filter((one) => !one.name.includes('ephemeral')))(
    '$name',
    async (one) => {
      const sent = await theirs(one);
      expect(sent).toMatchObject({ method: 'POST', path: '/api/v1/namespaces/default/pods' });
      const body = Buffer.from(JSON.stringify(one.ours()));
      const ours = await dryRun(sent.path, body, 'application/json');
      expect(stored(ours)).toEqual(stored(sent.body));
    },
  );
});
