/** What most rows need: certificates, a demo cluster, a scope, servers and plugins that end with the test. */
import { setMaxListeners } from 'node:events';
import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest';
import { Scope } from '#shared/rpc/scope';
import { startDemo, type Demo, type DemoOptions } from '../../../src/demo/demo';
import { certificates, contextConfig, type Certificates } from '../../integration/k8s-support';
import { front, type Front } from './front';
import { plugin, type Plugin } from './plugin';
import { openPage, type Page } from './sessions';

export interface Stage {
  readonly certs: Certificates;
  readonly demo: Demo;
  /** Ends with the test. */
  readonly scope: Scope;
  /** A server of ours; with the demo behind it unless `alone`. */
  before(alone?: boolean): Promise<Front>;
  plugin(script: string): Plugin;
  /** A session with that server, by the administrator's token. */
  page(server: Front): Page;
}

/** Never aborts. */
export const never = new AbortController().signal;
setMaxListeners(0, never);

export const at = (stage: Stage, server: Front): { server: string; ca: { data: string } } => ({
  server: server.url,
  ca: { data: stage.certs.ca },
});

/** Registers its hooks in the file that calls it. */
export function stage(options: DemoOptions = {}): Stage {
  const held: { certs?: Certificates; demo?: Demo; scope?: Scope; fronts: Front[]; plugins: Plugin[] } = {
    fronts: [],
    plugins: [],
  };
  beforeAll(async () => {
    held.certs = certificates();
    held.demo = await startDemo({ seed: 7, pace: 0, ...options });
  });
  afterAll(async () => {
    held.certs?.remove();
    await held.demo?.close();
  });
  beforeEach(() => {
    held.scope = new Scope('faults');
  });
  afterEach(async () => {
    held.scope?.dispose();
    held.demo?.faults.clear();
    for (const one of held.plugins.splice(0)) one.remove();
    await Promise.all(held.fronts.splice(0).map((one) => one.close()));
  });
  const there = <T>(value: T | undefined): T => {
    if (value === undefined) throw new Error('The stage is used before its hooks ran.');
    return value;
  };
  const made: Stage = {
    get certs() {
      return there(held.certs);
    },
    get demo() {
      return there(held.demo);
    },
    get scope() {
      return there(held.scope);
    },
    before: async (alone = false) => {
      const server = await front(there(held.certs), alone ? undefined : held.demo);
      held.fronts.push(server);
      return server;
    },
    plugin: (script) => {
      const one = plugin(script);
      held.plugins.push(one);
      return one;
    },
    page: (server) => openPage(contextConfig(at(made, server), { token: made.demo.token }), made.scope),
  };
  return made;
}
