/** Answers what a change would do, on a copy of the model, and writes policies as YAML. */
import { parseAllDocuments, stringify } from 'yaml';
import type { WhatIf } from '#shared/contract/netpol';
import { compileAll } from '#shared/domain/netpol/compile';
import { refText } from '#shared/domain/netpol/compiled';
import { diffSteps } from '#shared/domain/netpol/diff';
import type { DnsServers } from '#shared/domain/netpol/dns';
import { mistakesOf } from '#shared/domain/netpol/mistakes';
import { NetpolModel } from '#shared/domain/netpol/model';
import type { Steps } from '#shared/domain/netpol/steps';
import type { NetpolSnapshot, PolicyObject } from '#shared/domain/netpol/types';
import { changed, type Change } from '#shared/domain/netpol/what-if';
import { fail } from '#shared/util/app-error';

/** Of each list; the whole number is told. */
const MOST = 2_000;
const MOST_DOCUMENTS = 200;

/** Policies of a text; throws with words when something in it is none. */
export function readPolicies(text: string): PolicyObject[] {
  const documents = parseAllDocuments(text, { version: '1.2', uniqueKeys: true });
  if (!Array.isArray(documents)) return [];
  if (documents.length > MOST_DOCUMENTS)
    throw fail('invalid-input', `More than ${MOST_DOCUMENTS} documents.`);
  return documents.flatMap((document, index) => {
    const [error] = document.errors;
    if (error) throw fail('invalid-input', `Document ${index + 1}: ${error.message}`);
    const value = document.toJS({ maxAliasCount: 100 }) as PolicyObject | null;
    if (value === null || value === undefined) return [];
    const [compiled] = compileAll(value);
    if (!compiled) {
      const kind =
        typeof value === 'object' ? `${value.apiVersion ?? '?'} ${value.kind ?? '?'}` : 'no object';
      throw fail(
        'invalid-input',
        `Document ${index + 1} is no network policy that is evaluated here: ${kind}.`,
      );
    }
    if (compiled.ref.name === '') throw fail('invalid-input', `Document ${index + 1} has no metadata.name.`);
    return [value];
  });
}

/** On copies: the live model may change between the steps. */
export function* whatIfSteps(
  snapshot: NetpolSnapshot,
  changes: readonly Change[],
  dns: DnsServers,
): Steps<WhatIf> {
  let next: NetpolSnapshot;
  try {
    next = changed(snapshot, changes);
  } catch (thrown) {
    throw fail('invalid-input', thrown instanceof Error ? thrown.message : String(thrown));
  }
  const before = new NetpolModel(snapshot);
  yield;
  const after = new NetpolModel(next);
  yield;
  const diff = yield* diffSteps(before, after);
  const put = new Set(changes.flatMap((one) => (one.type === 'put' ? [keyOf(one.policy)] : [])));
  return {
    diff: {
      added: diff.added.slice(0, MOST),
      removed: diff.removed.slice(0, MOST),
      changed: diff.changed.slice(0, MOST),
    },
    total: { added: diff.added.length, removed: diff.removed.length, changed: diff.changed.length },
    mistakes: after.policies
      .filter(({ ref }) => put.has(refText(ref)))
      .map((policy) => ({ policy: refText(policy.ref), mistakes: mistakesOf(after, policy, dns) })),
  };
}

function keyOf(policy: PolicyObject): string {
  const [compiled] = compileAll(policy);
  return compiled ? refText(compiled.ref) : '';
}

export function policiesText(policies: readonly object[]): string {
  return policies.map((policy) => stringify(policy, { lineWidth: 0 })).join('---\n');
}
