/** `npm run demo`: starts the demo cluster, writes its kubeconfig, runs until it is stopped. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { startDemo } from './demo';

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      port: { type: 'string', default: '0' },
      seed: { type: 'string', default: '7' },
      pods: { type: 'string', default: '0' },
      pace: { type: 'string', default: '1' },
      kubeconfig: { type: 'string' },
    },
  });
  const demo = await startDemo({
    port: Number(values.port),
    seed: Number(values.seed),
    pods: Number(values.pods),
    pace: Number(values.pace),
  });
  const file = values.kubeconfig ?? join(mkdtempSync(join(tmpdir(), 'binnacle-demo-')), 'kubeconfig');
  writeFileSync(file, demo.kubeconfig(), { mode: 0o600 });
  process.stdout.write(`${file}\n`);
  const stop = (): void => {
    if (values.kubeconfig === undefined) rmSync(dirname(file), { recursive: true, force: true });
    else rmSync(file, { force: true });
    void demo.close().then(() => process.exit(0));
  };
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
}

void main();
