/**
 * Main's answers to the page: the `app` slice of the contract and nothing else.
 * Composition only; every verb's work is done by what it is given.
 */
import { app, dialog, nativeTheme, shell, type BrowserWindow } from 'electron';
import { basename, join } from 'node:path';
import { app as appSlice } from '#shared/contract/app';
import { pty } from '#shared/contract/pty';
import { coalesce, implement, type Served, type Sink } from '#shared/rpc/server';
import { visible } from '#shared/util/text';
import type { BriefCopies } from './brief-copy';
import type { Contexts } from './contexts';
import { DEMO_ID } from './demo';
import { checkExternal } from './external';
import { kubeconfigServices } from './kubeconfigs-edit';
import type { PluginConsent } from './plugin-consent';
import type { SettingsStore } from './settings';
import { localFilesService } from './local-files';
import { saveFile } from './save-file';
import { keepLog } from './session-log';
import type { Supervisor } from './supervisor';
import type { Terminals } from './terminals';

export interface ServiceOptions {
  readonly contexts: Contexts;
  readonly supervisor: Supervisor;
  readonly terminals: Terminals;
  readonly settings: SettingsStore;
  readonly consent: PluginConsent;
  readonly copies: BriefCopies;
  readonly window: () => BrowserWindow | undefined;
}

/** Sends the state now and after every change, the newest one when the reader is slow. */
function follow<T>(sink: Sink<T>, subscribe: (listener: () => void) => () => void, read: () => T): void {
  const feed = coalesce(sink, read);
  sink.scope.add(subscribe(() => feed.mark()));
  feed.mark();
}

export function appServices(options: ServiceOptions): readonly Served[] {
  const { contexts, supervisor, terminals, settings, consent, copies, window } = options;
  return [
    localFilesService({ window, tell: (contextId, command) => supervisor.tell(contextId, command) }),
    kubeconfigServices({
      contexts,
      settings,
      own: join(app.getPath('userData'), 'kubeconfigs'),
      choose: async (what) => (await chooseFile(window(), what)) ?? null,
    }),
    implement(pty, {
      state: (_input, sink) => {
        follow(
          sink,
          (listener) => terminals.onChange(listener),
          () => terminals.state,
        );
      },
      prepare: ({ contextId, kind, namespace }) => terminals.prepare(contextId, kind, namespace),
      log: ({ suggested }, sink) =>
        keepLog(() => chooseTarget(window(), suggested, 'Log this session to a file'), sink),
    }),
    implement(appSlice, {
      contexts: (_input, sink) => {
        follow(
          sink,
          (listener) => contexts.onChange(listener),
          () => contexts.state,
        );
      },
      hosts: (_input, sink) => {
        follow(
          sink,
          (listener) => supervisor.onChange(listener),
          () => supervisor.states(),
        );
      },
      settings: (_input, sink) => {
        follow(
          sink,
          (listener) => settings.onChange(listener),
          () => settings.value,
        );
      },
      connect: ({ contextId }) => supervisor.connect(contextId),
      pluginQuestion: async ({ contextId }) =>
        (await consent.question(await contexts.resolve(contextId))) ?? null,
      agreeToPlugin: async ({ contextId, seen }) => consent.agree(await contexts.resolve(contextId), seen),
      disconnect: ({ contextId, reason }) => supervisor.disconnect(contextId, reason),
      patchSettings: ({ patch }) => {
        const value = settings.patch(patch);
        if (nativeTheme.themeSource !== value.theme) nativeTheme.themeSource = value.theme;
        return value;
      },
      startDemo: async () => {
        await contexts.resolve(DEMO_ID);
        return { contextId: DEMO_ID };
      },
      addKubeconfig: async ({ path }) => {
        const chosen = path ?? (await chooseFile(window()));
        if (chosen === undefined) return null;
        const file = await contexts.add(chosen);
        const known = settings.value.kubeconfigs;
        if (file.state !== 'missing' && !known.includes(file.path)) {
          settings.patch({ kubeconfigs: [...known, file.path] });
        }
        return file;
      },
      viewAs: async ({ contextId, ...identity }) => ({
        contextId: await contexts.viewAs(contextId, identity),
      }),
      endViewAs: async ({ contextId }) => {
        await supervisor.disconnect(contextId);
        contexts.endView(contextId);
      },
      saveFile: ({ suggested }, sink) => saveFile(() => chooseTarget(window(), suggested), sink),
      openExternal: ({ url }) => openExternal(window(), url),
      copyBriefly: ({ text, forMs }) => copies.copy(text, forMs),
      about: () => ({
        version: app.getVersion(),
        electron: process.versions.electron ?? '',
        chrome: process.versions.chrome ?? '',
        node: process.versions.node,
        platform: `${process.platform} ${process.arch}`,
      }),
    }),
  ];
}

async function chooseFile(
  window: BrowserWindow | undefined,
  what: 'file' | 'folder' = 'file',
): Promise<string | undefined> {
  const options: Electron.OpenDialogOptions = {
    title: what === 'file' ? 'Choose a kubeconfig file' : 'Choose a folder of kubeconfigs',
    properties: [what === 'file' ? 'openFile' : 'openDirectory', 'showHiddenFiles', 'dontAddToRecent'],
  };
  const result = window ? await dialog.showOpenDialog(window, options) : await dialog.showOpenDialog(options);
  return result.canceled ? undefined : result.filePaths[0];
}

async function chooseTarget(
  window: BrowserWindow | undefined,
  suggested: string,
  title = 'Save as',
): Promise<string | undefined> {
  const options: Electron.SaveDialogOptions = {
    title,
    defaultPath: basename(suggested),
    properties: ['createDirectory', 'showOverwriteConfirmation', 'dontAddToRecent'],
  };
  const { canceled, filePath } = window
    ? await dialog.showSaveDialog(window, options)
    : await dialog.showSaveDialog(options);
  return canceled || !filePath ? undefined : filePath;
}

async function openExternal(window: BrowserWindow | undefined, text: string): Promise<void> {
  const url = checkExternal(text);
  const options: Electron.MessageBoxOptions = {
    type: 'question',
    message: `Open ${url.host} in the browser?`,
    detail: visible(url.href).slice(0, 500),
    buttons: ['Open', 'Cancel'],
    defaultId: 1,
    cancelId: 1,
    noLink: true,
  };
  const { response } = window
    ? await dialog.showMessageBox(window, options)
    : await dialog.showMessageBox(options);
  if (response === 0) await shell.openExternal(url.href);
}
