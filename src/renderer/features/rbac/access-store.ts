/** What is asked on the Access page of each cluster: kept while the app runs, and set by those who lead there. */
import { create } from 'zustand';
import type { Who } from '#shared/contract/rbac';
import { openTab } from '../../data/workbench';

export type AccessView =
  'who-can' | 'can' | 'effective' | 'matrix' | 'compare' | 'remove' | 'graph' | 'grant';

/** A question as it is typed: `pods/log`, `deployments.apps`, or a URL path. */
export interface TypedQuestion {
  readonly verb: string;
  readonly target: string;
  readonly name: string;
  readonly namespace: string;
}

export interface AccessState {
  readonly view: AccessView;
  readonly question: TypedQuestion;
  readonly who: Who;
  /** Of effective rules and the matrix. */
  readonly namespace: string;
  /** `RoleBinding/shop/jane-one-secret`, for what its removal takes away. */
  readonly binding: string;
}

export const firstWho: Who = { kind: 'me', name: '', namespace: '', groups: [] };

const first: AccessState = {
  view: 'who-can',
  question: { verb: 'get', target: 'secrets', name: '', namespace: '' },
  who: firstWho,
  namespace: '',
  binding: '',
};

const useStore = create<{ readonly byId: Readonly<Record<string, AccessState>> }>()(() => ({ byId: {} }));

export function useAccess(contextId: string): AccessState {
  return useStore((state) => state.byId[contextId] ?? first);
}

export function setAccess(contextId: string, change: Partial<AccessState>): void {
  useStore.setState(({ byId }) => ({
    byId: { ...byId, [contextId]: { ...(byId[contextId] ?? first), ...change } },
  }));
}

export const accessTab = { id: 'access', page: 'access', title: 'Access', params: {} };

export function openAccess(contextId: string, change: Partial<AccessState>): void {
  setAccess(contextId, change);
  openTab(contextId, accessTab);
}
