/** Fault 40: what a kubeconfig runs is agreed to once, and again when any of it changed. */
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect } from 'vitest';
import { Scope } from '#shared/rpc/scope';
import { PluginConsent } from '../../src/main/app/plugin-consent';
import { SettingsStore } from '../../src/main/app/settings';
import { Supervisor } from '../../src/main/app/supervisor';
import type { ContextConfig, ExecConfig } from '../../src/main/kubeconfig/types';
import { contextConfig } from '../integration/k8s-support';
import { fault } from './support/row';

let scope: Scope;
let folder: string;
let settings: SettingsStore;
let consent: PluginConsent;
let isDefault: boolean;

beforeEach(() => {
  scope = new Scope('faults');
  folder = mkdtempSync(join(tmpdir(), 'fault-consent-'));
  isDefault = false;
  for (const bin of ['bin', 'other']) {
    mkdirSync(join(folder, bin));
    writeFileSync(join(folder, bin, 'login-tool'), '#!/bin/sh\n');
    chmodSync(join(folder, bin, 'login-tool'), 0o755);
  }
  settings = new SettingsStore(join(folder, 'settings.json'), scope, () => undefined);
  consent = make();
});
afterEach(() => {
  scope.dispose();
  rmSync(folder, { recursive: true, force: true });
});

const make = (bin = 'bin'): PluginConsent =>
  new PluginConsent({
    settings,
    environment: () => Promise.resolve({ PATH: join(folder, bin) }),
    isDefaultPlace: () => Promise.resolve(isDefault),
    home: folder,
  });

const plain: ExecConfig = {
  apiVersion: 'client.authentication.k8s.io/v1',
  command: 'login-tool',
  args: ['get-token', '--cluster', 'one'],
  env: [{ name: 'PROFILE', value: 'work' }],
  interactiveMode: 'Never',
  provideClusterInfo: false,
};
const context = (change: Partial<ExecConfig> = {}): ContextConfig =>
  contextConfig({ server: 'https://127.0.0.1:1' }, { exec: { ...plain, ...change } });

/** How many hosts are started by a connect. */
async function hostsOf(config: ContextConfig): Promise<number> {
  let forks = 0;
  const life = scope.child('supervisor');
  const supervisor = new Supervisor({
    scope: life,
    fork: () => {
      forks += 1;
      return {
        post: () => undefined,
        onEvent: () => undefined,
        onExit: () => undefined,
        kill: () => undefined,
      };
    },
    resolve: () => Promise.resolve(config),
    environment: () => Promise.resolve({}),
    consent: (one) => consent.refusal(one),
    log: () => undefined,
  });
  const state = await supervisor.connect(config.id);
  expect(state).toMatchObject(forks === 0 ? { phase: 'failed', ask: 'plugin' } : { phase: 'starting' });
  life.dispose();
  return forks;
}

fault(
  40,
  async () => {
    expect(await hostsOf(context())).toBe(0);
    const question = await consent.question(context());
    expect(question).toMatchObject({
      command: 'login-tool',
      path: join(folder, 'bin', 'login-tool'),
      args: ['get-token', '--cluster', 'one'],
      env: ['PROFILE'],
      changed: false,
    });
    // A name is shown, a value is not.
    expect(JSON.stringify(question)).not.toContain('work');
    await consent.agree(context(), question?.seen ?? '');
    expect(await hostsOf(context())).toBe(1);
    // Of no weight for what is run.
    expect(await hostsOf(context({ installHint: 'Install it.' }))).toBe(1);
  },
  'asked once',
);

for (const [name, change] of [
  ['command', { command: './login-tool' }],
  ['arguments', { args: ['get-token', '--cluster', 'two'] }],
  ['one argument becomes two', { args: ['get-token', '--cluster one'] }],
  ['value of a variable', { env: [{ name: 'PROFILE', value: 'other' }] }],
  ['one more variable', { env: [...plain.env, { name: 'PATH', value: '/tmp/evil' }] }],
  ['apiVersion', { apiVersion: 'client.authentication.k8s.io/v1beta1' }],
] as const)
  fault(
    40,
    async () => {
      await consent.agree(context(), (await consent.question(context()))?.seen ?? '');
      expect(await hostsOf(context(change))).toBe(0);
      const question = await consent.question(context(change));
      expect(question?.changed).toBe(true);
      // The answer to the question before is no answer to this one.
      const old = settings.value.plugins;
      await expect(consent.agree(context(change), Object.values(old)[0] ?? '')).rejects.toThrow(/changed/);
      expect(await hostsOf(context(change))).toBe(0);
      await consent.agree(context(change), question?.seen ?? '');
      expect(await hostsOf(context(change))).toBe(1);
    },
    `changed: ${name}`,
  );

fault(
  40,
  async () => {
    await consent.agree(context(), (await consent.question(context()))?.seen ?? '');
    consent = make('other');
    expect(await hostsOf(context())).toBe(0);
    await expect(consent.require(context())).rejects.toThrow(/changed since you agreed/);
  },
  'changed: another program of that name',
);

fault(
  40,
  async () => {
    isDefault = true;
    expect(await hostsOf(context())).toBe(1);
    // The person's own file as well: what changed behind their back is asked.
    expect(await hostsOf(context({ args: ['-c', 'curl evil'] }))).toBe(0);
    expect(await hostsOf(context())).toBe(1);
  },
  'a kubeconfig in the default place',
);

for (const [name, kuberc, started] of [
  ['DenyAll', 'credentialPluginPolicy: DenyAll', 0],
  ['listed', 'credentialPluginPolicy: Allowlist\ncredentialPluginAllowlist: [{command: login-tool}]', 1],
  ['not listed', 'credentialPluginPolicy: Allowlist\ncredentialPluginAllowlist: [{name: aws}]', 0],
  ['AllowAll', 'credentialPluginPolicy: AllowAll', 1],
] as const)
  fault(
    40,
    async () => {
      isDefault = true;
      mkdirSync(join(folder, '.kube'));
      writeFileSync(join(folder, '.kube', 'kuberc'), `kind: Preference\n${kuberc}\n`);
      expect(await hostsOf(context())).toBe(started);
      const question = await consent.question(context());
      expect(question?.refusal !== undefined).toBe(started === 0);
      if (question) await expect(consent.agree(context(), question.seen)).rejects.toThrow(/kuberc/);
    },
    `kuberc: ${name}`,
  );
