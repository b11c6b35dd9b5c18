/**
 * Keeps what an identity provider gave instead of a used-up refresh-token: in the kubeconfig that
 * holds the user entry, as kubectl does, and in memory where that file cannot be written.
 * Guarantees: only the two tokens change; a file whose refresh-token is no longer the one that was
 * used is left alone (somebody signed in meanwhile); no token is in a message or the log.
 */
import { access, constants } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { fail, toAppError } from '#shared/util/app-error';
import { OTHER_SIGN_IN } from '../kubeconfig/edit';
import { readForEdit, saveEdit } from '../kubeconfig/edit-file';
import type { ContextConfig, Rotation } from '../kubeconfig/types';

const MAX_TOKEN = 64 * 1024;
/** kubectl's lock and other programs' edits last moments. */
const TRIES = 5;
const PAUSE_MS = 200;

interface Kept {
  /** The refresh-token in the file; with another one there the file is newer. */
  readonly base: string;
  readonly id: string;
  readonly refresh: string;
  readonly notKept?: string;
}

export class RotatedTokens {
  private readonly kept = new Map<string, Kept>();
  private turn: Promise<void> = Promise.resolve();

  constructor(
    private readonly options: {
      readonly signal: AbortSignal;
      readonly log: (text: string) => void;
      readonly pauseMs?: number;
    },
  ) {}

  /** Never rejects: a file that cannot be written is told by `overlay`. One at a time. */
  take(config: ContextConfig, tokens: Rotation): Promise<void> {
    this.turn = this.turn.then(() => this.keep(config, tokens));
    return this.turn;
  }

  /** The context with the newest tokens known, where its file does not hold them. */
  overlay(config: ContextConfig): ContextConfig {
    const { authProvider } = config.user;
    const kept = this.kept.get(entryOf(config));
    if (!authProvider || !kept) return config;
    if (authProvider.config['refresh-token'] !== kept.base) {
      this.kept.delete(entryOf(config));
      return config;
    }
    return {
      ...config,
      user: {
        ...config.user,
        authProvider: {
          ...authProvider,
          config: { ...authProvider.config, 'id-token': kept.id, 'refresh-token': kept.refresh },
          ...(kept.notKept === undefined ? {} : { notKept: kept.notKept }),
        },
      },
    };
  }

  private async keep(config: ContextConfig, { used, id, refresh }: Rotation): Promise<void> {
    const { name, authProvider } = config.user;
    const file = authProvider?.file;
    // They come from another process.
    if (authProvider?.name !== 'oidc' || file === undefined || ![used, id, refresh].every(isToken)) return;
    const entry = entryOf(config);
    const before = this.kept.get(entry);
    const base = before?.refresh === used ? before.base : used;
    // A host that starts before the file is written must not come with the used-up one.
    this.kept.set(entry, { base, id, refresh });
    try {
      await this.write(file, name, { used: base, id, refresh });
    } catch (thrown) {
      const error = toAppError(thrown);
      const isOther = error.reason === OTHER_SIGN_IN || error.code === 'not-found';
      const notKept =
        `The new sign-in could not be written into the kubeconfig: ${error.message} ` +
        (isOther
          ? 'What stands there is left as it is.'
          : 'Binnacle goes on with it until it is closed; kubectl will have to sign in again. Make the file writable to avoid that.');
      this.options.log(`user ${name}: ${notKept}`);
      this.kept.set(entry, { base, id, refresh, notKept });
    }
  }

  private async write(path: string, user: string, { used, id, refresh }: Rotation): Promise<void> {
    for (let attempt = 1; ; attempt += 1)
      try {
        const file = await readForEdit(path);
        // Its folder may let a new file take its place, but whoever marked it read-only meant it.
        const isMarked = file.seen !== null && (file.seen.mode & 0o222) === 0;
        const mayWrite = await access(file.target, constants.W_OK).then(
          () => true,
          () => file.seen === null,
        );
        if (isMarked || !mayWrite) throw fail('kubeconfig', `${path} is read-only.`);
        await saveEdit(file, { op: 'set-tokens', user, from: used, id, refresh }, { backup: false });
        return;
      } catch (thrown) {
        const { code, reason } = toAppError(thrown);
        if (code !== 'conflict' || reason === OTHER_SIGN_IN || attempt === TRIES) throw thrown;
        await pause(this.options.pauseMs ?? PAUSE_MS, undefined, { signal: this.options.signal });
      }
  }
}

/** Contexts of one user entry share its tokens. */
function entryOf({ user }: ContextConfig): string {
  return JSON.stringify([user.authProvider?.file, user.name]);
}

function isToken(text: unknown): boolean {
  return typeof text === 'string' && text.length <= MAX_TOKEN && /^[\x20-\x7e]+$/.test(text);
}
