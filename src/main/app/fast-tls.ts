/**
 * Encryption at the processor's own speed in the processes of clusters.
 * BoringSSL looks once at what the processor can do, but in Electron 25 nobody in a utility process has
 * it look: AES then runs eight times slower, TLS falls back to ChaCha20 in plain code, and decryption was
 * a seventh of what a busy watch cost (docs/performance.md, "Readers"). With this feature Chromium takes
 * its random bytes from BoringSSL (a generator seeded by the system) and has it look for that in every
 * process, before our code runs. An Electron that does not know the feature ignores it.
 */
const FEATURE = 'UseBoringSSLForRandBytes';

/** What `app.commandLine` can do. */
export interface Switches {
  getSwitchValue(name: string): string;
  appendSwitch(name: string, value: string): void;
}

/** Before the app is ready; keeps the features that were asked for on the command line. */
export function setUpFastTls(switches: Switches): void {
  const asked = switches.getSwitchValue('enable-features');
  switches.appendSwitch('enable-features', asked === '' ? FEATURE : `${asked},${FEATURE}`);
}
