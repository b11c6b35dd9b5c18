/** The key store of the system, as far as the app needs it. */

/** Electron's `safeStorage` in the app. */
export interface KeyStore {
  isEncryptionAvailable(): boolean;
  /** Linux only. */
  getSelectedStorageBackend?(): string;
  encryptString(text: string): Buffer;
  decryptString(bytes: Buffer): string;
}

/** Linux without a keyring answers `basic_text`: a fixed password, which protects nothing. */
export function hasKeyStore(store: KeyStore, platform: NodeJS.Platform): boolean {
  if (!store.isEncryptionAvailable()) return false;
  return platform !== 'linux' || store.getSelectedStorageBackend?.() !== 'basic_text';
}
