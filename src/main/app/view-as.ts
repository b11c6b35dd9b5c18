/**
 * Views of a context as somebody else: the same cluster and credentials with impersonation headers,
 * in a process of its own. Kept while the app runs, never written down. The id of a view carries the
 * context's id, so that what a person set for the context (read-only above all) holds here too.
 */
import { createHash } from 'node:crypto';
import { viewId, type ContextSummary } from '#shared/contract/app';
import type { ContextConfig } from '../kubeconfig/types';

export interface ViewIdentity {
  readonly user: string;
  readonly groups: readonly string[];
}

interface View extends ViewIdentity {
  readonly id: string;
  readonly of: string;
}

export class Views {
  private readonly views = new Map<string, View>();
  private readonly changed: () => void;

  constructor(changed: () => void) {
    this.changed = changed;
  }

  get any(): boolean {
    return this.views.size > 0;
  }

  /** The same identity of the same context is the same view. */
  add(of: string, { user, groups }: ViewIdentity): string {
    const hash = createHash('sha256')
      .update(JSON.stringify([of, user, groups]))
      .digest('hex');
    const id = viewId(hash.slice(0, 16), of);
    if (!this.views.has(id)) {
      this.views.set(id, { id, of, user, groups });
      this.changed();
    }
    return id;
  }

  remove(id: string): void {
    if (this.views.delete(id)) this.changed();
  }

  get(id: string): View | undefined {
    return this.views.get(id);
  }

  /** Summaries of views whose context is still there. */
  summaries(contexts: readonly ContextSummary[]): ContextSummary[] {
    const byId = new Map(contexts.map((context) => [context.id, context]));
    return [...this.views.values()].flatMap(({ id, of, user, groups }) => {
      const base = byId.get(of);
      return base ? [{ ...base, id, name: `${base.name} as ${user}`, viewAs: { of, user, groups } }] : [];
    });
  }
}

/** The context's own config, asking as somebody else. What it impersonated before is replaced. */
export function asSomebody(config: ContextConfig, id: string, { user, groups }: ViewIdentity): ContextConfig {
  return {
    ...config,
    id,
    name: `${config.name} as ${user}`,
    user: { ...config.user, impersonate: { user, groups, extra: {} } },
  };
}
