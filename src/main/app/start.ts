/**
 * Puts the main side together once the window is on its way: kubeconfigs, hosts, demo,
 * ports. By plain calls; what is made here ends with the scope, in reverse order.
 */
import { app, clipboard, powerMonitor, safeStorage, type BrowserWindow } from 'electron';
import { join } from 'node:path';
import { baseContext } from '#shared/contract/app';
import type { Scope } from '#shared/rpc/scope';
import { BriefCopies } from './brief-copy';
import { startBroker } from './broker';
import { Contexts } from './contexts';
import { Demo, DEMO_ID } from './demo';
import type { DemoCommand, DemoEvent } from './demo-messages';
import { forkChild, forkHost } from './host-process';
import { openKubeconfigs } from './kubeconfigs';
import { KeptRows } from './kept-rows';
import { KeptSources } from './kept-sources';
import { log } from './log';
import { PluginConsent } from './plugin-consent';
import { RotatedTokens } from './rotated-tokens';
import { appServices } from './services';
import type { SettingsStore } from './settings';
import { cleanEnvironment, resolveEnvironment } from './shell-env';
import { SpareHost } from './spare-host';
import { Supervisor } from './supervisor';
import { Terminals } from './terminals';
import type { ContextConfig } from '../kubeconfig/types';
import type { PtyCommand, PtyEvent } from '../pty-host/messages';

export interface MainSide {
  /** Ends every child; settles when they are gone. */
  stop(): Promise<void>;
}

export interface MainSideOptions {
  readonly scope: Scope;
  readonly settings: SettingsStore;
  readonly window: () => BrowserWindow | undefined;
  /** Folder of the built main side. */
  readonly built: string;
}

export function startMainSide({ scope, settings, window, built }: MainSideOptions): MainSide {
  const base = cleanEnvironment(process.env);
  const environment = resolveEnvironment({
    scope,
    own: process.env,
    platform: process.platform,
    fromTerminal: startedFromTerminal(),
  });
  void environment.then(({ from, problem }) => {
    if (problem !== undefined) log.warn(`login shell environment: ${problem} Using ${from}.`);
  });

  const demo = new Demo(scope, () =>
    forkChild<DemoCommand, DemoEvent>({
      file: join(built, 'demo-host.js'),
      name: 'Binnacle demo cluster',
      env: base,
    }),
  );
  const kubeconfigs = openKubeconfigs({
    scope,
    added: () => settings.value.kubeconfigs,
    own: base,
    environment: environment.then(({ env }) => env),
  });
  const contexts = kubeconfigs.then((source) => new Contexts(source, demo));
  const rotated = new RotatedTokens({ signal: scope.signal, log: (text) => log.warn(text) });
  const resolve = async (contextId: string): Promise<ContextConfig> =>
    rotated.overlay(await (await contexts).resolve(contextId));
  const consent = new PluginConsent({
    settings,
    environment: async () => (await environment).env,
    isDefaultPlace: async (contextId) => contextId !== DEMO_ID && (await contexts).place(contextId).shared,
  });
  const keptRows = new KeptRows({
    folder: join(app.getPath('userData'), 'rows'),
    store: safeStorage,
    platform: process.platform,
    wanted: () => settings.value.keepRows,
    log: (text) => log.info(text),
  });
  const keptSources = new KeptSources({
    file: join(app.getPath('userData'), 'metrics-sources.json'),
    store: safeStorage,
    platform: process.platform,
    log: (text) => log.info(text),
  });
  const spare = new SpareHost(
    () => forkHost({ file: join(built, 'cluster-host.js'), name: 'Binnacle cluster host', env: base }),
    scope,
  );
  const supervisor = new Supervisor({
    scope,
    fork: () => spare.take(),
    resolve,
    onRotated: (config, tokens) => {
      void rotated
        .take(config, tokens)
        .then(async () => (await contexts).reload())
        .then(() => supervisor.refresh())
        .catch((thrown: unknown) => log.error('new tokens', thrown));
    },
    environment: async () => (await environment).env,
    environmentFrom: async () => (await environment).from,
    consent: (config) => consent.refusal(config),
    readOnly: (contextId) => settings.value.contexts[baseContext(contextId)]?.readOnly === true,
    rows: () => keptRows.place(),
    sources: (contextId) => keptSources.of(baseContext(contextId)),
    keepSource: (contextId, change) => keptSources.apply(baseContext(contextId), change),
    log: (text) => log.info(text),
  });
  scope.add(settings.onChange(() => supervisor.applyReadOnly()));
  scope.add(settings.onChange(() => keptRows.apply()));
  keptRows.apply();
  void contexts.then((all) => all.onChange(() => void supervisor.refresh()));

  const terminals = new Terminals({
    scope,
    fork: () =>
      forkChild<PtyCommand, PtyEvent>({
        file: join(built, 'pty-host.js'),
        name: 'Binnacle terminals',
        env: base,
      }),
    folder: join(app.getPath('userData'), 'terminals'),
    resolve: async (contextId) => consent.require(await resolve(contextId)),
    environment: async () => (await environment).env,
    loginCommand: (contextId) => settings.value.contexts[contextId]?.loginCommand,
    log: (text) => log.info(text),
  });

  const copies = new BriefCopies(clipboard, scope);
  startBroker({
    scope,
    supervisor,
    terminals,
    services: async () =>
      appServices({ contexts: await contexts, supervisor, terminals, settings, consent, copies, window }),
  });

  const suspend = (): void => supervisor.suspend();
  const resume = (): void => supervisor.resume();
  powerMonitor.on('suspend', suspend);
  powerMonitor.on('resume', resume);
  scope.add(() => {
    powerMonitor.removeListener('suspend', suspend);
    powerMonitor.removeListener('resume', resume);
  });

  return {
    stop: async () => {
      await Promise.all([spare.stop(), supervisor.stopAll(), terminals.stop(), demo.stop(), copies.clear()]);
    },
  };
}

/** `npm start` and a shell's command line say so; a desktop entry has no terminal. */
function startedFromTerminal(): boolean {
  if (process.env['BINNACLE_SHELL_ENV'] === 'own') return true;
  if (process.env['BINNACLE_SHELL_ENV'] === 'shell') return false;
  return Boolean(process.stdin.isTTY || process.stdout.isTTY || process.stderr.isTTY);
}
