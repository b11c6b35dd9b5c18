/**
 * Hands ports to pages: one to main itself, one per running host, again after a reload or
 * a restart. After that the data goes straight from its owner to the page.
 * Guarantees: only our page gets ports; a page that reloads gets fresh ones and the old end.
 */
import { ipcMain, MessageChannelMain, type WebContents } from 'electron';
import type { HostState } from '#shared/contract/app';
import type { PortGrant } from '#shared/contract/bridge';
import type { Scope } from '#shared/rpc/scope';
import { serve, type Served } from '#shared/rpc/server';
import { mainPort, type MainPort } from '../cluster-host/ports';
import { fromOurPage } from './security';
import type { Supervisor } from './supervisor';
import { rememberDrop } from './local-files';
import type { Terminals } from './terminals';

interface Page {
  readonly contents: WebContents;
  /** Ends what was granted since the page last said it is ready. */
  scope: Scope;
}

export interface BrokerOptions {
  readonly scope: Scope;
  readonly supervisor: Supervisor;
  readonly terminals: Terminals;
  /** Resolves once the services of main exist; pages that ask before wait. */
  readonly services: () => Promise<readonly Served[]>;
  readonly onPage?: () => void;
}

export function startBroker({ scope, supervisor, terminals, services, onPage }: BrokerOptions): void {
  const pages = new Map<number, Page>();

  const post = (page: Page, grant: PortGrant, port: Electron.MessagePortMain): void => {
    if (!page.contents.isDestroyed()) page.contents.postMessage('binnacle:port', grant, [port]);
  };

  const grantHost = (page: Page, state: HostState): void => {
    const { contextId, generation } = state;
    const { port1, port2 } = new MessageChannelMain();
    if (!supervisor.grant(contextId, generation, port1)) {
      port1.close();
      return;
    }
    post(page, { binnacle: 'port', to: 'cluster', contextId, generation }, port2);
  };

  const grantTerminals = (page: Page): void => {
    const { generation } = terminals.state;
    if (generation === null) return;
    const { port1, port2 } = new MessageChannelMain();
    if (terminals.grant(port1)) post(page, { binnacle: 'port', to: 'pty', generation }, port2);
    else port1.close();
  };

  const welcome = async (contents: WebContents): Promise<void> => {
    const before = pages.get(contents.id);
    before?.scope.dispose();
    const page: Page = { contents, scope: scope.child('page') };
    pages.set(contents.id, page);
    if (!before) {
      contents.once('destroyed', () => {
        pages.get(contents.id)?.scope.dispose();
        pages.delete(contents.id);
      });
    }
    const served = await services();
    if (page.scope.disposed) return;
    const { port1, port2 } = new MessageChannelMain();
    serve(mainPort(port1 as unknown as MainPort), served, page.scope);
    post(page, { binnacle: 'port', to: 'app' }, port2);
    for (const state of supervisor.states()) if (state.phase === 'running') grantHost(page, state);
    grantTerminals(page);
    onPage?.();
  };

  const onReady = (event: Electron.IpcMainEvent): void => {
    if (fromOurPage(event)) void welcome(event.sender);
  };
  ipcMain.on('binnacle:ready', onReady);
  scope.add(() => ipcMain.removeListener('binnacle:ready', onReady));

  const onDropped = (event: Electron.IpcMainEvent, paths: unknown): void => {
    if (fromOurPage(event)) rememberDrop(paths);
  };
  ipcMain.on('binnacle:dropped', onDropped);
  scope.add(() => ipcMain.removeListener('binnacle:dropped', onDropped));

  let granted = new Map<string, number>();
  scope.add(
    supervisor.onChange((state) => {
      if (state.phase !== 'running' || granted.get(state.contextId) === state.generation) return;
      granted = new Map(granted).set(state.contextId, state.generation);
      for (const page of pages.values()) grantHost(page, state);
    }),
  );
  scope.add(
    terminals.onChange(() => {
      for (const page of pages.values()) grantTerminals(page);
    }),
  );
}
