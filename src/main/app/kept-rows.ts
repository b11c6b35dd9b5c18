/**
 * Where hosts keep rows of tables, and the key they encrypt them with. The key is random and stands
 * in a file that only the key store of the system can open. Without a key store (Linux without a
 * keyring answers `basic_text`) nothing is kept; a locked one is asked once, never again (fault 72).
 */
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { hasKeyStore, type KeyStore } from './key-store';

export interface KeptRowsOptions {
  readonly folder: string;
  readonly store: KeyStore;
  readonly platform: NodeJS.Platform;
  readonly wanted: () => boolean;
  readonly log: (text: string) => void;
}

const KEY_BYTES = 32;

export class KeptRows {
  private readonly options: KeptRowsOptions;
  /** null: there is none to be had in this run. */
  private key: string | null | undefined;

  constructor(options: KeptRowsOptions) {
    this.options = options;
  }

  /** For a host that starts now. */
  place(): { folder: string; key: string } | undefined {
    if (!this.options.wanted()) return undefined;
    if (this.key === undefined) this.key = this.readKey();
    return this.key === null ? undefined : { folder: this.options.folder, key: this.key };
  }

  /** After a change of the settings: what is not wanted any more goes. */
  apply(): void {
    const { folder, wanted } = this.options;
    if (wanted() || !existsSync(folder)) return;
    this.key = undefined;
    rmSync(folder, { recursive: true, force: true });
  }

  private readKey(): string | null {
    const { folder, log, platform, store } = this.options;
    try {
      if (!hasKeyStore(store, platform)) return null;
      const file = join(folder, 'key');
      if (existsSync(file)) {
        const key = store.decryptString(readFileSync(file));
        if (Buffer.from(key, 'base64').length === KEY_BYTES) return key;
      }
      const key = randomBytes(KEY_BYTES).toString('base64');
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      writeFileSync(file, store.encryptString(key), { mode: 0o600 });
      return key;
    } catch (thrown) {
      log(`rows of tables are not kept: ${thrown instanceof Error ? thrown.message : String(thrown)}`);
      return null;
    }
  }
}
