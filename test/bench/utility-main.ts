/**
 * Main side of an Electron without a window: runs `host-child.ts` where the app runs a cluster, in a utility
 * process with the app's own switches, and passes its answers on. `utility-main.cjs CHILD ARGUMENT...`
 */
import { app, utilityProcess } from 'electron';
import { setUpFastTls } from '../../src/main/app/fast-tls';

/** Chromium starts processes of its own first: nothing of them is to be measured. */
const QUIET_MS = 1_500;

setUpFastTls(app.commandLine);
app.disableHardwareAcceleration();
const [file = '', ...args] = process.argv.slice(process.argv.findIndex((one) => one.endsWith('.cjs')) + 1);

void app.whenReady().then(() => {
  setTimeout(() => {
    const child = utilityProcess.fork(file, args, { stdio: ['ignore', 'ignore', 'inherit'] });
    child.on('message', (message: unknown) => process.send?.(message));
    child.on('exit', (code) => app.exit(code));
  }, QUIET_MS);
});
