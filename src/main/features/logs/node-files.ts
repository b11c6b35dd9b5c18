/**
 * Log files and services of a node, by its kubelet's `/logs` (through the API server's node proxy, which
 * needs the right to get `nodes/proxy`). The folder listing is a web page that the node writes: only names
 * are taken from it, and a name that could leave its folder is left out.
 */
import type { NodeLogFiles } from '#shared/contract/logs';
import { fail, toAppError } from '#shared/util/app-error';
import type { Api, ApiResponse } from '../../k8s/api';
import { resourcePath, segment } from '../../k8s/path';

const MOST_ENTRIES = 2_000;
const MOST_PAGE = 2 * 1024 * 1024;

/** `/api/v1/nodes/NAME/proxy/logs/PATH`; AppFailure `invalid-input` for a path that leaves it. */
export function nodeLogPath(node: string, path: string, folder = false): string {
  const base = resourcePath({
    group: '',
    version: 'v1',
    resource: 'nodes',
    name: node,
    subresource: 'proxy',
  });
  const parts = path.split('/').filter((part) => part !== '');
  const rest = parts.map((part) => segment(part, 'log file')).join('/');
  return `${base}/logs/${rest}${folder && rest !== '' ? '/' : ''}`;
}

const MOST_NODES = 2_000;

/** Names only: the server leaves out the rest of the objects. */
export async function nodeNames(
  api: Api,
  signal: AbortSignal,
): Promise<{ names: readonly string[]; truncated: boolean }> {
  const path = resourcePath({ group: '', version: 'v1', resource: 'nodes' });
  const accept = 'application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io, application/json';
  const list = await api.json<{
    items?: { metadata?: { name?: string } }[] | null;
    metadata?: { continue?: string };
  }>({ path, accept, query: { limit: MOST_NODES } }, signal);
  const names = (list.items ?? []).flatMap(({ metadata }) => metadata?.name ?? []);
  return { names: names.sort(), truncated: (list.metadata?.continue ?? '') !== '' };
}

export async function nodeLogFiles(
  api: Api,
  node: string,
  folder: string,
  signal: AbortSignal,
): Promise<NodeLogFiles> {
  const answer = await api.open({ path: nodeLogPath(node, folder, true), accept: '*/*' }, signal);
  const { entries, truncated } = readListing(await text(answer, MOST_PAGE));
  return { entries, truncated, canQuery: folder === '' && (await queryable(api, node, signal)) };
}

/** The kubelet's log query is behind a switch; without it the question is overlooked and files are listed. */
async function queryable(api: Api, node: string, signal: AbortSignal): Promise<boolean> {
  try {
    const query = { query: 'kubelet', tailLines: 1 };
    const answer = await api.open({ path: nodeLogPath(node, ''), query, accept: '*/*' }, signal);
    await text(answer, 4_096);
    return !/html/i.test(answer.headers['content-type'] ?? '');
  } catch (thrown) {
    if (signal.aborted) throw thrown;
    const { code } = toAppError(thrown);
    if (code === 'forbidden' || code === 'network') throw thrown;
    return false;
  }
}

/** Names of a listing as Go's file server writes it. */
export function readListing(html: string): Pick<NodeLogFiles, 'entries' | 'truncated'> {
  const entries: { name: string; folder: boolean }[] = [];
  let truncated = false;
  for (const [, target] of html.matchAll(/<a href="([^"]{1,2000})">/g)) {
    const folder = target?.endsWith('/') === true;
    const name = decoded((folder ? target.slice(0, -1) : target) ?? '');
    try {
      segment(name, 'log file');
    } catch {
      continue;
    }
    if (entries.length >= MOST_ENTRIES) {
      truncated = true;
      break;
    }
    entries.push({ name, folder });
  }
  return { entries, truncated };
}

function decoded(target: string): string {
  const plain = target
    .replace(/^\.\//, '')
    .replace(/&(amp|lt|gt|quot|#34|#39);/g, (_, name: string) => entities[name] ?? '');
  try {
    return decodeURIComponent(plain);
  } catch {
    return '';
  }
}

const entities: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  '#34': '"',
  '#39': "'",
};

async function text(answer: ApiResponse, most: number): Promise<string> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of answer.body) {
    parts.push(chunk);
    size += chunk.length;
    if (size > most) break;
  }
  if (size > most && most === MOST_PAGE) throw fail('too-large', 'This folder of logs is too large to list.');
  return Buffer.concat(parts).toString('utf8');
}
