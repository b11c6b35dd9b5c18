/** Reads what a drain must know: the pods of a node, the budgets over them, DaemonSets that exist. */
import type { DrainPlan } from '#shared/contract/actions';
import { planDrain, type DrainOptions } from '#shared/domain/actions/drain';
import { at, list, word } from '#shared/domain/actions/read';
import type { Thing } from '#shared/domain/actions/types';
import { isCancelled, toAppError } from '#shared/util/app-error';
import type { Api, ApiRequest } from '../../k8s/api';
import { resourcePath } from '../../k8s/path';

const PAGE = 500;
const PAGES = 40;

export function nodePath(name: string): string {
  return resourcePath({ group: '', version: 'v1', resource: 'nodes', name });
}

/** Every object of a list; page by page. */
async function all(
  api: Api,
  path: string,
  query: ApiRequest['query'],
  signal: AbortSignal,
): Promise<readonly Thing[]> {
  const out: Thing[] = [];
  let next: string | undefined;
  for (let page = 0; page < PAGES; page += 1) {
    const answer = await api.json<{ items?: unknown; metadata?: { continue?: string } }>(
      { path, query: { ...query, limit: PAGE, continue: next } },
      signal,
    );
    out.push(...list(answer.items));
    next = answer.metadata?.continue || undefined;
    if (next === undefined) break;
  }
  return out;
}

/** Fails when the node or its pods cannot be read; budgets and DaemonSets that cannot be are told in `notes`. */
export async function readDrain(
  api: Api,
  node: string,
  options: DrainOptions,
  signal: AbortSignal,
): Promise<DrainPlan> {
  const notes: string[] = [];
  const object = await api.json<Thing>({ path: nodePath(node) }, signal);
  const pods = await all(
    api,
    resourcePath({ group: '', version: 'v1', resource: 'pods' }),
    { fieldSelector: `spec.nodeName=${node}` },
    signal,
  );
  const spaces = new Set(pods.map((pod) => word(at(pod, 'metadata', 'namespace'))));
  const optional = async (
    group: string,
    resource: string,
    what: string,
  ): Promise<readonly Thing[] | undefined> => {
    try {
      const found = await all(api, resourcePath({ group, version: 'v1', resource }), {}, signal);
      return found.filter((one) => spaces.has(word(at(one, 'metadata', 'namespace'))));
    } catch (thrown) {
      if (signal.aborted || isCancelled(thrown)) throw thrown;
      notes.push(`${what} (${toAppError(thrown).message})`);
      return undefined;
    }
  };
  const budgets = await optional(
    'policy',
    'poddisruptionbudgets',
    'PodDisruptionBudgets cannot be read: the preview does not know which pods they hold.',
  );
  const sets = await optional('apps', 'daemonsets', 'DaemonSets cannot be read: all are taken to exist.');
  const daemonSets = sets && new Set(sets.map((one) => word(at(one, 'metadata', 'uid'))));
  return {
    pods: planDrain({ pods, budgets: budgets ?? [], daemonSets }, options),
    cordoned: at(object, 'spec', 'unschedulable') === true,
    notes,
  };
}
