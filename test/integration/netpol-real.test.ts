/** The live model against a real cluster: what it reads, what it answers, how it follows a change. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Gate } from '../../src/main/engine/gate';
import { systemClock } from '../../src/main/engine/clock';
import { LiveNetpol } from '../../src/main/features/netpol/live';
import { Discovery } from '../../src/main/k8s/discovery';
import { KindIndex } from '../../src/main/cluster-host/kind-index';
import { inquire } from '../../src/shared/domain/netpol/inquiry';
import { Scope } from '../../src/shared/rpc/scope';
import type { Api } from '../../src/main/k8s/api';
import { openReal, realKubeconfig } from '../support/real-cluster';

const file = realKubeconfig();
const name = `binnacle-netpol-${Math.random().toString(36).slice(2, 8)}`;

if (file === undefined)
  process.stderr.write(
    'SKIPPED test/integration/netpol-real.test.ts: no real cluster (its kubeconfig is not there)\n',
  );

describe.runIf(file !== undefined)('network policies of a real cluster', () => {
  const scope = new Scope('netpol-real');
  let api: Api;
  let live: LiveNetpol;
  const waiting = new Set<() => void>();
  /** Resolves once the model fulfils a condition; asked at each change. */
  const until = (holds: () => boolean): Promise<void> =>
    new Promise((resolve) => {
      const look = (): void => {
        if (!holds()) return;
        waiting.delete(look);
        resolve();
      };
      waiting.add(look);
      look();
    });
  const send = (method: 'POST' | 'DELETE', path: string, body?: object): Promise<unknown> =>
    api.json(
      { method, path, ...(body ? { body: JSON.stringify(body), contentType: 'application/json' } : {}) },
      scope.signal,
    );

  beforeAll(async () => {
    const opened = await openReal(file ?? '', scope);
    api = opened;
    const discovery = new Discovery(opened, scope);
    const kinds = new KindIndex(discovery);
    live = new LiveNetpol({
      api,
      gate: new Gate(systemClock),
      scope,
      kinds: {
        byId: (id) => kinds.byId(id),
        ready: (signal) => kinds.ready(signal),
        groups: () => discovery.state.kinds.map(({ group }) => group),
        onChange: (listener, end) => kinds.observe(listener, end),
      },
      namespaces: () => [],
    });
    live.use(scope, () => [...waiting].forEach((look) => look()));
    await until(() => live.ready);
  }, 60_000);

  afterAll(async () => {
    await send('DELETE', `/api/v1/namespaces/${name}`).catch(() => undefined);
    scope.dispose();
  }, 30_000);

  it('reads every part that is served and says that nothing enforces policies', () => {
    const state = live.state();
    expect(state.parts.filter(({ phase }) => phase !== 'live' && phase !== 'absent')).toEqual([]);
    expect(state.engine.enforces).toBe(false);
  });

  it('follows a policy and its end: the verdict changes with it', async () => {
    const policies = `/apis/networking.k8s.io/v1/namespaces/${name}/networkpolicies`;
    await send('POST', '/api/v1/namespaces', { metadata: { name } });
    await send('POST', `/api/v1/namespaces/${name}/pods`, {
      metadata: { name: 'waits', labels: { app: 'waits' } },
      spec: { nodeSelector: { no: 'such-node' }, containers: [{ name: 'app', image: 'local/shop:1' }] },
    });
    const outcome = (): string =>
      inquire(live.world(), {
        from: { type: 'internet' },
        to: { type: 'pod', namespace: name, name: 'waits' },
        port: 80,
        protocol: 'TCP',
      }).outcome;
    await until(() => live.model().pods.has(`${name}/waits`));
    expect(outcome()).toBe('allowed');
    await send('POST', policies, {
      metadata: { name: 'closed' },
      spec: { podSelector: {}, policyTypes: ['Ingress'] },
    });
    await until(() => outcome() === 'denied');
    await send('DELETE', `${policies}/closed`);
    await until(() => outcome() === 'allowed');
  }, 60_000);
});
