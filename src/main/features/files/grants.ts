/**
 * What a person allowed this host to read or write on this machine, as main tells it.
 * Guarantees: nothing outside of a grant is touched; a grant is for reading or for writing; it
 * is good for one hour and for one context (main sends it to one host only).
 */
import { fail } from '#shared/util/app-error';

export interface Grant {
  readonly id: string;
  readonly mode: 'read' | 'write';
  readonly paths: readonly string[];
}

const GOOD_MS = 60 * 60_000;
const MOST = 200;

export class Grants {
  private readonly all = new Map<string, Grant & { readonly until: number }>();

  add(grant: Grant): void {
    this.all.set(grant.id, { ...grant, until: Date.now() + GOOD_MS });
    for (const oldest of this.all.keys()) {
      if (this.all.size <= MOST) break;
      this.all.delete(oldest);
    }
  }

  /** AppFailure `forbidden` for an unknown, old or other kind of grant. */
  paths(id: string, mode: Grant['mode']): readonly string[] {
    const found = this.all.get(id);
    if (!found || found.mode !== mode || found.until < Date.now())
      throw fail('forbidden', 'Nobody chose a file or folder for this.', { hint: 'Choose it again.' });
    return found.paths;
  }
}
