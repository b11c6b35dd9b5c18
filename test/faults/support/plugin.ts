/** A credential plugin as a shell script that counts its runs. */
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ExecConfig } from '../../../src/main/kubeconfig/types';

const apiVersion = 'client.authentication.k8s.io/v1';

export interface Plugin {
  readonly folder: string;
  readonly exec: ExecConfig;
  /** How often it was run. */
  runs(): number;
  /** Another script from now on. */
  becomes(script: string): void;
  remove(): void;
}

/** The shell line that prints a credential. */
export function prints(status: object, version: string = apiVersion): string {
  return `printf '%s' '${JSON.stringify({ kind: 'ExecCredential', apiVersion: version, status })}'`;
}

export function plugin(script: string, more: Partial<ExecConfig> = {}): Plugin {
  const folder = mkdtempSync(join(tmpdir(), 'fault-plugin-'));
  const command = join(folder, 'plugin');
  const log = join(folder, 'runs');
  const write = (text: string): void => {
    writeFileSync(command, `#!/bin/sh\necho run >> ${log}\n${text}\n`);
    chmodSync(command, 0o755);
  };
  write(script);
  return {
    folder,
    exec: {
      apiVersion,
      command,
      args: [],
      env: [],
      interactiveMode: 'Never',
      provideClusterInfo: false,
      ...more,
    },
    runs: () => (existsSync(log) ? readFileSync(log, 'utf8').split('\n').length - 1 : 0),
    becomes: write,
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
