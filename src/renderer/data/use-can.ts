/**
 * What the person may do in a cluster, as the screens know it now.
 * Guarantees: questions of one moment travel together; an answer is shown for as long as a
 * newer one is not there, and asked again after a minute; a cluster that reconnected is asked
 * anew. Before the first answer nothing is forbidden: the server has the last word anyway.
 */
import { useEffect, useMemo } from 'react';
import { create } from 'zustand';
import { access, type AccessQuestion, type AccessVerdict } from '#shared/contract/access';
import type { RpcClient } from '#shared/rpc/client';
import { useConnections } from './connections';

export type { AccessQuestion, AccessVerdict };

interface Known {
  readonly verdict: AccessVerdict;
  readonly at: number;
  readonly client: RpcClient;
}

/** Ms after which a known answer is asked for again. */
const FRESH = 60_000;
const MOST_KNOWN = 5_000;
/** The contract's cap on one call. */
const MOST_ASKED = 500;

/** Counts up whenever an answer arrives, so that readers draw again. */
const useAnswers = create<{ readonly version: number }>()(() => ({ version: 0 }));
const known = new Map<string, Known>();
const asking = new Map<string, RpcClient>();
let waiting: { readonly client: RpcClient; readonly key: string; readonly question: AccessQuestion }[] = [];

function keyOf(contextId: string, question: AccessQuestion): string {
  const { verb, group, resource, subresource = '', namespace, name = '' } = question;
  return [contextId, verb, group, resource, subresource, namespace, name].join('\n');
}

/**
 * The known verdict, or undefined before the first answer; asks where needed.
 * Readers outside of React; draw again with `useAnswersVersion`.
 */
export function canNow(
  client: RpcClient | undefined,
  contextId: string,
  question: AccessQuestion,
): AccessVerdict | undefined {
  const key = keyOf(contextId, question);
  const found = known.get(key);
  const fresh = found && found.client === client && Date.now() - found.at < FRESH;
  if (!fresh && client && !client.closed && asking.get(key) !== client) {
    if (waiting.length === 0) queueMicrotask(flush);
    waiting.push({ client, key, question });
    asking.set(key, client);
  }
  return found?.verdict;
}

/** Verdicts in the order of the questions; undefined until known. */
export function useCan(
  contextId: string,
  questions: readonly AccessQuestion[],
): readonly (AccessVerdict | undefined)[] {
  const client = useConnections().cluster(contextId);
  const version = useAnswersVersion();
  const key = JSON.stringify(questions);
  // Asking during a render would be a side effect of drawing.
  useEffect(() => {
    for (const question of JSON.parse(key) as AccessQuestion[]) canNow(client, contextId, question);
  }, [client, contextId, key, version]);
  return useMemo(
    () =>
      (JSON.parse(key) as AccessQuestion[]).map((question) => known.get(keyOf(contextId, question))?.verdict),
    // eslint-disable-next-line react-hooks/exhaustive-deps -- a new version means new answers
    [contextId, key, version],
  );
}

/** Changes when any answer arrived. */
export function useAnswersVersion(): number {
  return useAnswers((state) => state.version);
}

/** `You may not delete pods in shop.`; the authorizer's words follow where it gave any. */
export function deniedWords(
  question: AccessQuestion,
  verdict: AccessVerdict | undefined,
): string | undefined {
  if (!verdict || verdict.allowed) return undefined;
  const { verb, group, resource, subresource, namespace } = question;
  const what = `${resource}${subresource ? `/${subresource}` : ''}${group === '' ? '' : `.${group}`}`;
  const where = namespace === '' ? 'in this cluster' : `in ${namespace}`;
  return `You may not ${verb} ${what} ${where}.${verdict.reason ? ` ${verdict.reason}` : ''}`;
}

function flush(): void {
  const byClient = new Map<RpcClient, typeof waiting>();
  for (const one of waiting) byClient.set(one.client, [...(byClient.get(one.client) ?? []), one]);
  waiting = [];
  for (const [client, all] of byClient) {
    for (let from = 0; from < all.length; from += MOST_ASKED) ask(client, all.slice(from, from + MOST_ASKED));
  }
}

function ask(client: RpcClient, part: typeof waiting): void {
  const done = (): void => {
    for (const { key } of part) if (asking.get(key) === client) asking.delete(key);
  };
  client.call(access, 'can', { questions: part.map(({ question }) => question) }).then(
    (verdicts) => {
      done();
      const at = Date.now();
      part.forEach(({ key }, index) => {
        const verdict = verdicts[index];
        if (!verdict) return;
        known.delete(key);
        known.set(key, { verdict, at, client });
      });
      for (const oldest of known.keys()) {
        if (known.size <= MOST_KNOWN) break;
        known.delete(oldest);
      }
      useAnswers.setState((state) => ({ version: state.version + 1 }));
    },
    // Asked again when somebody looks again: the client is closed, or the host is busy dying.
    done,
  );
}
