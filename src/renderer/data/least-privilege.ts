/**
 * Asks for the smallest role that would allow what was refused. Every ErrorState offers it by
 * itself; a screen that shows a 403 in another form calls this.
 */
import { create } from 'zustand';
import type { AppError } from '#shared/util/app-error';

export type Refused = NonNullable<AppError['denied']>;

export interface AskedPrivilege {
  readonly contextId: string;
  readonly refused: Refused;
}

export const usePrivilege = create<{ readonly asked: AskedPrivilege | undefined }>()(() => ({
  asked: undefined,
}));

export function askLeastPrivilege(contextId: string, refused: Refused): void {
  usePrivilege.setState({ asked: { contextId, refused } });
}

export function closeLeastPrivilege(): void {
  usePrivilege.setState({ asked: undefined });
}
