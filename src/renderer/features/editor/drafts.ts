/**
 * Texts not yet saved, kept in this window's storage while they are written: they outlive a
 * crash, a reconnect and a closed tab. Guarantees: what may hold values of Secrets never
 * reaches the disk (it is kept in memory while the window lives); a storage that is full or
 * forbidden costs the draft its second life, nothing else.
 */

export interface Draft {
  readonly text: string;
  /** As `EditSource.base` and `.text`, of the version the edit started from. */
  readonly base: string;
  readonly original: string;
  /** Epoch ms of the last change. */
  readonly at: number;
}

const PREFIX = 'binnacle.draft:';
/** Larger ones stay in memory: the storage of a window is small. */
const MOST = 1_000_000;
const memory = new Map<string, Draft>();

/** What says "Secret" anywhere as a kind is treated as one: rather one draft less on disk. */
export function holdsSecret(text: string): boolean {
  return /kind["']?\s*:\s*["']?Secret(?:List)?\b/.test(text);
}

export function keepDraft(id: string, draft: Draft): 'stored' | 'memory' {
  memory.set(id, draft);
  const text = JSON.stringify(draft);
  const secret = holdsSecret(draft.text) || holdsSecret(draft.original);
  try {
    if (!secret && text.length <= MOST) {
      localStorage.setItem(PREFIX + id, text);
      return 'stored';
    }
    localStorage.removeItem(PREFIX + id);
  } catch {
    // Full or forbidden: memory has it.
  }
  return 'memory';
}

export function findDraft(id: string): Draft | undefined {
  const known = memory.get(id);
  if (known) return known;
  try {
    const raw: unknown = JSON.parse(localStorage.getItem(PREFIX + id) ?? 'null');
    return isDraft(raw) ? raw : undefined;
  } catch {
    return undefined;
  }
}

export function dropDraft(id: string): void {
  memory.delete(id);
  try {
    localStorage.removeItem(PREFIX + id);
  } catch {
    // Nothing to take away.
  }
}

function isDraft(raw: unknown): raw is Draft {
  if (typeof raw !== 'object' || raw === null) return false;
  const { text, base, original, at } = raw as Partial<Record<keyof Draft, unknown>>;
  return (
    typeof text === 'string' &&
    typeof base === 'string' &&
    typeof original === 'string' &&
    typeof at === 'number'
  );
}
