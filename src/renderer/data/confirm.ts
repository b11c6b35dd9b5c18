/**
 * Asks before a change. One question at a time, in the order they were asked.
 * Guarantees: a read-only context answers false and says why; a protected one needs its name
 * typed; Enter alone never answers a dangerous question; a question whose dialog goes away is
 * answered false.
 */
import type { ReactNode } from 'react';
import { create } from 'zustand';
import { baseContext } from '#shared/contract/app';
import { useAppData } from './app-data';
import { contextTitle } from './context-title';

export interface ChangeRequest {
  readonly clusterId: string;
  /** Names the object and the consequence: `Delete 3 pods in shop?` */
  readonly title: string;
  /** What exactly happens: preview, choices. */
  readonly body?: ReactNode;
  /** On the button: `Delete 3 pods`. */
  readonly verb: string;
  /** Loses something that no undo brings back. */
  readonly danger?: boolean;
}

export interface Asked extends ChangeRequest {
  readonly id: number;
  readonly answer: (yes: boolean) => void;
}

export const useConfirm = create<{ readonly queue: readonly Asked[] }>()(() => ({ queue: [] }));
let nextId = 1;

/** True when the person pressed the verb. */
export function confirmChange(request: ChangeRequest): Promise<boolean> {
  return new Promise((resolve) => {
    const id = nextId++;
    const answer = (yes: boolean): void => {
      useConfirm.setState(({ queue }) => ({ queue: queue.filter((asked) => asked.id !== id) }));
      resolve(yes && readOnlyReason(request.clusterId) === undefined);
    };
    useConfirm.setState(({ queue }) => ({ queue: [...queue, { ...request, id, answer }] }));
  });
}

/** What the cluster is called on screen; it is typed to change a protected one. */
export function clusterTitle(contextId: string): string {
  const { contextById, settings } = useAppData.getState();
  const context = contextById.get(contextId);
  return context ? contextTitle(context, settings?.contexts[contextId]?.alias).title : contextId;
}

/** The person marked this context as one that must not be changed by accident. */
export function isProtected(contextId: string): boolean {
  return useAppData.getState().settings?.contexts[baseContext(contextId)]?.protected === true;
}

/** Why nothing may be changed there at all; undefined when it may. */
export function readOnlyReason(contextId: string): string | undefined {
  const own: object = useAppData.getState().settings?.contexts[baseContext(contextId)] ?? {};
  return 'readOnly' in own && own.readOnly === true
    ? `${clusterTitle(contextId)} is read-only here. Settings of the context allow changes again.`
    : undefined;
}
