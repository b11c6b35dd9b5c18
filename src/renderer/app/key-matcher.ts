/**
 * Finds the command a key press means, sequences (`g p`) included. Single keys never fire
 * while somebody types; keys with mod and Escape do. Ambiguous keys go to the first command
 * that applies.
 */
import type { Command } from '../data/feature';

/** A sequence is over when the next key comes later than this, in ms. */
const PATIENCE = 1500;

export type KeyResult =
  | { readonly type: 'none' }
  /** The start of a sequence: swallow it and wait. */
  | { readonly type: 'pending'; readonly keys: string }
  | { readonly type: 'match'; readonly commands: readonly Command[] };

export class KeyMatcher {
  private pending = '';
  private since = 0;

  press(name: string, commands: readonly Command[], now: number, typing: boolean): KeyResult {
    if (typing && !worksWhileTyping(name)) {
      this.pending = '';
      return { type: 'none' };
    }
    const before = now - this.since <= PATIENCE ? this.pending : '';
    this.pending = '';
    const found = before === '' ? undefined : this.look(`${before} ${name}`, commands, now);
    // A broken sequence starts again with its last key.
    return found ?? this.look(name, commands, now) ?? { type: 'none' };
  }

  private look(keys: string, commands: readonly Command[], now: number): KeyResult | undefined {
    const whole = commands.filter((command) => command.keys?.includes(keys));
    if (whole.length > 0) return { type: 'match', commands: whole };
    const starts = commands.some((command) => command.keys?.some((other) => other.startsWith(`${keys} `)));
    if (!starts) return undefined;
    this.pending = keys;
    this.since = now;
    return { type: 'pending', keys };
  }
}

function worksWhileTyping(name: string): boolean {
  return name === 'escape' || name.startsWith('mod+') || name.startsWith('alt+') || /^f\d+$/.test(name);
}

/** Text fields and editors; a terminal (`data-keys="own"`) keeps all its keys. */
export function typingIn(target: EventTarget | null): 'no' | 'text' | 'own' {
  if (!(target instanceof Element)) return 'no';
  if (target.closest('[data-keys="own"]')) return 'own';
  return target.closest('input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable]')
    ? 'text'
    : 'no';
}
