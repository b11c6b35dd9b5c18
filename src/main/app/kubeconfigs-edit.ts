/**
 * The `kubeconfig` slice: looks into what is to be added, adds, renames and removes. The lossless
 * edits themselves are src/main/kubeconfig/edit*.ts. Guarantees: nothing is written before the call
 * that says so; an edit is refused when the file is not the version the person saw; settings of
 * a renamed context move along; answers hold no credential.
 */
import { mkdir, stat, writeFile } from 'node:fs/promises';
import { createHash } from 'node:crypto';
import { join, resolve } from 'node:path';
import { kubeconfig, type AddPreview, type EditDone, type EntryPlace } from '#shared/contract/kubeconfig';
import { implement, type Served } from '#shared/rpc/server';
import { fail } from '#shared/util/app-error';
import { planAddTo, planRemoval, readForEdit, saveEdit, type EditableFile } from '../kubeconfig/edit-file';
import type { KubeconfigEdit } from '../kubeconfig/edit';
import { removedLines } from '../kubeconfig/edit-preview';
import { inspect, readSource, type SourceText } from '../kubeconfig/inspect';
import { contextId as idOf } from '../kubeconfig/merge';
import type { Contexts } from './contexts';
import type { SettingsStore } from './settings';

export interface KubeconfigEditOptions {
  readonly contexts: Contexts;
  readonly settings: SettingsStore;
  /** Folder for kubeconfigs that were pasted. */
  readonly own: string;
  /** The system's dialog. */
  readonly choose: (what: 'file' | 'folder') => Promise<string | null>;
}

type Source = { text: string } | { path: string };

export function kubeconfigServices(options: KubeconfigEditOptions): Served {
  const { contexts, settings, own, choose } = options;

  const follow = async (path: string): Promise<{ path: string; state: 'ok' | 'missing' | 'bad' }> => {
    const file = await contexts.add(path);
    const known = settings.value.kubeconfigs;
    if (file.state !== 'missing' && !known.includes(file.path))
      settings.patch({ kubeconfigs: [...known, file.path] });
    return { path: file.path, state: file.state };
  };

  const target = async (source: SourceText, into: string | null): Promise<string> =>
    into === null ? freeName(own, source.text) : writable(into);

  /** Only files that are read already: the page names no path of its own to write to. */
  const writable = (path: string): string => {
    const full = resolve(path);
    if (!contexts.state.files.some((file) => file.path === full))
      throw fail('invalid-input', `${full} is not one of the kubeconfigs that are read.`);
    return full;
  };

  const plan = async (source: Source, chosen: readonly string[] | undefined, into: string | null) => {
    const text = await readSource(source);
    const path = await target(text, into);
    const file = await readForEdit(path);
    const planned = planAddTo(file, {
      text: text.text,
      ...(text.path === null ? {} : { path: text.path }),
      ...(chosen ? { contexts: chosen } : {}),
    });
    const preview: AddPreview = {
      target: path,
      isNew: file.seen === null,
      added: planned.added,
      present: planned.present,
      renamed: planned.renamed.map(({ list, from, to }) => ({ kind: list.slice(0, -1), from, to })),
      relativePaths: planned.relativePaths,
    };
    return { text, file, planned, preview };
  };

  const locate = async (contextId: string): Promise<{ file: EditableFile; place: EntryPlace }> => {
    const at = contexts.place(contextId);
    const file = await readForEdit(at.file);
    const namespace = contexts.state.contexts.find(({ id }) => id === contextId)?.namespace ?? null;
    const place = {
      contextId,
      name: at.name,
      file: at.file,
      line: at.line,
      namespace,
      isCurrent: at.isCurrent,
      currentFile: at.currentFile,
      backup: backupOf(file),
      seen: file.seen?.hash ?? '',
    };
    return { file, place };
  };

  const save = async (file: EditableFile, edit: KubeconfigEdit, contextId: string): Promise<EditDone> => {
    const isWritten = await saveEdit(file, edit);
    await contexts.reload();
    return { contextId, file: file.path, backup: isWritten ? backupOf(file) : null };
  };

  return implement(kubeconfig, {
    inspect: ({ source }) => inspect(source, contexts.state.files),
    previewAdd: async ({ source, contexts: chosen, into }) => (await plan(source, chosen, into)).preview,
    add: async ({ source, contexts: chosen, into }) => {
      const { text, file, planned, preview } = await plan(source, chosen, into);
      if (into === null && text.path === null && chosen === undefined) {
        // Whole: as it was pasted, comments and all.
        await mkdir(own, { recursive: true, mode: 0o700 });
        await writeFile(preview.target, text.text, { mode: 0o600, flag: 'wx' });
      } else {
        await mkdir(own, { recursive: true, mode: 0o700 });
        await saveEdit(file, planned.edit);
      }
      if (into === null) await follow(preview.target);
      else await contexts.reload();
      return preview;
    },
    follow: ({ path }) => follow(path),
    unfollow: async ({ path }) => {
      const full = resolve(path);
      settings.patch({ kubeconfigs: settings.value.kubeconfigs.filter((one) => resolve(one) !== full) });
      await contexts.remove(full);
    },
    choose: ({ what }) => choose(what),
    place: async ({ contextId }) => (await locate(contextId)).place,
    previewRemove: async ({ contextId }) => {
      const { file, place } = await locate(contextId);
      const unused = planRemoval(file, place.name, contexts.place(contextId).elsewhere);
      const lines = removedLines(file.path, file.text, { context: place.name, ...named(unused) });
      return { ...place, ...named(unused), lines };
    },
    remove: async ({ contextId, cluster, user, seen }) => {
      const { file, place } = await locate(contextId);
      checkSeen(file, seen);
      const unused = planRemoval(file, place.name, contexts.place(contextId).elsewhere);
      const edit: KubeconfigEdit = {
        op: 'remove',
        context: place.name,
        ...(cluster && unused.cluster !== undefined ? { cluster: unused.cluster } : {}),
        ...(user && unused.user !== undefined ? { user: unused.user } : {}),
      };
      return save(file, edit, contextId);
    },
    change: async ({ contextId, seen, rename, namespace }) => {
      let { file, place } = await locate(contextId);
      checkSeen(file, seen);
      let done: EditDone = { contextId, file: place.file, backup: null };
      if (namespace !== undefined && namespace !== place.namespace) {
        done = await save(file, { op: 'set-namespace', context: place.name, namespace }, contextId);
        ({ file, place } = await locate(contextId));
      }
      if (rename === undefined || rename === place.name) return done;
      const next = idOf(file.path, rename);
      const before = settings.value;
      const isWritten = await saveEdit(file, { op: 'rename', context: place.name, to: rename });
      // Before the list tells of the new name: it comes with its alias, colour and protection.
      const kept = before.contexts[contextId];
      settings.patch({
        contexts: { ...(kept ? { [next]: { ...kept } } : {}), [contextId]: null },
        ...(before.lastContext === contextId ? { lastContext: next } : {}),
        recent: before.recent.map((id) => (id === contextId ? next : id)),
      });
      await contexts.reload();
      return { contextId: next, file: file.path, backup: isWritten ? backupOf(file) : done.backup };
    },
    makeCurrent: async ({ contextId }) => {
      const { currentFile, file: owner, name } = contexts.place(contextId);
      const file = await readForEdit(currentFile);
      return save(file, { op: 'set-current', context: name, elsewhere: currentFile !== owner }, contextId);
    },
  });
}

function named(unused: { cluster?: string; user?: string }): { cluster?: string; user?: string } {
  const { cluster, user } = unused;
  return { ...(cluster === undefined ? {} : { cluster }), ...(user === undefined ? {} : { user }) };
}

function backupOf(file: EditableFile): string {
  return `${file.target}.binnacle-backup`;
}

function checkSeen(file: EditableFile, seen: string): void {
  if ((file.seen?.hash ?? '') !== seen)
    throw fail('conflict', `${file.path} was changed by another program since you looked.`, {
      hint: 'Nothing was written. Look at the new version and try again.',
    });
}

/** A file of our own that does not exist yet, named by what it holds. */
async function freeName(folder: string, text: string): Promise<string> {
  const hash = createHash('sha256').update(text).digest('hex').slice(0, 8);
  for (let number = 1; ; number += 1) {
    const path = join(folder, `pasted-${hash}${number === 1 ? '' : `-${number}`}.yaml`);
    const exists = await stat(path).then(
      () => true,
      () => false,
    );
    if (!exists) return path;
  }
}
