/** What to do about a refused right: set by the frame, offered by every error that carries one. */
import { createContext } from 'react';
import type { AppError } from '#shared/util/app-error';

export type Refused = NonNullable<AppError['denied']>;

export const DeniedContext = createContext<((refused: Refused) => void) | null>(null);

/** RBAC's own refusal; quotas, Pod Security and webhooks answer 403 too, and no role helps there. */
export function isAboutRights(message: string): boolean {
  return / cannot \S+ (?:resource|path) /.test(message);
}
