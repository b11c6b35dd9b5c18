/**
 * What a text, file or folder holds, before anything of it is added: contexts, servers, how they
 * sign in, what is wrong. Guarantees: reads only; runs and contacts nothing; no credential is
 * in the answer (of exec arguments that look like one only the flag stands).
 */
import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { InspectedContext, Inspection } from '#shared/contract/kubeconfig';
import { fail, type AppError } from '#shared/util/app-error';
import { clip } from '#shared/util/text';
import { toSummary } from './context';
import { textIn } from './entry-fields';
import { isObject } from './entry-shape';
import { decode, loadKubeconfig, MAX_KUBECONFIG_BYTES, parseKubeconfig, type LoadedFile } from './load';
import { mergeKubeconfigs, type MergedContext } from './merge';
import { FileProblem, readSmallFile } from './read-file';
import { filesIn } from './source';

export interface SourceText {
  readonly text: string;
  /** Null: pasted. */
  readonly path: string | null;
}

/** What a paste is called in messages. */
const PASTED = 'Pasted text';

/** AppFailure `kubeconfig` when it cannot be read. */
export async function readSource(source: { text: string } | { path: string }): Promise<SourceText> {
  if ('text' in source) return { text: source.text.replace(/^\ufeff/, ''), path: null };
  const path = resolve(source.path);
  try {
    const text = decode(await readSmallFile(path, MAX_KUBECONFIG_BYTES));
    if (text === null) throw fail('kubeconfig', `${path} is not UTF-8 text.`);
    return { text, path };
  } catch (thrown) {
    throw thrown instanceof FileProblem ? fail('kubeconfig', thrown.message) : thrown;
  }
}

export async function inspect(
  source: { text: string } | { path: string },
  read: readonly { readonly path: string }[],
): Promise<Inspection> {
  if ('text' in source) {
    const { text } = await readSource(source);
    if (text.trim() === '') throw fail('kubeconfig', 'There is no text.');
    return describe(null, 'text', [parseKubeconfig(PASTED, text)], [], false);
  }
  const path = resolve(source.path);
  const isFolder = await stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
  const paths = isFolder ? (filesIn(path) ?? []) : [path];
  const files: LoadedFile[] = [];
  const problems: AppError[] = [];
  for (const one of paths) {
    const loaded = await loadKubeconfig(one);
    if (loaded.ok) files.push(loaded.file);
    else problems.push(loaded.error);
  }
  const known = paths.length > 0 && paths.every((one) => read.some((other) => other.path === one));
  return describe(path, isFolder ? 'folder' : 'file', files, problems, known);
}

function describe(
  path: string | null,
  kind: Inspection['kind'],
  files: readonly LoadedFile[],
  unread: readonly AppError[],
  known: boolean,
): Inspection {
  // Each file by itself: what is added is an island.
  const contexts = files.flatMap((file) => mergeKubeconfigs([{ file, shared: false }]).contexts.map(shown));
  const own: AppError[] = [];
  if (kind !== 'folder' && unread.length === 0 && contexts.length === 0)
    own.push({ code: 'kubeconfig', message: `${path ?? PASTED} holds no context.` });
  return {
    path,
    kind,
    files: kind === 'folder' ? files.map((file) => file.path) : [],
    contexts,
    clusters: files.reduce((sum, file) => sum + file.clusters.size, 0),
    users: files.reduce((sum, file) => sum + file.users.size, 0),
    problems: [...own, ...unread, ...files.flatMap((file) => file.problems)],
    known,
  };
}

function shown(merged: MergedContext): InspectedContext {
  const { name, cluster, user, namespace, server, auth, provider, problem } = toSummary(merged);
  const exec = merged.user && !merged.user.problem ? merged.user.value['exec'] : undefined;
  const runs = isObject(exec) ? commandLine(exec) : undefined;
  return {
    name,
    cluster,
    user,
    namespace,
    server,
    auth,
    ...(runs === undefined ? {} : { runs }),
    ...(provider ? { provider } : {}),
    ...(problem ? { problem } : {}),
  };
}

function commandLine(exec: Readonly<Record<string, unknown>>): string | undefined {
  const command = textIn(exec, 'command');
  if (command === undefined) return undefined;
  const args = Array.isArray(exec['args'])
    ? exec['args'].filter((one): one is string => typeof one === 'string')
    : [];
  let hideNext = false;
  const safe = args.map((arg) => {
    const hidden = hideNext;
    const secret = /(secret|token|password|passwd|key)$/i.test(arg.replace(/=.*$/s, ''));
    hideNext = arg.startsWith('-') && secret && !arg.includes('=');
    if (hidden && !arg.startsWith('-')) return '•••';
    return arg.startsWith('-') && secret && arg.includes('=') ? arg.replace(/=.*$/s, '=•••') : arg;
  });
  return clip([command, ...safe].join(' '), 300);
}
