/** Risks a person has looked at and lives with: a note each, kept in the settings of the context. */
import { patchContextSettings, useSettings } from '../../data/app-data';

export interface Acceptance {
  readonly note: string;
  /** Epoch ms. */
  readonly at: number;
}

const none: Readonly<Record<string, Acceptance>> = {};

export function useAccepted(contextId: string): Readonly<Record<string, Acceptance>> {
  return useSettings().contexts[contextId]?.acceptedRisks ?? none;
}

export function accept(contextId: string, id: string, note: string): void {
  patchContextSettings(contextId, { acceptedRisks: { [id]: { note, at: Date.now() } } });
}

export function takeBack(contextId: string, id: string): void {
  patchContextSettings(contextId, { acceptedRisks: { [id]: null } });
}
