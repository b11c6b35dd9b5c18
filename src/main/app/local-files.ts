/**
 * Paths of this machine that a person chose for a transfer, handed to the host that does it.
 * Guarantees: a host only learns paths from a dialog of ours or from a real drop on the window; the
 * page gets a random id for them and cannot make one itself.
 */
import { dialog, type BrowserWindow } from 'electron';
import { randomBytes } from 'node:crypto';
import { isAbsolute, resolve } from 'node:path';
import { localFiles, type LocalGrant } from '#shared/contract/files';
import { implement, type Served } from '#shared/rpc/server';
import { fail } from '#shared/util/app-error';
import type { HostCommand } from '../cluster-host/messages';

export interface LocalFilesDeps {
  readonly window: () => BrowserWindow | undefined;
  /** False when the host is not there. */
  readonly tell: (contextId: string, command: HostCommand) => boolean;
}

const MOST_DROPPED = 1_000;
const dropped = new Set<string>();

/** What the preload script saw in a drop. */
export function rememberDrop(paths: unknown): void {
  if (!Array.isArray(paths)) return;
  for (const path of paths.slice(0, 100) as unknown[])
    if (typeof path === 'string' && isAbsolute(path)) dropped.add(resolve(path));
  for (const oldest of dropped) {
    if (dropped.size <= MOST_DROPPED) break;
    dropped.delete(oldest);
  }
}

const dialogs: Readonly<Record<string, Electron.OpenDialogOptions>> = {
  'folder-to-write': {
    title: 'Download into',
    buttonLabel: 'Download here',
    properties: ['openDirectory', 'createDirectory', 'dontAddToRecent'],
  },
  'files-to-read': {
    title: 'Upload files',
    buttonLabel: 'Upload',
    properties: ['openFile', 'multiSelections', 'showHiddenFiles', 'dontAddToRecent'],
  },
  'folder-to-read': {
    title: 'Upload a folder',
    buttonLabel: 'Upload',
    properties: ['openDirectory', 'showHiddenFiles', 'dontAddToRecent'],
  },
};

export function localFilesService({ window, tell }: LocalFilesDeps): Served {
  const give = (contextId: string, mode: 'read' | 'write', paths: readonly string[]): LocalGrant => {
    const id = randomBytes(16).toString('hex');
    if (!tell(contextId, { type: 'grant', grant: { id, mode, paths } }))
      throw fail('closed', 'The cluster is not connected.');
    return { grant: id, paths };
  };
  return implement(localFiles, {
    choose: async ({ contextId, what }) => {
      const own = window();
      const options = dialogs[what] ?? {};
      const chosen = own ? await dialog.showOpenDialog(own, options) : await dialog.showOpenDialog(options);
      if (chosen.canceled || chosen.filePaths.length === 0) return null;
      return give(contextId, what === 'folder-to-write' ? 'write' : 'read', chosen.filePaths);
    },
    dropped: ({ contextId, paths }) => {
      const real = paths.map((path) => resolve(path));
      if (!real.every((path) => dropped.has(path)))
        throw fail('forbidden', 'These files were not dropped on the window.');
      return give(contextId, 'read', real);
    },
  });
}
