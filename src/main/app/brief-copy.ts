/**
 * Text that stays on the clipboard for a while only: values of Secrets. Guarantees: it is taken
 * away after its time, and when the app quits, if the clipboard still holds it; whatever was
 * copied since, here or in another program, is left alone. The text itself is not kept, only
 * its hash. Not guaranteed: that no clipboard manager has it by then.
 */
import { createHash } from 'node:crypto';
import type { Disposer, Scope } from '#shared/rpc/scope';

/** What of Electron's clipboard is used; newer versions answer later. */
export interface ClipboardLike {
  readText(): string | Promise<string>;
  writeText(text: string): void | Promise<void>;
  clear(): void;
}

export class BriefCopies {
  private readonly clipboard: ClipboardLike;
  private readonly scope: Scope;
  private forget: Disposer | undefined;
  private held: string | undefined;

  constructor(clipboard: ClipboardLike, scope: Scope) {
    this.clipboard = clipboard;
    this.scope = scope;
  }

  /** True: the clipboard holds it now. A later copy of this kind begins its time anew. */
  async copy(text: string, forMs: number): Promise<boolean> {
    this.forget?.();
    this.held = undefined;
    await this.clipboard.writeText(text);
    if ((await this.clipboard.readText()) !== text) return false;
    this.held = hashOf(text);
    this.forget = this.scope.timeout(() => void this.clear().catch(() => undefined), forMs);
    return true;
  }

  /** Empties the clipboard if what was put there still is; before the app quits. */
  async clear(): Promise<void> {
    const { held } = this;
    this.held = undefined;
    if (held !== undefined && hashOf(await this.clipboard.readText()) === held) this.clipboard.clear();
  }
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
